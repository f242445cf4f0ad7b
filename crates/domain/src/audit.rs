//! Who changed what: one event for each mutation.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{AuditId, OrganizationId, ProjectId, UserId};

/// Which events are listed; empty text means "any".
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(default)]
pub struct AuditFilter {
    /// Part of the name of who did it, in any case.
    pub person: Option<String>,
    /// What it was done to: the noun of the action, such as `server`.
    pub noun: Option<String>,
    /// Exactly what was done, such as `server.create`.
    pub action: Option<String>,
    /// Not before this moment.
    pub from: Option<DateTime<Utc>>,
    /// Before this moment.
    pub until: Option<DateTime<Utc>>,
    /// Events older than this one (the next page).
    pub before: Option<AuditId>,
    /// At most this many, up to 200.
    pub limit: Option<u32>,
}

/// Events, newest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditPage {
    pub items: Vec<AuditEvent>,
    /// Pass as `before` for the next page; none at the end.
    pub next: Option<AuditId>,
}

/// Events of several projects, newest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TrailPage {
    pub items: Vec<TrailEvent>,
    /// Pass as `before` for the next page; none at the end.
    pub next: Option<AuditId>,
}

/// An event with where it happened, by the names of now; what is gone has none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TrailEvent {
    #[serde(flatten)]
    pub event: AuditEvent,
    pub organization_slug: Option<String>,
    /// `org.project`.
    pub project_path: Option<String>,
    pub project_name: Option<String>,
    /// Of the request that did it; told to platform administrators alone, as is the address.
    pub request_id: Option<String>,
    pub ip: Option<String>,
}

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
