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
    /// Part of the message, in any case.
    pub text: Option<String>,
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
    /// Pass as `before` for the next page; none at the end.
    pub next: Option<LogId>,
}
