//! The files that an import takes: a document of `sluice apply`, or a client's `mcpServers`.

use std::collections::BTreeMap;

use domain::{
    Code, Error, Result, SecretInput,
    document::{Document, ProjectEntry, SecretReference, ServerEntry, hole},
    import::{self, ImportedServer},
    server::VariableInput,
};

type Values = BTreeMap<String, SecretInput>;

/// The project that a file describes, the secrets that it holds, and what is left out of it. `path` is
/// the project that it is for: of several in one file that one is meant.
pub(crate) fn read(path: &str, text: &str) -> Result<(ProjectEntry, Values, Vec<String>)> {
    let is_client = serde_json::from_str::<serde_json::Value>(text)
        .is_ok_and(|file| file.get("projects").is_none() && file.is_object());
    if is_client {
        return Ok(of_client(import::parse(text)?));
    }
    // The parser's own text names the field, its line and its column.
    let document: Document = yaml_serde::from_str(text)
        .map_err(|error| Error::new(Code::DocumentInvalid).detail(sentence(&error.to_string())))?;
    of_document(path, document)
}

fn sentence(text: &str) -> String {
    let mut chars = text.trim_end_matches('.').chars();
    let first = chars.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", chars.as_str())
}

fn of_document(path: &str, document: Document) -> Result<(ProjectEntry, Values, Vec<String>)> {
    let (organizations, users) = (document.organizations.len(), document.users.len());
    let mut projects = document.projects;
    let all = projects.len();
    let own = projects.iter().position(|entry| format!("{}.{}", entry.org, entry.slug) == path);
    let entry = match own {
        Some(own) => projects.swap_remove(own),
        None if all == 1 => projects.remove(0),
        None if all == 0 => {
            return Err(Error::new(Code::DocumentInvalid).detail("It describes no project."));
        }
        None => {
            let text = format!("It describes {all} projects, and none of them is {path}.");
            return Err(Error::new(Code::DocumentInvalid).detail(text));
        }
    };
    let mut entry = entry;
    entry.servers.iter_mut().for_each(ServerEntry::keep_own);
    let mut notes = Vec::new();
    let mut note = |count: usize, what: &str, why: &str| {
        if count > 0 {
            notes.push(format!("{what}: {count}. {why}"));
        }
    };
    note(entry.members.len(), "Members", "Add them on the Members page.");
    note(entry.api_keys.len(), "API keys", "Create them on the Keys page.");
    note(all - 1, "Other projects", "Import each on its own page.");
    note(organizations + users, "Organizations and users", "They belong to no project.");
    Ok((entry, Values::new(), notes))
}

/// A client's servers. Their secrets stand in the file itself, so each becomes a value that is given;
/// what refers to the client's machine becomes a hole.
fn of_client(servers: Vec<ImportedServer>) -> (ProjectEntry, Values, Vec<String>) {
    let (mut values, mut notes) = (Values::new(), Vec::new());
    let entries = servers.into_iter().map(|server| {
        let input = server.input;
        notes.extend(server.warnings.into_iter().map(|warning| format!("{}: {warning}", input.name)));
        let mut holes = |variables: Vec<VariableInput>| -> BTreeMap<String, SecretReference> {
            let mut hole_for = |variable: VariableInput| {
                let name = hole(&input.name, &variable.name);
                let value = variable.value.filter(|value| !value.expose_secret().contains("${"));
                if let Some(value) = value {
                    values.insert(name.clone(), value);
                }
                (variable.name, SecretReference { env: Some(name), file: None })
            };
            variables.into_iter().map(&mut hole_for).collect()
        };
        ServerEntry {
            env: holes(input.env),
            headers: holes(input.headers),
            name: input.name.clone(),
            transport: input.transport,
            description: input.description,
            command: input.command,
            args: input.args,
            working_directory: input.working_directory,
            url: input.url,
            builtin: input.builtin,
            timeout_seconds: Some(input.timeout_seconds),
            alias: None,
            sharing: input.sharing,
            sleep_after_minutes: None,
            memory_mb: None,
            connect_seconds: None,
            initialize_seconds: None,
            total_seconds: None,
            tools: BTreeMap::new(),
            enabled: input.enabled,
            approved_command: None,
            shared: None,
            values: BTreeMap::new(),
        }
    });
    let servers = entries.collect();
    (ProjectEntry { servers, ..ProjectEntry::default() }, values, notes)
}
