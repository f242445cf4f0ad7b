//! Upstream MCP servers: the first noun, and the style guide for the others.

use domain::{
    Action, Code, Error, ProjectId, Result, ServerId,
    project::Project,
    server::{Server, ServerInput, TestReport, Transport, needs_restart},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use serde_json::json;
use uuid::Uuid;

use crate::{Caller, Services, audit::Place, database::failed, entity::server, new_id};

mod alias;
mod approved;
mod bulk;
mod catalog;
mod copy;
mod detect;
mod history;
mod item;
mod list;
mod name;
mod offer;
mod row;
mod source;
mod state;
pub(crate) mod tool;
pub(crate) mod variable;

pub(crate) use row::{args, count, definition_columns, sharing, transport};
use source::Source;

pub struct Servers<'a>(pub(crate) &'a Services);

impl Servers<'_> {
    pub async fn list(&self, caller: &Caller, project: &str) -> Result<Vec<Server>> {
        let project = self.0.projects().authorize(caller, project, Action::ViewServers).await?;
        let reader = &self.0.inner.database.reader;
        let rows = server::Entity::find()
            .filter(server::COLUMN.project_id.eq(project.id.0))
            .order_by_asc(server::Column::NameKey)
            .all(reader)
            .await
            .map_err(failed("reading servers"))?;
        self.views(reader, rows).await
    }

    /// The names of all servers of a project.
    pub async fn names(&self, caller: &Caller, project: &str) -> Result<Vec<String>> {
        let project = self.0.projects().authorize(caller, project, Action::ViewServers).await?;
        server::Entity::find()
            .select_only()
            .column(server::Column::Name)
            .filter(server::COLUMN.project_id.eq(project.id.0))
            .order_by_asc(server::Column::NameKey)
            .into_tuple()
            .all(&self.0.inner.database.reader)
            .await
            .map_err(failed("reading names of servers"))
    }

    pub async fn get(&self, caller: &Caller, project: &str, server: &str) -> Result<Server> {
        let project = self.0.projects().authorize(caller, project, Action::ViewServers).await?;
        let reader = &self.0.inner.database.reader;
        let row = find(reader, project.id, server).await?;
        self.view(reader, row).await
    }

    pub async fn create(&self, caller: &Caller, project: &str, input: ServerInput) -> Result<Server> {
        let project = self.0.projects().authorize(caller, project, Action::ManageServers).await?;
        let transaction = self.0.inner.database.begin().await?;
        let row = self.create_in(&transaction, caller, &project, input).await?;
        let view = self.view(&transaction, row).await?;
        self.commit(transaction).await?;
        Ok(view)
    }

    /// Replaces a server. Variables and headers without a value keep the stored one.
    pub async fn update(
        &self,
        caller: &Caller,
        project: &str,
        server: &str,
        input: ServerInput,
    ) -> Result<Server> {
        let project = self.0.projects().authorize(caller, project, Action::ManageServers).await?;
        let transaction = self.0.inner.database.begin().await?;
        let row = self.update_in(&transaction, caller, &project, server, input).await?;
        let view = self.view(&transaction, row).await?;
        self.commit(transaction).await?;
        Ok(view)
    }

    /// The same for a caller who may manage the project's servers, as a part of something larger.
    pub(crate) async fn update_in(
        &self,
        transaction: &DatabaseTransaction,
        caller: &Caller,
        project: &Project,
        server: &str,
        input: ServerInput,
    ) -> Result<server::Model> {
        let mut input = input;
        let before = find(transaction, project.id, server).await?;
        let source = self.source(transaction, caller, project, Some(&before), &mut input).await?;
        let input = input.check()?;
        if source.is_none() && self.changes_command(transaction, &before, &input).await? {
            self.require_command(caller, project, Transport::Stdio)?;
        }
        check_name(transaction, project.id, &input.name, Some(before.id)).await?;
        let alias = alias::choose(transaction, project.id, &input, Some(&before)).await?;
        let kept = variable::kept(&before.transport, &before.url, &input);
        let fields = self.changed_fields(transaction, &before, &input, &alias).await?;
        variable::replace(self.0, transaction, before.id, &input, kept).await?;
        let mut row = row::columns(&input, alias);
        row.id = Set(before.id);
        row.command_values = Set(source::values(source.as_ref(), &input));
        row.generation = Set(before.generation + i64::from(fields.iter().any(|field| needs_restart(field))));
        row.updated_at = Set(self.0.clock().now());
        let row = row.update(transaction).await.map_err(failed("changing a server"))?;
        let change = json!({ "fields": fields });
        let place = Place::project(project);
        self.0.audit().record(transaction, caller, place, "server.update", &row.name, change).await?;
        Ok(row)
    }

    pub async fn delete(&self, caller: &Caller, project: &str, server: &str) -> Result<()> {
        let project = self.0.projects().authorize(caller, project, Action::ManageServers).await?;
        let transaction = self.0.inner.database.begin().await?;
        self.delete_in(&transaction, caller, &project, server).await?;
        self.commit(transaction).await
    }

    pub(crate) async fn delete_in(
        &self,
        transaction: &DatabaseTransaction,
        caller: &Caller,
        project: &Project,
        server: &str,
    ) -> Result<()> {
        let row = find(transaction, project.id, server).await?;
        server::Entity::delete_by_id(row.id).exec(transaction).await.map_err(failed("deleting a server"))?;
        let place = Place::project(project);
        self.0.audit().record(transaction, caller, place, "server.delete", row.name, json!({})).await
    }

    /// The id of a server that `text` (id or name) names.
    pub(crate) async fn id_of(&self, project: &Project, text: &str) -> Result<ServerId> {
        find(&self.0.inner.database.reader, project.id, text).await.map(|row| ServerId(row.id))
    }

    pub async fn set_enabled(
        &self,
        caller: &Caller,
        project: &str,
        server: &str,
        enabled: bool,
    ) -> Result<Server> {
        let action = if enabled { "server.enable" } else { "server.disable" };
        self.touch(caller, project, server, action, Some(enabled)).await
    }

    /// Starts the server's process or connection anew. The command was approved when it was
    /// registered, so whoever manages servers may.
    pub async fn restart(&self, caller: &Caller, project: &str, server: &str) -> Result<Server> {
        self.touch(caller, project, server, "server.restart", None).await
    }

    async fn touch(
        &self,
        caller: &Caller,
        project: &str,
        server: &str,
        action: &str,
        enabled: Option<bool>,
    ) -> Result<Server> {
        let project = self.0.projects().authorize(caller, project, Action::ManageServers).await?;
        let transaction = self.0.inner.database.begin().await?;
        let row = find(&transaction, project.id, server).await?;
        if enabled == Some(true) {
            source::require(&transaction, &row).await?;
        }
        let generation = row.generation + 1;
        let mut row: server::ActiveModel = row.into();
        row.generation = Set(generation);
        if let Some(enabled) = enabled {
            row.enabled = Set(enabled);
            row.updated_at = Set(self.0.clock().now());
        }
        let row = row.update(&transaction).await.map_err(failed("changing a server"))?;
        let place = Place::project(&project);
        self.0.audit().record(&transaction, caller, place, action, &row.name, json!({})).await?;
        let view = self.view(&transaction, row).await?;
        self.commit(transaction).await?;
        Ok(view)
    }

    /// Connects to what `input` describes without saving it. For a saved server, missing values are
    /// the stored ones, as they would be after saving.
    pub async fn test(
        &self,
        caller: &Caller,
        project: &str,
        server: Option<&str>,
        input: ServerInput,
    ) -> Result<TestReport> {
        let project = self.0.projects().authorize(caller, project, Action::ManageServers).await?;
        let mut input = input;
        let reader = &self.0.inner.database.reader;
        let before = match server {
            Some(server) => Some(find(reader, project.id, server).await?),
            None => None,
        };
        let source = self.source(reader, caller, &project, before.as_ref(), &mut input).await?;
        let mut input = input.check()?;
        if let Some(source) = &source {
            source.require()?;
            source.fill(self.0, &mut input)?;
        }
        let runs_something_new = match &before {
            _ if source.is_some() => false,
            Some(before) => self.changes_command(reader, before, &input).await?,
            None => true,
        };
        if runs_something_new {
            self.require_command(caller, &project, input.transport)?;
        }
        let target = variable::target(self.0, reader, before.as_ref(), input).await?;
        let probe = self.0.probe.as_ref().ok_or_else(|| Error::internal("no data plane to test with"))?;
        Ok(probe(target).await)
    }

    /// Every route that can start a command of the caller's choice passes here.
    pub(crate) fn require_command(
        &self,
        caller: &Caller,
        project: &Project,
        transport: Transport,
    ) -> Result<()> {
        if transport != Transport::Stdio {
            return Ok(());
        }
        if !self.0.inner.settings.stdio_enabled {
            return Err(Error::new(Code::StdioDisabled));
        }
        caller.require(Action::RegisterCommand, &project.resource())
    }

    /// Whether saving `input` would run something that was not approved: another program, other
    /// arguments, another directory, or other variables, which steer programs too.
    async fn changes_command(
        &self,
        connection: &impl ConnectionTrait,
        before: &server::Model,
        input: &ServerInput,
    ) -> Result<bool> {
        if input.transport != Transport::Stdio {
            return Ok(false);
        }
        let stored = variable::names(connection, before.id, variable::Kind::Env).await?;
        let sent: Vec<&str> = input.env.iter().map(|variable| variable.name.as_str()).collect();
        Ok(before.transport != Transport::Stdio.name()
            || before.command != input.command
            || args(before) != input.args
            || before.working_directory != input.working_directory
            || stored != sent
            || input.env.iter().any(|variable| variable.value.is_some()))
    }

    pub(crate) async fn create_in(
        &self,
        transaction: &DatabaseTransaction,
        caller: &Caller,
        project: &Project,
        input: ServerInput,
    ) -> Result<server::Model> {
        let mut input = input;
        let source = self.source(transaction, caller, project, None, &mut input).await?;
        let input = input.check()?;
        if source.is_none() {
            self.require_command(caller, project, input.transport)?;
        }
        self.insert(transaction, caller, project, input, source.as_ref()).await
    }

    async fn insert(
        &self,
        transaction: &impl ConnectionTrait,
        caller: &Caller,
        project: &Project,
        input: ServerInput,
        source: Option<&Source>,
    ) -> Result<server::Model> {
        let row = self.write(transaction, project, input, source).await?;
        let described = || json!({ "transport": row.transport, "command": row.command, "args": args(&row), "url": row.url });
        let change = match source {
            None => described(),
            Some(Source::Command(command)) => {
                let mut change = described();
                change["approved_command"] = json!(command.name);
                change
            }
            // What lies behind it is not for the project to read.
            Some(Source::Shared(shared)) => json!({ "transport": row.transport, "shared": shared.name }),
        };
        let place = Place::project(project);
        self.0.audit().record(transaction, caller, place, "server.create", &row.name, change).await?;
        Ok(row)
    }

    /// A new row, with what belongs to it; the caller records what it came from.
    async fn write(
        &self,
        transaction: &impl ConnectionTrait,
        project: &Project,
        input: ServerInput,
        source: Option<&Source>,
    ) -> Result<server::Model> {
        check_name(transaction, project.id, &input.name, None).await?;
        let alias = alias::choose(transaction, project.id, &input, None).await?;
        let now = self.0.clock().now();
        let id = new_id!(self.0, ServerId).0;
        let mut row = row::columns(&input, alias);
        row.id = Set(id);
        row.project_id = Set(project.id.0);
        row.generation = Set(1);
        (row.command_id, row.shared_id) = source::columns(source);
        row.command_values = Set(source::values(source, &input));
        (row.created_at, row.updated_at) = (Set(now), Set(now));
        let row = row.insert(transaction).await.map_err(failed("writing a server"))?;
        variable::replace(self.0, transaction, id, &input, variable::Kept::Nothing).await?;
        Ok(row)
    }

    /// Commits a change of servers and waits until the data plane has it.
    pub(crate) async fn commit(&self, transaction: DatabaseTransaction) -> Result<()> {
        let revision = self.0.changes().bump(&transaction).await?;
        transaction.commit().await.map_err(failed("committing a server"))?;
        self.0.changes().settle(revision).await;
        Ok(())
    }
}

/// The server of this project that `text` (id or name) names.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    project: ProjectId,
    text: &str,
) -> Result<server::Model> {
    let query = server::Entity::find().filter(server::COLUMN.project_id.eq(project.0));
    let query = match text.parse::<ServerId>() {
        Ok(id) => query.filter(server::COLUMN.id.eq(id.0)),
        Err(_) => query.filter(server::COLUMN.name_key.eq(text.to_ascii_lowercase())),
    };
    query.one(connection).await.map_err(failed("reading a server"))?.ok_or_else(Error::not_found)
}

async fn check_name(
    connection: &impl ConnectionTrait,
    project: ProjectId,
    name: &str,
    own: Option<Uuid>,
) -> Result<()> {
    let taken = server::Entity::find()
        .filter(server::COLUMN.project_id.eq(project.0))
        .filter(server::COLUMN.name_key.eq(name.to_ascii_lowercase()))
        .one(connection)
        .await
        .map_err(failed("looking for a name"))?;
    match taken {
        Some(row) if Some(row.id) != own => Err(Error::field("name", Code::ServerNameTaken)),
        _ => Ok(()),
    }
}
