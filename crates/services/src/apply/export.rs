//! A project as a file that [`Services::apply`] takes, without its secrets.

use std::collections::BTreeMap;

use domain::{
    Action, Result,
    document::{Document, MemberEntry, ProjectEntry, SecretReference, ServerEntry, hole},
    server::{Server, TIMEOUT_SECONDS},
    tool::ServerTools,
};

use crate::{Caller, Services};

impl Services {
    /// The project as a file. Values of variables are named holes, which whoever applies the file fills;
    /// keys are left out, because they cannot be read back.
    pub async fn export(&self, caller: &Caller, project: &str) -> Result<Document> {
        let project = self.projects().authorize(caller, project, Action::ManageProject).await?;
        let path = project.path();
        let members = self.projects().members(caller, &path).await?;
        let servers = self.servers().list(caller, &path).await?;
        let tools = self.servers().tools_of_project(caller, &path).await?;
        let entry = |server: Server| {
            let own = tools.iter().find(|tools| tools.server == server.name);
            server_entry(server, own)
        };
        let entry = ProjectEntry {
            org: project.organization_slug,
            slug: project.slug,
            name: Some(project.name),
            description: project.description,
            log_payloads: project.log_payloads,
            access: project.access,
            members: members
                .into_iter()
                .filter(|member| member.team.is_none())
                .map(|member| MemberEntry { email: member.email, role: member.role })
                .collect(),
            servers: servers.into_iter().map(entry).collect(),
            api_keys: Vec::new(),
        };
        Ok(Document { projects: vec![entry], ..Document::default() })
    }
}

fn server_entry(server: Server, tools: Option<&ServerTools>) -> ServerEntry {
    let holes = |names: &[String]| -> BTreeMap<String, SecretReference> {
        let reference = |name: &String| SecretReference { env: Some(hole(&server.name, name)), file: None };
        names.iter().map(|name| (name.clone(), reference(name))).collect()
    };
    let rules = tools.into_iter().flat_map(|tools| &tools.tools).filter(|tool| !tool.rule.is_empty());
    ServerEntry {
        env: holes(&server.env),
        headers: holes(&server.headers),
        tools: rules.map(|tool| (tool.name.clone(), tool.rule.clone())).collect(),
        name: server.name,
        transport: server.transport,
        description: server.description,
        command: server.command,
        args: server.args,
        working_directory: server.working_directory,
        url: server.url,
        builtin: server.builtin,
        timeout_seconds: Some(server.timeout_seconds).filter(|seconds| *seconds != TIMEOUT_SECONDS),
        alias: Some(server.alias),
        sharing: server.sharing,
        sleep_after_minutes: server.sleep_after_minutes,
        memory_mb: server.memory_mb,
        connect_seconds: server.connect_seconds,
        initialize_seconds: server.initialize_seconds,
        total_seconds: server.total_seconds,
        enabled: server.enabled,
    }
}
