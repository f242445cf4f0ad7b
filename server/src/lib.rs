//! The composition root: configuration, command line, HTTP surface, lifecycle. The only place that
//! wires the planes together; nothing depends on it.

use std::process::ExitCode;

use anyhow::{Context, Result};

pub mod cli;
pub mod config;
pub mod router;

mod api;
mod asset;
mod command;
mod console;
#[cfg(test)]
mod coverage;
mod demo;
mod edge;
mod front;
mod health;
mod lifecycle;
mod mail;
mod master_key;
mod open;
mod plane;
#[cfg(test)]
mod question;
mod telemetry;

/// Runs one command to its end.
pub fn run(cli: cli::Cli) -> Result<ExitCode> {
    // The supervisor of a child process must stay small and start at once: no runtime, no settings.
    if let cli::Command::Supervise(supervise) = &cli.command {
        return Ok(gateway::reaper::run(&supervise.command));
    }
    rustls::crypto::ring::default_provider()
        .install_default()
        .map_err(|_| anyhow::anyhow!("a TLS provider is installed already"))?;
    tokio::runtime::Runtime::new().context("the runtime does not start")?.block_on(command::run(cli))
}
