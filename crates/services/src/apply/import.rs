//! One project made as a file says, with a preview of the same plan.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Action, Code, Error, Result, SecretInput,
    document::{ProjectEntry, ServerEntry},
    error::Checks,
    plan::{self, Choice, Deed, Plan, Step, Thing, hole_of, is_same_server, keeps_values},
    project::{Project, ProjectSettings},
    server::{ServerInput, TIMEOUT_SECONDS, Transport, VariableInput},
    tool::ToolRule,
};
use secrecy::ExposeSecret;

use super::file;
use crate::{Caller, Services, server::variable};

/// A file with the values that it does not hold, by the names that it gives them.
#[derive(Clone, Debug, Default)]
pub struct ImportInput {
    pub text: String,
    pub values: BTreeMap<String, SecretInput>,
    pub choice: Choice,
}

/// What the file wants of this project.
struct Wanted {
    entry: ProjectEntry,
    values: BTreeMap<String, SecretInput>,
    notes: Vec<String>,
}

impl Services {
    /// What [`Self::import`] would do now.
    pub async fn import_plan(&self, caller: &Caller, project: &str, input: ImportInput) -> Result<Plan> {
        let project = self.projects().authorize(caller, project, Action::ManageServers).await?;
        let (plan, _) = self.planned(caller, &project, input).await?;
        Ok(plan)
    }

    /// Does what the plan says, all of it or nothing.
    pub async fn import(&self, caller: &Caller, project: &str, input: ImportInput) -> Result<Plan> {
        let project = self.projects().authorize(caller, project, Action::ManageServers).await?;
        let choice = input.choice;
        if choice.settings {
            self.projects().authorize(caller, &project.path(), Action::ManageProject).await?;
        }
        let (plan, wanted) = self.planned(caller, &project, input).await?;
        let mut checks = Checks::default();
        for hole in plan.missing() {
            checks.fail(&format!("values[{}]", hole.name), Code::ValueMissing, "");
        }
        checks.finish()?;
        if plan.is_empty() {
            return Ok(plan);
        }
        let transaction = self.inner.database.begin().await?;
        let (servers, projects) = (self.servers(), self.projects());
        for step in &plan.steps {
            let done = match (step.thing, step.deed) {
                (_, Deed::Keep) => Ok(()),
                (Thing::Project, _) => {
                    let settings = settings(&project, &wanted.entry);
                    projects.update_in(&transaction, caller, &project, settings).await.map(drop)
                }
                (Thing::Server, Deed::Remove) => {
                    servers.delete_in(&transaction, caller, &project, &step.name).await
                }
                (Thing::Server, deed) => {
                    let input = server_input(&wanted, &step.name)?;
                    match deed {
                        Deed::Add => servers.create_in(&transaction, caller, &project, input).await.map(drop),
                        _ => servers
                            .update_in(&transaction, caller, &project, &step.name, input)
                            .await
                            .map(drop),
                    }
                }
                (Thing::Tool, _) => {
                    let (server, tool) = step.name.split_once('/').unwrap_or((&step.name, ""));
                    let rule = rule(&wanted.entry, server, tool);
                    servers.rule_in(&transaction, caller, &project, server, tool, |_| rule).await.map(drop)
                }
            };
            done.map_err(|error| within(&step.name, error))?;
        }
        servers.commit(transaction).await?;
        self.activity().announce(project.id);
        Ok(plan)
    }

    async fn planned(
        &self,
        caller: &Caller,
        project: &Project,
        input: ImportInput,
    ) -> Result<(Plan, Wanted)> {
        let mut wanted = read(project, &input)?;
        for server in &wanted.entry.servers {
            self.importable(caller, project, server, &wanted.values)
                .await
                .map_err(|error| within(&server.name, error))?;
            for (tool, rule) in &server.tools {
                rule.clone()
                    .check(tool)
                    .map_err(|error| within(&format!("{}/{tool}", server.name), error))?;
            }
        }
        let current = self.entry_of(caller, project).await?;
        let given = self.new_values(project, &current, &wanted).await?;
        let mut plan = plan::plan(&current, &wanted.entry, &given, input.choice);
        for step in plan.steps.iter().filter(|step| runs_something_new(step)) {
            let server = wanted.entry.servers.iter().find(|server| server.name == step.name);
            let before = current.servers.iter().find(|before| is_same_server(&before.name, &step.name));
            // What fills an approved command, and whether there is such a shared server, is checked as the server is made.
            if server
                .into_iter()
                .chain(before)
                .any(|server| server.approved_command.is_some() || server.shared.is_some())
            {
                continue;
            }
            let transport = server.map_or(Transport::Builtin, |server| server.transport);
            let allowed = self.servers().require_command(caller, project, transport);
            allowed.map_err(|error| within(&step.name, error))?;
        }
        // A value that is stored already is left to be kept, so that it does not look like a change.
        wanted.values.retain(|name, _| given.contains(name));
        plan.notes = std::mem::take(&mut wanted.notes);
        Ok((plan, wanted))
    }

    /// Passes for a server that can be made, or that the one of its name can be changed to.
    async fn importable(
        &self,
        caller: &Caller,
        project: &Project,
        server: &ServerEntry,
        values: &BTreeMap<String, SecretInput>,
    ) -> Result<()> {
        let mut input = input_of(server, values);
        if server.shared.is_some() {
            let reader = &self.inner.database.reader;
            let before = crate::server::find(reader, project.id, &server.name).await;
            let before = super::found(before)?;
            self.servers().source(reader, caller, project, before.as_ref(), &mut input).await?;
        }
        input.check().map(drop)
    }

    /// The names of values that are not stored already: a file that is applied again changes nothing.
    async fn new_values(
        &self,
        project: &Project,
        current: &ProjectEntry,
        wanted: &Wanted,
    ) -> Result<BTreeSet<String>> {
        let mut anew = BTreeSet::new();
        for server in &wanted.entry.servers {
            let holes = server.env.iter().chain(&server.headers);
            let given: Vec<_> = holes
                .filter_map(|(name, hole)| Some((name, hole_of(hole), wanted.values.get(hole_of(hole))?)))
                .collect();
            let before = current.servers.iter().find(|before| is_same_server(&before.name, &server.name));
            let stored = match before.filter(|before| !given.is_empty() && keeps_values(before, server)) {
                Some(before) => {
                    let id = self.servers().id_of(project, &before.name).await?;
                    variable::rows(self.database(), id.0).await?
                }
                None => Vec::new(),
            };
            for (name, hole, value) in given {
                let row = stored.iter().find(|row| row.name == *name);
                let old = row.map(|row| variable::open(self, row)).transpose()?;
                if old.is_none_or(|old| old.expose_secret() != value.expose_secret()) {
                    anew.insert(hole.to_owned());
                }
            }
        }
        Ok(anew)
    }
}

/// Whether a step would run something that was not approved.
fn runs_something_new(step: &Step) -> bool {
    const WHAT_RUNS: [&str; 5] = ["transport", "command", "args", "working_directory", "env"];
    step.thing == Thing::Server
        && match step.deed {
            Deed::Add => true,
            Deed::Change => step.differences.iter().any(|d| WHAT_RUNS.contains(&d.field.as_str())),
            Deed::Remove | Deed::Keep => false,
        }
}

/// Reads the file, whichever of the two forms it has, and takes what is for this project.
fn read(project: &Project, input: &ImportInput) -> Result<Wanted> {
    let (mut entry, mut values, notes) = file::read(&project.path(), &input.text)?;
    (entry.org, entry.slug) = (project.organization_slug.clone(), project.slug.clone());
    for (name, value) in &input.values {
        if !value.expose_secret().is_empty() {
            values.insert(name.clone(), value.clone());
        }
    }
    Ok(Wanted { entry, values, notes })
}

pub(crate) fn within(name: &str, error: Error) -> Error {
    if error.kind() == domain::Kind::Internal {
        return error;
    }
    let fields: Vec<String> = error
        .field_errors()
        .iter()
        .map(|field| format!("{}: {} {}", field.field, field.code.sentence(), field.code.next_step()))
        .collect();
    let code = if fields.is_empty() { error.code() } else { Code::DocumentInvalid };
    Error::new(code).detail(format!("In `{name}`. {}", fields.join(" ")).trim().to_owned())
}

fn settings(project: &Project, entry: &ProjectEntry) -> ProjectSettings {
    ProjectSettings {
        slug: project.slug.clone(),
        name: entry.name.clone().unwrap_or_else(|| entry.slug.clone()),
        description: entry.description.clone(),
        log_payloads: entry.log_payloads,
        log_retention_days: project.log_retention_days,
        access: entry.access,
    }
}

fn rule(entry: &ProjectEntry, server: &str, tool: &str) -> ToolRule {
    let server = entry.servers.iter().find(|wanted| wanted.name == server);
    server.and_then(|server| server.tools.get(tool)).cloned().unwrap_or_default()
}

fn server_input(wanted: &Wanted, name: &str) -> Result<ServerInput> {
    let entry = wanted.entry.servers.iter().find(|server| server.name == name);
    let entry = entry.ok_or_else(|| Error::internal("a step for a server that the file does not have"))?;
    Ok(input_of(entry, &wanted.values))
}

pub(crate) fn input_of(entry: &ServerEntry, values: &BTreeMap<String, SecretInput>) -> ServerInput {
    let variables = |map: &BTreeMap<String, domain::document::SecretReference>| -> Vec<VariableInput> {
        map.iter()
            .map(|(name, hole)| VariableInput {
                name: name.clone(),
                value: values.get(hole_of(hole)).cloned(),
            })
            .collect()
    };
    ServerInput {
        name: entry.name.clone(),
        description: entry.description.clone(),
        transport: entry.transport,
        command: entry.command.clone(),
        args: entry.args.clone(),
        working_directory: entry.working_directory.clone(),
        env: variables(&entry.env),
        url: entry.url.clone(),
        headers: variables(&entry.headers),
        builtin: entry.builtin.clone(),
        timeout_seconds: entry.timeout_seconds.unwrap_or(TIMEOUT_SECONDS),
        alias: entry.alias.clone(),
        sharing: entry.sharing,
        sleep_after_minutes: entry.sleep_after_minutes,
        memory_mb: entry.memory_mb,
        connect_seconds: entry.connect_seconds,
        initialize_seconds: entry.initialize_seconds,
        total_seconds: entry.total_seconds,
        enabled: entry.enabled,
        approved_command: entry.approved_command.clone(),
        shared: entry.shared.clone(),
        values: entry.values.clone(),
    }
}
