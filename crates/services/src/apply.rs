//! Makes the store match a declarative file: idempotent, and able to say what it would do.
//!
//! Each entry is created, updated or kept; nothing is deleted, because a file that leaves something
//! out may just not know of it. Each noun goes through its own use case, with its checks and audit.

use std::collections::HashMap;

use domain::{
    Code, Error, Result, SecretInput,
    account::{SignUp, User},
    document::{Change, Document, KeyEntry, ProjectEntry, SecretReference, UserEntry, Verb},
    key::NewKey,
    organization::OrganizationInput,
    project::{Access, NewMember, NewProject, Project, ProjectSettings},
};
use secrecy::{ExposeSecret, SecretString};

use crate::{Caller, Services, account};

mod export;
pub(crate) mod file;
pub(crate) mod import;
mod server;

pub use import::ImportInput;

/// The secrets that a document refers to, already read.
pub struct Secrets(HashMap<SecretReference, SecretString>);

impl Secrets {
    /// Reads every secret of the document with `read`, before anything is changed.
    pub fn resolve<E: std::fmt::Display>(
        document: &Document,
        read: impl Fn(&SecretReference) -> std::result::Result<SecretString, E>,
    ) -> Result<Self> {
        let mut secrets = HashMap::new();
        for (place, reference) in references(document) {
            let secret = read(&reference)
                .map_err(|error| Error::new(Code::DocumentInvalid).detail(format!("{place}: {error:#}.")))?;
            secrets.insert(reference, secret);
        }
        Ok(Self(secrets))
    }

    fn get(&self, reference: &SecretReference) -> Result<SecretInput> {
        let secret = self.0.get(reference).ok_or_else(|| Error::internal("a secret was not read"))?;
        Ok(SecretInput::new(secret.expose_secret()))
    }
}

fn either(env: Option<&String>, file: Option<&String>) -> SecretReference {
    SecretReference { env: env.cloned(), file: file.cloned() }
}

/// Every secret of a document, with the place where it stands.
fn references(document: &Document) -> Vec<(String, SecretReference)> {
    let mut found = Vec::new();
    for user in &document.users {
        if user.password_env.is_some() || user.password_file.is_some() {
            let place = format!("users: {}: password", user.email);
            found.push((place, either(user.password_env.as_ref(), user.password_file.as_ref())));
        }
    }
    for project in &document.projects {
        let place = format!("projects: {}.{}", project.org, project.slug);
        for server in &project.servers {
            for (name, reference) in server.env.iter().chain(&server.headers) {
                found.push((format!("{place}: servers: {}: {name}", server.name), reference.clone()));
            }
        }
        for key in &project.api_keys {
            let reference = either(key.secret_env.as_ref(), key.secret_file.as_ref());
            found.push((format!("{place}: api_keys: {}", key.name), reference));
        }
    }
    found
}

impl Services {
    /// Applies `document`, or only says what would change.
    pub async fn apply(
        &self,
        caller: &Caller,
        document: &Document,
        secrets: &Secrets,
        dry_run: bool,
    ) -> Result<Vec<Change>> {
        let mut apply = Apply { services: self, caller, secrets, dry_run, changes: Vec::new() };
        for entry in &document.organizations {
            let place = format!("organization {}", entry.slug);
            apply.organization(&entry.slug, &entry.name).await.map_err(|error| at(&place, error))?;
        }
        for entry in &document.users {
            apply.user(entry).await.map_err(|error| at(&format!("user {}", entry.email), error))?;
        }
        for entry in &document.projects {
            apply.project(entry).await?;
        }
        Ok(apply.changes)
    }
}

/// Says which entry an error belongs to, and which of its fields.
fn at(place: &str, error: Error) -> Error {
    let fields: Vec<String> = error
        .field_errors()
        .iter()
        .map(|field| format!("{}: {} {}", field.field, field.code.sentence(), field.code.next_step()))
        .collect();
    match (error.kind(), fields.is_empty()) {
        (domain::Kind::Internal, _) => error,
        (_, false) => Error::new(Code::DocumentInvalid).detail(format!("{place}: {}", fields.join(" "))),
        (_, true) => {
            Error::new(Code::DocumentInvalid).detail(format!("{place}: {error} {}", error.code().next_step()))
        }
    }
}

struct Apply<'a> {
    services: &'a Services,
    caller: &'a Caller,
    secrets: &'a Secrets,
    dry_run: bool,
    changes: Vec<Change>,
}

impl Apply<'_> {
    fn note(&mut self, verb: Verb, target: String, fields: Vec<String>) {
        self.changes.push(Change { verb, target, fields });
    }

    async fn organization(&mut self, slug: &str, name: &str) -> Result<()> {
        let input = OrganizationInput { slug: slug.to_owned(), name: name.to_owned() }.check()?;
        let organizations = self.services.organizations();
        let verb = match found(organizations.get(self.caller, slug).await)? {
            Some(existing) if existing.name == input.name => Verb::Keep,
            Some(_) => {
                if !self.dry_run {
                    organizations.update(self.caller, slug, input).await?;
                }
                Verb::Update
            }
            None => {
                if !self.dry_run {
                    organizations.create(self.caller, input).await?;
                }
                Verb::Create
            }
        };
        let fields = if verb == Verb::Update { vec!["name".to_owned()] } else { vec![] };
        self.note(verb, format!("organization {slug}"), fields);
        Ok(())
    }

    async fn user(&mut self, entry: &UserEntry) -> Result<()> {
        let reference = either(entry.password_env.as_ref(), entry.password_file.as_ref());
        let password = match reference {
            SecretReference { env: None, file: None } => None,
            reference => Some(self.secrets.get(&reference)?),
        };
        let target = format!("user {}", entry.email);
        let row = account::by_email(self.services.database(), &entry.email).await?;
        let Some(row) = row else {
            let password = password.ok_or_else(|| Error::field("password_env", Code::Required))?;
            let sign_up =
                SignUp { email: entry.email.clone(), name: entry.name.clone(), password }.check()?;
            if !self.dry_run {
                self.services.accounts().create_user(self.caller, sign_up, entry.admin).await?;
            }
            self.note(Verb::Create, target, vec![]);
            return Ok(());
        };
        let mut fields = Vec::new();
        let user: User = account::view(row.clone());
        if user.name != entry.name {
            fields.push("name".to_owned());
        }
        if user.platform_admin != entry.admin {
            fields.push("admin".to_owned());
        }
        let accounts = self.services.accounts();
        let new_password = match password {
            Some(password) if !accounts.password_matches(&row, &password).await? => Some(password),
            _ => None,
        };
        if new_password.is_some() {
            fields.push("password".to_owned());
        }
        if !self.dry_run && !fields.is_empty() {
            accounts.overwrite(self.caller, row, &entry.name, entry.admin, new_password).await?;
        }
        let verb = if fields.is_empty() { Verb::Keep } else { Verb::Update };
        self.note(verb, target, fields);
        Ok(())
    }

    async fn project(&mut self, entry: &ProjectEntry) -> Result<()> {
        let path = format!("{}.{}", entry.org, entry.slug);
        let place = format!("project {path}");
        let existing = self.project_itself(entry, &path).await.map_err(|error| at(&place, error))?;
        for member in &entry.members {
            let place = format!("member {path}/{}", member.email);
            let exists = existing.is_some();
            self.member(&path, exists, &member.email, member.role)
                .await
                .map_err(|error| at(&place, error))?;
        }
        for server in &entry.servers {
            let place = format!("server {path}/{}", server.name);
            self.server(&path, existing.is_some(), server).await.map_err(|error| at(&place, error))?;
            for (tool, rule) in &server.tools {
                let place = format!("tool {path}/{}/{tool}", server.name);
                let rule = self.tool(&path, existing.is_some(), &server.name, tool, rule).await;
                rule.map_err(|error| at(&place, error))?;
            }
        }
        for key in &entry.api_keys {
            let place = format!("key {path}/{}", key.name);
            self.key(&path, existing.is_some(), key).await.map_err(|error| at(&place, error))?;
        }
        Ok(())
    }

    /// Brings the project's own fields up to date, and gives it if it was there or is now.
    async fn project_itself(&mut self, entry: &ProjectEntry, path: &str) -> Result<Option<Project>> {
        let projects = self.services.projects();
        let name = entry.name.clone().unwrap_or_else(|| entry.slug.clone());
        let before = found(projects.get(self.caller, path).await)?;
        let settings = |retention| ProjectSettings {
            slug: entry.slug.clone(),
            name: name.clone(),
            description: entry.description.clone(),
            log_payloads: entry.log_payloads,
            log_retention_days: retention,
            access: entry.access,
        };
        let target = format!("project {path}");
        let Some(before) = before else {
            let input = NewProject {
                organization: entry.org.clone(),
                slug: entry.slug.clone(),
                name: name.clone(),
                description: entry.description.clone(),
            };
            let input = input.check()?;
            self.note(Verb::Create, target, vec![]);
            if self.dry_run {
                return Ok(None);
            }
            let made = projects.create(self.caller, input).await?;
            if entry.log_payloads || entry.access != Access::default() {
                projects.update(self.caller, path, settings(made.log_retention_days)).await?;
            }
            return Ok(Some(made));
        };
        let fields: Vec<String> = [
            ("name", before.name != name),
            ("description", before.description != entry.description.trim()),
            ("log_payloads", before.log_payloads != entry.log_payloads),
            ("access", before.access != entry.access),
        ]
        .into_iter()
        .filter(|(_, differs)| *differs)
        .map(|(field, _)| field.to_owned())
        .collect();
        if !fields.is_empty() && !self.dry_run {
            projects.update(self.caller, path, settings(before.log_retention_days)).await?;
        }
        let verb = if fields.is_empty() { Verb::Keep } else { Verb::Update };
        self.note(verb, target, fields);
        Ok(Some(before))
    }

    async fn member(&mut self, path: &str, exists: bool, email: &str, role: domain::Role) -> Result<()> {
        let projects = self.services.projects();
        let members = if exists { projects.members(self.caller, path).await? } else { vec![] };
        let email = domain::name::normal_email(email);
        let target = format!("member {path}/{email}");
        // A file names people; what they hold by a team is the team's matter.
        match members.iter().find(|member| member.team.is_none() && member.email == email) {
            Some(member) if member.role == role => self.note(Verb::Keep, target, vec![]),
            Some(member) => {
                if !self.dry_run {
                    projects.set_role(self.caller, path, member.user_id, role).await?;
                }
                self.note(Verb::Update, target, vec!["role".to_owned()]);
            }
            None => {
                if !self.dry_run {
                    projects.add_member(self.caller, path, NewMember { email, role }).await?;
                }
                self.note(Verb::Create, target, vec![]);
            }
        }
        Ok(())
    }

    async fn key(&mut self, path: &str, exists: bool, entry: &KeyEntry) -> Result<()> {
        let keys = self.services.keys();
        let secret = self.secrets.get(&either(entry.secret_env.as_ref(), entry.secret_file.as_ref()))?;
        domain::key::check_given(domain::key::SecretKind::ApiKey, secret.expose_secret())
            .map_err(|code| Error::field("secret", code))?;
        let target = format!("key {path}/{}", entry.name);
        let existing = if exists { keys.list(self.caller, path).await? } else { vec![] };
        let same_name = existing.into_iter().find(|key| key.name == entry.name);
        // A secret that is replaced changes nothing of what the key may do.
        let input = NewKey {
            servers: same_name.as_ref().and_then(|key| {
                Some(key.servers.as_ref()?.iter().map(|server| server.id.to_string()).collect())
            }),
            scope: same_name.as_ref().map(|key| key.scope).unwrap_or_default(),
            calls_per_minute: same_name.as_ref().and_then(|key| key.calls_per_minute),
            ..NewKey::named(entry.name.clone())
        };
        match same_name {
            Some(key) if keys.is(key.id, secret.expose_secret()).await? => {
                self.note(Verb::Keep, target, vec![])
            }
            Some(key) => {
                if !self.dry_run {
                    keys.revoke(self.caller, path, key.id).await?;
                    keys.create_given(self.caller, path, input, secret.expose_secret()).await?;
                }
                self.note(Verb::Update, target, vec!["secret".to_owned()]);
            }
            None => {
                if !self.dry_run {
                    keys.create_given(self.caller, path, input, secret.expose_secret()).await?;
                }
                self.note(Verb::Create, target, vec![]);
            }
        }
        Ok(())
    }
}

/// Turns "not found" into none.
fn found<T>(result: Result<T>) -> Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.code() == Code::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
