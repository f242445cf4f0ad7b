//! What invitations are to: a project, or an organization.

use std::collections::{BTreeSet, HashMap};

use domain::{
    Action, Code, Error, OrganizationId, OrganizationRole, ProjectId, Result, Role, Timestamp, UserId,
    invitation::{Host, InvitedRole, Offer},
    project::Project,
};
use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter, sea_query::SimpleExpr};
use uuid::Uuid;

use crate::{
    Caller, Services,
    audit::Place,
    database::failed,
    entity::{invitation, organization, project},
    organization::{member as organization_member, users},
    project::member,
};

/// Where the caller may invite.
pub(super) enum Hosting {
    Project(Project),
    Organization(organization::Model),
}

impl Hosting {
    /// Whoever may change the members may invite.
    pub(super) async fn authorize(services: &Services, caller: &Caller, host: &Host) -> Result<Self> {
        Ok(match host {
            Host::Project(project) => {
                Self::Project(services.projects().authorize(caller, project, Action::ManageMembers).await?)
            }
            Host::Organization(organization) => {
                let organizations = services.organizations();
                let action = Action::ManageOrganization;
                Self::Organization(organizations.authorize(caller, organization, action).await?)
            }
        })
    }

    /// The columns that say so: project, organization.
    pub(super) fn columns(&self) -> (Option<Uuid>, Option<Uuid>) {
        match self {
            Self::Project(project) => (Some(project.id.0), None),
            Self::Organization(organization) => (None, Some(organization.id)),
        }
    }

    /// Whether an invitation is to here.
    pub(super) fn own(&self) -> SimpleExpr {
        match self {
            Self::Project(project) => invitation::COLUMN.project_id.eq(project.id.0),
            Self::Organization(organization) => invitation::COLUMN.organization_id.eq(organization.id),
        }
    }

    pub(super) fn place(&self) -> Place {
        match self {
            Self::Project(project) => Place::project(project),
            Self::Organization(organization) => Place::organization(OrganizationId(organization.id)),
        }
    }

    /// As addresses name it.
    pub(super) fn path(&self) -> String {
        match self {
            Self::Project(project) => project.path(),
            Self::Organization(organization) => organization.slug.clone(),
        }
    }

    pub(super) fn check(&self, role: InvitedRole) -> Result<()> {
        match (self, role) {
            (Self::Project(_), InvitedRole::Project(_))
            | (Self::Organization(_), InvitedRole::Organization(_)) => Ok(()),
            _ => Err(Error::field("role", Code::RoleInvalid)),
        }
    }

    pub(super) async fn has(&self, connection: &impl ConnectionTrait, user: Uuid) -> Result<bool> {
        Ok(match self {
            Self::Project(project) => member::find(connection, project.id.0, user).await?.is_some(),
            Self::Organization(organization) => {
                organization_member::find(connection, organization.id, user).await?.is_some()
            }
        })
    }
}

pub(super) fn role(row: &invitation::Model) -> InvitedRole {
    match row.project_id {
        Some(_) => InvitedRole::Project(row.role.parse().unwrap_or(Role::Reporter)),
        None => InvitedRole::Organization(row.role.parse().unwrap_or(OrganizationRole::Member)),
    }
}

/// Makes somebody a member of what an invitation is to. Who is one already stays what they are.
pub(super) async fn enter(
    connection: &impl ConnectionTrait,
    row: &invitation::Model,
    user: Uuid,
    now: Timestamp,
) -> Result<(Host, Place)> {
    let (project, organization) = hosts(connection, std::slice::from_ref(row)).await?;
    let organization = organization.into_values().next().ok_or_else(Error::not_found)?;
    let id = OrganizationId(organization.id);
    Ok(match (role(row), project.into_values().next()) {
        (InvitedRole::Project(role), Some(project)) => {
            if member::find(connection, project.id, user).await?.is_none() {
                member::insert(connection, project.id, user, role, row.invited_by, now).await?;
            }
            let place = Place { organization: Some(id), project: Some(ProjectId(project.id)) };
            (Host::Project(format!("{}.{}", organization.slug, project.slug)), place)
        }
        (InvitedRole::Project(_), None) => return Err(Error::not_found()),
        (InvitedRole::Organization(role), _) => {
            if organization_member::find(connection, id.0, user).await?.is_none() {
                organization_member::insert(connection, id, UserId(user), role, now).await?;
            }
            (Host::Organization(organization.slug), Place::organization(id))
        }
    })
}

/// What some invitations offer; the same number of queries for any number of them.
pub(crate) async fn offers(
    connection: &impl ConnectionTrait,
    rows: Vec<invitation::Model>,
) -> Result<Vec<Offer>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let (projects, organizations) = hosts(connection, &rows).await?;
    let people = users(connection, rows.iter().filter_map(|row| row.invited_by)).await?;
    let offer = |row: invitation::Model| {
        let project = row.project_id.and_then(|id| projects.get(&id));
        let owner = row.organization_id.or_else(|| project.map(|project| project.organization_id));
        let invited_by = people.iter().find(|person| Some(person.id) == row.invited_by);
        Some(Offer {
            project: project.map(|project| project.name.clone()),
            organization: organizations.get(&owner?)?.name.clone(),
            role: role(&row),
            invited_by: invited_by.map(|person| person.name.clone()),
            email: row.email,
            created_at: row.created_at,
            expires_at: row.expires_at,
        })
    };
    Ok(rows.into_iter().filter_map(offer).collect())
}

type Hosts = (HashMap<Uuid, project::Model>, HashMap<Uuid, organization::Model>);

/// The projects and the organizations of some invitations; those of the projects among them.
async fn hosts(connection: &impl ConnectionTrait, rows: &[invitation::Model]) -> Result<Hosts> {
    let ids: BTreeSet<Uuid> = rows.iter().filter_map(|row| row.project_id).collect();
    let projects = project::Entity::find()
        .filter(project::COLUMN.id.is_in(ids))
        .all(connection)
        .await
        .map_err(failed("reading projects"))?;
    let owners = projects.iter().map(|project| project.organization_id);
    let ids: BTreeSet<Uuid> = rows.iter().filter_map(|row| row.organization_id).chain(owners).collect();
    let organizations = organization::Entity::find()
        .filter(organization::COLUMN.id.is_in(ids))
        .all(connection)
        .await
        .map_err(failed("reading organizations"))?;
    let projects = projects.into_iter().map(|row| (row.id, row)).collect();
    Ok((projects, organizations.into_iter().map(|row| (row.id, row)).collect()))
}
