//! The store's snapshot as the data plane's directory.

use std::time::Duration;

use domain::key::KeyScope;
use gateway::directory::{
    Directory, KeyEntry, Known, KnownList, ProcessRules, ProjectEntry, Reach, ServerEntry, Sharing, Timeouts,
    ToolRule,
};
use services::snapshot::{Snapshot, SnapshotList, SnapshotServer};

pub(crate) fn directory(snapshot: Snapshot) -> Directory {
    let mut directory = Directory::builder(snapshot.revision);
    for project in snapshot.projects {
        directory.project(ProjectEntry {
            id: project.id,
            path: project.path,
            log_payloads: project.log_payloads,
            open: project.open,
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
            reach: key.servers.map_or(Reach::All, Reach::only),
            read_only: key.scope == KeyScope::Read,
            calls_per_minute: key.calls_per_minute,
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
        timeouts: timeouts(&server),
        process: process(&server),
        alias: server.alias,
        name: server.name,
        tools: server.tool_rules.into_iter().map(|(tool, rule)| (tool, tool_rule(rule))).collect(),
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

fn timeouts(server: &SnapshotServer) -> Timeouts {
    let seconds = |seconds: u32| Duration::from_secs(seconds.into());
    let usual = Timeouts::idle(seconds(server.timeout_seconds));
    Timeouts {
        connect: server.connect_seconds.map_or(usual.connect, seconds),
        initialize: server.initialize_seconds.map_or(usual.initialize, seconds),
        idle: usual.idle,
        total: server.total_seconds.map_or(usual.total, seconds),
    }
}

fn process(server: &SnapshotServer) -> ProcessRules {
    ProcessRules {
        sharing: match server.sharing {
            domain::server::Sharing::Shared => Sharing::Shared,
            domain::server::Sharing::Session => Sharing::Session,
            domain::server::Sharing::Key => Sharing::Key,
        },
        sleep_after: server.sleep_after_minutes.map(|minutes| Duration::from_secs(60 * u64::from(minutes))),
        memory_bytes: server.memory_mb.map(|mb| u64::from(mb) << 20),
    }
}

fn tool_rule(rule: domain::tool::ToolRule) -> ToolRule {
    ToolRule { hidden: rule.hidden, alias: rule.alias, description: rule.description }
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

/// The data plane's numbers, as administrators are told them.
pub(crate) fn vitals(vitals: gateway::Vitals) -> domain::platform::PlaneStatus {
    let number = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    domain::platform::PlaneStatus {
        revision: vitals.revision,
        replaced_at: vitals.replaced_at,
        sessions: number(vitals.sessions),
        connections: number(vitals.connections),
        processes: number(vitals.processes),
        events_waiting: number(vitals.events_waiting),
        events_room: number(vitals.events_room),
        events_dropped: vitals.events_dropped,
        checks: vitals.checks.map(run),
        catalogs: vitals.readings.map(run),
    }
}

/// A round of the data plane, as a job that ran.
pub(crate) fn run(round: gateway::Round) -> domain::platform::JobRun {
    domain::platform::JobRun {
        started_at: round.started_at,
        duration_ms: u64::try_from(round.duration.as_millis()).unwrap_or(u64::MAX),
        items: round.servers as u64,
        failed: round.failed as u64,
        code: None,
        by: None,
    }
}

#[cfg(test)]
mod tests {
    use domain::{ProjectId, ServerId};

    use super::*;

    #[test]
    fn what_is_set_reaches_the_data_plane() {
        let (project, id) = (ProjectId::new(1, [1; 10]), ServerId::new(1, [2; 10]));
        let rule = domain::tool::ToolRule { hidden: true, alias: Some("a".into()), description: None };
        let server = SnapshotServer {
            id,
            project,
            name: "Search".into(),
            enabled: true,
            generation: 3,
            timeout_seconds: 30,
            connect_seconds: Some(5),
            initialize_seconds: None,
            total_seconds: Some(90),
            alias: "find".into(),
            sharing: domain::server::Sharing::Key,
            sleep_after_minutes: Some(2),
            memory_mb: Some(512),
            tool_rules: [("echo".to_owned(), rule)].into(),
            target: services::snapshot::Target::Builtin { name: "toolbox".into() },
            problem: None,
            initialize: None,
            lists: vec![],
        };
        let directory =
            directory(Snapshot { revision: 1, projects: vec![], servers: vec![server], keys: vec![] });
        let entry = directory.server_by_id(id).expect("the server");
        let seconds = Duration::from_secs;
        let usual = Timeouts::idle(seconds(30));
        let timeouts = Timeouts { connect: seconds(5), total: seconds(90), ..usual };
        assert_eq!(entry.timeouts, timeouts, "what is not set is as usual");
        let process = ProcessRules {
            sharing: Sharing::Key,
            sleep_after: Some(seconds(120)),
            memory_bytes: Some(536_870_912),
        };
        assert_eq!((entry.alias.as_str(), &entry.process), ("find", &process));
        assert!(entry.tools["echo"].hidden && entry.tools["echo"].alias.as_deref() == Some("a"));
    }
}
