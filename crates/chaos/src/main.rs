//! `cargo xtask chaos`: many clients of all kinds call through a real Sluice while its servers are
//! killed and stalled and it is restarted itself. Every request must end with its own answer, with
//! an error that has a name, or, only where Sluice was restarted, with a broken connection; and at
//! the end nothing may be left behind.

use std::{path::PathBuf, process::ExitCode, sync::Arc, time::Duration};

use anyhow::{Context, Result};
use clap::Parser;
use nix::sys::signal::Signal;
use tokio::{
    task::JoinSet,
    time::{Instant, sleep},
};

use client::Client;
use deployment::{Deployment, Programs};
use fault::Faults;
use process::{Holdings, holdings, marked};
use tally::Violation;
use world::World;

mod client;
mod deployment;
mod fault;
mod peer;
mod process;
mod random;
mod tally;
mod world;

/// How long the clients call before the first fault, to measure what Sluice holds when all is well.
const WARM: Duration = Duration::from_secs(3);
/// Until what belongs to ended sessions is gone: idle connections to servers stay for a minute.
const SETTLED: Duration = Duration::from_secs(75);
const LOOK: Duration = Duration::from_millis(100);
/// Files above the base: connections to the database and to servers come and go.
const FILES: usize = 32;
/// KiB of memory above one and a half of the base, which allocators keep.
const MEMORY: u64 = 32 * 1024;
/// Processes of stdio servers, each with its reaper: two that all share, one of the modern clients' key.
const PROCESSES: usize = 6;
/// For how long an idle Sluice is watched, and the clock ticks (of 10 ms) that it may work meanwhile.
const IDLE: Duration = Duration::from_secs(2);
const TICKS: u64 = 40;

#[derive(Parser)]
struct Args {
    /// For how long things go wrong.
    #[arg(long, default_value_t = 120)]
    seconds: u64,
    #[arg(long, default_value_t = 64)]
    clients: usize,
    /// Repeats the plan of the faults and what each client asks.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The built `sluice`.
    #[arg(long, env = "SLUICE_BIN")]
    sluice: PathBuf,
    /// The built test peer.
    #[arg(long, env = "FIXTURE_BIN")]
    fixture: PathBuf,
}

#[tokio::main]
async fn main() -> ExitCode {
    // The HTTP client asks for one, although nothing here is encrypted. Err: there is one already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    match run(Args::parse()).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("chaos: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(args: Args) -> Result<bool> {
    let folder = tempfile::Builder::new().prefix("sluice-chaos").tempdir()?;
    let programs = Programs {
        sluice: args.sluice.canonicalize().with_context(|| args.sluice.display().to_string())?,
        fixture: args.fixture.canonicalize().with_context(|| args.fixture.display().to_string())?,
    };
    // Unlike any other run on this machine.
    let mark = format!("{}-{}", std::process::id(), folder.path().display());
    let mut deployment = Deployment::new(programs, folder.path(), mark).await?;
    let world = Arc::new(World::new(deployment.root(), deployment.key.clone()));
    let done = drive(&args, &mut deployment, &world).await;
    println!("seed {}, {} clients, {} s", args.seed, args.clients, args.seconds);
    println!("{}", world.tally);
    let clean = world.tally.is_clean() && done.is_ok();
    if !clean {
        println!("Sluice's log: {}", folder.keep().join("output").display());
    }
    done.map(|()| clean)
}

async fn drive(args: &Args, deployment: &mut Deployment, world: &Arc<World>) -> Result<()> {
    let tally = &world.tally;
    let clients = start(args, world, 0)?;
    sleep(WARM).await;
    finish(clients, world, "first good answers within").await?;
    if !tally.is_clean() {
        // What fails without any fault tells nothing about faults.
        return Ok(());
    }
    let base = settle(deployment, None).await?;
    say(world, "at the base", deployment, base);

    world.set_calm(false);
    let clients = start(args, world, 1)?;
    Faults::new(deployment, world.clone(), args.seed).run(args.seconds).await?;
    finish(clients, world, "all well again within").await?;
    let after = settle(deployment, Some(base)).await?;
    say(world, "at the end", deployment, after);
    let children = marked(&deployment.mark).len();
    for (name, has, may) in [
        ("files", after.files as u64, (base.files + FILES) as u64),
        ("KiB of memory", after.memory, base.memory * 3 / 2 + MEMORY),
        ("threads", after.threads, base.threads + 8),
        ("processes below it", children as u64, PROCESSES as u64),
    ] {
        if has > may {
            tally.violation(Violation::Leaked, format!("{has} {name}, {may} are enough"));
        }
    }
    sleep(IDLE).await;
    let worked = holdings(deployment.process()?)?.ticks - after.ticks;
    if worked > TICKS {
        tally.violation(Violation::Leaked, format!("{worked} ticks of work without a client"));
    }

    fault::stop(deployment, world, Signal::SIGTERM).await?;
    deployment.start().await?;
    // Until it has children again, to be killed with them.
    let deadline = Instant::now() + SETTLED;
    while marked(&deployment.mark).len() < 4 && Instant::now() < deadline {
        sleep(LOOK).await;
    }
    fault::stop(deployment, world, Signal::SIGKILL).await?;
    let killed = Instant::now();
    while !marked(&deployment.mark).is_empty() && killed.elapsed() < fault::REAPED {
        sleep(LOOK).await;
    }
    let left = marked(&deployment.mark).len();
    if left > 0 {
        tally.violation(Violation::Leaked, format!("{left} processes after the last SIGKILL"));
    }
    Ok(())
}

fn start(args: &Args, world: &Arc<World>, round: u64) -> Result<JoinSet<Duration>> {
    world.set_stopping(false);
    let mut clients = JoinSet::new();
    for number in 0..args.clients {
        let seed = args.seed.wrapping_mul(1_000_003).wrapping_add(round << 32);
        clients.spawn(Client::new(number, seed, world.clone())?.live());
    }
    Ok(clients)
}

/// Lets the clients see that all is well, and end.
async fn finish(clients: JoinSet<Duration>, world: &World, name: &str) -> Result<()> {
    world.set_stopping(true);
    let healed = clients.join_all().await;
    let longest = healed.into_iter().max().context("no client")?;
    world.tally.note(name, format!("{:.1} s", longest.as_secs_f32()));
    Ok(())
}

/// Waits until Sluice holds no more than it may, or for long enough.
async fn settle(deployment: &Deployment, base: Option<Holdings>) -> Result<Holdings> {
    let deadline = Instant::now() + SETTLED;
    let process = deployment.process()?;
    loop {
        let now = holdings(process)?;
        let is_small = base.is_none_or(|base| now.files <= base.files + FILES)
            && marked(&deployment.mark).len() <= PROCESSES;
        if is_small || Instant::now() > deadline {
            return Ok(now);
        }
        sleep(LOOK).await;
    }
}

fn say(world: &World, when: &str, deployment: &Deployment, holdings: Holdings) {
    let Holdings { files, memory, threads, .. } = holdings;
    let processes = marked(&deployment.mark).len();
    let memory = memory / 1024;
    world.tally.note(
        when,
        format!("{files} files, {memory} MiB, {threads} threads, {processes} processes below it"),
    );
}
