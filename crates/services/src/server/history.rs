//! What servers changed of their tools: written with the list that shows it, read as a timeline.

use std::collections::HashMap;

use domain::{
    Action, Result, ServerId, Timestamp, ToolChangeId,
    tool::{
        self, CHANGES_KEPT, CHANGES_TOLD, ChangeKind, Changed, HistoryFilter, HistoryPage, Tool, ToolChange,
    },
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

use super::{Servers, find};
use crate::{
    Caller, Services, audit,
    caller::Proof,
    database::failed,
    entity::{history_visit, server_list, tool_change},
    log::from_name,
    new_id,
};

/// Changes of a page. Each may hold two definitions.
const PAGE: u32 = 30;
const PAGE_MAX: u32 = 200;
/// Characters of a tool's name that are kept.
const NAME: usize = 256;
/// Rows of one statement: eight values each, of which SQLite takes 32,766.
const ROWS: usize = 50;

impl Servers<'_> {
    /// What the server changed of its tools, newest first.
    pub async fn history(
        &self,
        caller: &Caller,
        project: &str,
        server: &str,
        filter: HistoryFilter,
    ) -> Result<HistoryPage> {
        let project = self.0.projects().authorize(caller, project, Action::ViewServers).await?;
        let reader = &self.0.inner.database.reader;
        let server = find(reader, project.id, server).await?;
        let limit = filter.limit.unwrap_or(PAGE).clamp(1, PAGE_MAX) as usize;
        let mut query = tool_change::Entity::find().filter(tool_change::COLUMN.server_id.eq(server.id));
        if let Some(tool) = filter.tool.filter(|tool| !tool.is_empty()) {
            query = query.filter(tool_change::COLUMN.tool.eq(name(&tool)));
        }
        if let Some(before) = filter.before {
            query = query.filter(tool_change::COLUMN.id.lt(before.0));
        }
        let mut rows = query
            .order_by_desc(tool_change::Column::Id)
            .limit(limit as u64 + 1)
            .all(reader)
            .await
            .map_err(failed("reading changes of tools"))?;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|row| ToolChangeId(row.id));
        Ok(HistoryPage { items: rows.into_iter().map(view).collect(), next })
    }

    /// Notes that a person looks at the history, so that what stands in it is not pointed out to them
    /// again. Programs, which come with tokens, leave no trace.
    pub async fn visit_history(&self, caller: &Caller, project: &str, server: &str) -> Result<()> {
        let project = self.0.projects().authorize(caller, project, Action::ViewServers).await?;
        if !matches!(caller.proof(), Proof::Session(_)) {
            return Ok(());
        }
        let reader = &self.0.inner.database.reader;
        let server = find(reader, project.id, server).await?;
        let key = (caller.subject.user.0, server.id);
        let list =
            server_list::Entity::find_by_id((server.id, domain::server::ListKind::Tools.name().to_owned()));
        let changed: Option<Option<Timestamp>> = list
            .select_only()
            .column(server_list::Column::ChangedAt)
            .into_tuple()
            .one(reader)
            .await
            .map_err(failed("reading a list"))?;
        let Some(changed) = changed.flatten() else { return Ok(()) };
        let seen =
            history_visit::Entity::find_by_id(key).one(reader).await.map_err(failed("reading a visit"))?;
        if seen.is_some_and(|seen| seen.seen_to >= changed) {
            return Ok(());
        }
        let row =
            history_visit::ActiveModel { user_id: Set(key.0), server_id: Set(key.1), seen_to: Set(changed) };
        let again = OnConflict::columns([history_visit::Column::UserId, history_visit::Column::ServerId])
            .update_column(history_visit::Column::SeenTo)
            .action_and_where(Expr::col((history_visit::Entity, history_visit::Column::SeenTo)).lte(changed))
            .to_owned();
        history_visit::Entity::insert(row)
            .on_conflict(again)
            .exec_without_returning(self.0.database())
            .await
            .map(drop)
            .map_err(failed("writing a visit"))
    }
}

/// Writes what differs between two lists of tools, JSON arrays both, and says whether anything does.
/// Only the newest changes stay.
pub(super) async fn record(
    services: &Services,
    connection: &impl ConnectionTrait,
    server: ServerId,
    before: &str,
    after: &str,
    at: Timestamp,
) -> Result<bool> {
    let read = |text: &str| -> Vec<Tool> { serde_json::from_str(text).unwrap_or_default() };
    let (before, after) = (read(before), read(after));
    let changes = tool::changed(&before, &after);
    if changes.is_empty() {
        return Ok(false);
    }
    // The last one written is the first one shown.
    let rows: Vec<_> = changes
        .into_iter()
        .take(CHANGES_KEPT)
        .rev()
        .map(|change| row(services, server, &change, at))
        .collect();
    for some in rows.chunks(ROWS) {
        tool_change::Entity::insert_many(some.to_vec())
            .exec_without_returning(connection)
            .await
            .map_err(failed("writing changes of tools"))?;
    }
    let oldest: Option<Uuid> = tool_change::Entity::find()
        .select_only()
        .column(tool_change::Column::Id)
        .filter(tool_change::COLUMN.server_id.eq(server.0))
        .order_by_desc(tool_change::Column::Id)
        .offset(CHANGES_KEPT as u64)
        .limit(1)
        .into_tuple()
        .one(connection)
        .await
        .map_err(failed("counting changes of tools"))?;
    if let Some(oldest) = oldest {
        tool_change::Entity::delete_many()
            .filter(tool_change::COLUMN.server_id.eq(server.0))
            .filter(tool_change::COLUMN.id.lte(oldest))
            .exec(connection)
            .await
            .map_err(failed("deleting changes of tools"))?;
    }
    Ok(true)
}

/// When tools of servers were added or described otherwise lately, by their names.
pub(super) async fn lately(
    connection: &impl ConnectionTrait,
    servers: &[Uuid],
    now: Timestamp,
) -> Result<HashMap<Uuid, HashMap<String, Timestamp>>> {
    use tool_change::Column;
    let since = audit::first_id(now - CHANGES_TOLD);
    let rows: Vec<(Uuid, String, Timestamp)> = tool_change::Entity::find()
        .select_only()
        .columns([Column::ServerId, Column::Tool])
        .column_as(Column::At.max(), "at")
        .filter(Column::ServerId.is_in(servers.iter().copied()))
        .filter(tool_change::COLUMN.id.gte(since.0))
        .filter(Column::Kind.ne(ChangeKind::Removed.name()))
        .group_by(Column::ServerId)
        .group_by(Column::Tool)
        .into_tuple()
        .all(connection)
        .await
        .map_err(failed("reading changed tools"))?;
    let mut changed: HashMap<Uuid, HashMap<String, Timestamp>> = HashMap::new();
    for (server, tool, at) in rows {
        changed.entry(server).or_default().insert(tool, at);
    }
    Ok(changed)
}

fn row(
    services: &Services,
    server: ServerId,
    change: &Changed<'_>,
    at: Timestamp,
) -> tool_change::ActiveModel {
    let mut cut = false;
    let mut text = |tool: Option<&Tool>| {
        let (tool, short) = tool::kept(tool?);
        cut |= short;
        // A server may send NUL, which PostgreSQL takes in no text; JSON has it escaped, so it is one here.
        Some(tool.0.to_string())
    };
    let (before, after) = (text(change.before), text(change.after));
    tool_change::ActiveModel {
        server_id: Set(server.0),
        id: Set(new_id!(services, ToolChangeId).0),
        at: Set(at),
        tool: Set(name(change.after.or(change.before).map_or("", Tool::name))),
        kind: Set(change.kind.name().to_owned()),
        before: Set(before),
        after: Set(after),
        cut: Set(cut),
    }
}

/// A tool's name as its column takes it on every database.
fn name(name: &str) -> String {
    name.chars().filter(|c| *c != '\0').take(NAME).collect()
}

fn view(row: tool_change::Model) -> ToolChange {
    let read = |text: Option<String>| text.and_then(|text| serde_json::from_str(&text).ok());
    let kind = from_name(&row.kind).unwrap_or(ChangeKind::Changed);
    ToolChange::new(
        ToolChangeId(row.id),
        row.at,
        kind,
        row.tool,
        [read(row.before), read(row.after)],
        row.cut,
    )
}
