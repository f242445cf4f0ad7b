//! A server made from another, with the rules for its tools.

use domain::{
    Action, ProjectId, Result, detect,
    server::{CopiedServer, CopyInput, ServerForm, ServerInput},
};
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};
use secrecy::ExposeSecret;
use serde_json::json;
use uuid::Uuid;

use super::{Servers, find, variable};
use crate::{
    Caller,
    audit::Place,
    database::failed,
    entity::{server, tool_rule},
};

impl Servers<'_> {
    /// Copies a server within its project or into another. Stored values go along within the project
    /// only: who manages servers elsewhere need not be trusted with them. A copy that lacks some is
    /// off until it is completed. A copied command is registered anew, so policy is asked again.
    pub async fn copy(
        &self,
        caller: &Caller,
        project: &str,
        server: &str,
        input: CopyInput,
    ) -> Result<CopiedServer> {
        let from = self.0.projects().authorize(caller, project, Action::ManageServers).await?;
        let to = match input.project.as_deref().filter(|project| !project.is_empty()) {
            Some(project) => self.0.projects().authorize(caller, project, Action::ManageServers).await?,
            None => from.clone(),
        };
        let transaction = self.0.inner.database.begin().await?;
        let original = find(&transaction, from.id, server).await?;
        let view = self.view(&transaction, original.clone()).await?;
        let mut copy = ServerForm::of(&view).input()?;
        if copy.approved_command.is_none() && copy.shared.is_none() {
            self.require_command(caller, &to, view.transport)?;
        }
        copy.alias = None;
        copy.name = match input.name.as_deref().map(str::trim).filter(|name| !name.is_empty()) {
            Some(name) => name.to_owned(),
            None => {
                let taken = names(&transaction, to.id).await?;
                detect::free_name(&view.name, |name| taken.contains(&name.to_ascii_lowercase()))
            }
        };
        let (mut open_env, mut open_headers) = (Vec::new(), Vec::new());
        if from.id == to.id {
            self.fill(&transaction, original.id, &mut copy).await?;
        } else {
            open_env = copy.env.drain(..).map(|variable| variable.name).collect();
            open_headers = copy.headers.drain(..).map(|variable| variable.name).collect();
            copy.enabled = copy.enabled && open_env.is_empty() && open_headers.is_empty();
        }
        let source = self.source_of_copy(&transaction, caller, &to, &mut copy).await?;
        let row = self.write(&transaction, &to, copy.check()?, source.as_ref()).await?;
        copy_rules(&transaction, original.id, row.id).await?;
        let change = json!({ "from": format!("{}/{}", from.path(), original.name) });
        self.0
            .audit()
            .record(&transaction, caller, Place::project(&to), "server.copy", &row.name, change)
            .await?;
        let server = self.view(&transaction, row).await?;
        self.commit(transaction).await?;
        Ok(CopiedServer { server, project: to.path(), open_env, open_headers })
    }

    /// Puts the stored values into `copy`; they are sealed anew for its rows.
    async fn fill(
        &self,
        connection: &impl ConnectionTrait,
        original: Uuid,
        copy: &mut ServerInput,
    ) -> Result<()> {
        for row in variable::rows(connection, original).await? {
            let secret = variable::open(self.0, &row)?;
            let list = if row.kind == variable::Kind::Env.name() { &mut copy.env } else { &mut copy.headers };
            if let Some(variable) = list.iter_mut().find(|variable| variable.name == row.name) {
                variable.value = Some(domain::SecretInput::new(secret.expose_secret()));
            }
        }
        Ok(())
    }
}

async fn names(connection: &impl ConnectionTrait, project: ProjectId) -> Result<Vec<String>> {
    use sea_orm::QuerySelect;

    server::Entity::find()
        .select_only()
        .column(server::Column::NameKey)
        .filter(server::COLUMN.project_id.eq(project.0))
        .into_tuple()
        .all(connection)
        .await
        .map_err(failed("reading names of servers"))
}

async fn copy_rules(connection: &impl ConnectionTrait, from: Uuid, to: Uuid) -> Result<()> {
    let rules = tool_rule::Entity::find()
        .filter(tool_rule::COLUMN.server_id.eq(from))
        .all(connection)
        .await
        .map_err(failed("reading tools' rules"))?;
    for rule in rules {
        let mut rule = tool_rule::Model { server_id: to, ..rule }.into_active_model().reset_all();
        rule.server_id = sea_orm::ActiveValue::Set(to);
        rule.insert(connection).await.map_err(failed("writing a tool's rule"))?;
    }
    Ok(())
}
