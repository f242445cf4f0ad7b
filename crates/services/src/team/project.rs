//! What a team may do where: its role in each of some projects of its organization.

use domain::{Action, Error, Result, Role, team::TeamProject};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder,
    QuerySelect, RelationDef,
    sea_query::{Expr, ExprTrait, SimpleExpr},
};
use serde_json::json;
use uuid::Uuid;

use super::{Teams, member};
use crate::{
    Caller,
    audit::Place,
    database::failed,
    entity::{organization, project, team, team_member, team_project},
    project::visible,
    role,
};

#[derive(FromQueryResult)]
struct Row {
    #[sea_orm(nested)]
    grant: team_project::Model,
    slug: String,
    name: String,
}

impl Teams<'_> {
    /// Gives every member of a team a role in a project of the same organization, or another one.
    pub async fn set_project(
        &self,
        caller: &Caller,
        organization: &str,
        team: &str,
        project: &str,
        role: Role,
    ) -> Result<()> {
        let (owner, row) = self.authorize(caller, organization, team, Action::ManageOrganization).await?;
        let project = self.0.projects().authorize(caller, project, Action::ManageMembers).await?;
        if project.organization_id.0 != owner.id {
            return Err(Error::not_found());
        }
        let transaction = self.0.inner.database.begin().await?;
        let before = find(&transaction, row.id, project.id.0).await?;
        let change = match &before {
            Some(before) => json!({ "role": [before.role, role] }),
            None => json!({ "role": role }),
        };
        let grant = team_project::ActiveModel {
            team_id: Set(row.id),
            project_id: Set(project.id.0),
            role: Set(role.name().to_owned()),
            created_at: Set(before.as_ref().map_or_else(|| self.0.clock().now(), |before| before.created_at)),
        };
        match before {
            Some(_) => grant.update(&transaction).await,
            None => grant.insert(&transaction).await,
        }
        .map_err(failed("writing the role of a team"))?;
        let people = member::ids(&transaction, row.id).await?;
        role::end_lost(&transaction, &people, &role::one_project(project.id.0)).await?;
        let place = Place::project(&project);
        self.0.audit().record(&transaction, caller, place, "team_project.set", row.name, change).await?;
        self.0.finish(transaction, "committing the role of a team").await
    }

    /// Takes a team's role in a project away.
    pub async fn remove_project(
        &self,
        caller: &Caller,
        organization: &str,
        team: &str,
        project: &str,
    ) -> Result<()> {
        let (_, row) = self.authorize(caller, organization, team, Action::ManageOrganization).await?;
        let project = self.0.projects().authorize(caller, project, Action::ManageMembers).await?;
        let transaction = self.0.inner.database.begin().await?;
        let deleted = team_project::Entity::delete_by_id((row.id, project.id.0))
            .exec(&transaction)
            .await
            .map_err(failed("deleting the role of a team"))?;
        if deleted.rows_affected == 0 {
            return Err(Error::not_found());
        }
        let people = member::ids(&transaction, row.id).await?;
        role::end_lost(&transaction, &people, &role::one_project(project.id.0)).await?;
        let place = Place::project(&project);
        self.0
            .audit()
            .record(&transaction, caller, place, "team_project.remove", row.name, json!({}))
            .await?;
        self.0.finish(transaction, "committing the end of a team's role").await
    }
}

async fn find(
    connection: &impl ConnectionTrait,
    team: Uuid,
    project: Uuid,
) -> Result<Option<team_project::Model>> {
    team_project::Entity::find_by_id((team, project))
        .one(connection)
        .await
        .map_err(failed("reading the role of a team"))
}

pub(super) async fn ids(connection: &impl ConnectionTrait, team: Uuid) -> Result<Vec<Uuid>> {
    team_project::Entity::find()
        .select_only()
        .column(team_project::Column::ProjectId)
        .filter(team_project::COLUMN.team_id.eq(team))
        .into_tuple()
        .all(connection)
        .await
        .map_err(failed("reading the projects of a team"))
}

/// Those that `caller` can see.
pub(super) async fn of(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    owner: &organization::Model,
    team: Uuid,
) -> Result<Vec<TeamProject>> {
    let rows: Vec<Row> = team_project::Entity::find()
        .column_as(project::Column::Slug, "slug")
        .column_as(project::Column::Name, "name")
        .join(JoinType::InnerJoin, its_project())
        .filter(team_project::COLUMN.team_id.eq(team))
        .filter(project::Column::OrganizationId.eq(owner.id))
        .filter(visible(caller))
        .order_by_asc(project::Column::Name)
        .order_by_asc(project::Column::Id)
        .into_model()
        .all(connection)
        .await
        .map_err(failed("reading the projects of a team"))?;
    let view = |row: Row| TeamProject {
        project: format!("{}.{}", owner.slug, row.slug),
        name: row.name,
        role: row.grant.role.parse().unwrap_or(Role::Reporter),
        created_at: row.grant.created_at,
    };
    Ok(rows.into_iter().map(view).collect())
}

/// Names of the teams that hold a role in a project.
pub(crate) async fn in_project(connection: &impl ConnectionTrait, project: Uuid) -> Result<Vec<String>> {
    team_project::Entity::find()
        .select_only()
        .column(team::Column::Name)
        .join(JoinType::InnerJoin, its_team())
        .filter(team_project::COLUMN.project_id.eq(project))
        .order_by_asc(team::Column::Name)
        .into_tuple()
        .all(connection)
        .await
        .map_err(failed("reading the teams of a project"))
}

pub(super) fn its_team() -> RelationDef {
    team_project::Entity::belongs_to(team::Entity)
        .from(team_project::Column::TeamId)
        .to(team::Column::Id)
        .into()
}

pub(crate) fn its_project() -> RelationDef {
    team_project::Entity::belongs_to(project::Entity)
        .from(team_project::Column::ProjectId)
        .to(project::Column::Id)
        .into()
}

/// From somebody in a team to what the team may do.
pub(crate) fn grants() -> RelationDef {
    team_member::Entity::belongs_to(team_project::Entity)
        .from(team_member::Column::TeamId)
        .to(team_project::Column::TeamId)
        .into()
}

/// A team counts in the projects of its own organization and in no other.
pub(crate) fn same_organization() -> SimpleExpr {
    Expr::col((project::Entity, project::Column::OrganizationId))
        .equals((team::Entity, team::Column::OrganizationId))
}

/// A role that somebody holds in a project through a team.
#[derive(FromQueryResult)]
pub(crate) struct Held {
    pub(crate) user_id: Uuid,
    pub(crate) project_id: Uuid,
    pub(crate) role: String,
    pub(crate) slug: String,
    pub(crate) name: String,
    pub(crate) created_at: domain::Timestamp,
}

/// Whose roles are asked for.
pub(crate) enum Whose {
    People(Vec<Uuid>),
    /// Everybody's in the project.
    InProject(Uuid),
    /// Everybody's in the projects of the organization.
    InOrganization(Uuid),
}

/// Roles that are held through teams.
pub(crate) async fn held(connection: &impl ConnectionTrait, whose: Whose) -> Result<Vec<Held>> {
    let wanted = match whose {
        Whose::People(people) => team_member::Column::UserId.is_in(people),
        Whose::InProject(project) => team_project::Column::ProjectId.eq(project),
        Whose::InOrganization(id) => team::Column::OrganizationId.eq(id),
    };
    team_member::Entity::find()
        .select_only()
        .column(team_member::Column::UserId)
        .column(team_member::Column::CreatedAt)
        .column(team_project::Column::ProjectId)
        .column(team_project::Column::Role)
        .column(team::Column::Slug)
        .column(team::Column::Name)
        .join(JoinType::InnerJoin, grants())
        .join(JoinType::InnerJoin, member::its_team())
        .join(JoinType::InnerJoin, its_project())
        .filter(wanted)
        .filter(same_organization())
        .order_by_asc(team::Column::Slug)
        .order_by_asc(team_member::Column::CreatedAt)
        .order_by_asc(team_member::Column::UserId)
        .into_model()
        .all(connection)
        .await
        .map_err(failed("reading the roles of teams"))
}
