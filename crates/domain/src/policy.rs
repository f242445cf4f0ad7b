//! Who may do what. Pure and total, so the server decides with it and the console hides with it.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{Code, OrganizationId, ProjectId, UserId};

/// A member's role in a project. The order is the order of power.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Reporter,
    Developer,
    Owner,
}

impl Role {
    pub const ALL: [Role; 3] = [Role::Owner, Role::Developer, Role::Reporter];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Role::Reporter => "reporter",
            Role::Developer => "developer",
            Role::Owner => "owner",
        }
    }
}

/// A member's role in an organization. Owners act as Owners of each of its projects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum OrganizationRole {
    Member,
    Owner,
}

impl OrganizationRole {
    pub const ALL: [OrganizationRole; 2] = [OrganizationRole::Owner, OrganizationRole::Member];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            OrganizationRole::Member => "member",
            OrganizationRole::Owner => "owner",
        }
    }
}

macro_rules! by_name {
    ($type:ty) => {
        impl FromStr for $type {
            type Err = Code;
            fn from_str(text: &str) -> Result<Self, Code> {
                Self::ALL.into_iter().find(|r| r.name() == text).ok_or(Code::RoleInvalid)
            }
        }
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}
by_name!(Role);
by_name!(OrganizationRole);

/// A person as policy sees them: read afresh for each request, never kept in a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    pub user: UserId,
    pub platform_admin: bool,
    pub organizations: Vec<(OrganizationId, OrganizationRole)>,
    /// Each role that they hold, their own and those of their teams: a project may stand here several times.
    pub projects: Vec<(ProjectId, Role)>,
}

/// What an action is done to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource {
    /// The installation itself.
    Platform,
    Organization(OrganizationId),
    Project {
        id: ProjectId,
        organization: OrganizationId,
    },
    /// Somebody's own account.
    Account(UserId),
}

macro_rules! actions {
    ($($(#[$doc:meta])* $variant:ident),+ $(,)?) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Action { $($(#[$doc])* $variant,)+ }
        impl Action { pub const ALL: &[Action] = &[$(Action::$variant,)+]; }
    };
}

actions! {
    /// Users, global settings, audit of the installation.
    ManagePlatform,
    CreateOrganization,
    ViewOrganization,
    /// Rename, delete, members.
    ManageOrganization,
    CreateProject,
    /// Save, rename and delete what new projects may begin with.
    ManageTemplates,
    ViewProject,
    /// Settings, deletion.
    ManageProject,
    ManageMembers,
    /// Servers with their tools and state.
    ViewServers,
    /// Create, edit, delete, enable, restart, test, import.
    ManageServers,
    /// Anything that makes Sluice start a command of the caller's choice: remote code execution by
    /// design, so a platform matter and not a project one.
    RegisterCommand,
    /// Servers that are commands which platform admins approved, with values for what these leave open.
    UseCommand,
    /// Servers that platform admins share with all projects.
    UseSharedServer,
    ViewKeys,
    ManageKeys,
    ViewLogs,
    ClearLogs,
    ManageAccount,
}

/// Whether `subject` may do `action` to `resource`.
#[must_use]
pub fn allows(subject: &Subject, action: Action, resource: &Resource) -> bool {
    use Action as A;
    match (action, resource) {
        (A::ManageAccount, Resource::Account(user)) => *user == subject.user,
        (A::CreateOrganization, Resource::Platform) => true,
        (A::ManagePlatform, Resource::Platform) => subject.platform_admin,
        (A::ViewOrganization, Resource::Organization(id)) => organization_role(subject, *id).is_some(),
        (A::ManageOrganization | A::CreateProject | A::ManageTemplates, Resource::Organization(id)) => {
            organization_role(subject, *id) == Some(OrganizationRole::Owner)
        }
        (A::RegisterCommand, Resource::Project { .. }) => subject.platform_admin,
        (_, Resource::Project { id, organization }) => match needed_role(action) {
            Some(needed) => project_role(subject, *id, *organization).is_some_and(|r| r >= needed),
            None => false,
        },
        _ => false,
    }
}

/// The role that `subject` acts with in a project: the strongest of those that they hold, wherever each
/// comes from.
#[must_use]
pub fn project_role(subject: &Subject, id: ProjectId, organization: OrganizationId) -> Option<Role> {
    if organization_role(subject, organization) == Some(OrganizationRole::Owner) {
        return Some(Role::Owner);
    }
    subject.projects.iter().filter(|(project, _)| *project == id).map(|(_, role)| *role).max()
}

/// The role that `subject` acts with in an organization.
#[must_use]
pub fn organization_role(subject: &Subject, id: OrganizationId) -> Option<OrganizationRole> {
    if subject.platform_admin {
        return Some(OrganizationRole::Owner);
    }
    subject.organizations.iter().find(|(organization, _)| *organization == id).map(|(_, role)| *role)
}

/// The least project role for an action on a project; `None` where no role is enough.
const fn needed_role(action: Action) -> Option<Role> {
    match action {
        Action::ViewProject | Action::ViewServers | Action::ViewLogs => Some(Role::Reporter),
        Action::ManageServers
        | Action::UseCommand
        | Action::UseSharedServer
        | Action::ViewKeys
        | Action::ManageKeys => Some(Role::Developer),
        Action::ManageProject | Action::ManageMembers | Action::ClearLogs => Some(Role::Owner),
        Action::ManagePlatform
        | Action::CreateOrganization
        | Action::ViewOrganization
        | Action::ManageOrganization
        | Action::CreateProject
        | Action::ManageTemplates
        | Action::RegisterCommand
        | Action::ManageAccount => None,
    }
}

#[cfg(test)]
#[path = "policy_matrix.rs"]
mod matrix;
