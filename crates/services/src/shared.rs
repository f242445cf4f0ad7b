//! Shared servers: platform admins describe one once, with its secrets, and projects use it. Its definition
//! is written into the servers that are of it, its secrets stay here: what projects see, copy and export
//! holds none of them.

use std::collections::HashMap;

use domain::{
    Action, Code, Error, Resource, Result, SharedServerId,
    server::{ServerInput, TestReport, Transport},
    shared::{SharedChoice, SharedServer, SharedServerDetail},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ConnectionTrait, DatabaseTransaction, EntityTrait, ExprTrait,
    QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    Caller, Services,
    audit::Place,
    command::users_of,
    database::failed,
    entity::{server, shared_server},
    new_id,
    server::{definition_columns, variable},
};

mod secret;
mod trail;

pub(crate) use secret::{Values, opened, values};

pub(crate) type Row = shared_server::Model;

pub struct SharedServers<'a>(pub(crate) &'a Services);

impl SharedServers<'_> {
    /// All of them, by their names.
    pub async fn list(&self, caller: &Caller) -> Result<Vec<SharedServer>> {
        caller.require(Action::ManagePlatform, &Resource::Platform)?;
        let reader = &self.0.inner.database.reader;
        let rows = shared_server::Entity::find().order_by_asc(shared_server::Column::NameKey);
        let rows = rows.all(reader).await.map_err(failed("reading shared servers"))?;
        let projects = projects(reader, rows.iter().map(|row| row.id)).await?;
        rows.into_iter()
            .map(|row| {
                let projects = projects.get(&row.id).copied().unwrap_or_default();
                view(row, projects)
            })
            .collect()
    }

    /// Those that a project may choose from.
    pub async fn choices(&self, caller: &Caller, project: &str) -> Result<Vec<SharedChoice>> {
        self.0.projects().authorize(caller, project, Action::UseSharedServer).await?;
        let rows = shared_server::Entity::find()
            .filter(shared_server::COLUMN.withdrawn.eq(false))
            .order_by_asc(shared_server::Column::NameKey);
        let rows = rows.all(&self.0.inner.database.reader).await;
        let mut choices = Vec::new();
        for row in rows.map_err(failed("reading shared servers"))? {
            let ServerInput { name, description, transport, .. } = definition(&row)?;
            if transport != Transport::Stdio || self.0.inner.settings.stdio_enabled {
                choices.push(SharedChoice { name, description, transport });
            }
        }
        Ok(choices)
    }

    pub async fn get(&self, caller: &Caller, shared: &str) -> Result<SharedServerDetail> {
        caller.require(Action::ManagePlatform, &Resource::Platform)?;
        let reader = &self.0.inner.database.reader;
        let row = find(reader, shared).await?.ok_or_else(Error::not_found)?;
        let servers = users_of(reader, server::Column::SharedId, row.id).await?;
        let mut projects: Vec<&str> =
            servers.iter().filter_map(|place| place.split_once('/')).map(|(project, _)| project).collect();
        projects.dedup();
        let shared = view(row, projects.len() as u64)?;
        Ok(SharedServerDetail { shared, servers })
    }

    pub async fn create(&self, caller: &Caller, input: ServerInput) -> Result<SharedServer> {
        caller.require(Action::ManagePlatform, &Resource::Platform)?;
        let input = self.checked(input, None)?;
        let transaction = self.0.inner.database.begin().await?;
        check_name(&transaction, &input.name, None).await?;
        let now = self.0.clock().now();
        let mut row = self.columns(new_id!(self.0, SharedServerId).0, &input)?;
        row.withdrawn = Set(false);
        (row.created_at, row.updated_at) = (Set(now), Set(now));
        let row = row.insert(&transaction).await.map_err(failed("writing a shared server"))?;
        let change = trail::told(None, &row, &[])?;
        self.0
            .audit()
            .record(&transaction, caller, Place::default(), "shared_server.create", &row.name, change)
            .await?;
        transaction.commit().await.map_err(failed("committing a shared server"))?;
        view(row, 0)
    }

    /// Replaces a shared server, and with it those of the projects. Variables and headers without a value
    /// keep the stored one.
    pub async fn update(&self, caller: &Caller, shared: &str, input: ServerInput) -> Result<SharedServer> {
        caller.require(Action::ManagePlatform, &Resource::Platform)?;
        let transaction = self.0.inner.database.begin().await?;
        let before = locked(&transaction, shared).await?;
        let stored = opened(self.0, &before);
        let given: Vec<String> = input
            .env
            .iter()
            .chain(&input.headers)
            .filter(|variable| variable.value.is_some())
            .map(|variable| variable.name.clone())
            .collect();
        // One whose secrets do not open any more is mended by typing them all again.
        let input = self.checked(input, stored.as_ref().ok())?;
        check_name(&transaction, &input.name, Some(before.id)).await?;
        let row = self.columns(before.id, &input)?;
        let plain = |input: ServerInput| ServerInput {
            name: String::new(),
            description: String::new(),
            ..input.without_values()
        };
        let anew = !given.is_empty() || plain(definition(&before)?) != plain(input.clone());
        let columns = anew.then(|| definition_columns(&input));
        self.change(transaction, caller, before, row, "shared_server.update", (columns, &given)).await
    }

    /// Ends the use of a shared server, or brings it back. The servers of projects follow within a second.
    pub async fn set_withdrawn(
        &self,
        caller: &Caller,
        shared: &str,
        withdrawn: bool,
    ) -> Result<SharedServer> {
        caller.require(Action::ManagePlatform, &Resource::Platform)?;
        let transaction = self.0.inner.database.begin().await?;
        let before = locked(&transaction, shared).await?;
        let row = shared_server::ActiveModel {
            id: Set(before.id),
            withdrawn: Set(withdrawn),
            ..Default::default()
        };
        let action = if withdrawn { "shared_server.withdraw" } else { "shared_server.restore" };
        let columns = Some(server::ActiveModel { ..Default::default() });
        self.change(transaction, caller, before, row, action, (columns, &[])).await
    }

    /// `anew` is what the servers of projects are started anew with, if they have to be, and the names of
    /// values that were replaced.
    async fn change(
        &self,
        transaction: DatabaseTransaction,
        caller: &Caller,
        before: Row,
        mut row: shared_server::ActiveModel,
        action: &str,
        (anew, given): (Option<server::ActiveModel>, &[String]),
    ) -> Result<SharedServer> {
        row.updated_at = Set(self.0.clock().now());
        let row = row.update(&transaction).await.map_err(failed("changing a shared server"))?;
        if let Some(columns) = anew {
            server::Entity::update_many()
                .set(columns)
                .col_expr(server::Column::Generation, Expr::col(server::Column::Generation).add(1_i64))
                .filter(server::COLUMN.shared_id.eq(row.id))
                .exec(&transaction)
                .await
                .map_err(failed("starting servers anew"))?;
        }
        let change = trail::told(Some(&before), &row, given)?;
        self.0.audit().record(&transaction, caller, Place::default(), action, &row.name, change).await?;
        let projects = projects(&transaction, [row.id]).await?.get(&row.id).copied().unwrap_or_default();
        self.0.finish(transaction, "committing a shared server").await?;
        view(row, projects)
    }

    /// Deletes a shared server that no project uses.
    pub async fn delete(&self, caller: &Caller, shared: &str) -> Result<()> {
        caller.require(Action::ManagePlatform, &Resource::Platform)?;
        let transaction = self.0.inner.database.begin().await?;
        let row = locked(&transaction, shared).await?;
        let servers = users_of(&transaction, server::Column::SharedId, row.id).await?;
        if !servers.is_empty() {
            return Err(Error::new(Code::SharedUsed).detail(format!("These are: {}.", servers.join(", "))));
        }
        shared_server::Entity::delete_by_id(row.id)
            .exec(&transaction)
            .await
            .map_err(failed("deleting a shared server"))?;
        let audit = self.0.audit();
        let change = json!({});
        audit
            .record(&transaction, caller, Place::default(), "shared_server.delete", row.name, change)
            .await?;
        transaction.commit().await.map_err(failed("committing a shared server"))
    }

    /// Connects to what `input` describes without saving it. For a stored one, missing values are the
    /// stored ones, as they would be after saving.
    pub async fn test(
        &self,
        caller: &Caller,
        shared: Option<&str>,
        input: ServerInput,
    ) -> Result<TestReport> {
        caller.require(Action::ManagePlatform, &Resource::Platform)?;
        let reader = &self.0.inner.database.reader;
        let stored = match shared {
            Some(shared) => {
                let row = find(reader, shared).await?.ok_or_else(Error::not_found)?;
                opened(self.0, &row).ok()
            }
            None => None,
        };
        let input = self.checked(input, stored.as_ref())?;
        let target = variable::target(self.0, reader, None, input).await?;
        let probe = self.0.probe.as_ref().ok_or_else(|| Error::internal("no data plane to test with"))?;
        Ok(probe(target).await)
    }

    /// Checked, with each value: the one that was sent, or the stored one where it may stay.
    fn checked(&self, input: ServerInput, stored: Option<&ServerInput>) -> Result<ServerInput> {
        let mut input = input.check_shared()?;
        if input.transport == Transport::Stdio && !self.0.inner.settings.stdio_enabled {
            return Err(Error::new(Code::StdioDisabled));
        }
        secret::complete(&mut input, stored)?;
        Ok(input)
    }

    fn columns(&self, id: Uuid, input: &ServerInput) -> Result<shared_server::ActiveModel> {
        let definition = serde_json::to_string(&input.clone().without_values())
            .map_err(|error| Error::internal("writing a definition").source(error))?;
        Ok(shared_server::ActiveModel {
            id: Set(id),
            name: Set(input.name.clone()),
            name_key: Set(input.name.to_ascii_lowercase()),
            definition: Set(definition),
            sealed: Set(secret::sealed(self.0, id, input)?),
            ..Default::default()
        })
    }
}

fn named(text: &str) -> sea_orm::Select<shared_server::Entity> {
    match text.parse::<SharedServerId>() {
        Ok(id) => shared_server::Entity::find_by_id(id.0),
        Err(_) => {
            shared_server::Entity::find().filter(shared_server::COLUMN.name_key.eq(text.to_ascii_lowercase()))
        }
    }
}

/// The shared server that `text` (id or name) names.
pub(crate) async fn find(connection: &impl ConnectionTrait, text: &str) -> Result<Option<Row>> {
    named(text).one(connection).await.map_err(failed("reading a shared server"))
}

/// The same, which nobody changes or deletes until the transaction ends. PostgreSQL would let a server be
/// made of one side by side with the one's end.
pub(crate) async fn kept(connection: &impl ConnectionTrait, text: &str) -> Result<Option<Row>> {
    named(text).lock_shared().one(connection).await.map_err(failed("reading a shared server"))
}

/// To be changed or deleted.
async fn locked(connection: &impl ConnectionTrait, text: &str) -> Result<Row> {
    let row = named(text).lock_exclusive().one(connection).await;
    row.map_err(failed("reading a shared server"))?.ok_or_else(Error::not_found)
}

/// Shared servers by their ids.
pub(crate) async fn of(
    connection: &impl ConnectionTrait,
    rows: &[server::Model],
) -> Result<HashMap<Uuid, Row>> {
    let mut ids: Vec<Uuid> = rows.iter().filter_map(|row| row.shared_id).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = shared_server::Entity::find().filter(shared_server::COLUMN.id.is_in(ids));
    let rows = rows.all(connection).await.map_err(failed("reading shared servers"))?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// In how many projects each is used.
async fn projects(
    connection: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, u64>> {
    let rows: Vec<(Uuid, i64)> = server::Entity::find()
        .select_only()
        .column(server::Column::SharedId)
        .column_as(Expr::col(server::Column::ProjectId).count_distinct(), "projects")
        .filter(server::COLUMN.shared_id.is_in(ids))
        .group_by(server::Column::SharedId)
        .into_tuple()
        .all(connection)
        .await
        .map_err(failed("counting projects of shared servers"))?;
    Ok(rows.into_iter().map(|(id, count)| (id, u64::try_from(count).unwrap_or_default())).collect())
}

async fn check_name(connection: &impl ConnectionTrait, name: &str, own: Option<Uuid>) -> Result<()> {
    match find_name(connection, name).await? {
        Some(row) if Some(row.id) != own => Err(Error::field("name", Code::SharedNameTaken)),
        _ => Ok(()),
    }
}

async fn find_name(connection: &impl ConnectionTrait, name: &str) -> Result<Option<Row>> {
    let key = name.to_ascii_lowercase();
    let query = shared_server::Entity::find().filter(shared_server::COLUMN.name_key.eq(key));
    query.one(connection).await.map_err(failed("looking for a name"))
}

/// What is shared, without values.
pub(crate) fn definition(row: &Row) -> Result<ServerInput> {
    serde_json::from_str(&row.definition)
        .map_err(|error| Error::internal("reading a definition").source(error))
}

fn view(row: Row, projects: u64) -> Result<SharedServer> {
    Ok(SharedServer {
        id: SharedServerId(row.id),
        definition: definition(&row)?,
        withdrawn: row.withdrawn,
        projects,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}
