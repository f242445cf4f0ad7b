//! The lists that a server offers, as last read.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::Code;

/// Which of a server's lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ListKind {
    Tools,
    Resources,
    /// Resource templates.
    Templates,
    Prompts,
}

impl ListKind {
    pub const ALL: [ListKind; 4] =
        [ListKind::Tools, ListKind::Resources, ListKind::Templates, ListKind::Prompts];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            ListKind::Tools => "tools",
            ListKind::Resources => "resources",
            ListKind::Templates => "templates",
            ListKind::Prompts => "prompts",
        }
    }
}

/// What is known of one list. It stays as it is while the server is down or the list unreadable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ListState {
    pub kind: ListKind,
    pub count: u32,
    /// Moves on with each change; 0: it was empty whenever it was read.
    pub version: u64,
    /// SHA-256 of the items in hexadecimal, whatever their order.
    pub hash: String,
    /// When it was read last; none: never.
    pub read_at: Option<DateTime<Utc>>,
    /// Why it could not be read since.
    pub code: Option<Code>,
    /// What is particular to this failure, in English.
    pub detail: Option<String>,
}

/// One look at a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObservedList {
    pub state: ListState,
    /// The items as the server wrote them, as a JSON array; none: as before.
    pub items: Option<String>,
}
