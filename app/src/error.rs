//! A failure as a person meets it: the code's sentence and next step in their language, the detail,
//! the fields to correct, and the request id to name to the operator.

use domain::{Code, FieldError, Kind};
use leptos::prelude::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

use crate::{codec, i18n::Locale};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppError {
    pub code: Code,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldError>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// What was typed, where the page had to be loaded anew.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub typed: Vec<(String, String)>,
}

impl AppError {
    #[must_use]
    pub fn new(code: Code) -> Self {
        Self { code, detail: None, fields: Vec::new(), request_id: None, typed: Vec::new() }
    }

    #[must_use]
    pub fn sentence(&self, locale: Locale) -> &'static str {
        locale.sentence(self.code)
    }

    #[must_use]
    pub fn next_step(&self, locale: Locale) -> &'static str {
        locale.next_step(self.code)
    }

    /// What is wrong with the field `name`, if anything.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&FieldError> {
        self.fields.iter().find(|field| field.field == name)
    }

    /// Whether the operator can find more under the request id.
    #[must_use]
    pub fn is_ours(&self) -> bool {
        matches!(self.code.kind(), Kind::Internal | Kind::Unavailable)
    }

    /// The HTTP status of a page that shows nothing but this.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self.code.kind() {
            Kind::Invalid => 422,
            Kind::Unauthenticated => 401,
            Kind::Forbidden => 403,
            Kind::NotFound => 404,
            Kind::Conflict => 409,
            Kind::TooLarge => 413,
            Kind::TooMany => 429,
            Kind::Unavailable => 503,
            Kind::Upstream => 502,
            Kind::UpstreamTimeout => 504,
            Kind::Internal => 500,
        }
    }
}

/// The one place where a failure of a use case crosses to the browser: the private part goes to the
/// log, the public part on.
#[cfg(feature = "ssr")]
impl From<domain::Error> for AppError {
    fn from(error: domain::Error) -> Self {
        let meta = crate::context::meta();
        let private = error.private_message();
        match error.kind() {
            Kind::Internal | Kind::Unavailable => {
                tracing::error!(code = error.code().name(), request.id = meta.request_id, "{private}");
            }
            _ => tracing::debug!(code = error.code().name(), request.id = meta.request_id, "{private}"),
        }
        let told = Self {
            code: error.code(),
            detail: error.public_detail().map(str::to_owned),
            fields: error.field_errors().to_vec(),
            request_id: Some(meta.request_id).filter(|id| !id.is_empty()),
            typed: leptos::prelude::use_context::<crate::context::Typed>().unwrap_or_default().0,
        };
        if crate::context::is_call() {
            crate::context::set_status(told.status());
        }
        told
    }
}

impl FromServerFnError for AppError {
    type Encoder = codec::Text;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Args(_)
            | ServerFnErrorErr::MissingArg(_)
            | ServerFnErrorErr::Serialization(_) => Self::new(Code::MalformedBody),
            // The browser could not reach us, or something between us answered.
            _ => Self::new(Code::Unavailable),
        }
    }
}
