//! Who changed what: one event for each mutation.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{AuditId, OrganizationId, ProjectId, UserId};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditEvent {
    pub id: AuditId,
    pub at: DateTime<Utc>,
    pub actor: Option<UserId>,
    pub actor_name: String,
    /// `noun.verb`, such as `server.create`.
    pub action: String,
    pub organization: Option<OrganizationId>,
    pub project: Option<ProjectId>,
    /// What it was done to, in words.
    pub target: String,
    /// Before and after, secrets masked.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub change: Value,
}
