//! What is measured in a run, in which order.

use std::path::PathBuf;

use anyhow::{Result, ensure};
use clap::{Args, ValueEnum};

use crate::{
    cell::{Cell, Kind, Pace, Route, measure},
    deployment::{Deployment, Listening, Serving, Upstreams, path},
    idle,
    load::Destination,
    message::Dialect,
    nginx::{self, Nginx},
    report::{Machine, Report},
    start,
};

#[derive(Args)]
pub(crate) struct Options {
    /// About a minute instead of a quarter of an hour: fewer cells, shorter rounds.
    #[arg(long)]
    quick: bool,
    /// Write everything that was measured to this file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Only these parts.
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Part>,
    /// The program to measure.
    #[arg(long, default_value = "target/release/sluice", overrides_with = "sluice")]
    sluice: PathBuf,
    /// Another proxy to measure beside: a program that gets the upstream's address as its argument,
    /// and prints the one it listens on.
    #[arg(long, value_name = "PROGRAM")]
    beside: Option<PathBuf>,
    /// Rounds of each cell.
    #[arg(long)]
    rounds: Option<u32>,
    /// Milliseconds of a round.
    #[arg(long)]
    milliseconds: Option<u64>,
    /// Only cells with so many sessions.
    #[arg(long, value_delimiter = ',')]
    sessions: Vec<u32>,
    /// Only cells with texts of so many bytes.
    #[arg(long, value_delimiter = ',')]
    bytes: Vec<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    Legacy,
    Modern,
    Sse,
    Stdio,
    Idle,
    Start,
}

const SESSIONS: [u32; 3] = [1, 16, 64];
const BYTES: [usize; 3] = [100, 10_000, 1_000_000];

impl Options {
    fn wants(&self, part: Part) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }

    fn pace(&self) -> Pace {
        let (rounds, milliseconds) = if self.quick { (2, 300) } else { (5, 1_000) };
        Pace {
            rounds: self.rounds.unwrap_or(rounds).max(1),
            milliseconds: self.milliseconds.unwrap_or(milliseconds),
        }
    }

    fn cells(&self, kind: Kind) -> Vec<(u32, usize)> {
        let all = BYTES.into_iter().flat_map(|bytes| SESSIONS.map(|sessions| (sessions, bytes)));
        let quick = |sessions, bytes| {
            let small = bytes == 100;
            match kind {
                Kind::Legacy => small || (sessions == 16),
                _ => small && sessions == 16,
            }
        };
        all.filter(|(sessions, bytes)| {
            (self.sessions.is_empty() || self.sessions.contains(sessions))
                && (self.bytes.is_empty() || self.bytes.contains(bytes))
                && (!self.quick || quick(*sessions, *bytes))
        })
        .collect()
    }
}

/// The run as a whole. True if all replies were right.
pub(crate) async fn run(options: &Options) -> Result<bool> {
    let nginx_version = nginx::version()?;
    let upstreams = Upstreams::start().await?;
    let deployment = Deployment::make(&options.sluice, &upstreams).await?;
    let pace = options.pace();
    let mut report = Report::new(Machine::here(nginx_version, deployment.version.clone()), pace);
    println!("{}", report.machine);

    let kinds = [
        (Part::Legacy, Kind::Legacy),
        (Part::Modern, Kind::Modern),
        (Part::Sse, Kind::Sse),
        (Part::Stdio, Kind::Stdio),
    ];
    if kinds.iter().any(|(part, _)| options.wants(*part)) {
        let nginx = Nginx::start(&upstreams).await?;
        let serving = deployment.serve(&[]).await?;
        for (_, kind) in kinds.into_iter().filter(|(part, _)| options.wants(*part)) {
            let mut routes = routes(kind, &upstreams, &nginx, &serving, &deployment.key)?;
            let beside = match &options.beside {
                Some(program) if kind == Kind::Modern => {
                    Some(Listening::proxy(program, &upstreams.modern).await?)
                }
                Some(program) => Some(Listening::proxy(program, &upstreams.legacy).await?),
                None => None,
            };
            if let Some(proxy) = &beside {
                let to = Destination { address: proxy.address, ..routes[0].to.clone() };
                routes.push(Route { name: "beside", to, process: Some(proxy.pid()?) });
            }
            for (number, (sessions, bytes)) in options.cells(kind).into_iter().enumerate() {
                let cell: Cell = measure(kind, sessions, bytes, &routes, pace).await?;
                report.add(cell, number == 0);
            }
        }
        serving.stop().await?;
    }
    if options.wants(Part::Idle) {
        let counts: &[u32] = if options.quick { &[1_000] } else { &[1_000, 10_000] };
        report.idle = idle::sessions(&deployment, &upstreams, counts).await?;
        report.memory = idle::memory(&deployment, pace).await?;
        report.print_memory();
    }
    if options.wants(Part::Start) {
        let times = if options.quick { 3 } else { 9 };
        report.starts = start::measure(&options.sluice, &upstreams, times).await?;
        report.print_starts();
    }
    report.print_verdicts();
    if let Some(file) = &options.json {
        std::fs::write(file, serde_json::to_vec_pretty(&report)?)?;
    }
    ensure!(
        !report.cells.is_empty() || !report.idle.is_empty() || !report.starts.is_empty(),
        "nothing to measure"
    );
    Ok(report.is_right())
}

fn routes(
    kind: Kind,
    upstreams: &Upstreams,
    nginx: &Nginx,
    serving: &Serving,
    key: &str,
) -> Result<Vec<Route>> {
    let (dialect, end, upstream, proxy, server) = match kind {
        Kind::Legacy => (Dialect::Legacy, "mcp", upstreams.legacy.address, nginx.legacy, "legacy"),
        Kind::Modern => (Dialect::Modern, "mcp", upstreams.modern.address, nginx.modern, "modern"),
        Kind::Sse => (Dialect::Sse, "sse", upstreams.legacy.address, nginx.legacy, "legacy"),
        Kind::Stdio => (Dialect::Legacy, "mcp", upstreams.legacy.address, nginx.legacy, "stdio"),
    };
    let plain = |address| Destination { address, path: format!("/{end}"), dialect, key: None };
    let sluice = |dialect, end| Destination {
        address: serving.address,
        path: path(server, end),
        dialect,
        key: Some(key.to_owned()),
    };
    let mut routes = vec![
        Route { name: "direct", to: plain(upstream), process: None },
        Route { name: "nginx", to: plain(proxy), process: Some(nginx.pid()?) },
        Route { name: "sluice", to: sluice(dialect, end), process: Some(serving.pid()?) },
    ];
    if kind == Kind::Sse {
        // What HTTP+SSE costs more is told by the same calls over the newer transport.
        let to = sluice(Dialect::Legacy, "mcp");
        routes.push(Route { name: "sluice /mcp", to, process: Some(serving.pid()?) });
    }
    Ok(routes)
}
