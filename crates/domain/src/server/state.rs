//! What is known of a running server: observed by the data plane, shown by the console.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{ListState, ObservedList, Transport};
use crate::{Code, ServerId, tool::Tool};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Disabled,
    /// Not looked at yet.
    #[default]
    Unknown,
    Starting,
    Ready,
    /// Stopped for want of use, or not kept open; the next call wakes it.
    Idle,
    Failed,
}

impl Status {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Status::Disabled => "disabled",
            Status::Unknown => "unknown",
            Status::Starting => "starting",
            Status::Ready => "ready",
            Status::Idle => "idle",
            Status::Failed => "failed",
        }
    }
}

/// What the upstream said of itself in its handshake.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ServerInfo {
    pub name: String,
    pub version: String,
    /// The negotiated protocol revision, such as `2025-11-25`.
    pub protocol: String,
    /// Names of the capabilities: `tools`, `resources`, …
    pub capabilities: Vec<String>,
    pub instructions: Option<String>,
    /// Over what it was found, where that is not what was configured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transport: Option<Transport>,
}

/// The revision with which MCP became stateless.
const MODERN: &str = "2026-07-28";

impl ServerInfo {
    /// Whether the server speaks the stateless protocol; the others are *legacy*.
    #[must_use]
    pub fn is_modern(&self) -> bool {
        self.protocol == MODERN
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ServerState {
    pub status: Status,
    /// Why it failed.
    pub code: Option<Code>,
    /// What is particular to this failure, in English.
    pub detail: Option<String>,
    pub info: Option<ServerInfo>,
    /// Tools in the last list that the server gave; kept while it is down.
    pub tool_count: u32,
    /// When it last listed its tools otherwise than before; none: it never did.
    pub tools_changed_at: Option<DateTime<Utc>>,
    /// Its lists as far as they were ever read; kept while it is down.
    pub lists: Vec<ListState>,
    /// The last lines that a child process wrote to standard error.
    pub stderr: Vec<String>,
    pub observed_at: Option<DateTime<Utc>>,
}

/// What a server is doing, without what it has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ServerStatus {
    pub server_id: ServerId,
    pub server: String,
    pub status: Status,
    /// Why it failed.
    pub code: Option<Code>,
    pub detail: Option<String>,
    /// When it was last looked at.
    pub observed_at: Option<DateTime<Utc>>,
}

/// One look at a server, from the data plane to the store. `None` leaves what was known before.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    pub server: ServerId,
    /// The server's generation that was looked at; older ones are dropped.
    pub generation: u64,
    pub status: Status,
    pub code: Option<Code>,
    pub detail: Option<String>,
    pub info: Option<ServerInfo>,
    /// The upstream's `initialize` result as it came, for answering clients before it is up again.
    pub initialize: Option<String>,
    /// The lists that were looked at.
    pub lists: Vec<ObservedList>,
    pub stderr: Option<Vec<String>>,
    pub at: DateTime<Utc>,
}

/// The outcome of "test connection".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum TestReport {
    Success(TestSuccess),
    Failure(TestFailure),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TestSuccess {
    pub info: ServerInfo,
    pub tools: Vec<Tool>,
    pub duration_ms: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TestFailure {
    pub code: Code,
    pub detail: Option<String>,
    /// The child's last lines on standard error.
    pub stderr: Vec<String>,
    pub duration_ms: u64,
}
