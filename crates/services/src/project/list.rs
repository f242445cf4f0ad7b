//! The projects that a caller may see, in the order in which they want them.

use std::{cmp::Reverse, collections::HashMap, fmt};

use domain::{
    Action, Code, Error, Result, Role, Timestamp,
    project::{Project, ProjectFilter, ProjectsPage},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, IntoIdentity, IntoSimpleExpr,
    JoinType, QueryFilter, QueryOrder, QuerySelect, RelationDef, Select,
    sea_query::{Expr, ExprTrait, Func, IntoCondition, Query, SimpleExpr},
};
use uuid::Uuid;

use super::{Projects, count};
use crate::{
    Caller,
    database::{containing, failed},
    entity::{favorite, organization, project, project_visit},
};

/// On one page.
const PAGE: u64 = 100;

#[derive(FromQueryResult)]
struct Row {
    #[sea_orm(nested)]
    project: project::Model,
    starred_at: Option<Timestamp>,
    visited_at: Option<Timestamp>,
}

impl Row {
    /// Where it stands among those that somebody chose or used.
    fn place(&self) -> impl Ord + use<> {
        let (starred, visited) = (self.starred_at, self.visited_at);
        (starred.is_none(), starred, Reverse(visited), self.project.name.clone(), self.project.id)
    }
}

/// Where a page ends: a project in the order of the names. Before the first by default.
#[derive(Default)]
struct Cursor {
    id: Uuid,
    name: String,
}

impl Cursor {
    fn of(row: Option<&Row>) -> Self {
        row.map(|row| Self { id: row.project.id, name: row.project.name.clone() }).unwrap_or_default()
    }

    fn parse(text: &str) -> Result<Self> {
        let parsed = text.split_once('.').and_then(|(id, name)| Some((id.parse().ok()?, name.to_owned())));
        let (id, name) = parsed.ok_or_else(|| {
            Error::new(Code::InvalidInput).detail("`after` must be what `next` said on the page before.")
        })?;
        Ok(Self { id, name })
    }

    /// In a form of which both databases see that it is a part of the index.
    fn condition(self) -> Condition {
        let (name, id) = (project::Column::Name, project::Column::Id);
        Condition::all()
            .add(name.gte(self.name.clone()))
            .add(Condition::any().add(name.gt(self.name)).add(id.gt(self.id)))
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.id, self.name)
    }
}

impl Projects<'_> {
    /// Those that the caller may see: favorites first, in the order in which they were chosen, so that
    /// each keeps its number; then what was used last; then by name.
    pub async fn list(&self, caller: &Caller, filter: &ProjectFilter) -> Result<ProjectsPage> {
        self.read(&self.0.inner.database.reader, caller, filter, PAGE).await
    }

    /// The first page of those where the caller is at least `least`.
    pub async fn list_as(
        &self,
        caller: &Caller,
        least: Role,
        filter: &ProjectFilter,
    ) -> Result<ProjectsPage> {
        self.read_as(&self.0.inner.database.reader, caller, least, filter, PAGE).await
    }

    /// The first `count` of the list.
    pub async fn first(&self, caller: &Caller, count: u64) -> Result<Vec<Project>> {
        let filter = ProjectFilter::default();
        Ok(self.read(&self.0.inner.database.reader, caller, &filter, count).await?.items)
    }

    /// Those of an organization that the caller may see, in the same order.
    pub async fn of_organization(
        &self,
        caller: &Caller,
        organization: &str,
        filter: ProjectFilter,
    ) -> Result<ProjectsPage> {
        let owner = self.0.organizations().authorize(caller, organization, Action::ViewOrganization).await?;
        self.list(caller, &ProjectFilter { organization: Some(owner.slug), ..filter }).await
    }

    /// The same number of queries for any number of projects, and none that reads them all: those that
    /// the caller chose or used are found by the caller, the others in the order of their names.
    pub(crate) async fn read(
        &self,
        connection: &impl ConnectionTrait,
        caller: &Caller,
        filter: &ProjectFilter,
        count: u64,
    ) -> Result<ProjectsPage> {
        self.read_as(connection, caller, Role::Reporter, filter, count).await
    }

    async fn read_as(
        &self,
        connection: &impl ConnectionTrait,
        caller: &Caller,
        least: Role,
        filter: &ProjectFilter,
        count: u64,
    ) -> Result<ProjectsPage> {
        let after =
            filter.after.as_deref().filter(|after| !after.is_empty()).map(Cursor::parse).transpose()?;
        let own = own(connection, caller, count).await?;
        let wanted = query(caller).filter(visible_as(caller, least)).filter(wanted(filter));
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        let mut rows = Vec::new();
        if after.is_none() && !own.is_empty() {
            let chosen = wanted.clone().filter(project::Column::Id.is_in(own.iter().copied()));
            rows = chosen.into_model().all(connection).await.map_err(failed("reading projects"))?;
            rows.sort_by_cached_key(Row::place);
            rows.truncate(count);
        }
        let left = count - rows.len();
        let others = wanted
            .filter(project::Column::Id.is_not_in(own))
            .filter(after.map_or(Condition::all(), Cursor::condition))
            .order_by_asc(project::Column::Name)
            .order_by_asc(project::Column::Id)
            .limit(left as u64 + 1);
        let mut others: Vec<Row> =
            others.into_model().all(connection).await.map_err(failed("reading projects"))?;
        let more = others.len() > left;
        others.truncate(left);
        let next = more.then(|| Cursor::of(others.last()).to_string());
        rows.append(&mut others);

        let ids: Vec<Uuid> = rows.iter().map(|row| row.project.id).collect();
        let owners = owners(connection, &rows).await?;
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
        Ok(ProjectsPage { items: rows.into_iter().filter_map(view).collect(), next })
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

/// Projects with what the caller has of each.
fn query(caller: &Caller) -> Select<project::Entity> {
    project::Entity::find()
        .column_as(favorite::Column::CreatedAt, "starred_at")
        .column_as(project_visit::Column::At, "visited_at")
        .join(JoinType::LeftJoin, own_favorite(caller))
        .join(JoinType::LeftJoin, own_visit(caller))
}

fn wanted(filter: &ProjectFilter) -> Condition {
    let organizations = |condition: Condition| {
        let ids = Query::select()
            .column(organization::Column::Id)
            .from(organization::Entity)
            .cond_where(condition)
            .to_owned();
        project::Column::OrganizationId.in_subquery(ids)
    };
    let given =
        |text: &Option<String>| text.as_deref().map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned);
    let owner = given(&filter.organization)
        .map(|slug| organizations(Condition::all().add(organization::Column::Slug.eq(slug))));
    let named = given(&filter.q).map(|text| {
        let holds = |column: SimpleExpr| Expr::expr(Func::lower(column)).like(containing(&text));
        Condition::any()
            .add(holds(project::Column::Name.into_simple_expr()))
            .add(holds(project::Column::Slug.into_simple_expr()))
            .add(holds(project::Column::Description.into_simple_expr()))
            .add(organizations(Condition::all().add(holds(organization::Column::Name.into_simple_expr()))))
    });
    Condition::all().add_option(owner).add_option(named)
}

/// What the caller chose first and used last, `count` of each.
async fn own(connection: &impl ConnectionTrait, caller: &Caller, count: u64) -> Result<Vec<Uuid>> {
    let Some(user) = caller.user() else { return Ok(Vec::new()) };
    let mut ids: Vec<Uuid> = favorite::Entity::find()
        .select_only()
        .column(favorite::Column::ProjectId)
        .filter(favorite::Column::UserId.eq(user.0))
        .order_by_asc(favorite::Column::CreatedAt)
        .limit(count)
        .into_tuple()
        .all(connection)
        .await
        .map_err(failed("reading favorites"))?;
    let used: Vec<Uuid> = project_visit::Entity::find()
        .select_only()
        .column(project_visit::Column::ProjectId)
        .filter(project_visit::Column::UserId.eq(user.0))
        .order_by_desc(project_visit::Column::At)
        .limit(count)
        .into_tuple()
        .all(connection)
        .await
        .map_err(failed("reading visits"))?;
    ids.extend(used);
    Ok(ids)
}

async fn owners(
    connection: &impl ConnectionTrait,
    projects: &[Row],
) -> Result<HashMap<Uuid, organization::Model>> {
    let rows = organization::Entity::find()
        .filter(organization::Column::Id.is_in(projects.iter().map(|row| row.project.organization_id)))
        .all(connection)
        .await
        .map_err(failed("reading organizations"))?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

fn own_favorite(caller: &Caller) -> RelationDef {
    had(caller, favorite::Entity, favorite::Column::ProjectId, favorite::Column::UserId)
}

fn own_visit(caller: &Caller) -> RelationDef {
    had(caller, project_visit::Entity, project_visit::Column::ProjectId, project_visit::Column::UserId)
}

/// From a project to what the caller has of it; the operator at the command line has nothing.
fn had<E>(caller: &Caller, entity: E, project: E::Column, user: E::Column) -> RelationDef
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
