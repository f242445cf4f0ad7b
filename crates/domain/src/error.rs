//! One error for the whole product.
//!
//! What a person may read (`code`, `detail`, `fields`) and what only the log may hold (`context`,
//! `source`) are separate fields, and `Display` shows the public part only, so that leaking takes
//! intent. Every failure a person can meet has a [`Code`]: a stable name, a sentence, a next step.

use std::{error::Error as StdError, fmt};

pub use code::{Code, Kind};
use serde::{Deserialize, Serialize};

mod code;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A complaint about one input field, shown next to its control.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// The input's field name, with an index where it is a list: `env[2].name`.
    pub field: String,
    pub code: Code,
    /// What is particular to this case, in English; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
}

#[derive(Debug)]
pub struct Error {
    code: Code,
    detail: Option<String>,
    fields: Vec<FieldError>,
    context: Option<String>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    #[must_use]
    pub fn new(code: Code) -> Self {
        Self { code, detail: None, fields: Vec::new(), context: None, source: None }
    }

    /// The same answer for what does not exist and for what the caller may not know of.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(Code::NotFound)
    }

    /// An unexpected failure; the public text stays general, `context` says what was tried.
    pub fn internal(context: impl Into<String>) -> Self {
        Self::new(Code::Internal).context(context)
    }

    /// One bad field.
    pub fn field(field: impl Into<String>, code: Code) -> Self {
        Self::fields(vec![FieldError { field: field.into(), code, detail: String::new() }])
    }

    #[must_use]
    pub fn fields(fields: Vec<FieldError>) -> Self {
        Self { fields, ..Self::new(Code::InvalidInput) }
    }

    /// Adds public text that is particular to this case.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Adds private text for the log.
    #[must_use]
    pub fn context(mut self, context: impl Into<String>) -> Self {
        self.context = Some(context.into());
        self
    }

    #[must_use]
    pub fn source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    #[must_use]
    pub fn code(&self) -> Code {
        self.code
    }

    #[must_use]
    pub fn kind(&self) -> Kind {
        self.code.kind()
    }

    #[must_use]
    pub fn public_detail(&self) -> Option<&str> {
        self.detail.as_deref()
    }

    #[must_use]
    pub fn field_errors(&self) -> &[FieldError] {
        &self.fields
    }

    /// What happened, with its particulars, in English and without anything private.
    #[must_use]
    pub fn public_message(&self) -> String {
        match &self.detail {
            Some(detail) => format!("{} {detail}", self.code.sentence()),
            None => self.code.sentence().to_owned(),
        }
    }

    /// The private chain for the log: context, then each source.
    #[must_use]
    pub fn private_message(&self) -> String {
        let mut text = self.context.clone().unwrap_or_default();
        let mut next = self.source.as_deref().map(|e| e as &(dyn StdError + 'static));
        while let Some(error) = next {
            if !text.is_empty() {
                text.push_str(": ");
            }
            text.push_str(&error.to_string());
            next = error.source();
        }
        text
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.public_message())
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|e| e as &(dyn StdError + 'static))
    }
}

/// Collects field errors, so that a person sees all of them at once.
#[derive(Default)]
pub struct Checks(Vec<FieldError>);

impl Checks {
    pub fn require(&mut self, holds: bool, field: &str, code: Code) {
        if !holds {
            self.fail(field, code, "");
        }
    }

    pub fn fail(&mut self, field: &str, code: Code, detail: impl Into<String>) {
        self.0.push(FieldError { field: field.to_owned(), code, detail: detail.into() });
    }

    /// Takes a checked value's error over under `field`.
    pub fn check<T>(&mut self, field: &str, result: Result<T, Code>) -> Option<T> {
        result.map_err(|code| self.fail(field, code, "")).ok()
    }

    pub fn finish(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::fields(self.0)) }
    }
}
