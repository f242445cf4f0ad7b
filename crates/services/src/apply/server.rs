//! Servers of the file, and the rules of their tools.

use domain::{
    Result,
    document::{SecretReference, ServerEntry, Verb},
    name,
    server::{Server, ServerInput, TIMEOUT_SECONDS, VariableInput},
    tool::ToolRule,
};
use secrecy::ExposeSecret;

use super::{Apply, found};
use crate::server::variable;

impl Apply<'_> {
    pub(super) async fn server(&mut self, path: &str, exists: bool, entry: &ServerEntry) -> Result<()> {
        let servers = self.services.servers();
        let mut input = self.server_input(entry)?;
        // What a server is made from is checked as it is made into one.
        if input.approved_command.is_none() && input.shared.is_none() {
            input = input.check()?;
        }
        let target = format!("server {path}/{}", entry.name);
        let before = if exists { found(servers.get(self.caller, path, &entry.name).await)? } else { None };
        let Some(before) = before else {
            if !self.dry_run {
                servers.create(self.caller, path, input).await?;
            }
            self.note(Verb::Create, target, vec![]);
            return Ok(());
        };
        let fields = self.differences(&before, &input).await?;
        if !fields.is_empty() && !self.dry_run {
            servers.update(self.caller, path, &entry.name, input).await?;
        }
        let verb = if fields.is_empty() { Verb::Keep } else { Verb::Update };
        self.note(verb, target, fields);
        Ok(())
    }

    pub(super) async fn tool(
        &mut self,
        path: &str,
        exists: bool,
        server: &str,
        tool: &str,
        rule: &ToolRule,
    ) -> Result<()> {
        let servers = self.services.servers();
        let rule = rule.clone().check(tool)?;
        let before = if exists { found(servers.tool(self.caller, path, server, tool).await)? } else { None };
        let before = before.map(|known| known.rule).unwrap_or_default();
        let fields = [
            ("hidden", before.hidden != rule.hidden),
            ("alias", before.alias != rule.alias),
            ("description", before.description != rule.description),
        ];
        let fields: Vec<String> =
            fields.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name.to_owned()).collect();
        let verb = match (fields.is_empty(), before.is_empty()) {
            (true, _) => Verb::Keep,
            (false, true) => Verb::Create,
            (false, false) => Verb::Update,
        };
        if verb != Verb::Keep && !self.dry_run {
            servers.set_tool_rule(self.caller, path, server, tool, rule).await?;
        }
        let fields = if verb == Verb::Update { fields } else { vec![] };
        self.note(verb, format!("tool {path}/{server}/{tool}"), fields);
        Ok(())
    }

    fn server_input(&self, entry: &ServerEntry) -> Result<ServerInput> {
        let variables =
            |map: &std::collections::BTreeMap<String, SecretReference>| -> Result<Vec<VariableInput>> {
                map.iter()
                    .map(|(name, reference)| {
                        Ok(VariableInput { name: name.clone(), value: Some(self.secrets.get(reference)?) })
                    })
                    .collect()
            };
        Ok(ServerInput {
            name: entry.name.clone(),
            description: entry.description.clone(),
            transport: entry.transport,
            command: entry.command.clone(),
            args: entry.args.clone(),
            working_directory: entry.working_directory.clone(),
            env: variables(&entry.env)?,
            url: entry.url.clone(),
            headers: variables(&entry.headers)?,
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
        })
    }

    /// Names of what differs. Stored secrets are compared, so that a second run changes nothing and
    /// a rotated secret is noticed.
    async fn differences(&self, before: &Server, input: &ServerInput) -> Result<Vec<String>> {
        let stored = variable::rows(self.services.database(), before.id.0).await?;
        let differ = |kind: variable::Kind, list: &[VariableInput]| -> Result<bool> {
            let stored: Vec<_> = stored.iter().filter(|row| row.kind == kind.name()).collect();
            if stored.len() != list.len() {
                return Ok(true);
            }
            for wanted in list {
                let Some(row) = stored.iter().find(|row| row.name == wanted.name) else { return Ok(true) };
                let secret = variable::open(self.services, row)?;
                let same = wanted
                    .value
                    .as_ref()
                    .is_some_and(|value| value.expose_secret() == secret.expose_secret());
                if !same {
                    return Ok(true);
                }
            }
            Ok(false)
        };
        let alias = match &input.alias {
            Some(alias) => before.alias != *alias,
            None => !name::is_made_alias(&before.alias, &input.name),
        };
        let of_command = before.approved_command.is_some();
        let used_name = before.approved_command.as_ref().map(|used| used.name.to_ascii_lowercase());
        let wanted_name = input.approved_command.as_ref().map(|name| name.to_ascii_lowercase());
        let shared_name = before.shared.as_ref().map(|used| used.name.to_ascii_lowercase());
        let wanted_shared = input.shared.as_ref().map(|name| name.to_ascii_lowercase());
        let fields = [
            ("description", before.description != input.description),
            ("transport", before.transport != input.transport),
            ("command", !of_command && before.command != input.command),
            ("args", !of_command && before.args != input.args),
            ("working_directory", !of_command && before.working_directory != input.working_directory),
            ("values", before.approved_command.as_ref().is_some_and(|used| used.values != input.values)),
            ("approved_command", used_name != wanted_name),
            ("shared", shared_name != wanted_shared),
            ("env", differ(variable::Kind::Env, &input.env)?),
            ("url", before.url != input.url),
            ("headers", differ(variable::Kind::Header, &input.headers)?),
            ("builtin", before.builtin != input.builtin),
            ("timeout_seconds", before.timeout_seconds != input.timeout_seconds),
            ("alias", alias),
            ("sharing", before.sharing != input.sharing),
            ("sleep_after_minutes", before.sleep_after_minutes != input.sleep_after_minutes),
            ("memory_mb", before.memory_mb != input.memory_mb),
            ("connect_seconds", before.connect_seconds != input.connect_seconds),
            ("initialize_seconds", before.initialize_seconds != input.initialize_seconds),
            ("total_seconds", before.total_seconds != input.total_seconds),
            ("enabled", before.enabled != input.enabled),
        ];
        // Of a shared server the rest is not the project's.
        let own = |name: &str| matches!(name, "description" | "shared" | "alias" | "enabled");
        let of_shared = before.shared.is_some() && input.shared.is_some();
        let fields = fields.into_iter().filter(|(name, _)| !of_shared || own(name));
        Ok(fields.filter(|(_, differs)| *differs).map(|(name, _)| name.to_owned()).collect())
    }
}
