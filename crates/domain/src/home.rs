//! What the first page tells, over all projects that somebody sees.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{Code, audit::AuditEvent};

/// Something that somebody should look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Attention {
    /// `org.project`.
    pub project: String,
    pub project_name: String,
    #[serde(flatten)]
    pub matter: Matter,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Matter {
    ServerFailed {
        server: String,
        code: Option<Code>,
        since: DateTime<Utc>,
    },
    /// A server lists its tools otherwise than before, and the reader has not looked at its history since.
    ToolsChanged {
        server: String,
        at: DateTime<Utc>,
    },
    /// A key that stops working soon, or has lately.
    KeyExpires {
        key: String,
        at: DateTime<Utc>,
    },
}

/// A change, and the project it was made in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecentChange {
    /// Without what was before and after.
    pub event: AuditEvent,
    /// `org.project`.
    pub project: String,
    pub project_name: String,
}
