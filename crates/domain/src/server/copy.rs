//! A server made from another.

use serde::{Deserialize, Serialize};

use super::Server;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct CopyInput {
    /// Where the copy goes; none: into the same project.
    pub project: Option<String>,
    /// What it is called there; none: like the original, numbered if that is taken.
    pub name: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CopiedServer {
    pub server: Server,
    /// The project that it is in, as addresses name it.
    pub project: String,
    /// Environment variables whose value stayed behind: they are set once a value is typed.
    pub open_env: Vec<String>,
    /// The same of headers.
    pub open_headers: Vec<String>,
}

impl CopiedServer {
    /// Whether it has all that the original has.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.open_env.is_empty() && self.open_headers.is_empty()
    }
}
