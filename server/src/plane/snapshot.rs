//! The store's snapshot as the data plane's directory.

use std::{collections::HashMap, time::Duration};

use gateway::directory::{
    Directory, KeyEntry, Known, KnownList, ProcessRules, ProjectEntry, ServerEntry, Timeouts,
};
use services::snapshot::{Snapshot, SnapshotList, SnapshotServer};

pub(crate) fn directory(snapshot: Snapshot) -> Directory {
    let mut directory = Directory::builder(snapshot.revision);
    for project in snapshot.projects {
        directory.project(ProjectEntry {
            id: project.id,
            path: project.path,
            log_payloads: project.log_payloads,
            open: false,
        });
    }
    for server in snapshot.servers {
        directory.server(entry(server));
    }
    for key in snapshot.keys {
        directory.key(KeyEntry {
            id: key.id,
            project: key.project,
            name: key.name,
            hash: key.hash,
            expires_at: key.expires_at,
        });
    }
    directory.build()
}

fn entry(server: SnapshotServer) -> ServerEntry {
    ServerEntry {
        id: server.id,
        project: server.project,
        enabled: server.enabled,
        generation: server.generation,
        timeouts: Timeouts::idle(Duration::from_secs(server.timeout_seconds.into())),
        alias: server.name.clone(),
        name: server.name,
        tools: HashMap::new(),
        process: ProcessRules::default(),
        known: server
            .initialize
            .map(|initialize| Known { initialize, lists: server.lists.into_iter().map(list).collect() }),
        problem: server.problem,
        target: target(server.target),
    }
}

fn list(list: SnapshotList) -> KnownList {
    KnownList { kind: list.kind, items: list.items, version: list.version, read_at: list.read_at }
}

/// The store's word for how a server is reached, as the data plane's.
pub(crate) fn target(target: services::snapshot::Target) -> gateway::Target {
    use services::snapshot::Target as Stored;
    match target {
        Stored::Stdio { command, args, working_directory, env } => {
            gateway::Target::Stdio { command, args, working_directory, env }
        }
        Stored::Remote { transport, url, headers } => gateway::Target::Remote { transport, url, headers },
        Stored::Builtin { name } => gateway::Target::Builtin { name },
    }
}
