//! Servers of approved commands: what runs is what was approved, whatever was sent beside it.

use domain::{
    Action, Code, Error, Result,
    error::Checks,
    project::Project,
    server::{ServerInput, Transport, VariableInput},
};
use sea_orm::ConnectionTrait;

use super::{Servers, variable};
use crate::{
    Caller,
    command::{self, Row, pattern},
    entity::server,
};

impl Servers<'_> {
    /// The command takes the place of what was sent, and what fills it is checked; of anything else nothing
    /// is returned.
    pub(super) async fn approved(
        &self,
        connection: &impl ConnectionTrait,
        caller: &Caller,
        project: &Project,
        before: Option<&server::Model>,
        input: &mut ServerInput,
    ) -> Result<Option<Row>> {
        let Some(row) = self.take(connection, caller, project, before, input).await? else { return Ok(None) };
        let stored = match before {
            Some(before) => variable::names(connection, before.id, variable::Kind::Env).await?,
            None => Vec::new(),
        };
        // One that may be left out is, when nothing was given for it; one that may not has to be asked for.
        for known in command::view(row.clone()).variables {
            let kept = stored.contains(&known.name);
            let given = input.env.iter().position(|variable| variable.name == known.name);
            match given {
                Some(i) if input.env[i].value.is_none() && !kept && known.optional => {
                    drop(input.env.remove(i))
                }
                None if !known.optional => input.env.push(VariableInput { name: known.name, value: None }),
                _ => {}
            }
        }
        Ok(Some(row))
    }

    /// The same for a copy, which may lack values that were left behind.
    pub(super) async fn approved_copy(
        &self,
        connection: &impl ConnectionTrait,
        caller: &Caller,
        project: &Project,
        input: &mut ServerInput,
    ) -> Result<Option<Row>> {
        self.take(connection, caller, project, None, input).await
    }

    async fn take(
        &self,
        connection: &impl ConnectionTrait,
        caller: &Caller,
        project: &Project,
        before: Option<&server::Model>,
        input: &mut ServerInput,
    ) -> Result<Option<Row>> {
        let Some(row) = chosen(connection, before, input).await? else {
            input.values.clear();
            return Ok(None);
        };
        caller.require(Action::UseCommand, &project.resource())?;
        if !self.0.inner.settings.stdio_enabled {
            return Err(Error::new(Code::StdioDisabled));
        }
        let command = command::view(row.clone());
        let mut checks = Checks::default();
        let known = |name: &String| command.holes.iter().any(|hole| hole.name == *name);
        input.values.retain(|name, value| known(name) && !value.is_empty());
        for hole in &command.holes {
            let value = input.values.get(&hole.name).map(String::as_str).unwrap_or_default();
            checks.check(&format!("values.{}", hole.name), hole.allows(value, pattern::matches));
        }
        for (i, variable) in input.env.iter().enumerate() {
            let allowed = command.variables.iter().any(|known| known.name == variable.name);
            checks.require(allowed, &format!("env[{i}].name"), Code::VariableForbidden);
        }
        checks.finish()?;
        input.transport = Transport::Stdio;
        input.args = domain::command::fill(&command.args, &input.values);
        input.command = command.program;
        input.working_directory = command.working_directory;
        Ok(Some(row))
    }
}

/// The command that a server is of and stays of, or the one that a new server asks for.
async fn chosen(
    connection: &impl ConnectionTrait,
    before: Option<&server::Model>,
    input: &ServerInput,
) -> Result<Option<Row>> {
    let refused = |code: Code| Err(Error::field("approved_command", code));
    let asked = match input.approved_command.as_deref().filter(|name| !name.is_empty()) {
        Some(name) => match command::find(connection, name).await? {
            Some(row) => Some(row),
            None => return refused(Code::CommandUnknown),
        },
        None => None,
    };
    match (before, asked) {
        (None, Some(row)) if row.withdrawn => refused(Code::CommandWithdrawn),
        (None, asked) => Ok(asked),
        (Some(before), asked) => {
            if asked.is_some_and(|asked| before.command_id != Some(asked.id)) {
                return refused(Code::CommandFixed);
            }
            let Some(id) = before.command_id else { return Ok(None) };
            let row = command::of(connection, vec![id]).await?.remove(&id);
            row.map(Some).ok_or_else(|| Error::internal("a server of a command that is gone"))
        }
    }
}
