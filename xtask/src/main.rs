//! `cargo xtask`: builds the console and the server with nothing but cargo.

use std::{
    path::PathBuf,
    process::{Command, ExitCode},
};

use anyhow::{Result, bail};
use clap::{Parser, Subcommand};

mod program;
mod site;
mod style;

#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build the console's WASM, script and style, then the server.
    Build {
        /// Small and fast instead of quick to build.
        #[arg(long)]
        release: bool,
        /// Only the console's files, without the server.
        #[arg(long)]
        site: bool,
    },
    /// Build, then serve with a demo. Further arguments go to `sluice serve`.
    Run {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Build what is released, and measure it beside nginx. Arguments go to the benchmark.
    Bench {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Build, then have clients of all kinds call while everything breaks around them. Arguments such
    /// as `--seconds 120 --clients 64 --seed 7` go to the program.
    Chaos {
        /// Build and run what is released.
        #[arg(long)]
        release: bool,
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
}

fn main() -> ExitCode {
    let done = match Cli::parse().task {
        Task::Build { release, site } => build(release, site),
        Task::Run { args } => run(&args),
        Task::Bench { args } => bench(&args),
        Task::Chaos { release, args } => chaos(release, &args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn build(release: bool, only_site: bool) -> Result<()> {
    site::build(release)?;
    if only_site {
        return Ok(());
    }
    let mut server = cargo();
    server.args(["build", "--locked", "--package", "server"]);
    if release {
        server.arg("--release");
    }
    step("server", || finish(&mut server))
}

fn run(args: &[String]) -> Result<()> {
    build(false, false)?;
    let program = target().join("debug/sluice");
    let mut serve = Command::new(program);
    serve.args(["serve", "--demo"]).args(args);
    // In place of this process, so that signals reach the server itself.
    let error = std::os::unix::process::CommandExt::exec(&mut serve);
    bail!("sluice does not start: {error}")
}

fn bench(args: &[String]) -> Result<()> {
    // One after the other: together they would share features, and the server measured would be another.
    for package in ["server", "bench"] {
        let mut build = cargo();
        build.args(["build", "--locked", "--release", "--package", package]);
        step(package, || finish(&mut build))?;
    }
    let release = target().join("release");
    let mut bench = Command::new(release.join("bench"));
    bench.arg("--sluice").arg(release.join("sluice")).args(args);
    let error = std::os::unix::process::CommandExt::exec(&mut bench);
    bail!("the benchmark does not start: {error}")
}

fn chaos(release: bool, args: &[String]) -> Result<()> {
    let profile: &[&str] = if release { &["--release"] } else { &[] };
    for package in ["server", "fixture", "chaos"] {
        let mut build = cargo();
        build.args(["build", "--locked", "--package", package]).args(profile);
        step(package, || finish(&mut build))?;
    }
    let built = target().join(if release { "release" } else { "debug" });
    let mut chaos = Command::new(built.join("chaos"));
    chaos.arg("--sluice").arg(built.join("sluice")).arg("--fixture").arg(built.join("fixture")).args(args);
    let error = std::os::unix::process::CommandExt::exec(&mut chaos);
    bail!("the program does not start: {error}")
}

/// The workspace's folder.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).parent().map(PathBuf::from).unwrap_or_default()
}

/// Where cargo puts what it builds.
pub(crate) fn target() -> PathBuf {
    #[expect(clippy::disallowed_methods, reason = "cargo's own variable")]
    let set = std::env::var("CARGO_TARGET_DIR").ok().map(PathBuf::from);
    set.unwrap_or_else(|| root().join("target"))
}

pub(crate) fn cargo() -> Command {
    #[expect(clippy::disallowed_methods, reason = "cargo says which cargo it is")]
    let program = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let mut command = Command::new(program);
    command.current_dir(root());
    command
}

pub(crate) fn finish(command: &mut Command) -> Result<()> {
    let status = command.status()?;
    if status.success() { Ok(()) } else { bail!("{:?} failed", command.get_program()) }
}

/// Runs one step and says how long it took.
pub(crate) fn step<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    eprintln!("── {name}");
    let started = std::time::Instant::now();
    let done = work()?;
    eprintln!("   {name}: {:.1} s", started.elapsed().as_secs_f32());
    Ok(done)
}
