//! What a change costs the data plane: `cargo run --release -p services --example snapshot_cost`.
//!
//! Prints how long it takes to read a snapshot of 100 servers with 100 tools each, with what is known
//! of them, as at the start, and without, as at each change.

#![expect(clippy::unwrap_used, reason = "whoever runs it sees what went wrong")]

use std::time::Instant;

use domain::server::{ListKind, ListState, Observation, ObservedList, ServerInput, Status};
use serde_json::json;
use services::{Caller, Services, snapshot::Generations};
use support::{open, project};

mod support;

const SERVERS: usize = 100;
const TOOLS: usize = 100;
const ROUNDS: u32 = 20;

#[tokio::main]
async fn main() {
    let dir = tempfile::tempdir().unwrap();
    let services = open(&dir.path().join("snapshot.db")).await;
    fill(&services).await;
    let all = services.snapshot().await.unwrap();
    let running: Generations = all.servers.iter().map(|server| (server.id, server.generation)).collect();
    let bytes: usize = all.servers.iter().flat_map(|server| &server.lists).map(|list| list.items.len()).sum();
    println!("{} servers, {} KB of lists", all.servers.len(), bytes / 1_000);
    for (what, running) in [("with what is known", Generations::new()), ("without", running)] {
        let start = Instant::now();
        for _ in 0..ROUNDS {
            services.snapshot_beside(&running).await.unwrap();
        }
        println!("{what}: {:.2} ms", start.elapsed().as_secs_f64() * 1_000.0 / f64::from(ROUNDS));
    }
}

async fn fill(services: &Services) {
    let system = Caller::system();
    project(services).await;
    let tool = |n| {
        json!({
            "name": format!("tool_{n}"),
            "description": "Does one of the many things that a server of this kind does. ".repeat(4),
            "inputSchema": { "type": "object", "properties": { "query": { "type": "string" } } },
        })
    };
    let items = serde_json::Value::from((0..TOOLS).map(tool).collect::<Vec<_>>()).to_string();
    for n in 0..SERVERS {
        let input: ServerInput = serde_json::from_value(json!({
            "name": format!("server-{n}"),
            "transport": "streamable_http",
            "url": "https://mcp.example.org/mcp",
            "headers": [{ "name": "X-Key", "value": "a secret" }],
        }))
        .unwrap();
        let server = services.servers().create(&system, "acme.payments", input).await.unwrap();
        let now = services.clock().now();
        let state = ListState {
            kind: ListKind::Tools,
            count: u32::try_from(TOOLS).unwrap(),
            version: 1,
            hash: "00".to_owned(),
            read_at: Some(now),
            code: None,
            detail: None,
        };
        let seen = Observation {
            server: server.id,
            generation: 1,
            status: Status::Ready,
            code: None,
            detail: None,
            info: None,
            initialize: Some("{}".to_owned()),
            lists: vec![ObservedList { state, items: Some(items.clone()) }],
            stderr: None,
            at: now,
        };
        services.observe(vec![seen]).await.unwrap();
    }
}
