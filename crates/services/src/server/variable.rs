//! A server's environment variables and headers: sealed, listed by name, never read back.

use std::collections::HashMap;

use domain::{
    Code, Error, Result, ServerId,
    error::Checks,
    server::{ServerInput, Transport, VariableInput},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use secrecy::SecretString;
use url::Url;
use uuid::Uuid;

use crate::{
    Services,
    database::failed,
    entity::{server, server_variable},
    snapshot::{ServerTarget, Target},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Env,
    Header,
}

impl Kind {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Kind::Env => "env",
            Kind::Header => "header",
        }
    }
}

/// Which stored values an update may keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    Everything,
    Nothing,
}

/// Stored values stay only with the same kind of target, and headers only with the same origin: a
/// changed address must not receive a secret that was meant for another (T5 of docs/security.md).
pub(crate) fn kept(transport: &str, url: &str, input: &ServerInput) -> Kept {
    let origin = |text: &str| Url::parse(text).map(|url| url.origin()).ok();
    let same = match input.transport {
        Transport::Stdio => transport == Transport::Stdio.name(),
        Transport::Sse | Transport::StreamableHttp => origin(url) == origin(&input.url),
        Transport::Builtin => true,
    };
    if same { Kept::Everything } else { Kept::Nothing }
}

pub(crate) async fn names(
    connection: &impl ConnectionTrait,
    server: Uuid,
    kind: Kind,
) -> Result<Vec<String>> {
    Ok(rows(connection, server)
        .await?
        .into_iter()
        .filter(|row| row.kind == kind.name())
        .map(|row| row.name)
        .collect())
}

/// The names of the variables and of the headers of servers.
pub(crate) async fn names_of(
    connection: &impl ConnectionTrait,
    servers: &[Uuid],
) -> Result<HashMap<Uuid, (Vec<String>, Vec<String>)>> {
    let rows: Vec<(Uuid, String, String)> = server_variable::Entity::find()
        .select_only()
        .columns([
            server_variable::Column::ServerId,
            server_variable::Column::Kind,
            server_variable::Column::Name,
        ])
        .filter(server_variable::COLUMN.server_id.is_in(servers.iter().copied()))
        .order_by_asc(server_variable::Column::Position)
        .into_tuple()
        .all(connection)
        .await
        .map_err(failed("reading names of variables"))?;
    let mut names: HashMap<Uuid, (Vec<String>, Vec<String>)> = HashMap::new();
    for (server, kind, name) in rows {
        let (env, headers) = names.entry(server).or_default();
        if kind == Kind::Env.name() { env.push(name) } else { headers.push(name) }
    }
    Ok(names)
}

pub(crate) async fn rows(
    connection: &impl ConnectionTrait,
    server: Uuid,
) -> Result<Vec<server_variable::Model>> {
    server_variable::Entity::find()
        .filter(server_variable::COLUMN.server_id.eq(server))
        .order_by_asc(server_variable::Column::Position)
        .all(connection)
        .await
        .map_err(failed("reading variables"))
}

/// Replaces a server's variables and headers by those of `input`.
pub(crate) async fn replace(
    services: &Services,
    connection: &impl ConnectionTrait,
    server: Uuid,
    input: &ServerInput,
    kept: Kept,
) -> Result<()> {
    let stored = rows(connection, server).await?;
    let mut wanted = Vec::new();
    let mut checks = Checks::default();
    for (kind, field, list) in [(Kind::Env, "env", &input.env), (Kind::Header, "headers", &input.headers)] {
        for (i, variable) in list.iter().enumerate() {
            let secret = match &variable.value {
                Some(value) => Some(SecretString::from(value.expose_secret())),
                None => stored_value(services, &stored, kind, variable, kept)?,
            };
            match secret {
                Some(secret) => wanted.push((kind, variable.name.clone(), secret)),
                None => checks.fail(&format!("{field}[{i}].value"), Code::ValueMissing, ""),
            }
        }
    }
    checks.finish()?;
    server_variable::Entity::delete_many()
        .filter(server_variable::COLUMN.server_id.eq(server))
        .exec(connection)
        .await
        .map_err(failed("deleting variables"))?;
    for (position, (kind, name, secret)) in wanted.into_iter().enumerate() {
        let (millis, random) = services.id_parts();
        // A row's id is part of its seal, so each row is sealed anew.
        let id = ServerId::new(millis, random).0;
        let row = server_variable::ActiveModel {
            id: Set(id),
            server_id: Set(server),
            kind: Set(kind.name().to_owned()),
            position: Set(i32::try_from(position).unwrap_or(i32::MAX)),
            name: Set(name),
            sealed: Set(services
                .inner
                .vault
                .seal(&place(id), secrecy::ExposeSecret::expose_secret(&secret))?),
        };
        row.insert(connection).await.map_err(failed("writing a variable"))?;
    }
    Ok(())
}

fn stored_value(
    services: &Services,
    stored: &[server_variable::Model],
    kind: Kind,
    variable: &VariableInput,
    kept: Kept,
) -> Result<Option<SecretString>> {
    let row = stored.iter().find(|row| row.kind == kind.name() && row.name == variable.name);
    match row {
        Some(row) if kept == Kept::Everything => open(services, row).map(Some),
        _ => Ok(None),
    }
}

pub(crate) fn open(services: &Services, row: &server_variable::Model) -> Result<SecretString> {
    services.inner.vault.open(&place(row.id), &row.sealed)
}

fn place(id: Uuid) -> String {
    format!("server_variable/{id}/sealed")
}

/// What `input` would connect to, with stored values where it may keep them.
pub(crate) async fn target(
    services: &Services,
    connection: &impl ConnectionTrait,
    before: Option<&server::Model>,
    input: ServerInput,
) -> Result<ServerTarget> {
    let stored = match before {
        Some(before) => rows(connection, before.id).await?,
        None => Vec::new(),
    };
    let kept = before.map_or(Kept::Nothing, |before| kept(&before.transport, &before.url, &input));
    let values = |kind: Kind, field: &str, list: &[VariableInput]| -> Result<Vec<(String, SecretString)>> {
        list.iter()
            .enumerate()
            .map(|(i, variable)| {
                let secret = match &variable.value {
                    Some(value) => Some(SecretString::from(value.expose_secret())),
                    None => stored_value(services, &stored, kind, variable, kept)?,
                };
                let missing = || Error::field(format!("{field}[{i}].value"), Code::ValueMissing);
                Ok((variable.name.clone(), secret.ok_or_else(missing)?))
            })
            .collect()
    };
    let env = values(Kind::Env, "env", &input.env)?;
    let headers = values(Kind::Header, "headers", &input.headers)?;
    let kind = match input.transport {
        Transport::Stdio => Target::Stdio {
            command: input.command,
            args: input.args,
            working_directory: input.working_directory,
            env,
        },
        transport @ (Transport::Sse | Transport::StreamableHttp) => {
            Target::Remote { transport, url: input.url, headers }
        }
        Transport::Builtin => Target::Builtin { name: input.builtin },
    };
    Ok(ServerTarget { name: input.name, timeout_seconds: input.timeout_seconds, kind })
}
