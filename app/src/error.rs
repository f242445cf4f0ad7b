//! A failure as a person meets it: the code's sentence and next step in their language, the detail,
//! the fields to correct, and the request id to name to the operator.

use std::borrow::Cow;

use domain::{Code, Kind};
use leptos::prelude::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

use crate::{codec, context::Preferences};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppError {
    pub code: Code,
    pub words: Box<Words>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Fault>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// What was typed, where the page had to be loaded anew.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub typed: Vec<(String, String)>,
}

/// A failure in the reader's language. The server says it, so that the program in the browser need not
/// hold the sentences of all codes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// What happened.
    pub sentence: Cow<'static, str>,
    /// What to do.
    pub next_step: Cow<'static, str>,
    /// What is particular to this case, in English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// What is wrong with one field, in the reader's language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// The input's field name, with an index where it is a list: `env[2].name`.
    pub field: String,
    pub words: String,
}

/// The failure with this code, as the page itself meets it. Its words are taken when the program is made.
macro_rules! failed {
    ($code:ident) => {
        $crate::error::AppError::told(domain::Code::$code, const { $crate::i18n::told(domain::Code::$code) })
    };
}

pub(crate) use failed;

impl AppError {
    /// With the sentence and the next step in each language.
    pub(crate) fn told(code: Code, told: [(&'static str, &'static str); 2]) -> Self {
        let (sentence, next_step) = told[Preferences::read().locale as usize];
        let words = Words { sentence: sentence.into(), next_step: next_step.into(), detail: None };
        Self { code, words: words.into(), fields: Vec::new(), request_id: None, typed: Vec::new() }
    }

    /// What is wrong with the field `name`, if anything.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Fault> {
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
        let locale = Preferences::read().locale;
        let fault = |fault: &domain::FieldError| {
            let words = [locale.sentence(fault.code), locale.next_step(fault.code), &fault.detail];
            Fault { field: fault.field.clone(), words: words.join(" ").trim_end().to_owned() }
        };
        let mut told = Self {
            fields: error.field_errors().iter().map(fault).collect(),
            request_id: Some(meta.request_id).filter(|id| !id.is_empty()),
            typed: leptos::prelude::use_context::<crate::context::Typed>().unwrap_or_default().0,
            ..Self::told(error.code(), crate::i18n::told(error.code()))
        };
        told.words.detail = error.public_detail().map(str::to_owned);
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
            | ServerFnErrorErr::Serialization(_) => failed!(MalformedBody),
            // The browser could not reach us, or something between us answered.
            _ => failed!(Unavailable),
        }
    }
}
