//! Which servers of a template somebody may have: where policy lets them use approved commands only, a
//! command that fits one becomes a server of it.

use domain::{
    Action, Code, OrganizationId, ProjectId, Resource, Result,
    command::ApprovedCommand,
    document::{ProjectEntry, ServerEntry},
    server::Transport,
};
use uuid::Uuid;

use super::Templates;
use crate::{
    Caller,
    command::{self, arguments, fit::fit},
    entity::organization,
    shared,
};

impl Templates<'_> {
    /// Why the caller may not create each of the servers in a project of this organization; in their order.
    pub(super) async fn admit(
        &self,
        caller: &Caller,
        owner: &organization::Model,
        entry: &mut ProjectEntry,
    ) -> Result<Vec<Option<Code>>> {
        let is_free = |server: &ServerEntry| server.transport != Transport::Stdio && server.shared.is_none();
        if entry.servers.iter().all(is_free) {
            return Ok(vec![None; entry.servers.len()]);
        }
        // A project that is not there yet: nobody has a role in it but through the organization.
        let project =
            Resource::Project { id: ProjectId(Uuid::nil()), organization: OrganizationId(owner.id) };
        let commands = command::all(&self.0.inner.database.reader).await?;
        let may = May {
            any: caller.may(Action::RegisterCommand, &project),
            approved: caller.may(Action::UseCommand, &project),
            shared: caller.may(Action::UseSharedServer, &project),
            stdio: self.0.settings().stdio_enabled,
        };
        let mut refused = Vec::new();
        for server in &mut entry.servers {
            refused.push(match server.shared.as_deref().filter(|name| !name.is_empty()) {
                Some(name) => self.refusal_of_shared(&may, name).await?,
                None => may.refusal(&commands, server),
            });
        }
        Ok(refused)
    }

    async fn refusal_of_shared(&self, may: &May, name: &str) -> Result<Option<Code>> {
        let Some(row) = shared::find(&self.0.inner.database.reader, name).await? else {
            return Ok(Some(Code::SharedUnknown));
        };
        let is_stdio = shared::definition(&row)?.transport == Transport::Stdio;
        Ok(match row.withdrawn {
            true => Some(Code::SharedWithdrawn),
            false if !may.shared => Some(Code::Forbidden),
            false => (is_stdio && !may.stdio).then_some(Code::StdioDisabled),
        })
    }
}

/// What the caller may run there.
struct May {
    any: bool,
    approved: bool,
    shared: bool,
    stdio: bool,
}

impl May {
    fn refusal(&self, commands: &[ApprovedCommand], server: &mut ServerEntry) -> Option<Code> {
        if server.transport != Transport::Stdio {
            return None;
        }
        if !self.stdio {
            return Some(Code::StdioDisabled);
        }
        let variables: Vec<String> = server.env.keys().cloned().collect();
        if let Some(name) = server.approved_command.as_deref().filter(|name| !name.is_empty()) {
            let Some(command) = commands.iter().find(|command| command.name.eq_ignore_ascii_case(name))
            else {
                return Some(Code::CommandUnknown);
            };
            let refused = (!self.approved).then_some(Code::Forbidden);
            return refused.or_else(|| arguments(command, &server.values, &variables).err());
        }
        if self.any {
            return None;
        }
        let fitting = commands.iter().filter(|command| {
            self.approved
                && !command.withdrawn
                && command.program == server.command
                && command.working_directory == server.working_directory
        });
        let found =
            fitting.filter_map(|command| Some((command, fit(command, &server.args, &variables)?))).next();
        let Some((command, values)) = found else { return Some(Code::StdioForbidden) };
        (server.approved_command, server.values) = (Some(command.name.clone()), values);
        None
    }
}
