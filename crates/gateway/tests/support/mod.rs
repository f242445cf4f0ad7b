//! A data plane on loopback with servers behind it.

#![allow(dead_code, unreachable_pub, reason = "each test file uses its part of this")]

pub mod client;
pub mod eras;
pub mod scripted;

use std::{collections::HashMap, path::PathBuf, sync::OnceLock, time::Duration};

use domain::{KeyId, ProjectId, ServerId, Timestamp, log::NewLogEntry, server::Transport};
use gateway::{
    Clock, Directory, Event, EventReceiver, Gateway, Limits, Options, OutboundPolicy, Target,
    directory::{KeyEntry, ProcessRules, ProjectEntry, Reach, ServerEntry, Timeouts},
};
use secrecy::SecretBox;
use sha2::{Digest, Sha256};
use tokio::{net::TcpListener, task::JoinHandle};

pub const KEY: &str = "slu_test_of_project_a";
pub const OTHER_KEY: &str = "slu_test_of_project_b";
/// Longest wait for anything that must come.
pub const SOON: Duration = Duration::from_secs(20);

/// The program of `examples/peer.rs`.
pub fn peer() -> PathBuf {
    let test = std::env::current_exe().expect("the path of this test");
    let found = test.ancestors().map(|dir| dir.join("examples/peer")).find(|path| path.is_file());
    found.expect("the tests' child processes are an example: `cargo test -p gateway` builds it, or `cargo build -p gateway --examples`")
}

pub fn stdio(arguments: &[&str]) -> Target {
    Target::Stdio {
        command: peer().display().to_string(),
        args: arguments.iter().map(ToString::to_string).collect(),
        working_directory: None,
        env: vec![("FIXTURE_TOKEN".to_owned(), "s3cret".to_owned().into())],
    }
}

pub fn remote(transport: Transport, url: &str) -> Target {
    Target::Remote {
        transport,
        url: url.to_owned(),
        headers: vec![("X-Key".to_owned(), "upstream-key".to_owned().into())],
    }
}

pub fn builtin() -> Target {
    Target::Builtin { name: "toolbox".to_owned() }
}

pub fn id<T>(make: impl Fn(u64, [u8; 10]) -> T, n: u8) -> T {
    make(1_700_000_000_000, [n; 10])
}

pub fn server(n: u8, name: &str, target: Target) -> ServerEntry {
    ServerEntry {
        id: id(ServerId::new, n),
        project: id(ProjectId::new, 1),
        name: name.to_owned(),
        enabled: true,
        generation: 1,
        target,
        timeouts: Timeouts::idle(SOON),
        known: None,
        problem: None,
        alias: name.to_owned(),
        tools: HashMap::new(),
        process: ProcessRules::default(),
    }
}

pub struct Bench {
    pub gateway: Gateway,
    pub base: String,
    pub events: EventReceiver,
    pub clock: Clock,
    pub servers: Vec<ServerEntry>,
    pub keys: Vec<KeyEntry>,
    revision: u64,
    /// In the environment of this data plane's children: tests run side by side in one process.
    mark: String,
    /// Whether the first project is open.
    pub open: bool,
    /// What stands for the first project's id in addresses.
    pub path: &'static str,
    task: JoinHandle<()>,
}

pub fn key(n: u8, project: u8, secret: &str) -> KeyEntry {
    KeyEntry {
        id: id(KeyId::new, n),
        project: id(ProjectId::new, project),
        name: format!("key-{n}"),
        hash: Sha256::digest(secret.as_bytes()).into(),
        expires_at: None,
        reach: Reach::All,
        read_only: false,
        calls_per_minute: None,
    }
}

impl Bench {
    pub async fn new(servers: Vec<ServerEntry>) -> Self {
        Self::with(servers, Limits::default(), true).await
    }

    pub async fn with(servers: Vec<ServerEntry>, limits: Limits, allow_loopback: bool) -> Self {
        static TLS: OnceLock<()> = OnceLock::new();
        TLS.get_or_init(|| {
            let _ = rustls::crypto::ring::default_provider().install_default();
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let (sink, events) = gateway::event_channel(10_000);
        let clock = Clock::fixed(Timestamp::from_timestamp(1_700_000_000, 0).expect("a time"));
        let gateway = Gateway::new(Options {
            limits,
            outbound: OutboundPolicy::new(&[] as &[&str], allow_loopback).expect("no networks"),
            stdio_enabled: true,
            clock: clock.clone(),
            events: sink,
            public_url: base.parse().expect("a URL"),
            allowed_origins: vec![],
            open_access: true,
            reaper: Some(peer()),
            // The same for all, as after a restart.
            session_key: Some(SecretBox::new(Box::new([9; 32]))),
        });
        let router = gateway.router();
        let task = tokio::spawn(async move {
            let _ = axum::serve(listener, router).await;
        });
        let keys = vec![key(1, 1, KEY), key(2, 2, OTHER_KEY)];
        let mark = format!("FIXTURE_BENCH={base}");
        let (open, path) = (false, "acme.pay");
        let mut bench =
            Self { gateway, base, events, clock, servers, keys, revision: 0, mark, open, path, task };
        bench.replace();
        bench
    }

    /// Hands the servers and keys to the data plane, as after a change.
    pub fn replace(&mut self) {
        self.revision += 1;
        let mut directory = Directory::builder(self.revision);
        for (n, path) in [(1, self.path), (2, "other.team")] {
            directory.project(ProjectEntry {
                id: id(ProjectId::new, n),
                path: path.to_owned(),
                log_payloads: n == 1,
                open: n == 1 && self.open,
            });
        }
        for server in &self.servers {
            let mut server = server.clone();
            if let Target::Stdio { env, .. } = &mut server.target {
                env.push(("FIXTURE_BENCH".to_owned(), self.base.clone().into()));
            }
            directory.server(server);
        }
        for key in &self.keys {
            directory.key(key.clone());
        }
        self.gateway.replace(directory.build());
    }

    pub fn url(&self, server: &str, endpoint: &str) -> String {
        format!("{}/projects/acme.pay/servers/{server}/{endpoint}", self.base)
    }

    /// An address of all servers of the first project as one.
    pub fn project_url(&self, endpoint: &str) -> String {
        format!("{}/projects/acme.pay/{endpoint}", self.base)
    }

    /// The next log entry for which `wanted` holds.
    pub async fn log(&mut self, wanted: impl Fn(&NewLogEntry) -> bool) -> NewLogEntry {
        self.event(|event| match event {
            Event::Log(entry) if wanted(&entry) => Some(entry),
            _ => None,
        })
        .await
    }

    pub async fn event<T>(&mut self, wanted: impl Fn(Event) -> Option<T>) -> T {
        let found = async {
            loop {
                let event = self.events.recv().await.expect("the data plane is there");
                if let Some(found) = wanted(event) {
                    return found;
                }
            }
        };
        tokio::time::timeout(SOON, found).await.expect("the event comes")
    }

    /// Stops everything; a test that leaves children behind fails here.
    pub async fn stop(self) {
        let children = processes_with(&self.mark);
        self.gateway.shutdown(Duration::from_secs(1)).await;
        for child in children {
            gone(child).await;
        }
        self.task.abort();
    }
}

/// Processes that were started with a variable in their environment, grandchildren too.
fn processes_with(variable: &str) -> Vec<u32> {
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    processes
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter(|pid: &u32| {
            let environment = std::fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
            environment.split(|byte| *byte == 0).any(|entry| entry == variable.as_bytes())
        })
        .collect()
}

pub fn is_alive(pid: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(") ").is_some_and(|(_, rest)| !rest.starts_with('Z'))
}

/// Waits until a process is gone. The kernel tells only a parent, so this one has to look.
pub async fn gone(pid: u32) {
    let ended = async {
        while is_alive(pid) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(SOON, ended).await.unwrap_or_else(|_| panic!("process {pid} is still there"));
}
