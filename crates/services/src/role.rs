//! The roles that people hold at this moment, and the end of what they were given by one that they lost.

use std::collections::{BTreeSet, HashMap};

use domain::{Action, OrganizationId, ProjectId, Resource, Result, Subject, UserId, allows};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Query, SelectStatement},
};
use uuid::Uuid;

use crate::{
    database::failed,
    entity::{api_key, invitation, organization_member, project, project_member, user},
    key,
    team::{self, Whose},
};

/// People as policy sees them; the same number of queries for any number of them.
pub(crate) async fn subjects(
    connection: &impl ConnectionTrait,
    people: &[user::Model],
) -> Result<HashMap<Uuid, Subject>> {
    let ids = || people.iter().map(|person| person.id);
    let mut found: HashMap<Uuid, Subject> = people.iter().map(|person| (person.id, bare(person))).collect();
    let organizations = organization_member::Entity::find()
        .filter(organization_member::COLUMN.user_id.is_in(ids()))
        .all(connection)
        .await
        .map_err(failed("reading memberships"))?;
    for member in organizations {
        // A role that does not parse is no role.
        if let (Some(subject), Ok(role)) = (found.get_mut(&member.user_id), member.role.parse()) {
            subject.organizations.push((OrganizationId(member.organization_id), role));
        }
    }
    let projects = project_member::Entity::find()
        .filter(project_member::COLUMN.user_id.is_in(ids()))
        .all(connection)
        .await
        .map_err(failed("reading memberships"))?;
    for member in projects {
        if let (Some(subject), Ok(role)) = (found.get_mut(&member.user_id), member.role.parse()) {
            subject.projects.push((ProjectId(member.project_id), role));
        }
    }
    for held in team::held(connection, Whose::People(ids().collect())).await? {
        if let (Some(subject), Ok(role)) = (found.get_mut(&held.user_id), held.role.parse()) {
            subject.projects.push((ProjectId(held.project_id), role));
        }
    }
    Ok(found)
}

fn bare(person: &user::Model) -> Subject {
    Subject {
        user: UserId(person.id),
        platform_admin: person.platform_admin,
        organizations: Vec::new(),
        projects: Vec::new(),
    }
}

/// Ends what `people` could still do by a role that they do not hold any more: open invitations, by which
/// they could come back, wherever they made them, and the keys that their browsers try tools with in the
/// projects of a query. What another role allows them stays, and so do the projects' own keys.
pub(crate) async fn end_lost(
    connection: &impl ConnectionTrait,
    people: &[Uuid],
    projects: &SelectStatement,
) -> Result<()> {
    let invited: Vec<(Uuid, Uuid, Option<Uuid>, Option<Uuid>)> = invitation::Entity::find()
        .select_only()
        .column(invitation::Column::Id)
        .column(invitation::Column::InvitedBy)
        .column(invitation::Column::ProjectId)
        .column(invitation::Column::OrganizationId)
        .filter(invitation::Column::InvitedBy.is_in(people.iter().copied()))
        .into_tuple()
        .all(connection)
        .await
        .map_err(failed("reading invitations"))?;
    let trials: Vec<(Uuid, Uuid, Uuid)> = api_key::Entity::find()
        .select_only()
        .column(api_key::Column::Id)
        .column(api_key::Column::CreatedBy)
        .column(api_key::Column::ProjectId)
        .filter(api_key::Column::Kind.eq(key::OWN))
        .filter(api_key::Column::CreatedBy.is_in(people.iter().copied()))
        .filter(api_key::Column::ProjectId.in_subquery(projects.clone()))
        .into_tuple()
        .all(connection)
        .await
        .map_err(failed("reading keys"))?;
    if invited.is_empty() && trials.is_empty() {
        return Ok(());
    }
    let projects = invited.iter().filter_map(|row| row.2).chain(trials.iter().map(|row| row.2));
    let may = Powers::read(connection, people, projects.collect()).await?;
    let invited = invited.into_iter().filter(|(_, person, project, organization)| {
        let place = match (project, organization) {
            (Some(project), _) => may.project(*project).map(|place| (Action::ManageMembers, place)),
            (None, organization) => organization
                .map(|id| (Action::ManageOrganization, Resource::Organization(OrganizationId(id)))),
        };
        !place.is_some_and(|(action, place)| may.still(*person, action, &place))
    });
    let trials = trials.into_iter().filter(|(_, person, project)| {
        !may.project(*project).is_some_and(|place| may.still(*person, Action::ManageKeys, &place))
    });
    invitation::Entity::delete_many()
        .filter(invitation::COLUMN.id.is_in(invited.map(|row| row.0)))
        .exec(connection)
        .await
        .map_err(failed("deleting the invitations of somebody who lost their role"))?;
    api_key::Entity::delete_many()
        .filter(api_key::COLUMN.id.is_in(trials.map(|row| row.0)))
        .exec(connection)
        .await
        .map(drop)
        .map_err(failed("deleting the keys of somebody who lost their role"))
}

/// What some people may do now, and to whom some projects belong.
struct Powers {
    subjects: HashMap<Uuid, Subject>,
    owners: HashMap<Uuid, Uuid>,
}

impl Powers {
    async fn read(
        connection: &impl ConnectionTrait,
        people: &[Uuid],
        projects: BTreeSet<Uuid>,
    ) -> Result<Self> {
        let people = crate::organization::users(connection, people.iter().copied()).await?;
        let owners: Vec<(Uuid, Uuid)> = project::Entity::find()
            .select_only()
            .column(project::Column::Id)
            .column(project::Column::OrganizationId)
            .filter(project::COLUMN.id.is_in(projects))
            .into_tuple()
            .all(connection)
            .await
            .map_err(failed("reading projects"))?;
        Ok(Self { subjects: subjects(connection, &people).await?, owners: owners.into_iter().collect() })
    }

    fn project(&self, id: Uuid) -> Option<Resource> {
        let organization = OrganizationId(*self.owners.get(&id)?);
        Some(Resource::Project { id: ProjectId(id), organization })
    }

    fn still(&self, person: Uuid, action: Action, place: &Resource) -> bool {
        self.subjects.get(&person).is_some_and(|subject| allows(subject, action, place))
    }
}

/// One project, as a query for its id.
pub(crate) fn one_project(id: Uuid) -> SelectStatement {
    projects_where(project::Column::Id.eq(id))
}

/// Some projects.
pub(crate) fn projects_in(ids: Vec<Uuid>) -> SelectStatement {
    projects_where(project::Column::Id.is_in(ids))
}

pub(crate) fn every_project() -> SelectStatement {
    Query::select().column((project::Entity, project::Column::Id)).from(project::Entity).to_owned()
}

/// The projects of an organization.
pub(crate) fn projects_of(organization: Uuid) -> SelectStatement {
    projects_where(project::Column::OrganizationId.eq(organization))
}

fn projects_where(which: sea_orm::sea_query::SimpleExpr) -> SelectStatement {
    Query::select()
        .column((project::Entity, project::Column::Id))
        .from(project::Entity)
        .and_where(which)
        .to_owned()
}
