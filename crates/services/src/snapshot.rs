//! Everything the data plane needs, in one consistent read: it never asks the database on a call.

use std::collections::{HashMap, HashSet};

use domain::{
    Code, KeyId, ProjectId, Result, ServerId, Timestamp,
    command::ApprovedCommand,
    key::KeyScope,
    project::Access,
    server::{ListKind, Sharing, TIMEOUT_SECONDS, Transport},
    tool::ToolRule,
};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, IsolationLevel, QueryFilter, QueryOrder, QuerySelect,
    TransactionTrait,
};
use secrecy::SecretString;
use uuid::Uuid;

use crate::{
    Changes, Services, command,
    database::failed,
    entity::{
        api_key, api_key_server, organization, project, server, server_list, server_state, server_variable,
        tool_rule,
    },
    log::from_name,
    server::{args, count, sharing, tool, transport, variable},
    shared::{self, Values},
};

#[derive(Debug)]
pub struct Snapshot {
    pub revision: u64,
    pub projects: Vec<SnapshotProject>,
    pub servers: Vec<SnapshotServer>,
    pub keys: Vec<SnapshotKey>,
}

#[derive(Debug)]
pub struct SnapshotProject {
    pub id: ProjectId,
    /// `org.project`.
    pub path: String,
    pub log_payloads: bool,
    /// Whether requests without a key are to be served.
    pub open: bool,
}

#[derive(Debug)]
pub struct SnapshotServer {
    pub id: ServerId,
    pub project: ProjectId,
    pub name: String,
    pub enabled: bool,
    /// Moves on with each restart and each change that needs one.
    pub generation: u64,
    pub timeout_seconds: u32,
    pub connect_seconds: Option<u32>,
    pub initialize_seconds: Option<u32>,
    pub total_seconds: Option<u32>,
    pub alias: String,
    pub sharing: Sharing,
    pub sleep_after_minutes: Option<u32>,
    pub memory_mb: Option<u32>,
    /// By the tools' own names.
    pub tool_rules: HashMap<String, ToolRule>,
    pub target: Target,
    /// Why the target cannot be used, such as a secret that does not open.
    pub problem: Option<Code>,
    /// The upstream's last `initialize` result; none where it was not asked for.
    pub initialize: Option<String>,
    /// None where they were not asked for.
    pub lists: Vec<SnapshotList>,
}

/// Servers, each with its generation.
pub type Generations = HashSet<(ServerId, u64)>;

/// One of a server's lists as it was read last.
#[derive(Debug)]
pub struct SnapshotList {
    pub kind: ListKind,
    /// The items as a JSON array.
    pub items: String,
    pub version: u64,
    pub read_at: Timestamp,
}

#[derive(Debug)]
pub struct SnapshotKey {
    pub id: KeyId,
    pub project: ProjectId,
    pub name: String,
    /// SHA-256 of the secret.
    pub hash: [u8; 32],
    pub expires_at: Option<Timestamp>,
    /// None: all servers of the project.
    pub servers: Option<Vec<ServerId>>,
    pub scope: KeyScope,
    pub calls_per_minute: Option<u32>,
}

/// How a server is reached, secrets included.
#[derive(Debug)]
pub enum Target {
    Stdio {
        command: String,
        args: Vec<String>,
        working_directory: Option<String>,
        env: Vec<(String, SecretString)>,
    },
    Remote {
        transport: Transport,
        url: String,
        headers: Vec<(String, SecretString)>,
    },
    Builtin {
        name: String,
    },
}

/// A target to test, saved or not.
#[derive(Debug)]
pub struct ServerTarget {
    pub name: String,
    pub timeout_seconds: u32,
    pub kind: Target,
}

impl Services {
    pub async fn snapshot(&self) -> Result<Snapshot> {
        self.snapshot_beside(&Generations::new()).await
    }

    /// A snapshot without what is known of the servers in `running`: they know better themselves,
    /// and their lists may be megabytes, which each change would read again.
    pub async fn snapshot_beside(&self, running: &Generations) -> Result<Snapshot> {
        // PostgreSQL reads each statement anew unless told to keep to one moment.
        let begun = self.inner.database.reader.begin_with_config(isolation(self), None).await;
        let transaction = begun.map_err(failed("beginning to read a snapshot"))?;
        let snapshot = self.read_snapshot(&transaction, running).await?;
        transaction.commit().await.map_err(failed("ending a snapshot"))?;
        Ok(snapshot)
    }

    async fn read_snapshot(
        &self,
        transaction: &DatabaseTransaction,
        running: &Generations,
    ) -> Result<Snapshot> {
        let reading = failed("reading a snapshot");
        let revision = Changes::read(transaction).await?;
        let slugs: HashMap<Uuid, String> = organization::Entity::find()
            .all(transaction)
            .await
            .map_err(&reading)?
            .into_iter()
            .map(|o| (o.id, o.slug))
            .collect();
        let projects = project::Entity::find().all(transaction).await.map_err(&reading)?;
        let servers = server::Entity::find().all(transaction).await.map_err(&reading)?;
        let keys = api_key::Entity::find().all(transaction).await.map_err(&reading)?;
        let mut chosen: HashMap<Uuid, Vec<ServerId>> = HashMap::new();
        for row in api_key_server::Entity::find().all(transaction).await.map_err(&reading)? {
            chosen.entry(row.key_id).or_default().push(ServerId(row.server_id));
        }
        let unknown: Vec<Uuid> = servers
            .iter()
            .filter(|row| !running.contains(&(ServerId(row.id), generation(row.generation))))
            .map(|row| row.id)
            .collect();
        let mut known = known(transaction, &unknown).await?;
        let commands =
            command::of(transaction, servers.iter().filter_map(|row| row.command_id).collect()).await?;
        let commands: HashMap<Uuid, ApprovedCommand> =
            commands.into_iter().map(|(id, row)| (id, command::view(row))).collect();
        let shared: HashMap<Uuid, Result<Values, Code>> = shared::of(transaction, &servers)
            .await?
            .into_iter()
            .map(|(id, row)| (id, shared::values(self, &row)))
            .collect();
        let mut variables: HashMap<Uuid, Vec<server_variable::Model>> = HashMap::new();
        let rows = server_variable::Entity::find()
            .order_by_asc(server_variable::Column::Position)
            .all(transaction)
            .await;
        for row in rows.map_err(&reading)? {
            variables.entry(row.server_id).or_default().push(row);
        }
        let mut rules: HashMap<Uuid, HashMap<String, ToolRule>> = HashMap::new();
        for row in tool_rule::Entity::find().all(transaction).await.map_err(&reading)? {
            rules.entry(row.server_id).or_default().insert(row.tool.clone(), tool::rule(row));
        }
        Ok(Snapshot {
            revision,
            projects: projects
                .into_iter()
                .filter_map(|row| {
                    let path = format!("{}.{}", slugs.get(&row.organization_id)?, row.slug);
                    Some(SnapshotProject {
                        id: ProjectId(row.id),
                        path,
                        log_payloads: row.log_payloads,
                        open: row.access == Access::Open.name(),
                    })
                })
                .collect(),
            servers: servers
                .into_iter()
                .map(|row| {
                    let variables = variables.remove(&row.id).unwrap_or_default();
                    let rules = rules.remove(&row.id).unwrap_or_default();
                    let known = known.remove(&row.id).unwrap_or_default();
                    let source = match (row.command_id, row.shared_id) {
                        (Some(id), _) => Source::Command(commands.get(&id)),
                        (None, Some(id)) => Source::Shared(shared.get(&id)),
                        (None, None) => Source::Own,
                    };
                    self.snapshot_server(row, source, &variables, known, rules)
                })
                .collect::<Result<_>>()?,
            keys: keys
                .into_iter()
                .filter_map(|row| {
                    Some(SnapshotKey {
                        id: KeyId(row.id),
                        project: ProjectId(row.project_id),
                        name: row.name,
                        hash: row.hash.try_into().ok()?,
                        expires_at: row.expires_at,
                        servers: row.chosen_servers.then(|| chosen.remove(&row.id).unwrap_or_default()),
                        scope: crate::key::scope(&row.scope),
                        calls_per_minute: row.calls_per_minute.and_then(|n| u32::try_from(n).ok()),
                    })
                })
                .collect(),
        })
    }

    fn snapshot_server(
        &self,
        row: server::Model,
        source: Source<'_>,
        variables: &[server_variable::Model],
        known: Known,
        tool_rules: HashMap<String, ToolRule>,
    ) -> Result<SnapshotServer> {
        let mut problem = None;
        let mut values = |kind: variable::Kind| -> Vec<(String, SecretString)> {
            variables
                .iter()
                .filter(|variable| variable.kind == kind.name())
                .filter_map(|row| match variable::open(self, row) {
                    Ok(secret) => Some((row.name.clone(), secret)),
                    Err(error) => {
                        // One damaged secret must not take the other servers down.
                        tracing::error!(cause = error.private_message(), "a stored secret cannot be read");
                        problem = Some(error.code());
                        None
                    }
                })
                .collect()
        };
        let (env, headers) = match source {
            Source::Shared(Some(Ok(values))) => (values.env.clone(), values.headers.clone()),
            Source::Shared(Some(Err(code))) => {
                problem = Some(*code);
                Default::default()
            }
            Source::Shared(None) => {
                problem = Some(Code::SharedWithdrawn);
                Default::default()
            }
            Source::Own | Source::Command(_) => (values(variable::Kind::Env), values(variable::Kind::Header)),
        };
        let target = match transport(&row.transport)? {
            // Nothing of it is left to start.
            _ if matches!(source, Source::Shared(_)) && problem.is_some() => {
                Target::Builtin { name: String::new() }
            }
            Transport::Stdio => match source {
                Source::Own | Source::Shared(_) => Target::Stdio {
                    args: args(&row),
                    command: row.command,
                    working_directory: row.working_directory,
                    env,
                },
                Source::Command(command) => match target_of(command, &row, env) {
                    Ok(target) => target,
                    Err(code) => {
                        problem = problem.or(Some(code));
                        Target::Stdio {
                            command: row.command,
                            args: vec![],
                            working_directory: None,
                            env: vec![],
                        }
                    }
                },
            },
            transport @ (Transport::Sse | Transport::StreamableHttp) => {
                Target::Remote { transport, url: row.url, headers }
            }
            Transport::Builtin => Target::Builtin { name: row.builtin },
        };
        Ok(SnapshotServer {
            id: ServerId(row.id),
            project: ProjectId(row.project_id),
            generation: generation(row.generation),
            name: row.name,
            enabled: row.enabled,
            timeout_seconds: count(row.timeout_seconds).unwrap_or(TIMEOUT_SECONDS),
            connect_seconds: row.connect_seconds.and_then(count),
            initialize_seconds: row.initialize_seconds.and_then(count),
            total_seconds: row.total_seconds.and_then(count),
            alias: row.alias,
            sharing: sharing(&row.sharing)?,
            sleep_after_minutes: row.sleep_after_minutes.and_then(count),
            memory_mb: row.memory_mb.and_then(count),
            tool_rules,
            target,
            problem,
            initialize: known.initialize,
            lists: known.lists,
        })
    }
}

/// What a server is made from; none where that is gone.
enum Source<'a> {
    Own,
    Command(Option<&'a ApprovedCommand>),
    Shared(Option<&'a Result<Values, Code>>),
}

/// What a server of an approved command runs. It gets those variables only that the command knows.
fn target_of(
    command: Option<&ApprovedCommand>,
    row: &server::Model,
    mut env: Vec<(String, SecretString)>,
) -> Result<Target, Code> {
    let command = command.ok_or(Code::CommandWithdrawn)?;
    env.retain(|(name, _)| command.variables.iter().any(|known| known.name == *name));
    let names: Vec<String> = env.iter().map(|(name, _)| name.clone()).collect();
    Ok(Target::Stdio {
        args: command::arguments(command, &command::values(row), &names)?,
        command: command.program.clone(),
        working_directory: command.working_directory.clone(),
        env,
    })
}

fn generation(stored: i64) -> u64 {
    u64::try_from(stored).unwrap_or_default()
}

/// What a server said last.
#[derive(Default)]
struct Known {
    initialize: Option<String>,
    lists: Vec<SnapshotList>,
}

/// Servers whose rows one statement asks for.
const ASKED: usize = 500;

async fn known(transaction: &DatabaseTransaction, servers: &[Uuid]) -> Result<HashMap<Uuid, Known>> {
    let reading = failed("reading what is known of servers");
    let mut all: HashMap<Uuid, Known> = HashMap::new();
    for servers in servers.chunks(ASKED) {
        let ids = || servers.iter().copied();
        let states: Vec<(Uuid, Option<String>)> = server_state::Entity::find()
            .select_only()
            .columns([server_state::Column::ServerId, server_state::Column::Initialize])
            .filter(server_state::Column::ServerId.is_in(ids()))
            .into_tuple()
            .all(transaction)
            .await
            .map_err(&reading)?;
        for (id, initialize) in states {
            all.entry(id).or_default().initialize = initialize;
        }
        let lists = server_list::Entity::find().filter(server_list::Column::ServerId.is_in(ids()));
        for row in lists.all(transaction).await.map_err(&reading)? {
            let (Some(kind), Some(read_at)) = (from_name(&row.kind), row.read_at) else { continue };
            let version = u64::try_from(row.version).unwrap_or_default();
            let list = SnapshotList { kind, items: row.items, version, read_at };
            all.entry(row.server_id).or_default().lists.push(list);
        }
    }
    Ok(all)
}

fn isolation(services: &Services) -> Option<IsolationLevel> {
    use sea_orm::DbBackend;
    // SQLite's transactions always see one moment.
    (services.inner.database.reader.get_database_backend() == DbBackend::Postgres)
        .then_some(IsolationLevel::RepeatableRead)
}
