//! The servers that were chosen for a key.

use std::collections::HashMap;

use domain::{Code, Error, ProjectId, Result, key::ApiKey};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder,
    QuerySelect, RelationDef,
};
use uuid::Uuid;

use crate::{
    database::failed,
    entity::{api_key, api_key_server, server},
};

/// The servers that are named by id or name, all of the project.
pub(super) async fn choose(
    connection: &impl ConnectionTrait,
    project: ProjectId,
    wanted: Option<&[String]>,
) -> Result<Option<Vec<Uuid>>> {
    let Some(wanted) = wanted else { return Ok(None) };
    let known: Vec<(Uuid, String)> = server::Entity::find()
        .select_only()
        .columns([server::Column::Id, server::Column::Name])
        .filter(server::COLUMN.project_id.eq(project.0))
        .into_tuple()
        .all(connection)
        .await
        .map_err(failed("reading servers"))?;
    let id = |text: &String| {
        let found = known.iter().find(|(id, name)| name == text || id.to_string() == *text);
        found.map(|(id, _)| *id).ok_or_else(|| Error::field("servers", Code::KeyServerUnknown))
    };
    let mut ids = wanted.iter().map(id).collect::<Result<Vec<_>>>()?;
    ids.sort_unstable();
    ids.dedup();
    Ok(Some(ids))
}

/// Makes these the servers of a key.
pub(super) async fn write(
    connection: &impl ConnectionTrait,
    key: Uuid,
    servers: Option<&[Uuid]>,
) -> Result<()> {
    let writing = failed("writing the servers of a key");
    api_key_server::Entity::delete_many()
        .filter(api_key_server::COLUMN.key_id.eq(key))
        .exec(connection)
        .await
        .map_err(&writing)?;
    let rows: Vec<_> = servers
        .unwrap_or_default()
        .iter()
        .map(|server| api_key_server::ActiveModel { key_id: Set(key), server_id: Set(*server) })
        .collect();
    if !rows.is_empty() {
        api_key_server::Entity::insert_many(rows)
            .exec_without_returning(connection)
            .await
            .map_err(&writing)?;
    }
    Ok(())
}

/// Ids and names of a key's servers, in the order of their names.
pub(super) async fn of_key(connection: &impl ConnectionTrait, key: Uuid) -> Result<Vec<(Uuid, String)>> {
    let rows = with_names().filter(api_key_server::COLUMN.key_id.eq(key)).into_tuple().all(connection).await;
    let rows: Vec<(Uuid, Uuid, String)> = rows.map_err(failed("reading the servers of a key"))?;
    Ok(rows.into_iter().map(|(_, id, name)| (id, name)).collect())
}

/// The same for all keys of a project.
pub(super) async fn of_project(
    connection: &impl ConnectionTrait,
    project: ProjectId,
) -> Result<HashMap<Uuid, Vec<(Uuid, String)>>> {
    let rows = with_names()
        .join(JoinType::InnerJoin, to_key())
        .filter(api_key::Column::ProjectId.eq(project.0))
        .into_tuple()
        .all(connection)
        .await;
    let rows: Vec<(Uuid, Uuid, String)> = rows.map_err(failed("reading the servers of keys"))?;
    let mut servers: HashMap<Uuid, Vec<(Uuid, String)>> = HashMap::new();
    for (key, id, name) in rows {
        servers.entry(key).or_default().push((id, name));
    }
    Ok(servers)
}

fn with_names() -> sea_orm::Select<api_key_server::Entity> {
    api_key_server::Entity::find()
        .select_only()
        .columns([api_key_server::Column::KeyId, api_key_server::Column::ServerId])
        .column(server::Column::Name)
        .join(JoinType::InnerJoin, to_server())
        .order_by_asc(server::Column::Name)
}

fn to_server() -> RelationDef {
    api_key_server::Entity::belongs_to(server::Entity)
        .from(api_key_server::Column::ServerId)
        .to(server::Column::Id)
        .into()
}

fn to_key() -> RelationDef {
    api_key_server::Entity::belongs_to(api_key::Entity)
        .from(api_key_server::Column::KeyId)
        .to(api_key::Column::Id)
        .into()
}

/// A key's servers for the audit trail.
pub(super) fn named(key: &ApiKey) -> String {
    match &key.servers {
        None => "all".to_owned(),
        Some(servers) => servers.iter().map(|server| server.name.as_str()).collect::<Vec<_>>().join(", "),
    }
}
