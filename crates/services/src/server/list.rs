//! The lists that servers offer, as the data plane last read them.

use std::collections::HashMap;

use domain::{
    Result, ServerId, Timestamp,
    server::{ListKind, ListState, ObservedList},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel,
    QueryFilter, QuerySelect,
};
use uuid::Uuid;

use super::{history, item, name};
use crate::{
    Services,
    database::failed,
    entity::server_list,
    log::{code, from_name},
};

/// What is known of a server's lists, without their items.
#[derive(Default)]
pub(super) struct Known {
    pub(super) states: Vec<ListState>,
    pub(super) tools_changed_at: Option<Timestamp>,
}

/// The same of many servers.
pub(super) async fn states_of(
    connection: &impl ConnectionTrait,
    servers: &[Uuid],
) -> Result<HashMap<Uuid, Known>> {
    use server_list::Column;
    let rows: Vec<server_list::Model> = server_list::Entity::find()
        .select_only()
        // The items may be large, and nobody looks at them here.
        .expr_as(sea_orm::sea_query::Expr::val(""), "items")
        .columns([
            Column::ServerId,
            Column::Kind,
            Column::ItemCount,
            Column::Version,
            Column::Hash,
            Column::ReadAt,
            Column::Code,
            Column::Detail,
            Column::ChangedAt,
        ])
        .filter(Column::ServerId.is_in(servers.iter().copied()))
        .all(connection)
        .await
        .map_err(failed("reading lists"))?;
    let mut all: HashMap<Uuid, Known> = HashMap::new();
    for row in &rows {
        let known = all.entry(row.server_id).or_default();
        known.states.extend(view(row));
        // Only lists of tools have a history.
        known.tools_changed_at = known.tools_changed_at.max(row.changed_at);
    }
    all.values_mut().for_each(|known| known.states.sort_by_key(|state| state.kind));
    Ok(all)
}

fn view(row: &server_list::Model) -> Option<ListState> {
    Some(ListState {
        kind: from_name(&row.kind)?,
        count: u32::try_from(row.item_count).unwrap_or_default(),
        version: u64::try_from(row.version).unwrap_or_default(),
        hash: row.hash.clone(),
        read_at: row.read_at,
        code: row.code.as_deref().and_then(code),
        detail: row.detail.clone(),
    })
}

/// The items of a list that was never read.
const NOTHING: &str = "[]";

pub(super) async fn record(
    services: &Services,
    connection: &impl ConnectionTrait,
    server: ServerId,
    seen: ObservedList,
) -> Result<()> {
    let ObservedList { state, items } = seen;
    let before = server_list::Entity::find_by_id((server.0, state.kind.name().to_owned()))
        .one(connection)
        .await
        .map_err(failed("reading a list"))?;
    let is_new = before.is_none();
    // What a server lists first is no change.
    let was_read = before.as_ref().is_some_and(|before| before.read_at.is_some());
    let mut row =
        before.map(IntoActiveModel::into_active_model).unwrap_or_else(|| server_list::ActiveModel {
            server_id: Set(server.0),
            kind: Set(state.kind.name().to_owned()),
            items: Set(NOTHING.to_owned()),
            ..Default::default()
        });
    row.item_count = Set(i32::try_from(state.count).unwrap_or(i32::MAX));
    row.version = Set(i64::try_from(state.version).unwrap_or(i64::MAX));
    row.hash = Set(state.hash);
    row.read_at = Set(state.read_at);
    row.code = Set(state.code.map(|code| code.name().to_owned()));
    row.detail = Set(state.detail);
    if let Some(items) = items {
        let known = row.items.take().unwrap_or_default();
        if known != items {
            item::replace(connection, server, state.kind, &items).await?;
        }
        if state.kind == ListKind::Tools && known != items {
            name::replace(connection, server, &items).await?;
            let now = services.clock().now();
            let first = !was_read && known == NOTHING;
            if !first && history::record(services, connection, server, &known, &items, now).await? {
                row.changed_at = Set(Some(now));
            }
        }
        row.items = Set(items);
    }
    let written = if is_new { row.insert(connection).await } else { row.update(connection).await };
    written.map_err(failed("writing a list"))?;
    Ok(())
}
