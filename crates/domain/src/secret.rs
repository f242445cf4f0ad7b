//! A secret on its way in: from a form or a request body to the vault.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A secret that a person typed. It can be serialized (a browser has to send it) but never shows
/// itself in `Debug`, and no view holds one.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct SecretInput(String);

impl SecretInput {
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The secret itself. The name is long on purpose: each use should be seen in review.
    #[must_use]
    pub fn expose_secret(&self) -> &str {
        &self.0
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for SecretInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

impl From<String> for SecretInput {
    fn from(value: String) -> Self {
        Self(value)
    }
}
