//! A project as a file that [`Services::apply`] takes, without its secrets.

use std::collections::BTreeMap;

use domain::{
    Action, Result,
    document::{Document, MemberEntry, ProjectEntry, SecretReference, ServerEntry, hole},
    project::Project,
    server::{Server, TIMEOUT_SECONDS},
    tool::ToolRule,
};

use crate::{Caller, Services};

impl Services {
    /// The project as a file. Values of variables are named holes, which whoever applies the file fills;
    /// keys are left out, because they cannot be read back.
    pub async fn export(&self, caller: &Caller, project: &str) -> Result<Document> {
        let project = self.projects().authorize(caller, project, Action::ManageProject).await?;
        let members = self.projects().members(caller, &project.path()).await?;
        // Who is in by a team is not listed by name.
        let members = members.into_iter().filter(|member| member.team.is_none());
        let members = members.map(|member| MemberEntry { email: member.email, role: member.role });
        let entry = ProjectEntry { members: members.collect(), ..self.entry_of(caller, &project).await? };
        Ok(Document { projects: vec![entry], ..Document::default() })
    }

    /// The project with its servers and their tools' rules, as a file describes them.
    pub(crate) async fn entry_of(&self, caller: &Caller, project: &Project) -> Result<ProjectEntry> {
        let path = project.path();
        let servers = self.servers().list(caller, &path).await?;
        let mut rules = self.servers().rules(project).await?;
        let entry = |server: Server| {
            let tools = rules.remove(&server.id).unwrap_or_default();
            server_entry(server, tools)
        };
        Ok(ProjectEntry {
            org: project.organization_slug.clone(),
            slug: project.slug.clone(),
            name: Some(project.name.clone()),
            description: project.description.clone(),
            log_payloads: project.log_payloads,
            access: project.access,
            members: Vec::new(),
            servers: servers.into_iter().map(entry).collect(),
            api_keys: Vec::new(),
        })
    }
}

fn server_entry(server: Server, tools: BTreeMap<String, ToolRule>) -> ServerEntry {
    let holes = |names: &[String]| -> BTreeMap<String, SecretReference> {
        let reference = |name: &String| SecretReference { env: Some(hole(&server.name, name)), file: None };
        names.iter().map(|name| (name.clone(), reference(name))).collect()
    };
    let mut entry = ServerEntry {
        env: holes(&server.env),
        headers: holes(&server.headers),
        tools,
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
        values: server.approved_command.as_ref().map(|used| used.values.clone()).unwrap_or_default(),
        approved_command: server.approved_command.map(|used| used.name),
        shared: server.shared.map(|used| used.name),
    };
    entry.keep_own();
    entry
}
