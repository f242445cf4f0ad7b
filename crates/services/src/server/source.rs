//! What a server is made from, where it does not describe itself: an approved command or a shared server.

use domain::{
    Action, Code, Error, Result,
    project::Project,
    server::{ServerInput, Transport},
};
use sea_orm::{ActiveValue, ActiveValue::Set, ConnectionTrait};
use uuid::Uuid;

use super::Servers;
use crate::{Caller, Services, command, entity::server, shared};

pub(crate) enum Source {
    Command(command::Row),
    Shared(shared::Row),
}

impl Source {
    /// Passes unless it was withdrawn.
    pub(super) fn require(&self) -> Result<()> {
        match self {
            Source::Command(row) if row.withdrawn => Err(Error::new(Code::CommandWithdrawn)),
            Source::Shared(row) if row.withdrawn => Err(Error::new(Code::SharedWithdrawn)),
            _ => Ok(()),
        }
    }

    /// Puts the values into `input` that are not the project's, to try it with them.
    pub(super) fn fill(&self, services: &Services, input: &mut ServerInput) -> Result<()> {
        if let Source::Shared(row) = self {
            let ServerInput { env, headers, .. } = shared::opened(services, row)?;
            (input.env, input.headers) = (env, headers);
        }
        Ok(())
    }
}

impl Servers<'_> {
    /// Every route that can start a process passes here first. What the server is made from takes the
    /// place of what was sent; where there is nothing of the kind, nothing is returned, and the right to
    /// register commands has to be asked for.
    pub(crate) async fn source(
        &self,
        connection: &impl ConnectionTrait,
        caller: &Caller,
        project: &Project,
        before: Option<&server::Model>,
        input: &mut ServerInput,
    ) -> Result<Option<Source>> {
        if let Some(row) = self.shared(connection, caller, project, before, input).await? {
            return Ok(Some(Source::Shared(row)));
        }
        Ok(self.approved(connection, caller, project, before, input).await?.map(Source::Command))
    }

    /// The same for a copy, which may lack values that were left behind.
    pub(super) async fn source_of_copy(
        &self,
        connection: &impl ConnectionTrait,
        caller: &Caller,
        project: &Project,
        input: &mut ServerInput,
    ) -> Result<Option<Source>> {
        if let Some(row) = self.shared(connection, caller, project, None, input).await? {
            return Ok(Some(Source::Shared(row)));
        }
        Ok(self.approved_copy(connection, caller, project, input).await?.map(Source::Command))
    }

    async fn shared(
        &self,
        connection: &impl ConnectionTrait,
        caller: &Caller,
        project: &Project,
        before: Option<&server::Model>,
        input: &mut ServerInput,
    ) -> Result<Option<shared::Row>> {
        let refused = |code: Code| Err(Error::field("shared", code));
        let own = before.and_then(|before| before.shared_id);
        let asked = input.shared.clone().filter(|name| !name.is_empty());
        let Some(name) = asked.or_else(|| own.map(|id| id.to_string())) else { return Ok(None) };
        let Some(row) = shared::kept(connection, &name).await? else {
            return refused(Code::SharedUnknown);
        };
        if input.approved_command.is_some() || (before.is_some() && own != Some(row.id)) {
            return refused(Code::SharedFixed);
        }
        if before.is_none() && row.withdrawn {
            return refused(Code::SharedWithdrawn);
        }
        caller.require(Action::UseSharedServer, &project.resource())?;
        let definition = shared::definition(&row)?;
        if definition.transport == Transport::Stdio && !self.0.inner.settings.stdio_enabled {
            return Err(Error::new(Code::StdioDisabled));
        }
        *input = std::mem::take(input).of_shared(definition);
        Ok(Some(row))
    }
}

/// Passes unless what the server is made from was withdrawn.
pub(super) async fn require(connection: &impl ConnectionTrait, row: &server::Model) -> Result<()> {
    if let Some(id) = row.command_id {
        let command = command::of(connection, vec![id]).await?.remove(&id);
        command.map_or(Err(Error::new(Code::CommandWithdrawn)), |row| Source::Command(row).require())?;
    }
    if let Some(id) = row.shared_id {
        let shared = shared::of(connection, std::slice::from_ref(row)).await?.remove(&id);
        shared.map_or(Err(Error::new(Code::SharedWithdrawn)), |row| Source::Shared(row).require())?;
    }
    Ok(())
}

/// The ids of the command and of the shared server, as a server's row keeps them.
pub(super) fn columns(source: Option<&Source>) -> (ActiveValue<Option<Uuid>>, ActiveValue<Option<Uuid>>) {
    match source {
        Some(Source::Command(row)) => (Set(Some(row.id)), Set(None)),
        Some(Source::Shared(row)) => (Set(None), Set(Some(row.id))),
        None => (Set(None), Set(None)),
    }
}

/// What fills the holes of a command, as a server's row keeps it.
pub(super) fn values(source: Option<&Source>, input: &ServerInput) -> Option<String> {
    matches!(source, Some(Source::Command(_))).then(|| serde_json::json!(input.values).to_string())
}
