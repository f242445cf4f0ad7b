//! What the data plane knows of projects, servers and keys: an immutable snapshot.
//!
//! Made by the server crate from the store and handed over whole; nothing here can be changed, and
//! no request waits for a database. What is not in it does not exist.

use std::{collections::HashMap, sync::Arc, time::Duration};

use domain::{
    Code, KeyId, ProjectId, ServerId, Timestamp,
    server::{ListKind, Transport},
};
use secrecy::{ExposeSecret, SecretString};

use crate::key::Reported;
pub use crate::key::{KeyEntry, Reach};

/// Characters that a value must have to be looked for in what a child prints.
const LEAST_SECRET: usize = 6;

/// How a server is reached.
#[derive(Clone, Debug)]
pub enum Target {
    Stdio {
        command: String,
        args: Vec<String>,
        working_directory: Option<String>,
        env: Vec<(String, SecretString)>,
    },
    /// `transport` is `Sse` or `StreamableHttp`.
    Remote {
        transport: Transport,
        url: String,
        headers: Vec<(String, SecretString)>,
    },
    Builtin {
        name: String,
    },
}

impl Target {
    #[must_use]
    pub fn transport(&self) -> Transport {
        match self {
            Target::Stdio { .. } => Transport::Stdio,
            Target::Remote { transport, .. } => *transport,
            Target::Builtin { .. } => Transport::Builtin,
        }
    }

    /// What a child printed, without the values of its own variables: many programs print their
    /// credentials when these are wrong.
    pub(crate) fn redact(&self, printed: &str) -> String {
        let Target::Stdio { env, .. } = self else { return printed.to_owned() };
        let mut text = printed.to_owned();
        for (_, value) in env {
            let value = value.expose_secret();
            // Shorter ones are words and numbers of ordinary text, and no secrets.
            if value.len() >= LEAST_SECRET && text.contains(value) {
                text = text.replace(value, "[redacted]");
            }
        }
        text
    }
}

/// What was learnt from a server earlier, for answering clients before it is up.
#[derive(Clone, Debug)]
pub struct Known {
    /// The upstream's `initialize` result as it came: a JSON object.
    pub initialize: String,
    pub lists: Vec<KnownList>,
}

/// One of a server's lists as it was read last.
#[derive(Clone, Debug)]
pub struct KnownList {
    pub kind: ListKind,
    /// The items as the server wrote them: a JSON array.
    pub items: String,
    pub version: u64,
    pub read_at: Timestamp,
}

#[derive(Clone, Debug)]
pub struct ProjectEntry {
    pub id: ProjectId,
    /// `org.project`.
    pub path: String,
    /// Whether log entries keep arguments and results.
    pub log_payloads: bool,
    /// Whether requests without a key are served, where [`crate::Options::open_access`] allows it.
    pub open: bool,
}

#[derive(Clone, Debug)]
pub struct ServerEntry {
    pub id: ServerId,
    pub project: ProjectId,
    pub name: String,
    pub enabled: bool,
    /// Rises whenever the server must be started anew.
    pub generation: u64,
    pub target: Target,
    pub timeouts: Timeouts,
    pub known: Option<Known>,
    /// Why the server cannot be used although it is enabled, such as an unreadable secret.
    pub problem: Option<Code>,
    /// What stands before its names on the project's own endpoint; empty: nothing.
    pub alias: String,
    /// What differs from the server's own list of tools, by the tool's own name.
    pub tools: HashMap<String, ToolRule>,
    pub process: ProcessRules,
}

impl ServerEntry {
    /// Whether clients see the same of it.
    pub(crate) fn offers_as(&self, other: &ServerEntry) -> bool {
        self.enabled == other.enabled && self.alias == other.alias && self.tools == other.tools
    }
}

/// How long a server may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// To take a connection; a process, to be started.
    pub connect: Duration,
    /// From there to the end of the handshake. A first start may have to fetch packages.
    pub initialize: Duration,
    /// How long a call may stay without any sign of life.
    pub idle: Duration,
    /// How long a call may take whatever its signs of life.
    pub total: Duration,
}

impl Timeouts {
    /// The defaults, for calls that may be silent for `idle`.
    #[must_use]
    pub fn idle(idle: Duration) -> Self {
        Self {
            connect: Duration::from_secs(10),
            initialize: Duration::from_secs(60).max(idle),
            idle,
            total: Duration::from_secs(600).max(idle * 10),
        }
    }
}

/// How a tool is offered, where not as its server says. The same holds for lists and for calls.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ToolRule {
    /// As if the server did not have it.
    pub hidden: bool,
    pub alias: Option<String>,
    pub description: Option<String>,
}

/// How a server's process is kept; nothing of it holds for remote servers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProcessRules {
    pub sharing: Sharing,
    /// Stopped when unused for so long, and started by the next call. None: kept.
    pub sleep_after: Option<Duration>,
    /// Bytes of resident memory of its whole tree above which it is ended. None: no limit.
    pub memory_bytes: Option<u64>,
}

/// Whose calls one process answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sharing {
    /// Everybody's: most servers keep nothing of their callers.
    #[default]
    Shared,
    /// One session's: for servers that keep a conversation's state.
    Session,
    /// One key's.
    Key,
}

#[derive(Debug, Default)]
pub struct Directory {
    revision: u64,
    projects: HashMap<ProjectId, Arc<ProjectEntry>>,
    paths: HashMap<String, ProjectId>,
    servers: HashMap<ServerId, Arc<ServerEntry>>,
    names: HashMap<ProjectId, HashMap<String, ServerId>>,
    keys: HashMap<[u8; 32], Arc<KeyEntry>>,
    keys_by_id: HashMap<KeyId, Arc<KeyEntry>>,
    /// Who asks an open project without a key.
    anonymous: HashMap<ProjectId, Arc<KeyEntry>>,
    reported: HashMap<KeyId, Reported>,
}

impl Directory {
    #[must_use]
    pub fn builder(revision: u64) -> Builder {
        Builder(Directory { revision, ..Directory::default() })
    }

    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// A project by id or by `org.project`.
    #[must_use]
    pub fn project(&self, text: &str) -> Option<&Arc<ProjectEntry>> {
        let id = match text.parse() {
            Ok(id) => id,
            Err(_) => *self.paths.get(text)?,
        };
        self.projects.get(&id)
    }

    #[must_use]
    pub fn project_by_id(&self, id: ProjectId) -> Option<&Arc<ProjectEntry>> {
        self.projects.get(&id)
    }

    /// A server by id or name, in `project` only.
    #[must_use]
    pub fn server(&self, project: ProjectId, text: &str) -> Option<&Arc<ServerEntry>> {
        let id = match text.parse() {
            Ok(id) => id,
            Err(_) => *self.names.get(&project)?.get(text)?,
        };
        self.servers.get(&id).filter(|server| server.project == project)
    }

    #[must_use]
    pub fn server_by_id(&self, id: ServerId) -> Option<&Arc<ServerEntry>> {
        self.servers.get(&id)
    }

    /// The servers of a project that are within reach.
    pub(crate) fn servers_within(
        &self,
        project: ProjectId,
        reach: &Reach,
    ) -> impl Iterator<Item = &Arc<ServerEntry>> {
        let ids = self.names.get(&project).into_iter().flat_map(HashMap::values);
        ids.filter(|id| reach.has(**id)).filter_map(|id| self.servers.get(id))
    }

    pub fn servers(&self) -> impl Iterator<Item = &Arc<ServerEntry>> {
        self.servers.values()
    }

    /// A key by the SHA-256 of its secret, whether or not it has expired.
    #[must_use]
    pub fn key(&self, hash: &[u8; 32]) -> Option<&Arc<KeyEntry>> {
        self.keys.get(hash)
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &Arc<KeyEntry>> {
        self.keys.values()
    }

    #[must_use]
    pub fn key_by_id(&self, id: KeyId) -> Option<&Arc<KeyEntry>> {
        self.keys_by_id.get(&id)
    }

    /// Who asks an open project without a key; none for all others.
    pub(crate) fn anonymous(&self, project: ProjectId) -> Option<&Arc<KeyEntry>> {
        self.anonymous.get(&project)
    }

    pub(crate) fn reported(&self, id: KeyId) -> Option<&Reported> {
        self.reported.get(&id)
    }
}

/// Collects the entries of a [`Directory`].
#[derive(Debug)]
pub struct Builder(Directory);

impl Builder {
    pub fn project(&mut self, entry: ProjectEntry) -> &mut Self {
        self.0.paths.insert(entry.path.clone(), entry.id);
        if entry.open {
            // Of the project's own id, so that sessions outlive a restart; no secret has this hash.
            let id = KeyId(entry.id.0);
            let name = "(no key)".to_owned();
            let anyone = KeyEntry {
                id,
                project: entry.id,
                name,
                hash: [0; 32],
                expires_at: None,
                reach: Reach::All,
                read_only: false,
                calls_per_minute: None,
            };
            let anyone = Arc::new(anyone);
            self.0.keys_by_id.insert(id, anyone.clone());
            self.0.anonymous.insert(entry.id, anyone);
        }
        self.0.projects.insert(entry.id, Arc::new(entry));
        self
    }

    pub fn server(&mut self, entry: ServerEntry) -> &mut Self {
        self.0.names.entry(entry.project).or_default().insert(entry.name.clone(), entry.id);
        self.0.servers.insert(entry.id, Arc::new(entry));
        self
    }

    pub fn key(&mut self, entry: KeyEntry) -> &mut Self {
        let entry = Arc::new(entry);
        self.0.reported.insert(entry.id, Reported::default());
        self.0.keys.insert(entry.hash, entry.clone());
        self.0.keys_by_id.insert(entry.id, entry);
        self
    }

    #[must_use]
    pub fn build(self) -> Directory {
        self.0
    }
}
