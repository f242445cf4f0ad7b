//! Projects and their members.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    Code, OrganizationId, ProjectId, Resource, Result, Role, UserId, error::Checks, name, server::Status,
    team::TeamName,
};

/// What a project's endpoints ask of a client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// An API key of the project.
    #[default]
    Key,
    /// Nothing: whoever reaches the address may use it.
    Open,
}

impl Access {
    pub const ALL: [Access; 2] = [Access::Key, Access::Open];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Access::Key => "key",
            Access::Open => "open",
        }
    }
}

impl fmt::Display for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Access {
    type Err = Code;
    fn from_str(text: &str) -> Result<Self, Code> {
        Self::ALL.into_iter().find(|access| access.name() == text).ok_or(Code::InvalidInput)
    }
}

/// How the servers of a project are, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Health {
    /// Ready, starting, or asleep until the next call.
    pub working: u32,
    pub failed: u32,
    /// Disabled, or not started yet.
    pub off: u32,
}

impl Health {
    pub fn add(&mut self, status: Status, servers: u32) {
        let sum = match status {
            Status::Ready | Status::Idle | Status::Starting => &mut self.working,
            Status::Failed => &mut self.failed,
            Status::Disabled | Status::Unknown => &mut self.off,
        };
        *sum = sum.saturating_add(servers);
    }

    #[must_use]
    pub const fn servers(self) -> u32 {
        self.working.saturating_add(self.failed).saturating_add(self.off)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Project {
    pub id: ProjectId,
    pub organization_id: OrganizationId,
    pub organization_slug: String,
    pub organization_name: String,
    pub slug: String,
    pub name: String,
    pub description: String,
    /// Whether log entries keep arguments and results of calls (redacted).
    pub log_payloads: bool,
    /// Days that log entries are kept.
    pub log_retention_days: u32,
    pub access: Access,
    /// Whether requests without a key are served: `access` is `open`, and this installation
    /// honours it.
    pub open: bool,
    /// What the caller is here.
    pub role: Role,
    pub server_count: u32,
    pub health: Health,
    pub member_count: u32,
    /// Whether the caller keeps it at hand.
    pub favorite: bool,
    /// When the caller last looked at it in the console.
    pub last_used: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl Project {
    #[must_use]
    pub fn resource(&self) -> Resource {
        Resource::Project { id: self.id, organization: self.organization_id }
    }

    /// `org.project`, which stands for the id in every address.
    #[must_use]
    pub fn path(&self) -> String {
        format!("{}.{}", self.organization_slug, self.slug)
    }
}

/// Which projects are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(default)]
pub struct ProjectFilter {
    /// Part of a name, a short name, a description or the organization's name, in any case.
    pub q: Option<String>,
    /// The short name of an organization.
    pub organization: Option<String>,
    /// The page after the one whose `next` said this.
    pub after: Option<String>,
}

/// Favorites first, then what was used last, then by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProjectsPage {
    pub items: Vec<Project>,
    /// Pass as `after` for the next page; none at the end.
    pub next: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewProject {
    /// Slug of the organization that the project will belong to.
    pub organization: String,
    pub slug: String,
    pub name: String,
    #[serde(default)]
    pub description: String,
}

impl NewProject {
    pub fn check(mut self) -> Result<Self> {
        self.slug = self.slug.trim().to_owned();
        self.name = self.name.trim().to_owned();
        self.description = self.description.trim().to_owned();
        let mut checks = Checks::default();
        checks.check("organization", name::slug(&self.organization));
        checks.check("slug", name::slug(&self.slug));
        checks.check("name", name::display(&self.name));
        checks.check("description", name::description(&self.description));
        checks.finish()?;
        Ok(self)
    }
}

/// Days that log entries are kept unless a project says otherwise.
pub const LOG_RETENTION_DAYS: u32 = 30;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProjectSettings {
    pub slug: String,
    pub name: String,
    #[serde(default)]
    pub description: String,
    #[serde(default)]
    pub log_payloads: bool,
    pub log_retention_days: u32,
    #[serde(default)]
    pub access: Access,
}

impl ProjectSettings {
    pub fn check(mut self) -> Result<Self> {
        self.slug = self.slug.trim().to_owned();
        self.name = self.name.trim().to_owned();
        self.description = self.description.trim().to_owned();
        let mut checks = Checks::default();
        checks.check("slug", name::slug(&self.slug));
        checks.check("name", name::display(&self.name));
        checks.check("description", name::description(&self.description));
        checks.require(
            (1..=3_650).contains(&self.log_retention_days),
            "log_retention_days",
            Code::InvalidInput,
        );
        checks.finish()?;
        Ok(self)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Member {
    pub user_id: UserId,
    pub email: String,
    pub name: String,
    pub role: Role,
    /// Name of whoever added them; none when nobody did or they are gone.
    pub added_by: Option<String>,
    pub created_at: DateTime<Utc>,
    /// When they last used the console; none when no browser of theirs is signed in.
    pub last_seen_at: Option<DateTime<Utc>>,
    /// The team of the project's organization that the role comes from; none where it is their own. Who has
    /// several roles stands here once for each.
    #[serde(default)]
    pub team: Option<TeamName>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewMember {
    pub email: String,
    pub role: Role,
}

/// What giving a project to another organization would change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Transfer {
    pub id: ProjectId,
    /// `org.project` now: addresses with it end.
    pub from: String,
    /// `org.project` then.
    pub to: String,
    pub old_organization: String,
    pub new_organization: String,
    /// People with a role of their own, which they keep.
    pub members: u32,
    /// Teams of the old organization whose roles end.
    pub teams: Vec<String>,
    /// Names of those who see the project only through the old organization or its teams.
    pub lose: Vec<String>,
    /// Names of those who become its owners because they own the new organization.
    pub gain: Vec<String>,
    /// Keys that go on working.
    pub keys: u32,
    /// Open invitations.
    pub invitations: u32,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TransferInput {
    /// Slug of an organization in which you may create projects.
    pub organization: String,
    /// The project's present `organization.project`, typed again.
    pub confirm: String,
}
