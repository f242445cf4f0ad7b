//! What the data plane observes of servers.

use std::collections::HashMap;

use domain::{
    Action, Result, ServerId, Timestamp,
    server::{ListKind, Observation, ServerState, ServerStatus, Status},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::{Servers, list};
use crate::{
    Caller, Services,
    database::failed,
    entity::{server, server_state},
    log::{code, from_name, to_json},
};

/// The states to show. What was seen of an earlier generation says nothing of this one, but its tools
/// and its name stay until there are newer ones.
pub(super) async fn read_all(
    connection: &impl ConnectionTrait,
    servers: &[server::Model],
) -> Result<HashMap<Uuid, ServerState>> {
    let ids: Vec<Uuid> = servers.iter().map(|server| server.id).collect();
    let seen = server_state::Entity::find()
        .filter(server_state::COLUMN.server_id.is_in(ids.iter().copied()))
        .all(connection)
        .await
        .map_err(failed("reading states"))?;
    let mut seen: HashMap<Uuid, server_state::Model> =
        seen.into_iter().map(|row| (row.server_id, row)).collect();
    let mut lists = list::states_of(connection, &ids).await?;
    let state = |server: &server::Model| {
        let row = seen.remove(&server.id);
        let mut state = row.as_ref().map_or_else(ServerState::default, view);
        if row.is_some_and(|row| row.generation < server.generation) {
            state = ServerState { info: state.info, ..ServerState::default() };
        }
        let known = lists.remove(&server.id).unwrap_or_default();
        (state.lists, state.tools_changed_at) = (known.states, known.tools_changed_at);
        state.tool_count =
            state.lists.iter().find(|list| list.kind == ListKind::Tools).map_or(0, |list| list.count);
        if !server.enabled {
            state = ServerState { status: Status::Disabled, code: None, detail: None, ..state };
        }
        (server.id, state)
    };
    Ok(servers.iter().map(state).collect())
}

fn view(row: &server_state::Model) -> ServerState {
    ServerState {
        status: from_name(&row.status).unwrap_or_default(),
        code: row.code.as_deref().and_then(code),
        detail: row.detail.clone(),
        info: row.info.as_deref().and_then(|text| serde_json::from_str(text).ok()),
        stderr: serde_json::from_str(&row.stderr).unwrap_or_default(),
        observed_at: Some(row.observed_at),
        ..ServerState::default()
    }
}

impl Servers<'_> {
    /// What each server of a project is doing, by name.
    pub async fn statuses(&self, caller: &Caller, project: &str) -> Result<Vec<ServerStatus>> {
        let project = self.0.projects().allow(caller, project, Action::ViewServers).await?;
        let reader = &self.0.inner.database.reader;
        let servers: Vec<(Uuid, String, bool, i64)> = server::Entity::find()
            .select_only()
            .column(server::Column::Id)
            .column(server::Column::Name)
            .column(server::Column::Enabled)
            .column(server::Column::Generation)
            .filter(server::COLUMN.project_id.eq(project.0))
            .order_by_asc(server::Column::NameKey)
            .into_tuple()
            .all(reader)
            .await
            .map_err(failed("reading servers"))?;
        let seen: Vec<Seen> = server_state::Entity::find()
            .select_only()
            .column(server_state::Column::ServerId)
            .column(server_state::Column::Generation)
            .column(server_state::Column::Status)
            .column(server_state::Column::Code)
            .column(server_state::Column::Detail)
            .column(server_state::Column::ObservedAt)
            .filter(server_state::COLUMN.server_id.is_in(servers.iter().map(|server| server.0)))
            .into_tuple()
            .all(reader)
            .await
            .map_err(failed("reading states"))?;
        let mut seen: HashMap<Uuid, Seen> = seen.into_iter().map(|row| (row.0, row)).collect();
        let status = |(id, name, enabled, generation): (Uuid, String, bool, i64)| {
            let seen = seen.remove(&id).filter(|seen| enabled && seen.1 >= generation);
            let unseen = if enabled { Status::Unknown } else { Status::Disabled };
            ServerStatus {
                server_id: ServerId(id),
                server: name,
                status: seen.as_ref().map_or(unseen, |seen| from_name(&seen.2).unwrap_or_default()),
                code: seen.as_ref().and_then(|seen| code(seen.3.as_deref()?)),
                observed_at: seen.as_ref().map(|seen| seen.5),
                detail: seen.and_then(|seen| seen.4),
            }
        };
        Ok(servers.into_iter().map(status).collect())
    }
}

/// A server, the generation that was looked at, status, code, detail and when.
type Seen = (Uuid, i64, String, Option<String>, Option<String>, Timestamp);

impl Services {
    /// Writes what the data plane saw. Of servers that are gone, and of generations that a newer
    /// one has followed, nothing is kept.
    pub async fn observe(&self, observations: Vec<Observation>) -> Result<()> {
        let transaction = self.inner.database.begin().await?;
        let mut touched = Vec::new();
        for observation in observations {
            let server = server::Entity::find_by_id(observation.server.0)
                .one(&transaction)
                .await
                .map_err(failed("reading a server"))?;
            let Some(server) = server else { continue };
            if record(self, &transaction, observation).await? {
                touched.push(domain::ProjectId(server.project_id));
            }
        }
        transaction.commit().await.map_err(failed("committing states"))?;
        touched.into_iter().for_each(|project| self.activity().announce(project));
        Ok(())
    }
}

async fn record(services: &Services, connection: &impl ConnectionTrait, seen: Observation) -> Result<bool> {
    let generation = i64::try_from(seen.generation).unwrap_or(i64::MAX);
    let before = server_state::Entity::find_by_id(seen.server.0)
        .one(connection)
        .await
        .map_err(failed("reading a state"))?;
    if before.as_ref().is_some_and(|before| before.generation > generation) {
        return Ok(false);
    }
    let is_new = before.is_none();
    let mut row =
        before.map(IntoActiveModel::into_active_model).unwrap_or_else(|| server_state::ActiveModel {
            server_id: Set(seen.server.0),
            info: Set(None),
            initialize: Set(None),
            stderr: Set("[]".to_owned()),
            ..Default::default()
        });
    row.generation = Set(generation);
    row.status = Set(seen.status.name().to_owned());
    row.code = Set(seen.code.map(|code| code.name().to_owned()));
    row.detail = Set(seen.detail);
    row.observed_at = Set(seen.at);
    if let Some(info) = &seen.info {
        row.info = Set(to_json(info));
    }
    if let Some(initialize) = seen.initialize {
        row.initialize = Set(Some(initialize));
    }
    if let Some(stderr) = &seen.stderr {
        row.stderr = Set(to_json(stderr).unwrap_or_default());
    }
    let written = if is_new { row.insert(connection).await } else { row.update(connection).await };
    written.map_err(failed("writing a state"))?;
    for seen_list in seen.lists {
        list::record(services, connection, seen.server, seen_list).await?;
    }
    Ok(true)
}
