//! Upstream MCP servers: the first noun, and the style guide for the others.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{Code, ProjectId, ServerId, command::CommandUse, shared::SharedUse};

pub use bulk::{BULK_MAX, BulkAction, BulkInput, BulkItem, BulkReport};
pub use cause::Cause;
pub use copy::{CopiedServer, CopyInput};
pub use form::{ServerForm, VariableForm};
pub(crate) use input::env_name;
pub use input::{ServerInput, VariableInput};
pub use list::{ListKind, ListState, ObservedList};
pub use rules::{Sharing, needs_restart};
pub use state::{
    Observation, ServerInfo, ServerState, ServerStatus, Status, TestFailure, TestReport, TestSuccess,
};

mod bulk;
mod cause;
mod copy;
mod form;
mod input;
mod list;
mod rules;
mod state;

/// How Sluice reaches an upstream server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Transport {
    /// A child process that speaks over standard input and output.
    #[default]
    Stdio,
    /// HTTP+SSE of MCP 2024-11-05.
    Sse,
    /// Streamable HTTP of MCP 2025-03-26 and later.
    StreamableHttp,
    /// A server inside Sluice.
    Builtin,
}

impl Transport {
    pub const ALL: [Transport; 4] =
        [Transport::Stdio, Transport::StreamableHttp, Transport::Sse, Transport::Builtin];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Transport::Stdio => "stdio",
            Transport::Sse => "sse",
            Transport::StreamableHttp => "streamable_http",
            Transport::Builtin => "builtin",
        }
    }

    /// Whether the server is reached by address.
    #[must_use]
    pub const fn is_remote(self) -> bool {
        matches!(self, Transport::Sse | Transport::StreamableHttp)
    }
}

impl fmt::Display for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Transport {
    type Err = Code;
    fn from_str(text: &str) -> Result<Self, Code> {
        Self::ALL.into_iter().find(|t| t.name() == text).ok_or(Code::InvalidInput)
    }
}

/// Names of the servers inside Sluice.
pub const BUILTINS: [&str; 1] = ["toolbox"];

/// Seconds that a call may go without any sign of life unless the server says otherwise.
pub const TIMEOUT_SECONDS: u32 = 60;

/// A server as people see it. Variables and headers are listed by name; their values are
/// write-only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Server {
    pub id: ServerId,
    pub project_id: ProjectId,
    pub name: String,
    pub description: String,
    pub transport: Transport,
    /// stdio: the program; otherwise empty.
    pub command: String,
    pub args: Vec<String>,
    pub working_directory: Option<String>,
    /// Names of the environment variables that have a stored value.
    pub env: Vec<String>,
    /// sse and streamable_http: the address; otherwise empty.
    pub url: String,
    /// Names of the headers that have a stored value.
    pub headers: Vec<String>,
    /// builtin: which one; otherwise empty.
    pub builtin: String,
    /// Seconds that a call may go without any sign of life.
    pub timeout_seconds: u32,
    /// What stands before its tools on the project's own endpoint, as `{alias}__{tool}`; may be empty.
    pub alias: String,
    /// stdio: whose calls one process answers.
    pub sharing: Sharing,
    /// stdio: minutes without use after which the process is stopped; none: never.
    pub sleep_after_minutes: Option<u32>,
    /// stdio: MiB of memory, children included, above which the process is ended; none: no limit.
    pub memory_mb: Option<u32>,
    /// Seconds to take a connection or to start; none: the default.
    pub connect_seconds: Option<u32>,
    /// Seconds from there to the end of the handshake; none: the default.
    pub initialize_seconds: Option<u32>,
    /// Seconds that a call may take whatever its signs of life; none: the default.
    pub total_seconds: Option<u32>,
    pub enabled: bool,
    /// The approved command that it is; none: it is described by itself.
    pub approved_command: Option<CommandUse>,
    /// The shared server that it is of, which says how it is reached; none: it is described by itself.
    pub shared: Option<SharedUse>,
    pub state: ServerState,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}
