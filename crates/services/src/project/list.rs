//! The projects that a caller may see, in the order in which they want them.

use std::collections::HashMap;

use domain::{Action, Result, Role, Timestamp, project::Project};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, IntoIdentity, JoinType,
    QueryFilter, QueryOrder, QuerySelect, RelationDef,
    sea_query::{Expr, ExprTrait, IntoCondition, NullOrdering, Order, Query, SelectStatement},
};
use uuid::Uuid;

use super::{Projects, count};
use crate::{
    Caller,
    database::failed,
    entity::{favorite, organization, project, project_visit},
};

#[derive(FromQueryResult)]
struct Row {
    #[sea_orm(nested)]
    project: project::Model,
    starred_at: Option<Timestamp>,
    visited_at: Option<Timestamp>,
}

impl Projects<'_> {
    /// Those that the caller may see: favorites first, in the order in which they were chosen, so that
    /// each keeps its number; then what was used last; then by name.
    pub async fn list(&self, caller: &Caller) -> Result<Vec<Project>> {
        self.read(&self.0.inner.database.reader, caller, None, None).await
    }

    /// The first `count` of the list.
    pub async fn first(&self, caller: &Caller, count: u64) -> Result<Vec<Project>> {
        self.read(&self.0.inner.database.reader, caller, None, Some(count)).await
    }

    /// Those of an organization that the caller may see, in the same order.
    pub async fn of_organization(&self, caller: &Caller, organization: &str) -> Result<Vec<Project>> {
        let owner = self.0.organizations().authorize(caller, organization, Action::ViewOrganization).await?;
        self.read(&self.0.inner.database.reader, caller, Some(owner.id), None).await
    }

    /// The same number of queries for any number of projects.
    pub(crate) async fn read(
        &self,
        connection: &impl ConnectionTrait,
        caller: &Caller,
        organization: Option<Uuid>,
        limit: Option<u64>,
    ) -> Result<Vec<Project>> {
        let owned = organization.map(|id| project::Column::OrganizationId.eq(id));
        let wanted = Condition::all().add(visible(caller)).add_option(owned);
        let mut query = project::Entity::find()
            .column_as(favorite::Column::CreatedAt, "starred_at")
            .column_as(project_visit::Column::At, "visited_at")
            .join(JoinType::LeftJoin, own_favorite(caller))
            .join(JoinType::LeftJoin, own_visit(caller))
            .filter(wanted.clone())
            .order_by_with_nulls(favorite::Column::CreatedAt, Order::Asc, NullOrdering::Last)
            .order_by_with_nulls(project_visit::Column::At, Order::Desc, NullOrdering::Last)
            .order_by_asc(project::Column::Name)
            .order_by_asc(project::Column::Id);
        if let Some(limit) = limit {
            query = query.limit(limit);
        }
        let rows: Vec<Row> = query.into_model().all(connection).await.map_err(failed("reading projects"))?;
        let ids = match limit {
            None => ids_where(wanted),
            Some(_) => Query::select()
                .column((project::Entity, project::Column::Id))
                .from(project::Entity)
                .and_where(project::Column::Id.is_in(rows.iter().map(|row| row.project.id)))
                .to_owned(),
        };
        let owners = owners(connection, &ids).await?;
        let mut numbers = count::numbers(connection, &ids).await?;
        let view = |row: Row| {
            let owner = owners.get(&row.project.organization_id)?;
            let numbers = numbers.remove(&row.project.id).unwrap_or_default();
            Some(Project {
                favorite: row.starred_at.is_some(),
                last_used: row.visited_at,
                ..self.assemble(caller, row.project, owner, numbers)
            })
        };
        Ok(rows.into_iter().filter_map(view).collect())
    }
}

/// What `caller` may see of the projects of a query.
pub(crate) fn visible(caller: &Caller) -> Condition {
    visible_as(caller, Role::Reporter)
}

/// The same of those where the caller is at least `least`.
pub(crate) fn visible_as(caller: &Caller, least: Role) -> Condition {
    let Some((organizations, _)) = caller.scope() else { return Condition::all() };
    let projects = caller.subject.projects.iter().filter(|(_, role)| *role >= least);
    Condition::any()
        .add(project::Column::OrganizationId.is_in(organizations.iter().map(|id| id.0)))
        .add(project::Column::Id.is_in(projects.map(|(id, _)| id.0)))
}

fn ids_where(wanted: Condition) -> SelectStatement {
    Query::select()
        .column((project::Entity, project::Column::Id))
        .from(project::Entity)
        .cond_where(wanted)
        .to_owned()
}

async fn owners(
    connection: &impl ConnectionTrait,
    projects: &SelectStatement,
) -> Result<HashMap<Uuid, organization::Model>> {
    let of = Query::select()
        .column(project::Column::OrganizationId)
        .from(project::Entity)
        .and_where(project::Column::Id.in_subquery(projects.clone()))
        .to_owned();
    let rows = organization::Entity::find()
        .filter(organization::Column::Id.in_subquery(of))
        .all(connection)
        .await
        .map_err(failed("reading organizations"))?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

fn own_favorite(caller: &Caller) -> RelationDef {
    own(caller, favorite::Entity, favorite::Column::ProjectId, favorite::Column::UserId)
}

fn own_visit(caller: &Caller) -> RelationDef {
    own(caller, project_visit::Entity, project_visit::Column::ProjectId, project_visit::Column::UserId)
}

/// From a project to what the caller has of it; the operator at the command line has nothing.
fn own<E>(caller: &Caller, entity: E, project: E::Column, user: E::Column) -> RelationDef
where
    E: EntityTrait,
    E::Column: IntoIdentity + Copy,
{
    let id = caller.user().map_or(Uuid::nil(), |user| user.0);
    project::Entity::belongs_to(entity)
        .from(project::Column::Id)
        .to(project)
        .on_condition(move |_, own| Expr::col((own, user)).eq(id).into_condition())
        .into()
}
