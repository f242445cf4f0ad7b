//! Organizations and their members.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{OrganizationId, OrganizationRole, Result, UserId, error::Checks, name};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Organization {
    pub id: OrganizationId,
    pub slug: String,
    pub name: String,
    /// The organization that came with somebody's account.
    pub personal: bool,
    /// What the caller is here.
    pub role: OrganizationRole,
    pub project_count: u32,
    pub member_count: u32,
    pub created_at: DateTime<Utc>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrganizationInput {
    pub slug: String,
    pub name: String,
}

impl OrganizationInput {
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

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrganizationMember {
    pub user_id: UserId,
    pub email: String,
    pub name: String,
    pub role: OrganizationRole,
    /// Projects of the organization that they can see.
    pub project_count: u32,
    pub created_at: DateTime<Utc>,
    /// When they last used the console; none when no browser of theirs is signed in.
    pub last_seen_at: Option<DateTime<Utc>>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewOrganizationMember {
    pub email: String,
    pub role: OrganizationRole,
}
