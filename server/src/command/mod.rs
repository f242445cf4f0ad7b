//! One file a command.

use std::{
    io::{ErrorKind, Write},
    process::ExitCode,
};

use anyhow::Result;
use serde::Serialize;

use crate::{
    cli::{Cli, Command, ConfigAction},
    config::{Config, manual},
    telemetry,
};

mod apply;
mod connect;
pub(crate) mod demo;
mod key;
mod migrate;
mod serve;
mod user;

pub(crate) async fn run(cli: Cli) -> Result<ExitCode> {
    let flags = cli.flags();
    match cli.command {
        Command::Openapi => print_json(&crate::api::document())?,
        Command::Config { action: ConfigAction::Manual } => print(&manual::settings())?,
        Command::Config { action: ConfigAction::Errors } => print(&manual::errors())?,
        Command::Config { action: ConfigAction::Check { json } } => {
            let config = Config::load(&flags)?.redacted();
            if json { print_json(&config)? } else { print(&toml::to_string(&config)?)? }
        }
        Command::Connect(connect) => connect::run(connect)?,
        Command::Toolbox => gateway::toolbox::serve_stdio().await?,
        Command::Key { action: crate::cli::KeyAction::Generate } => key::generate()?,
        command => {
            let config = Config::load(&flags)?;
            telemetry::start(&config.log)?;
            match command {
                Command::Serve(serve) => serve::run(config, serve.demo).await?,
                Command::Migrate { action } => migrate::run(&config, action).await?,
                Command::User { action } => user::run(&config, action).await?,
                Command::Key { action } => key::run(&config, action).await?,
                Command::Apply(apply) => apply::run(&config, apply).await?,
                Command::Demo(demo) => demo::run(&config, demo).await?,
                Command::Openapi
                | Command::Config { .. }
                | Command::Connect(_)
                | Command::Toolbox
                | Command::Supervise(_) => {}
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn print_json(value: &impl Serialize) -> Result<()> {
    print(&format!("{}\n", serde_json::to_string_pretty(value)?))
}

/// Prints what may be long. Whoever reads it may have seen enough, as `head` has; that is no failure.
fn print(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}
