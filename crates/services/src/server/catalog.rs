//! The tools that servers listed with the rules for them, a page at a time.

use std::collections::HashMap;

use domain::{
    Action, Result, Timestamp,
    page::Slice,
    server::ListKind,
    tool::{BYTES_PER_TOKEN, ListedTool, OfferedTool, Shown, Tool, ToolFilter, ToolRule, ToolsPage},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, IntoSimpleExpr, JoinType,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, ExprTrait, Func, SimpleExpr},
};
use uuid::Uuid;

use super::{Servers, find, history};
use crate::{
    Caller,
    database::{containing, failed},
    entity::{server, server_item, tool_rule},
    project::join,
};

/// A tool, its server and the rule for it.
#[derive(FromQueryResult)]
struct Row {
    server_id: Uuid,
    server: String,
    enabled: bool,
    prefix: String,
    /// None where a rule waits for a tool that is not there.
    definition: Option<String>,
    ruled: Option<String>,
    hidden: Option<bool>,
    alias: Option<String>,
    description: Option<String>,
}

#[derive(FromQueryResult)]
struct Sums {
    found: i64,
    tokens: i64,
}

impl Servers<'_> {
    /// Tools of a server.
    pub async fn tools(
        &self,
        caller: &Caller,
        project: &str,
        server: &str,
        filter: &ToolFilter,
    ) -> Result<ToolsPage> {
        let project = self.0.projects().authorize(caller, project, Action::ViewServers).await?;
        let server = find(&self.0.inner.database.reader, project.id, server).await?;
        let of = Condition::all().add(server::Column::Id.eq(server.id));
        // Whoever looks at one server knows whether it is off.
        self.page(of.clone(), of, filter, is_offered()).await
    }

    /// Tools of all servers of a project, by the servers' names, or of the one with the name `server`.
    pub async fn tools_of_project(
        &self,
        caller: &Caller,
        project: &str,
        server: Option<&str>,
        filter: &ToolFilter,
    ) -> Result<ToolsPage> {
        let project = self.0.projects().authorize(caller, project, Action::ViewServers).await?;
        let all = Condition::all().add(server::Column::ProjectId.eq(project.id.0));
        let named = server.map(|name| server::Column::NameKey.eq(name.to_ascii_lowercase()));
        let seen = server::Column::Enabled.eq(true).and(is_offered());
        self.page(all.clone(), all.add_option(named), filter, seen).await
    }

    /// The same number of queries for any number of tools. `all` are the servers whose tools are counted
    /// whatever is asked for, `of` those whose are listed; `seen` is what clients see.
    async fn page(
        &self,
        all: Condition,
        of: Condition,
        filter: &ToolFilter,
        seen: SimpleExpr,
    ) -> Result<ToolsPage> {
        let reader = &self.0.inner.database.reader;
        let slice = Slice::new(filter.page, filter.limit);
        let asked = wanted(filter, &seen);
        let is_whole = asked.is_empty() && all == of;
        let wanted = of.add(asked);
        let sums = sums(reader, wanted.clone(), seen).await?;
        let listed = u64::try_from(sums.found).unwrap_or_default();
        let found = listed + count(reader, waiting(wanted.clone())).await?;
        let total = match is_whole {
            true => found,
            false => count(reader, tools(all.clone())).await? + count(reader, waiting(all)).await?,
        };
        let mut rows = Vec::new();
        if slice.skipped < listed {
            let page = tools(wanted.clone()).order_by_asc(server::Column::NameKey);
            rows = read(reader, page.order_by_asc(server_item::Column::Position), slice.skipped, slice.limit)
                .await?;
        }
        let left = slice.limit - rows.len() as u64;
        if left > 0 && slice.skipped < found {
            let page = waiting(wanted).order_by_asc(server::Column::NameKey);
            let skipped = slice.skipped.saturating_sub(listed);
            rows.extend(read(reader, page.order_by_asc(tool_rule::Column::Tool), skipped, left).await?);
        }
        let servers: Vec<Uuid> =
            rows.chunk_by(|a, b| a.server_id == b.server_id).map(|rows| rows[0].server_id).collect();
        let changed = match servers.is_empty() {
            true => HashMap::new(),
            false => history::lately(reader, &servers, self.0.clock().now()).await?,
        };
        Ok(ToolsPage {
            total,
            found,
            tokens: u64::try_from(sums.tokens).unwrap_or_default(),
            items: rows.into_iter().map(|row| view(row, &changed)).collect(),
            next: slice.next(found),
        })
    }
}

/// Tools with their servers and rules.
fn tools(which: Condition) -> Select<server_item::Entity> {
    server_item::Entity::find()
        .join(JoinType::InnerJoin, join::of_item())
        .join(JoinType::LeftJoin, join::rule_of_item())
        .filter(server_item::Column::Kind.eq(ListKind::Tools.name()))
        .filter(which)
}

/// Rules for tools that are not there.
fn waiting(which: Condition) -> Select<tool_rule::Entity> {
    tool_rule::Entity::find()
        .join(JoinType::InnerJoin, join::of_rule())
        .join(JoinType::LeftJoin, join::item_of_rule())
        .filter(server_item::Column::ServerId.is_null())
        .filter(which)
}

/// Whether the rule, if there is one, lets clients see the tool.
fn is_offered() -> SimpleExpr {
    let hidden = tool_rule::Column::Hidden.into_simple_expr();
    Expr::expr(Func::coalesce([hidden, Expr::val(false)])).eq(false)
}

fn wanted(filter: &ToolFilter, seen: &SimpleExpr) -> Condition {
    let shown = filter.show.map(|show| match show {
        Shown::Shown => seen.clone(),
        Shown::Hidden => seen.clone().not(),
    });
    let said = filter.q.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(|text| {
        let holds = |column: SimpleExpr| Expr::expr(Func::lower(column)).like(containing(text));
        Condition::any()
            .add(holds(server_item::Column::Said.into_simple_expr()))
            .add(holds(tool_rule::Column::Tool.into_simple_expr()))
            .add(holds(tool_rule::Column::Alias.into_simple_expr()))
            .add(holds(tool_rule::Column::Description.into_simple_expr()))
    });
    Condition::all().add_option(shown).add_option(said)
}

/// How many tools there are and what they take of a context, as [`OfferedTool::tokens`] says of each.
async fn sums(connection: &impl ConnectionTrait, which: Condition, seen: SimpleExpr) -> Result<Sums> {
    let bytes = |text: SimpleExpr| Expr::expr(Func::cust("octet_length").arg(text));
    let name = Func::coalesce([
        tool_rule::Column::Alias.into_simple_expr(),
        server_item::Column::Name.into_simple_expr(),
    ]);
    let description = Func::coalesce([
        bytes(tool_rule::Column::Description.into_simple_expr()),
        server_item::Column::DescriptionBytes.into_simple_expr(),
    ]);
    let size = bytes(name.into())
        .add(Expr::expr(description))
        .add(server_item::Column::SchemaBytes.into_simple_expr());
    let tokens = size.add(BYTES_PER_TOKEN - 1).div(BYTES_PER_TOKEN);
    let tokens = Expr::expr(Expr::case(seen, tokens).finally(0)).sum();
    tools(which)
        .select_only()
        .column_as(server_item::Column::Position.count(), "found")
        .column_as(Expr::expr(Func::coalesce([tokens, Expr::val(0)])), "tokens")
        .into_model()
        .one(connection)
        .await
        .map_err(failed("counting tools"))
        .map(|sums| sums.unwrap_or(Sums { found: 0, tokens: 0 }))
}

async fn read<E: EntityTrait>(
    connection: &impl ConnectionTrait,
    query: Select<E>,
    skipped: u64,
    limit: u64,
) -> Result<Vec<Row>> {
    query
        .select_only()
        .column_as(server::Column::Id, "server_id")
        .column_as(server::Column::Name, "server")
        .column(server::Column::Enabled)
        .column_as(server::Column::Alias, "prefix")
        .column(server_item::Column::Definition)
        .column_as(tool_rule::Column::Tool, "ruled")
        .column(tool_rule::Column::Hidden)
        .column(tool_rule::Column::Alias)
        .column(tool_rule::Column::Description)
        .offset(skipped)
        .limit(limit)
        .into_model()
        .all(connection)
        .await
        .map_err(failed("reading tools"))
}

async fn count<E>(connection: &impl ConnectionTrait, query: Select<E>) -> Result<u64>
where
    E: EntityTrait,
    E::Model: Send + Sync,
{
    query.count(connection).await.map_err(failed("counting tools"))
}

fn view(row: Row, changed: &HashMap<Uuid, HashMap<String, Timestamp>>) -> ListedTool {
    let tool = row.definition.and_then(|text| serde_json::from_str(&text).ok()).map(Tool);
    let name = tool.as_ref().map(|tool| tool.name().to_owned()).or(row.ruled).unwrap_or_default();
    let changed_at =
        changed.get(&row.server_id).filter(|_| tool.is_some()).and_then(|tools| tools.get(&name));
    let rule =
        ToolRule { hidden: row.hidden.unwrap_or_default(), alias: row.alias, description: row.description };
    let tool = OfferedTool { changed_at: changed_at.copied(), rule, tool, name };
    ListedTool {
        server: row.server,
        enabled: row.enabled,
        alias: row.prefix,
        tokens: tool.tokens() as u64,
        tool,
    }
}
