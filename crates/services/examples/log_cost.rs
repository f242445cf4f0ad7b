//! What writing the log costs: `cargo run --release -p services --example log_cost`.
//!
//! Prints µs of CPU per entry and entries per second for batches of several sizes, on a SQLite file in
//! a temporary folder.

#![expect(clippy::unwrap_used, reason = "whoever runs it sees what went wrong")]

use std::{
    fs,
    sync::atomic::{AtomicU64, Ordering},
    time::Instant,
};

use domain::{
    KeyId, ServerId,
    log::{Category, Level, NewLogEntry, Outcome},
};
use sea_orm::{ConnectionTrait, DbBackend, Statement, TransactionTrait, Value};
use services::Services;
use support::{open, project};
use uuid::Uuid;

mod support;

const ENTRIES: usize = 200_000;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let dir = tempfile::tempdir().unwrap();
    let services = open(&dir.path().join("log.db")).await;
    let project = project(&services).await;
    let now = services.clock().now();
    let entry = |i: usize| NewLogEntry {
        server: Some(ServerId::new(1, [4; 10])),
        server_name: Some("files".into()),
        key: Some(KeyId::new(1, [5; 10])),
        key_name: Some("laptop".into()),
        session: Some("a1b2c3d4".into()),
        method: Some("tools/call".into()),
        tool: Some("echo".into()),
        outcome: Some(Outcome::Ok),
        duration_ms: Some(3),
        request_id: Some(format!("{i:020x}")),
        ..NewLogEntry::new(project, now, Level::Info, Category::ToolExecution, "Answered.")
    };
    println!("entries a batch, then µs of CPU an entry and entries a second: as it is, and mapped");
    for batch in [1, 50, 200, 1_000, 2_000, 200, 1_000, 2_000] {
        let mut line = format!("{batch:>5}");
        for mapped in [false, true] {
            let batches = if batch == 1 { 5_000 } else { ENTRIES / batch };
            let entries: Vec<Vec<_>> = (0..batches).map(|_| (0..batch).map(entry).collect()).collect();
            let (cpu, start) = (cpu_micros(), Instant::now());
            for entries in entries {
                if mapped {
                    write_mapped(&services, entries).await;
                } else {
                    services.logs().append(entries).await.unwrap();
                }
            }
            let (cpu, seconds) = (cpu_micros() - cpu, start.elapsed().as_secs_f64());
            let count = (batches * batch) as f64;
            line.push_str(&format!("{:>8.2} µs {:>8.0}/s", cpu / count, count / seconds));
        }
        println!("{line}");
    }
}

/// The same through the mapping of values that other statements go through, in statements of 50
/// rows.
async fn write_mapped(services: &Services, entries: Vec<NewLogEntry>) {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    const COLUMNS: &str = "id, project_id, at, level, category, server_id, server_name, key_id, key_name, \
        session, method, tool, outcome, code, duration_ms, message, request_id, arguments, result";
    let transaction = services.database().begin().await.unwrap();
    let mut entries = entries.into_iter();
    while entries.len() > 0 {
        let row = format!("({})", ["?"; 19].join(", "));
        let rows = vec![row; entries.len().min(50)].join(", ");
        let mut values: Vec<Value> = Vec::new();
        for entry in entries.by_ref().take(50) {
            // Rising as ours do.
            let id = Uuid::from_u128(NEXT.fetch_add(1, Ordering::Relaxed).into());
            values.extend([id.into(), entry.project.0.into(), entry.at.into(), (entry.level as i32).into()]);
            values.extend([entry.category.name().into(), entry.server.map(|id| id.0).into()]);
            values.extend([entry.server_name.into(), entry.key.map(|id| id.0).into()]);
            values.extend([entry.key_name, entry.session, entry.method, entry.tool].map(Value::from));
            values.push(entry.outcome.map(|outcome| outcome.name().to_owned()).into());
            values.push(entry.code.map(|code| code.name().to_owned()).into());
            values.push(entry.duration_ms.map(|ms| i64::try_from(ms).unwrap()).into());
            values.push(entry.message.into());
            values.extend([entry.request_id, entry.arguments, entry.result].map(Value::from));
        }
        let text = format!("INSERT INTO log_entry ({COLUMNS}) VALUES {rows}");
        let statement = Statement::from_sql_and_values(DbBackend::Sqlite, text, values);
        transaction.execute_raw(statement).await.unwrap();
    }
    transaction.commit().await.unwrap();
}

/// What this process has used of all CPUs, in µs.
fn cpu_micros() -> f64 {
    let threads = fs::read_dir("/proc/self/task").unwrap();
    threads
        .map(|thread| {
            let text = fs::read_to_string(thread.unwrap().path().join("schedstat")).unwrap();
            text.split(' ').next().unwrap().parse::<f64>().unwrap() / 1_000.0
        })
        .sum()
}
