//! What a new project begins with: a template read, looked at, chosen from and carried out.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Action, Code, Error, Result, SecretInput,
    document::{ProjectEntry, ServerEntry},
    error::Checks,
    plan::{Choice, Plan, is_same_server, plan},
    project::Project,
    server::Transport,
    template::{Beginning, BeginningServer, FromTemplate, Starter},
};
use sea_orm::DatabaseTransaction;

use super::Templates;
use crate::{
    Caller,
    apply::{
        file,
        import::{input_of, within},
    },
    entity::organization,
};

const LOCAL_TOOLS: &str = include_str!("local-tools.yaml");
const TEAM_KNOWLEDGE: &str = include_str!("team-knowledge.yaml");

/// What is taken of a template, complete: what it asks for is there.
pub(crate) struct Chosen {
    pub(crate) name: String,
    pub(crate) entry: ProjectEntry,
    values: BTreeMap<String, SecretInput>,
}

impl Templates<'_> {
    /// What a template would make for the caller: one that comes with Sluice, or one of the organization.
    pub async fn get(&self, caller: &Caller, organization: &str, template: &str) -> Result<Beginning> {
        let owner = self.0.organizations().authorize(caller, organization, Action::CreateProject).await?;
        let (_, mut entry) = self.read(&owner, template).await?;
        let refused = self.admit(caller, &owner, &mut entry).await?;
        let holes = holes(&entry, &BTreeSet::new()).holes;
        let server = |(server, refused): (ServerEntry, Option<Code>)| BeginningServer {
            refused,
            target: target(&server),
            name: server.name,
            description: server.description,
            transport: server.transport,
        };
        Ok(Beginning { servers: entry.servers.into_iter().zip(refused).map(server).collect(), holes })
    }

    /// What `from` takes of its template, checked before anything is written; none for a blank project.
    pub(crate) async fn choose(
        &self,
        caller: &Caller,
        owner: &organization::Model,
        from: FromTemplate,
    ) -> Result<Option<Chosen>> {
        let Some(template) = from.template.filter(|template| !template.trim().is_empty()) else {
            return Ok(None);
        };
        let (name, mut entry) = self.read(owner, template.trim()).await?;
        let mut refused = self.admit(caller, owner, &mut entry).await?.into_iter();
        match from.servers {
            Some(wanted) => {
                let there = |name: &String| entry.servers.iter().any(|s| is_same_server(&s.name, name));
                if let Some(unknown) = wanted.iter().find(|name| !there(name)) {
                    return Err(Error::field("servers", Code::NotFound).detail(format!("`{unknown}`.")));
                }
                entry.servers.retain(|s| wanted.iter().any(|name| is_same_server(&s.name, name)));
            }
            None => entry.servers.retain(|_| refused.next().flatten().is_none()),
        }
        let mut values = from.values;
        values.retain(|_, value| !value.is_empty());
        let mut checks = Checks::default();
        for hole in holes(&entry, &values.keys().cloned().collect()).missing() {
            checks.fail(&format!("values[{}]", hole.name), Code::ValueMissing, "");
        }
        checks.finish()?;
        Ok(Some(Chosen { name, entry, values }))
    }

    /// Makes the servers and the rules of their tools, each with its own checks and audit.
    pub(crate) async fn fill(
        &self,
        transaction: &DatabaseTransaction,
        caller: &Caller,
        project: &Project,
        chosen: Chosen,
    ) -> Result<()> {
        let servers = self.0.servers();
        for server in chosen.entry.servers {
            let input = input_of(&server, &chosen.values);
            let made = servers.create_in(transaction, caller, project, input).await;
            made.map_err(|error| within(&server.name, error))?;
            for (tool, rule) in server.tools {
                let set = servers.rule_in(transaction, caller, project, &server.name, &tool, |_| rule).await;
                set.map_err(|error| within(&format!("{}/{tool}", server.name), error))?;
            }
        }
        Ok(())
    }

    /// A template's name with the project that it describes.
    async fn read(&self, owner: &organization::Model, template: &str) -> Result<(String, ProjectEntry)> {
        let (name, text) = match Starter::parse(template) {
            Some(Starter::LocalTools) => (template.to_owned(), LOCAL_TOOLS.to_owned()),
            Some(Starter::TeamKnowledge) => (template.to_owned(), TEAM_KNOWLEDGE.to_owned()),
            None => {
                let id = template.parse().map_err(|_| Error::not_found())?;
                self.saved(owner, id).await?
            }
        };
        let (entry, ..) = file::read(template, &text)?;
        Ok((name, entry))
    }
}

/// The plan of a new project, for the secrets that it asks for.
fn holes(entry: &ProjectEntry, given: &BTreeSet<String>) -> Plan {
    plan(&ProjectEntry::default(), entry, given, Choice::default())
}

fn target(server: &ServerEntry) -> String {
    match server.transport {
        _ if server.shared.is_some() => server.shared.clone().unwrap_or_default(),
        Transport::Stdio => {
            let words = std::iter::once(&server.command).chain(&server.args);
            words.map(String::as_str).collect::<Vec<_>>().join(" ")
        }
        Transport::Sse | Transport::StreamableHttp => server.url.clone(),
        Transport::Builtin => server.builtin.clone(),
    }
}
