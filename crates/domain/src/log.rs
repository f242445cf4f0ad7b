//! A project's log: connections, calls and failures.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{Code, KeyId, LogId, ProjectId, ServerId};

/// An enum with a stable name for each variant, which is its form in addresses, rows and JSON.
macro_rules! named {
    ($(#[$doc:meta])* $type:ident { $($(#[$variant_doc:meta])* $variant:ident $name:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum $type { $($(#[$variant_doc])* #[serde(rename = $name)] $variant,)+ }

        impl $type {
            pub const ALL: &[$type] = &[$($type::$variant,)+];
            #[must_use]
            pub const fn name(self) -> &'static str { match self { $($type::$variant => $name,)+ } }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(self.name()) }
        }

        impl FromStr for $type {
            type Err = Code;
            fn from_str(text: &str) -> Result<Self, Code> {
                Self::ALL.iter().copied().find(|v| v.name() == text).ok_or(Code::InvalidInput)
            }
        }
    };
}

pub(crate) use named;

named! {
    /// In the order of weight.
    Level { Debug "debug", Info "info", Warning "warning", Error "error", Critical "critical" }
}

named! {
    Category {
        Connection "connection",
        ToolExecution "tool_execution",
        Error "error",
        StatusCheck "status_check",
        Configuration "configuration",
    }
}

named! {
    Outcome {
        Ok "ok",
        /// The tool itself answered `isError`.
        ToolError "tool_error",
        /// JSON-RPC error of the upstream, or a failure on the way.
        Failed "failed",
        Cancelled "cancelled",
    }
}

named! {
    LogWindow { Hour "1h", Day "24h", Week "7d" }
}

impl LogWindow {
    #[must_use]
    pub const fn hours(self) -> u32 {
        match self {
            LogWindow::Hour => 1,
            LogWindow::Day => 24,
            LogWindow::Week => 24 * 7,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LogEntry {
    pub id: LogId,
    pub at: DateTime<Utc>,
    pub level: Level,
    pub category: Category,
    pub server_id: Option<ServerId>,
    /// The server's name when the entry was written; it stays readable after a deletion.
    pub server: Option<String>,
    pub key: Option<String>,
    /// A short mark of the MCP session, not its secret id.
    pub session: Option<String>,
    /// MCP method, such as `tools/call`.
    pub method: Option<String>,
    pub tool: Option<String>,
    pub outcome: Option<Outcome>,
    pub code: Option<Code>,
    pub duration_ms: Option<u64>,
    pub message: String,
    pub request_id: Option<String>,
    /// Arguments and result, redacted; only where the project keeps payloads.
    pub arguments: Option<String>,
    pub result: Option<String>,
}

impl LogEntry {
    /// As lists show it.
    #[must_use]
    pub fn without_payload(self) -> Self {
        Self { arguments: None, result: None, ..self }
    }
}

/// An entry on its way to the store.
#[derive(Clone, Debug, PartialEq)]
pub struct NewLogEntry {
    pub project: ProjectId,
    pub at: DateTime<Utc>,
    pub level: Level,
    pub category: Category,
    pub server: Option<ServerId>,
    pub server_name: Option<String>,
    pub key: Option<KeyId>,
    pub key_name: Option<String>,
    pub session: Option<String>,
    pub method: Option<String>,
    pub tool: Option<String>,
    pub outcome: Option<Outcome>,
    pub code: Option<Code>,
    pub duration_ms: Option<u64>,
    pub message: String,
    pub request_id: Option<String>,
    pub arguments: Option<String>,
    pub result: Option<String>,
}

impl NewLogEntry {
    #[must_use]
    pub fn new(
        project: ProjectId,
        at: DateTime<Utc>,
        level: Level,
        category: Category,
        message: impl Into<String>,
    ) -> Self {
        Self {
            project,
            at,
            level,
            category,
            message: message.into(),
            server: None,
            server_name: None,
            key: None,
            key_name: None,
            session: None,
            method: None,
            tool: None,
            outcome: None,
            code: None,
            duration_ms: None,
            request_id: None,
            arguments: None,
            result: None,
        }
    }
}

/// Filters of the log; all in the address of the page, so empty text means "any".
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[serde(default)]
pub struct LogFilter {
    /// This level and heavier ones.
    pub level: Option<Level>,
    pub category: Option<Category>,
    pub outcome: Option<Outcome>,
    /// A server's name.
    pub server: Option<String>,
    pub tool: Option<String>,
    pub session: Option<String>,
    /// The name of an API key.
    pub key: Option<String>,
    /// Part of the message, the tool, the code or the arguments, in any case.
    pub text: Option<String>,
    /// Written within this time up to now; `from` and `to` go before it.
    pub within: Option<LogWindow>,
    /// Written at this moment or later.
    pub from: Option<DateTime<Utc>>,
    /// Written before this moment.
    pub to: Option<DateTime<Utc>>,
    /// Entries older than this one (the next page).
    pub before: Option<LogId>,
    /// Entries newer than this one (the live tail).
    pub after: Option<LogId>,
    /// At most this many, up to 200.
    pub limit: Option<u32>,
}

/// Entries, newest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LogPage {
    pub items: Vec<LogEntry>,
    /// Pass as `before` for the next page, or as `after` where that was asked: there is more, or there
    /// may be, because only so many entries are searched at once. None at the end.
    pub next: Option<LogId>,
    /// Set where so many entries were searched that the search stopped, with the moment that it came
    /// back to: `next` goes on from there.
    pub searched_to: Option<DateTime<Utc>>,
}

/// One entry with what its session did around it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LogDetail {
    pub entry: LogEntry,
    /// Other calls of the same session, up to ten before and ten after, oldest first; without
    /// arguments and results.
    pub around: Vec<LogEntry>,
}

/// How many entries there are of each level and category.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LogSummary {
    pub levels: Vec<(Level, u64)>,
    pub categories: Vec<(Category, u64)>,
    /// Set where there are too many to count: the newest ones were, back to this moment.
    pub counted_to: Option<DateTime<Utc>>,
}
