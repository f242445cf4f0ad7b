//! Approved commands: platform admins keep them, projects use them. What runs is made from the command
//! each time the data plane is told of a server, so that a change of it, or its end, reaches all of them.

use std::collections::{BTreeMap, HashMap};

use domain::{
    Action, Code, CommandId, Error, Resource, Result,
    command::{ApprovedCommand, CommandDetail, CommandInput, CommandUse, fill},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait,
    ExprTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    Caller, Services,
    audit::Place,
    database::failed,
    entity::{approved_command, organization, project, server},
    new_id,
    project::join,
};

pub(crate) mod fit;
pub(crate) mod pattern;

pub(crate) type Row = approved_command::Model;

pub struct Commands<'a>(pub(crate) &'a Services);

impl Commands<'_> {
    /// All of them, by their names.
    pub async fn list(&self, caller: &Caller) -> Result<Vec<ApprovedCommand>> {
        caller.require(Action::ManagePlatform, &Resource::Platform)?;
        all(&self.0.inner.database.reader).await
    }

    /// Those that a project may choose from.
    pub async fn choices(&self, caller: &Caller, project: &str) -> Result<Vec<ApprovedCommand>> {
        self.0.projects().authorize(caller, project, Action::UseCommand).await?;
        if !self.0.inner.settings.stdio_enabled {
            return Ok(Vec::new());
        }
        let rows = approved_command::Entity::find()
            .filter(approved_command::COLUMN.withdrawn.eq(false))
            .order_by_asc(approved_command::Column::NameKey);
        let rows = rows.all(&self.0.inner.database.reader).await.map_err(failed("reading commands"))?;
        Ok(rows.into_iter().map(view).collect())
    }

    /// The command that a server is of, withdrawn or not.
    pub async fn of_server(
        &self,
        caller: &Caller,
        project: &str,
        server: &str,
    ) -> Result<Option<ApprovedCommand>> {
        let project = self.0.projects().authorize(caller, project, Action::ViewServers).await?;
        let reader = &self.0.inner.database.reader;
        let row = crate::server::find(reader, project.id, server).await?;
        let Some(id) = row.command_id else { return Ok(None) };
        Ok(of(reader, vec![id]).await?.remove(&id).map(view))
    }

    pub async fn get(&self, caller: &Caller, command: &str) -> Result<CommandDetail> {
        caller.require(Action::ManagePlatform, &Resource::Platform)?;
        let reader = &self.0.inner.database.reader;
        let row = find(reader, command).await?.ok_or_else(Error::not_found)?;
        Ok(CommandDetail {
            servers: users_of(reader, server::Column::CommandId, row.id).await?,
            command: view(row),
        })
    }

    pub async fn create(&self, caller: &Caller, input: CommandInput) -> Result<ApprovedCommand> {
        caller.require(Action::ManagePlatform, &Resource::Platform)?;
        let input = checked(input)?;
        let transaction = self.0.inner.database.begin().await?;
        check_name(&transaction, &input.name, None).await?;
        let now = self.0.clock().now();
        let mut row = columns(&input);
        row.id = Set(new_id!(self.0, CommandId).0);
        row.withdrawn = Set(false);
        (row.created_at, row.updated_at) = (Set(now), Set(now));
        let row = row.insert(&transaction).await.map_err(failed("writing a command"))?;
        let change = told(None, &row);
        self.0
            .audit()
            .record(&transaction, caller, Place::default(), "command.create", &row.name, change)
            .await?;
        transaction.commit().await.map_err(failed("committing a command"))?;
        Ok(view(row))
    }

    /// Replaces a command; its servers are started anew with it.
    pub async fn update(
        &self,
        caller: &Caller,
        command: &str,
        input: CommandInput,
    ) -> Result<ApprovedCommand> {
        caller.require(Action::ManagePlatform, &Resource::Platform)?;
        let input = checked(input)?;
        let transaction = self.0.inner.database.begin().await?;
        let before = find(&transaction, command).await?.ok_or_else(Error::not_found)?;
        check_name(&transaction, &input.name, Some(before.id)).await?;
        let mut row = columns(&input);
        row.id = Set(before.id);
        self.change(transaction, caller, before, row, "command.update").await
    }

    /// Ends the use of a command, or allows it again. Its servers follow within a second.
    pub async fn set_withdrawn(
        &self,
        caller: &Caller,
        command: &str,
        withdrawn: bool,
    ) -> Result<ApprovedCommand> {
        caller.require(Action::ManagePlatform, &Resource::Platform)?;
        let transaction = self.0.inner.database.begin().await?;
        let before = find(&transaction, command).await?.ok_or_else(Error::not_found)?;
        let row = approved_command::ActiveModel {
            id: Set(before.id),
            withdrawn: Set(withdrawn),
            ..Default::default()
        };
        let action = if withdrawn { "command.withdraw" } else { "command.approve" };
        self.change(transaction, caller, before, row, action).await
    }

    async fn change(
        &self,
        transaction: DatabaseTransaction,
        caller: &Caller,
        before: Row,
        mut row: approved_command::ActiveModel,
        action: &str,
    ) -> Result<ApprovedCommand> {
        row.updated_at = Set(self.0.clock().now());
        let row = row.update(&transaction).await.map_err(failed("changing a command"))?;
        server::Entity::update_many()
            .col_expr(server::Column::Generation, Expr::col(server::Column::Generation).add(1_i64))
            .filter(server::COLUMN.command_id.eq(row.id))
            .exec(&transaction)
            .await
            .map_err(failed("starting servers anew"))?;
        let change = told(Some(&before), &row);
        self.0.audit().record(&transaction, caller, Place::default(), action, &row.name, change).await?;
        self.0.finish(transaction, "committing a command").await?;
        Ok(view(row))
    }

    /// Deletes a command that no server is of.
    pub async fn delete(&self, caller: &Caller, command: &str) -> Result<()> {
        caller.require(Action::ManagePlatform, &Resource::Platform)?;
        let transaction = self.0.inner.database.begin().await?;
        let row = find(&transaction, command).await?.ok_or_else(Error::not_found)?;
        let servers = users_of(&transaction, server::Column::CommandId, row.id).await?;
        if !servers.is_empty() {
            return Err(Error::new(Code::CommandUsed).detail(format!("These are: {}.", servers.join(", "))));
        }
        approved_command::Entity::delete_by_id(row.id)
            .exec(&transaction)
            .await
            .map_err(failed("deleting a command"))?;
        let audit = self.0.audit();
        audit.record(&transaction, caller, Place::default(), "command.delete", row.name, json!({})).await?;
        transaction.commit().await.map_err(failed("committing a command"))
    }
}

/// All of them, by their names.
pub(crate) async fn all(connection: &impl ConnectionTrait) -> Result<Vec<ApprovedCommand>> {
    let rows = approved_command::Entity::find().order_by_asc(approved_command::Column::NameKey);
    let rows = rows.all(connection).await.map_err(failed("reading commands"))?;
    Ok(rows.into_iter().map(view).collect())
}

/// The command that `text` (id or name) names.
pub(crate) async fn find(connection: &impl ConnectionTrait, text: &str) -> Result<Option<Row>> {
    let query = match text.parse::<CommandId>() {
        Ok(id) => approved_command::Entity::find_by_id(id.0),
        Err(_) => approved_command::Entity::find()
            .filter(approved_command::COLUMN.name_key.eq(text.to_ascii_lowercase())),
    };
    query.one(connection).await.map_err(failed("reading a command"))
}

/// Commands by their ids.
pub(crate) async fn of(connection: &impl ConnectionTrait, ids: Vec<Uuid>) -> Result<HashMap<Uuid, Row>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = approved_command::Entity::find().filter(approved_command::COLUMN.id.is_in(ids));
    let rows = rows.all(connection).await.map_err(failed("reading commands"))?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// The servers, as `org.project/server`, whose `column` holds what they were made from.
pub(crate) async fn users_of(
    connection: &impl ConnectionTrait,
    column: server::Column,
    id: Uuid,
) -> Result<Vec<String>> {
    let rows: Vec<(String, String, String)> = server::Entity::find()
        .select_only()
        .column_as(organization::Column::Slug, "organization_slug")
        .column_as(project::Column::Slug, "project_slug")
        .column(server::Column::Name)
        .join(JoinType::InnerJoin, join::of_server())
        .join(JoinType::InnerJoin, join::owner())
        .filter(column.eq(id))
        .order_by_asc(organization::Column::Slug)
        .order_by_asc(project::Column::Slug)
        .order_by_asc(server::Column::NameKey)
        .into_tuple()
        .all(connection)
        .await
        .map_err(failed("reading the servers made from something"))?;
    Ok(rows.into_iter().map(|(org, project, server)| format!("{org}.{project}/{server}")).collect())
}

async fn check_name(connection: &impl ConnectionTrait, name: &str, own: Option<Uuid>) -> Result<()> {
    let key = name.to_ascii_lowercase();
    let taken = approved_command::Entity::find().filter(approved_command::COLUMN.name_key.eq(key));
    match taken.one(connection).await.map_err(failed("looking for a name"))? {
        Some(row) if Some(row.id) != own => Err(Error::field("name", Code::CommandNameTaken)),
        _ => Ok(()),
    }
}

/// Checked, patterns included.
fn checked(input: CommandInput) -> Result<CommandInput> {
    let input = input.check()?;
    let mut checks = domain::error::Checks::default();
    for (i, hole) in input.holes.iter().enumerate() {
        let fits = hole.pattern.is_empty() || pattern::is_valid(&hole.pattern);
        checks.require(fits, &format!("holes[{i}].pattern"), Code::PatternInvalid);
    }
    checks.finish()?;
    Ok(input)
}

fn columns(input: &CommandInput) -> approved_command::ActiveModel {
    approved_command::ActiveModel {
        name: Set(input.name.clone()),
        name_key: Set(input.name.to_ascii_lowercase()),
        description: Set(input.description.clone()),
        program: Set(input.program.clone()),
        args: Set(json!(input.args).to_string()),
        working_directory: Set(input.working_directory.clone()),
        holes: Set(json!(input.holes).to_string()),
        variables: Set(json!(input.variables).to_string()),
        ..Default::default()
    }
}

pub(crate) fn view(row: Row) -> ApprovedCommand {
    ApprovedCommand {
        id: CommandId(row.id),
        name: row.name,
        description: row.description,
        program: row.program,
        args: serde_json::from_str(&row.args).unwrap_or_default(),
        working_directory: row.working_directory,
        holes: serde_json::from_str(&row.holes).unwrap_or_default(),
        variables: serde_json::from_str(&row.variables).unwrap_or_default(),
        withdrawn: row.withdrawn,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

/// What was before and after, for the trail.
fn told(before: Option<&Row>, after: &Row) -> serde_json::Value {
    let line = |row: &Row| {
        let args: Vec<String> = serde_json::from_str(&row.args).unwrap_or_default();
        std::iter::once(row.program.clone()).chain(args).collect::<Vec<_>>().join(" ")
    };
    let sides = [
        ("name", before.map(|row| row.name.clone()), after.name.clone()),
        ("description", before.map(|row| row.description.clone()), after.description.clone()),
        ("command", before.map(line), line(after)),
        (
            "working_directory",
            before.and_then(|row| row.working_directory.clone()),
            after.working_directory.clone().unwrap_or_default(),
        ),
        ("holes", before.map(|row| row.holes.clone()), after.holes.clone()),
        ("variables", before.map(|row| row.variables.clone()), after.variables.clone()),
        ("withdrawn", before.map(|row| row.withdrawn.to_string()), after.withdrawn.to_string()),
    ];
    sides
        .into_iter()
        .filter(|(_, old, new)| old.as_deref().unwrap_or_default() != new)
        .map(|(name, old, new)| (name.to_owned(), json!([old, new])))
        .collect()
}

/// What a server runs by a command: its arguments, or why it cannot.
pub(crate) fn arguments(
    command: &ApprovedCommand,
    values: &BTreeMap<String, String>,
    variables: &[String],
) -> Result<Vec<String>, Code> {
    if command.withdrawn {
        return Err(Code::CommandWithdrawn);
    }
    let value = |name: &str| values.get(name).map(String::as_str).unwrap_or_default();
    let holes = command.holes.iter().all(|hole| hole.allows(value(&hole.name), pattern::matches).is_ok());
    let given = command.variables.iter().all(|known| known.optional || variables.contains(&known.name));
    if holes && given { Ok(fill(&command.args, values)) } else { Err(Code::CommandUnfit) }
}

/// The values that fill the holes of a server's command.
pub(crate) fn values(row: &server::Model) -> BTreeMap<String, String> {
    row.command_values.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}

/// A server's command as people see it, with the arguments that it runs with; none where it cannot.
pub(crate) fn used(
    row: &server::Model,
    command: &ApprovedCommand,
    env: &[String],
) -> (CommandUse, Option<Vec<String>>) {
    let values = values(row);
    let (args, problem) = match arguments(command, &values, env) {
        Ok(args) => (Some(args), None),
        Err(code) => (None, Some(code)),
    };
    (CommandUse { name: command.name.clone(), values, problem }, args)
}
