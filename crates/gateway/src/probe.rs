//! "Test connection": a server's first look, before or without saving it.

use std::{
    collections::HashMap,
    sync::{Arc, Weak},
    time::Duration,
};

use domain::{
    Code, ProjectId, ServerId,
    server::{ListKind, TestFailure, TestReport, TestSuccess},
    tool::Tool,
};
use tokio::time::{Instant, timeout};

use crate::{
    Target,
    catalog::read,
    directory::{ProcessRules, ServerEntry, Timeouts},
    error::Failure,
    gateway::Plane,
    lock::lock,
    upstream::{Connection, Owner},
};

pub(crate) async fn run(plane: Arc<Plane>, target: Target, limit: Duration) -> TestReport {
    let started = Instant::now();
    // It is in no directory, so its ids are never looked up.
    let server = ServerEntry {
        id: ServerId::new(0, [0; 10]),
        project: ProjectId::new(0, [0; 10]),
        name: "test".to_owned(),
        enabled: true,
        generation: 0,
        target,
        timeouts: Timeouts::idle(limit),
        known: None,
        problem: None,
        alias: String::new(),
        tools: HashMap::new(),
        process: ProcessRules::default(),
    };
    let (connection, opened) =
        Connection::open(plane.clone(), Arc::new(server), Owner::Shared, Weak::new(), limit, &plane.stopping)
            .await;
    let left = limit.saturating_sub(started.elapsed());
    let tools = match opened {
        Ok(()) => timeout(left, tools(&connection)).await.unwrap_or_else(|_| {
            Err(Failure::new(Code::UpstreamTimeout).detail("It did not list its tools."))
        }),
        Err(failure) => Err(failure),
    };
    let info = connection.info();
    connection.close(Failure::new(Code::ConnectionLost));
    // What the child wrote last is read by then.
    connection.released().await;
    let duration = started.elapsed();
    match (tools, info) {
        (Ok(tools), Some(info)) => {
            TestReport::Success(TestSuccess { info, tools, duration_ms: millis(duration) })
        }
        (Ok(_), None) => failed(Code::Internal, duration),
        (Err(failure), _) => TestReport::Failure(TestFailure {
            code: failure.code,
            detail: failure.detail,
            stderr: lock(&connection.stderr).lines(),
            duration_ms: millis(duration),
        }),
    }
}

async fn tools(connection: &Arc<Connection>) -> Result<Vec<Tool>, Failure> {
    let reading = read::list(connection, ListKind::Tools).await?;
    // Each is an object, or it would have no name.
    let tools = reading.items.iter().filter_map(|item| serde_json::from_str(item.raw.get()).ok());
    Ok(tools.map(Tool).collect())
}

pub(crate) fn failed(code: Code, duration: Duration) -> TestReport {
    TestReport::Failure(TestFailure { code, detail: None, stderr: Vec::new(), duration_ms: millis(duration) })
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
