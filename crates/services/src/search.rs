//! Search by name over all that a caller may see.

use std::cmp::Reverse;

use domain::{
    Result,
    search::{Found, FoundProject, FoundServer, FoundTool, LONGEST, SearchQuery, plain, score},
    server::Status,
};
use sea_orm::{
    ConnectionTrait, EntityTrait, FromQueryResult, IntoSimpleExpr, JoinType, QueryFilter, QueryOrder,
    QuerySelect, Select,
    sea_query::{Expr, ExprTrait, Func, LikeExpr, SimpleExpr},
};

use crate::{
    Caller, Services,
    database::failed,
    entity::{organization, project, server, server_state, tool},
    log::from_name,
    project::{join, visible},
};

/// Of each kind.
const SHOWN: usize = 8;
/// What the database hands over of each kind, the likeliest first, to be ranked here.
const CANDIDATES: u64 = 60;
/// For what is where the caller searches from.
const NEAR: u32 = 6;

pub struct Search<'a>(pub(crate) &'a Services);

#[derive(FromQueryResult)]
struct ProjectRow {
    name: String,
    slug: String,
    organization: String,
    organization_slug: String,
}

#[derive(FromQueryResult)]
struct ServerRow {
    name: String,
    enabled: bool,
    status: Option<String>,
    project_name: String,
    slug: String,
    organization_slug: String,
}

#[derive(FromQueryResult)]
struct ToolRow {
    name: String,
    server: String,
    project_name: String,
    slug: String,
    organization_slug: String,
}

impl Search<'_> {
    /// The best of each kind. Without a query: the caller's first projects, and the servers of the
    /// project that they search from.
    pub async fn find(&self, caller: &Caller, query: &SearchQuery) -> Result<Found> {
        let reader = &self.0.inner.database.reader;
        let text: String = query.q.trim().chars().take(LONGEST).collect();
        let near = query.project.as_deref().unwrap_or_default();
        if plain(&text).is_empty() {
            let projects = self.0.projects().first(caller, SHOWN as u64).await?;
            let servers = servers(reader, caller, Wanted::In(near)).await?;
            let projects = projects.into_iter().map(|project| FoundProject {
                project: project.path(),
                name: project.name,
                organization: project.organization_name,
            });
            return Ok(Found {
                projects: projects.collect(),
                servers: servers.into_iter().take(SHOWN).collect(),
                tools: Vec::new(),
            });
        }
        let bonus = |project: &str| if project == near { NEAR } else { 0 };
        Ok(Found {
            projects: best(projects(reader, caller, &text).await?, |found| {
                let slug = found.project.rsplit('.').next().unwrap_or_default();
                Ord::max(score(&text, &found.name), score(&text, slug))
            }),
            servers: best(servers(reader, caller, Wanted::Like(&text)).await?, |found| {
                Some(score(&text, &found.name)? + bonus(&found.project))
            }),
            tools: best(tools(reader, caller, &text).await?, |found| {
                Some(score(&text, &found.name)? + bonus(&found.project))
            }),
        })
    }
}

/// Which servers are looked for.
#[derive(Clone, Copy)]
enum Wanted<'a> {
    Like(&'a str),
    /// Those of a project, `org.project`.
    In(&'a str),
}

fn best<T>(found: Vec<T>, points: impl Fn(&T) -> Option<u32>) -> Vec<T> {
    let mut ranked: Vec<(u32, T)> =
        found.into_iter().filter_map(|found| Some((points(&found)?, found))).collect();
    // Stable: what the database thought likelier stays before its equals.
    ranked.sort_by_key(|(points, _)| Reverse(*points));
    ranked.into_iter().take(SHOWN).map(|(_, found)| found).collect()
}

async fn projects(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    text: &str,
) -> Result<Vec<FoundProject>> {
    let query = project::Entity::find()
        .select_only()
        .column(project::Column::Name)
        .column(project::Column::Slug)
        .column_as(organization::Column::Name, "organization")
        .column_as(organization::Column::Slug, "organization_slug")
        .join(JoinType::InnerJoin, join::owner())
        .filter(visible(caller))
        .filter(fits(project::Column::Name, text).or(fits(project::Column::Slug, text)));
    let rows: Vec<ProjectRow> = likeliest(query, project::Column::Name, text)
        .into_model()
        .all(connection)
        .await
        .map_err(failed("searching projects"))?;
    let view = |row: ProjectRow| FoundProject {
        project: format!("{}.{}", row.organization_slug, row.slug),
        name: row.name,
        organization: row.organization,
    };
    Ok(rows.into_iter().map(view).collect())
}

async fn servers(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    wanted: Wanted<'_>,
) -> Result<Vec<FoundServer>> {
    let query = server::Entity::find()
        .select_only()
        .column(server::Column::Name)
        .column(server::Column::Enabled)
        .column(server_state::Column::Status)
        .column_as(project::Column::Name, "project_name")
        .column_as(project::Column::Slug, "slug")
        .column_as(organization::Column::Slug, "organization_slug")
        .join(JoinType::InnerJoin, join::of_server())
        .join(JoinType::InnerJoin, join::owner())
        .join(JoinType::LeftJoin, join::current_state())
        .filter(visible(caller));
    let query = match wanted {
        Wanted::Like(text) => {
            likeliest(query.filter(fits(server::Column::Name, text)), server::Column::Name, text)
        }
        Wanted::In(path) => {
            let Some((owner, slug)) = path.split_once('.') else { return Ok(Vec::new()) };
            query
                .filter(organization::COLUMN.slug.eq(owner))
                .filter(project::COLUMN.slug.eq(slug))
                .order_by_asc(server::Column::NameKey)
                .limit(SHOWN as u64)
        }
    };
    let rows: Vec<ServerRow> =
        query.into_model().all(connection).await.map_err(failed("searching servers"))?;
    let view = |row: ServerRow| {
        let status = row.status.as_deref().and_then(from_name).unwrap_or_default();
        FoundServer {
            project: format!("{}.{}", row.organization_slug, row.slug),
            project_name: row.project_name,
            name: row.name,
            status: if row.enabled { status } else { Status::Disabled },
        }
    };
    Ok(rows.into_iter().map(view).collect())
}

async fn tools(connection: &impl ConnectionTrait, caller: &Caller, text: &str) -> Result<Vec<FoundTool>> {
    let query = tool::Entity::find()
        .select_only()
        .column(tool::Column::Name)
        .column_as(server::Column::Name, "server")
        .column_as(project::Column::Name, "project_name")
        .column_as(project::Column::Slug, "slug")
        .column_as(organization::Column::Slug, "organization_slug")
        .join(JoinType::InnerJoin, join::of_tool())
        .join(JoinType::InnerJoin, join::of_server())
        .join(JoinType::InnerJoin, join::owner())
        .filter(visible(caller))
        .filter(fits(tool::Column::Name, text));
    let rows: Vec<ToolRow> = likeliest(query, tool::Column::Name, text)
        .into_model()
        .all(connection)
        .await
        .map_err(failed("searching tools"))?;
    let view = |row: ToolRow| FoundTool {
        project: format!("{}.{}", row.organization_slug, row.slug),
        project_name: row.project_name,
        server: row.server,
        name: row.name,
    };
    Ok(rows.into_iter().map(view).collect())
}

/// Whether a column holds the letters of `text` in their order.
fn fits(column: impl IntoSimpleExpr, text: &str) -> SimpleExpr {
    let mut pattern = String::from("%");
    for letter in plain(text) {
        pattern.push_str(&literal(&letter.to_string()));
        pattern.push('%');
    }
    like(column, pattern)
}

/// Names that begin with `text` first, then those that hold it as it stands, shorter ones first.
fn likeliest<E: EntityTrait>(query: Select<E>, column: impl IntoSimpleExpr + Copy, text: &str) -> Select<E> {
    let plain = literal(&text.to_lowercase());
    let place: SimpleExpr = Expr::case(like(column, format!("{plain}%")), 0)
        .case(like(column, format!("%{plain}%")), 1)
        .finally(2)
        .into();
    query
        .order_by_asc(place)
        .order_by_asc(Func::char_length(column.into_simple_expr()))
        .order_by_asc(column.into_simple_expr())
        .limit(CANDIDATES)
}

fn like(column: impl IntoSimpleExpr, pattern: String) -> SimpleExpr {
    Expr::expr(Func::lower(column.into_simple_expr())).like(LikeExpr::new(pattern).escape('!'))
}

/// Text that stands for itself in a pattern.
fn literal(text: &str) -> String {
    text.replace('!', "!!").replace('%', "!%").replace('_', "!_")
}
