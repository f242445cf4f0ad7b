//! What sessions cost that do nothing, and what Sluice itself takes.

use anyhow::{Context, Result};
use serde::Serialize;
use tokio::time::Duration;

use crate::{
    cell::{Kind, Pace, Route, aim, measure},
    deployment::{Deployment, Serving, Upstreams, Worker, ourselves, path},
    load::{Destination, Opened},
    message::Dialect,
    nginx::Nginx,
    process,
};

#[derive(Debug, Serialize)]
pub(crate) struct Idle {
    pub(crate) route: &'static str,
    /// Whether each has its stream open; otherwise none has a connection.
    pub(crate) streams: bool,
    pub(crate) sessions: u32,
    pub(crate) bytes_each: Option<f64>,
    pub(crate) trouble: Option<String>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Memory {
    pub(crate) role: &'static str,
    pub(crate) at_rest: u64,
    pub(crate) after_small: u64,
    pub(crate) after_large: u64,
}

/// Each kind of session in a fresh process, for memory that was used once stays.
pub(crate) async fn sessions(
    deployment: &Deployment,
    upstreams: &Upstreams,
    counts: &[u32],
) -> Result<Vec<Idle>> {
    let mut all = Vec::new();
    for streams in [false, true] {
        let serving = deployment.serve(&[]).await?;
        let to = Destination {
            address: serving.address,
            path: path("legacy", "mcp"),
            dialect: Dialect::Legacy,
            key: Some(deployment.key.clone()),
        };
        weigh("sluice", serving.pid()?, to, streams, counts, &mut all).await?;
        serving.stop().await?;
    }
    let nginx = Nginx::start(upstreams).await?;
    let to = Destination { address: nginx.legacy, path: "/mcp".into(), dialect: Dialect::Legacy, key: None };
    // Two descriptors each, and a common limit is 20,000.
    let counts: Vec<u32> = counts.iter().map(|count| *count.min(&9_500)).collect();
    weigh("nginx", nginx.pid()?, to, true, &counts, &mut all).await?;
    Ok(all)
}

async fn weigh(
    route: &'static str,
    pid: u32,
    to: Destination,
    streams: bool,
    counts: &[u32],
    all: &mut Vec<Idle>,
) -> Result<()> {
    let mut command = ourselves()?;
    command.arg("hold");
    aim(&mut command, &to)?;
    if streams {
        command.arg("--streams");
    }
    let mut hold = Worker::start(command)?;
    // The first ones pay for what all share.
    let first = 50;
    let mut trouble = opened(&mut hold, first).await?;
    let empty = settled(pid).await?;
    for count in counts {
        if trouble.is_none() {
            trouble = opened(&mut hold, *count).await?;
        }
        let more = settled(pid).await?.saturating_sub(empty) as f64;
        let bytes_each = trouble.is_none().then(|| more / f64::from(count - first));
        all.push(Idle { route, streams, sessions: *count, bytes_each, trouble: trouble.clone() });
    }
    Ok(())
}

async fn opened(hold: &mut Worker, count: u32) -> Result<Option<String>> {
    hold.ask(count.into()).await?;
    Ok(match hold.answer().await? {
        Opened::Ready => None,
        Opened::Refused(why) => Some(why),
    })
}

async fn settled(pid: u32) -> Result<u64> {
    let except = std::env::current_exe()?;
    process::rested(pid, Some(&except)).await?;
    process::resident(pid, Some(&except))
}

/// Resident memory of both planes in one process, and of the data plane alone.
pub(crate) async fn memory(deployment: &Deployment, pace: Pace) -> Result<Vec<Memory>> {
    let mut all = Vec::new();
    for role in ["all", "gateway"] {
        let serving = deployment.serve(&["--role", role]).await?;
        // What a start leaves to be done, such as connecting to the upstreams.
        tokio::time::sleep(Duration::from_secs(1)).await;
        let at_rest = settled(serving.pid()?).await?;
        let pid = serving.pid()?;
        let mut after = [0; 2];
        for (after, loads) in after.iter_mut().zip([&[(64, 100), (64, 10_000)][..], &[(16, 1_000_000)]]) {
            load(deployment, &serving, loads, pace).await.with_context(|| format!("--role {role}"))?;
            *after = settled(pid).await?;
        }
        let [after_small, after_large] = after;
        all.push(Memory { role, at_rest, after_small, after_large });
        serving.stop().await?;
    }
    Ok(all)
}

/// Calls of so many sessions with so many bytes, one kind after the other.
async fn load(deployment: &Deployment, serving: &Serving, loads: &[(u32, usize)], pace: Pace) -> Result<()> {
    let to = Destination {
        address: serving.address,
        path: path("legacy", "mcp"),
        dialect: Dialect::Legacy,
        key: Some(deployment.key.clone()),
    };
    let route = Route { name: "sluice", to, process: Some(serving.pid()?) };
    for (sessions, bytes) in loads {
        let cell = measure(Kind::Legacy, *sessions, *bytes, std::slice::from_ref(&route), pace).await?;
        if let Some(why) = cell.routes.into_iter().find_map(|measured| measured.refused) {
            anyhow::bail!(why);
        }
    }
    Ok(())
}
