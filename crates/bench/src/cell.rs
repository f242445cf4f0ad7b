//! One cell of the table: some sessions with calls of one size, over each way in turn.

use std::{path::Path, time::Duration};

use anyhow::{Result, ensure};
use serde::Serialize;

use crate::{
    deployment::{Worker, ourselves},
    load::{Destination, Opened, Tally},
    process,
};

/// What a cell is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    Legacy,
    Modern,
    /// HTTP+SSE clients.
    Sse,
    /// Streamable HTTP clients in front of a stdio upstream.
    Stdio,
}

impl Kind {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Legacy => "legacy",
            Self::Modern => "modern",
            Self::Sse => "sse",
            Self::Stdio => "stdio",
        }
    }
}

/// A way that calls take to the upstream.
#[derive(Clone, Debug)]
pub(crate) struct Route {
    pub(crate) name: &'static str,
    pub(crate) to: Destination,
    /// The proxy on the way.
    pub(crate) process: Option<u32>,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Round {
    #[serde(flatten)]
    pub(crate) tally: Tally,
    /// µs of the proxy's processes, with what they did after the round because of it.
    pub(crate) cpu: Option<u64>,
}

impl Round {
    pub(crate) fn rate(&self) -> f64 {
        self.tally.calls as f64 / self.tally.seconds
    }

    pub(crate) fn cpu_per_call(&self) -> Option<f64> {
        (self.tally.calls > 0).then_some(self.cpu? as f64 / self.tally.calls as f64)
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct Measured {
    pub(crate) route: &'static str,
    /// Why there are no rounds.
    pub(crate) refused: Option<String>,
    pub(crate) rounds: Vec<Round>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Cell {
    pub(crate) kind: Kind,
    pub(crate) sessions: u32,
    pub(crate) bytes: usize,
    pub(crate) routes: Vec<Measured>,
    /// Share of the machine that processes other than ours had.
    pub(crate) others: f64,
}

/// How long to measure.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Pace {
    pub(crate) rounds: u32,
    pub(crate) milliseconds: u64,
}

/// Measures a cell. All sessions of all routes are open the whole time; one route works at a time.
pub(crate) async fn measure(
    kind: Kind,
    sessions: u32,
    bytes: usize,
    routes: &[Route],
    pace: Pace,
) -> Result<Cell> {
    let except = std::env::current_exe()?;
    let begin = (process::machine()?, process::cpu(std::process::id(), None)?, std::time::Instant::now());
    let mut loads = Vec::new();
    for route in routes {
        let (load, refused) = open(route, sessions, bytes).await?;
        loads.push((route, load, Measured { route: route.name, refused, rounds: Vec::new() }));
    }
    // One round more, to get warm, that does not count.
    for number in 0..=pace.rounds {
        for (route, load, measured) in &mut loads {
            if measured.refused.is_none() {
                let length = if number == 0 { pace.milliseconds / 3 } else { pace.milliseconds };
                let round = round(route, load, length, &except).await?;
                if number > 0 {
                    measured.rounds.push(round);
                }
            }
        }
    }
    let busy = process::machine()?.saturating_sub(begin.0);
    let ours = process::cpu(std::process::id(), None)?.saturating_sub(begin.1);
    let processors = std::thread::available_parallelism()?.get() as f64;
    let others = busy.saturating_sub(ours) as f64 / (begin.2.elapsed().as_micros() as f64 * processors);
    Ok(Cell { kind, sessions, bytes, routes: loads.into_iter().map(|(_, _, m)| m).collect(), others })
}

async fn open(route: &Route, sessions: u32, bytes: usize) -> Result<(Worker, Option<String>)> {
    let mut command = ourselves()?;
    command.arg("load");
    aim(&mut command, &route.to)?;
    command.args(["--sessions", &sessions.to_string(), "--bytes", &bytes.to_string()]);
    let mut load = Worker::start(command)?;
    let refused = match load.answer().await? {
        Opened::Ready => None,
        Opened::Refused(why) => Some(why),
    };
    Ok((load, refused))
}

/// Tells a load process where its calls go.
pub(crate) fn aim(command: &mut tokio::process::Command, to: &Destination) -> Result<()> {
    let dialect = serde_json::to_value(to.dialect)?;
    command
        .args(["--address", &to.address.to_string(), "--path", &to.path])
        .args(["--dialect", dialect.as_str().unwrap_or_default()]);
    match &to.key {
        Some(key) => command.env("BENCH_KEY", key),
        None => command.env_remove("BENCH_KEY"),
    };
    Ok(())
}

async fn round(route: &Route, load: &mut Worker, milliseconds: u64, except: &Path) -> Result<Round> {
    let before = route.process.map(|pid| process::cpu(pid, Some(except))).transpose()?;
    load.ask(milliseconds).await?;
    let tally: Tally = load.answer().await?;
    let after = match route.process {
        Some(pid) => Some(process::rested(pid, Some(except)).await?),
        None => {
            tokio::time::sleep(Duration::from_millis(50)).await;
            None
        }
    };
    ensure!(before <= after, "{} was started again in between", route.name);
    let cpu = before.zip(after).map(|(before, after)| after - before);
    Ok(Round { tally, cpu })
}
