//! Teams: named groups of an organization that hold roles in its projects together.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{Result, Role, TeamId, UserId, error::Checks, name};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Team {
    pub id: TeamId,
    /// Unique in its organization.
    pub slug: String,
    pub name: String,
    pub member_count: u32,
    pub project_count: u32,
    pub created_at: DateTime<Utc>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TeamInput {
    pub slug: String,
    pub name: String,
}

impl TeamInput {
    pub fn check(mut self) -> Result<Self> {
        self.slug = self.slug.trim().to_owned();
        self.name = self.name.trim().to_owned();
        let mut checks = Checks::default();
        checks.check("slug", name::slug(&self.slug));
        checks.check("name", name::display(&self.name));
        checks.finish()?;
        Ok(self)
    }
}

/// A team with who is in it and what they may do where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TeamDetail {
    pub team: Team,
    pub members: Vec<TeamMember>,
    /// Those that the caller can see.
    pub projects: Vec<TeamProject>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TeamMember {
    pub user_id: UserId,
    pub email: String,
    pub name: String,
    /// Name of whoever added them; none when nobody did or they are gone.
    pub added_by: Option<String>,
    pub created_at: DateTime<Utc>,
    /// When they last used the console; none when no browser of theirs is signed in.
    pub last_seen_at: Option<DateTime<Utc>>,
}

/// A project in which every member of a team holds a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TeamProject {
    /// `org.project`.
    pub project: String,
    pub name: String,
    pub role: Role,
    pub created_at: DateTime<Utc>,
}

/// The team that a role in a project comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TeamName {
    pub slug: String,
    pub name: String,
}
