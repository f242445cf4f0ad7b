//! Import of the configuration files of MCP clients.

use domain::{
    Action, Result,
    import::{self, ImportedServer},
    server::Server,
};

use super::Servers;
use crate::Caller;

impl Servers<'_> {
    /// What an import would create. Names that are taken are told as warnings.
    pub async fn import_preview(
        &self,
        caller: &Caller,
        project: &str,
        text: &str,
    ) -> Result<Vec<ImportedServer>> {
        self.0.projects().authorize(caller, project, Action::ManageServers).await?;
        let existing = self.list(caller, project).await?;
        let mut servers = import::parse(text)?;
        for server in &mut servers {
            if existing.iter().any(|other| other.name.eq_ignore_ascii_case(&server.input.name)) {
                server.warnings.push("A server with this name is in the project already.".to_owned());
            }
        }
        Ok(servers)
    }

    /// Creates all servers of the file, or none.
    pub async fn import(&self, caller: &Caller, project: &str, text: &str) -> Result<Vec<Server>> {
        let project = self.0.projects().authorize(caller, project, Action::ManageServers).await?;
        let mut inputs = Vec::new();
        for server in import::parse(text)? {
            let name = server.original_name;
            let input = server.input.check().map_err(|error| error.detail(format!("In `{name}`.")))?;
            self.require_command(caller, &project, input.transport)?;
            inputs.push(input);
        }
        let transaction = self.0.inner.database.begin().await?;
        let mut views = Vec::with_capacity(inputs.len());
        for input in inputs {
            let name = input.name.clone();
            let row = self.insert(&transaction, caller, &project, input).await;
            let row = row.map_err(|error| error.detail(format!("In `{name}`.")))?;
            views.push(self.view(&transaction, row).await?);
        }
        self.commit(transaction).await?;
        Ok(views)
    }
}
