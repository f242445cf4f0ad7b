//! A server's row: written from an input, read as a view, compared for the audit trail.

use std::collections::HashMap;

use domain::{
    Code, Error, ProjectId, Result, ServerId,
    server::{Server, ServerInput, Sharing, Status, TIMEOUT_SECONDS, Transport},
    shared::SharedUse,
};
use sea_orm::{ActiveValue::Set, ConnectionTrait};
use serde_json::json;

use super::{Servers, state, variable};
use crate::{command, entity::server, shared};

impl Servers<'_> {
    pub(super) async fn view(&self, connection: &impl ConnectionTrait, row: server::Model) -> Result<Server> {
        let mut views = self.views(connection, vec![row]).await?;
        views.pop().ok_or_else(|| Error::internal("a server without a view"))
    }

    /// The views of many servers in as many queries as of one.
    pub(super) async fn views(
        &self,
        connection: &impl ConnectionTrait,
        rows: Vec<server::Model>,
    ) -> Result<Vec<Server>> {
        let mut states = state::read_all(connection, &rows).await?;
        let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
        let mut names = variable::names_of(connection, &ids).await?;
        let commands =
            command::of(connection, rows.iter().filter_map(|row| row.command_id).collect()).await?;
        let commands: HashMap<_, _> =
            commands.into_iter().map(|(id, row)| (id, command::view(row))).collect();
        let shared = shared::of(connection, &rows).await?;
        let view = |mut row: server::Model| {
            let (env, headers) = names.remove(&row.id).unwrap_or_default();
            let mut state = states.remove(&row.id).unwrap_or_default();
            let mut arguments = args(&row);
            let used = row.command_id.and_then(|id| commands.get(&id)).map(|command| {
                let (used, filled) = command::used(&row, command, &env);
                arguments = filled.unwrap_or_else(|| command.args.clone());
                row.command.clone_from(&command.program);
                row.working_directory.clone_from(&command.working_directory);
                if let Some(code) = used.problem.filter(|_| row.enabled) {
                    (state.status, state.code, state.detail) = (Status::Failed, Some(code), None);
                }
                used
            });
            let of_shared = row.shared_id.and_then(|id| shared.get(&id)).map(|shared| {
                // How it is reached is the administrators' matter: an address may hold a secret, too.
                (row.command, row.working_directory, row.url, row.builtin) = Default::default();
                arguments.clear();
                let problem = shared.withdrawn.then_some(Code::SharedWithdrawn);
                if let Some(code) = problem.filter(|_| row.enabled) {
                    (state.status, state.code, state.detail) = (Status::Failed, Some(code), None);
                }
                SharedUse { name: shared.name.clone(), problem }
            });
            Ok(Server {
                approved_command: used,
                shared: of_shared,
                id: ServerId(row.id),
                project_id: ProjectId(row.project_id),
                args: arguments,
                env,
                headers,
                state,
                name: row.name,
                description: row.description,
                transport: transport(&row.transport)?,
                command: row.command,
                working_directory: row.working_directory,
                url: row.url,
                builtin: row.builtin,
                timeout_seconds: count(row.timeout_seconds).unwrap_or(TIMEOUT_SECONDS),
                sharing: sharing(&row.sharing)?,
                alias: row.alias,
                sleep_after_minutes: row.sleep_after_minutes.and_then(count),
                memory_mb: row.memory_mb.and_then(count),
                connect_seconds: row.connect_seconds.and_then(count),
                initialize_seconds: row.initialize_seconds.and_then(count),
                total_seconds: row.total_seconds.and_then(count),
                enabled: row.enabled,
                created_at: row.created_at,
                updated_at: row.updated_at,
            })
        };
        rows.into_iter().map(view).collect()
    }

    /// Names of what an update changes.
    pub(super) async fn changed_fields(
        &self,
        connection: &impl ConnectionTrait,
        before: &server::Model,
        input: &ServerInput,
        alias: &str,
    ) -> Result<Vec<&'static str>> {
        let mut differ = [false; 2];
        for (differs, kind, list) in
            [(0, variable::Kind::Env, &input.env), (1, variable::Kind::Header, &input.headers)]
        {
            let stored = variable::names(connection, before.id, kind).await?;
            differ[differs] = list.iter().any(|variable| variable.value.is_some())
                || !stored.iter().eq(list.iter().map(|variable| &variable.name));
        }
        let [env, headers] = differ;
        let after = columns(input, alias.to_owned());
        Ok([
            ("name", before.name != input.name),
            ("description", before.description != input.description),
            ("transport", before.transport != input.transport.name()),
            ("command", before.command != input.command),
            ("args", args(before) != input.args),
            ("working_directory", before.working_directory != input.working_directory),
            ("env", env),
            ("url", before.url != input.url),
            ("headers", headers),
            ("values", before.command_id.is_some() && command::values(before) != input.values),
            ("builtin", before.builtin != input.builtin),
            ("timeout_seconds", after.timeout_seconds != Set(before.timeout_seconds)),
            ("alias", before.alias != alias),
            ("sharing", before.sharing != input.sharing.name()),
            ("sleep_after_minutes", after.sleep_after_minutes != Set(before.sleep_after_minutes)),
            ("memory_mb", after.memory_mb != Set(before.memory_mb)),
            ("connect_seconds", after.connect_seconds != Set(before.connect_seconds)),
            ("initialize_seconds", after.initialize_seconds != Set(before.initialize_seconds)),
            ("total_seconds", after.total_seconds != Set(before.total_seconds)),
            ("enabled", before.enabled != input.enabled),
        ]
        .into_iter()
        .filter_map(|(name, differs)| differs.then_some(name))
        .collect())
    }
}

/// What a person decides of a server's row.
pub(super) fn columns(input: &ServerInput, alias: String) -> server::ActiveModel {
    server::ActiveModel {
        name: Set(input.name.clone()),
        name_key: Set(input.name.to_ascii_lowercase()),
        description: Set(input.description.clone()),
        alias: Set(alias),
        enabled: Set(input.enabled),
        ..definition_columns(input)
    }
}

/// What a server is and how it is run: the part that may be shared.
pub(crate) fn definition_columns(input: &ServerInput) -> server::ActiveModel {
    server::ActiveModel {
        transport: Set(input.transport.name().to_owned()),
        command: Set(input.command.clone()),
        args: Set(json!(input.args).to_string()),
        working_directory: Set(input.working_directory.clone()),
        url: Set(input.url.clone()),
        builtin: Set(input.builtin.clone()),
        timeout_seconds: Set(limit(input.timeout_seconds)),
        sharing: Set(input.sharing.name().to_owned()),
        sleep_after_minutes: Set(input.sleep_after_minutes.map(limit)),
        memory_mb: Set(input.memory_mb.map(limit)),
        connect_seconds: Set(input.connect_seconds.map(limit)),
        initialize_seconds: Set(input.initialize_seconds.map(limit)),
        total_seconds: Set(input.total_seconds.map(limit)),
        ..Default::default()
    }
}

pub(crate) fn args(row: &server::Model) -> Vec<String> {
    serde_json::from_str(&row.args).unwrap_or_default()
}

pub(crate) fn transport(name: &str) -> Result<Transport> {
    name.parse().map_err(|_| Error::internal(format!("a server has the unknown transport {name}")))
}

pub(crate) fn sharing(name: &str) -> Result<Sharing> {
    name.parse().map_err(|_| Error::internal(format!("a server has the unknown sharing {name}")))
}

/// A number as its column holds it.
fn limit(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// A number as it was before.
pub(crate) fn count(column: i32) -> Option<u32> {
    u32::try_from(column).ok()
}
