//! Measures what Sluice costs beside nothing and beside nginx: `docs/performance.md`.

use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::{Parser, Subcommand};
use tokio::signal::unix::{SignalKind, signal};

mod cell;
mod deployment;
mod idle;
mod load;
mod message;
mod nginx;
mod plan;
mod process;
mod report;
mod start;
mod upstream;
mod verdict;

/// Measures Sluice, nginx and the direct way in turn, and prints ratios.
///
/// Exit codes: 0 all replies were right; 1 some were wrong or missing, or it failed.
#[derive(Parser)]
#[command(name = "bench", args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    role: Option<Role>,
    #[command(flatten)]
    options: plan::Options,
}

/// The other processes of a run.
#[derive(Subcommand)]
enum Role {
    /// The MCP server behind everything.
    Upstream(upstream::Options),
    /// Sessions that call.
    Load(load::Options),
    /// Sessions that do nothing.
    Hold(load::hold::Options),
}

// One thread for each process: with few processors, every wake-up that is not ours is the proxy's.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match work(Cli::parse()).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn work(cli: Cli) -> Result<bool> {
    match cli.role {
        Some(Role::Upstream(options)) => upstream::run(options).await?,
        Some(Role::Load(options)) => load::run(options).await?,
        Some(Role::Hold(options)) => load::hold::run(options).await?,
        // What was started ends with the future.
        None => tokio::select! {
            done = plan::run(&cli.options) => return done,
            () = interrupted() => bail!("interrupted"),
        },
    }
    Ok(true)
}

async fn interrupted() {
    let Ok(mut terminate) = signal(SignalKind::terminate()) else { return std::future::pending().await };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}
