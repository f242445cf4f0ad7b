//! What goes wrong and when: a plan that a seed repeats, and its execution.

use std::{sync::Arc, time::Duration};

use anyhow::{Result, bail};
use nix::sys::signal::Signal;
use tokio::time::{Instant, sleep, sleep_until};

use crate::{
    deployment::{Deployment, GRACE_SECONDS},
    process::{self, marked},
    random::Random,
    tally::Violation,
    world::World,
};

/// A stop in good order: what calls get, what children get, and some more.
const ORDERLY: Duration = Duration::from_secs(GRACE_SECONDS + 20);
/// Until the children of a killed Sluice are gone: twice the reaper's patience, and some more.
pub(crate) const REAPED: Duration = Duration::from_secs(15);
const LOOK: Duration = Duration::from_millis(50);
const PEERS: u64 = 3;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Fault {
    KillServer,
    KillReaper,
    StallServer(Duration),
    KillPeer(usize, Duration),
    StallPeer(usize, Duration),
    Restart(Signal),
}

impl Fault {
    fn name(self) -> &'static str {
        match self {
            Fault::KillServer => "stdio server killed",
            Fault::KillReaper => "reaper killed",
            Fault::StallServer(_) => "stdio server stalled",
            Fault::KillPeer(..) => "remote server killed",
            Fault::StallPeer(..) => "remote server stalled",
            Fault::Restart(Signal::SIGKILL) => "Sluice killed",
            Fault::Restart(_) => "Sluice stopped",
        }
    }
}

/// Faults by the time since the beginning. Restarts end early, so that a last process lives long
/// enough to leak.
fn plan(seconds: u64, random: &mut Random) -> Vec<(Duration, Fault)> {
    let whole = Duration::from_secs(seconds);
    let restarts = u32::try_from((seconds / 15).max(2)).unwrap_or(2);
    let mut plan: Vec<_> = (0..restarts)
        .map(|n| {
            let signal = if n % 2 == 0 { Signal::SIGTERM } else { Signal::SIGKILL };
            let at = whole.mul_f64(0.6 * (f64::from(n) + 0.5) / f64::from(restarts));
            (at, Fault::Restart(signal))
        })
        .collect();
    let mut at = random.millis(200, 1_000);
    while at < whole {
        let index = usize::try_from(random.below(PEERS)).unwrap_or_default();
        let fault = match random.below(10) {
            0..=2 => Fault::KillServer,
            3 => Fault::KillReaper,
            4 | 5 => Fault::StallServer(random.millis(300, 8_000)),
            6 | 7 => Fault::KillPeer(index, random.millis(100, 4_000)),
            _ => Fault::StallPeer(index, random.millis(300, 8_000)),
        };
        plan.push((at, fault));
        at += random.millis(300, 1_800);
    }
    plan.sort_by_key(|(at, _)| *at);
    plan
}

/// What puts a fault right again.
enum Remedy {
    ContinueServer(u32),
    ContinuePeer(usize),
    StartPeer(usize),
}

pub(crate) struct Faults<'a> {
    deployment: &'a mut Deployment,
    world: Arc<World>,
    random: Random,
    remedies: Vec<(Instant, Remedy)>,
}

impl<'a> Faults<'a> {
    pub(crate) fn new(deployment: &'a mut Deployment, world: Arc<World>, seed: u64) -> Self {
        Self { deployment, world, random: Random::new(seed), remedies: Vec::new() }
    }

    /// Does what is planned; afterwards all is put right.
    pub(crate) async fn run(mut self, seconds: u64) -> Result<()> {
        let begun = Instant::now();
        for (at, fault) in plan(seconds, &mut self.random) {
            self.remedy_until(begun + at).await?;
            if !self.deployment.is_alive() {
                bail!("Sluice ended by itself; see {}", self.deployment.log().display());
            }
            self.world.tally.fault(fault.name());
            self.bring(fault).await?;
        }
        self.remedy_until(begun + Duration::from_secs(seconds)).await?;
        for (_, remedy) in std::mem::take(&mut self.remedies) {
            self.remedy(remedy).await?;
        }
        Ok(())
    }

    async fn remedy_until(&mut self, end: Instant) -> Result<()> {
        loop {
            self.remedies.sort_by_key(|(at, _)| *at);
            match self.remedies.first() {
                Some((at, _)) if *at < end => sleep_until(*at).await,
                _ => break,
            }
            let (_, remedy) = self.remedies.remove(0);
            self.remedy(remedy).await?;
        }
        sleep_until(end).await;
        Ok(())
    }

    async fn remedy(&mut self, remedy: Remedy) -> Result<()> {
        match remedy {
            Remedy::ContinueServer(id) => {
                // The number may be another process's by now.
                if marked(&self.deployment.mark).iter().any(|server| server.id == id) {
                    process::signal(id, Signal::SIGCONT);
                }
            }
            Remedy::ContinuePeer(index) => self.deployment.peers[index].signal(Signal::SIGCONT),
            Remedy::StartPeer(index) => {
                let peer = &mut self.deployment.peers[index];
                if !peer.is_running() {
                    peer.start(&self.deployment.programs.fixture).await?;
                }
            }
        }
        Ok(())
    }

    async fn bring(&mut self, fault: Fault) -> Result<()> {
        let now = Instant::now();
        match fault {
            Fault::KillServer | Fault::StallServer(_) | Fault::KillReaper => {
                let reaper = fault == Fault::KillReaper;
                let all = marked(&self.deployment.mark);
                let all: Vec<u32> =
                    all.into_iter().filter(|one| one.is_reaper == reaper).map(|one| one.id).collect();
                let Some(id) = self.random.pick(&all).copied() else { return Ok(()) };
                match fault {
                    Fault::StallServer(length) => {
                        process::signal(id, Signal::SIGSTOP);
                        self.remedies.push((now + length, Remedy::ContinueServer(id)));
                    }
                    _ => process::signal(id, Signal::SIGKILL),
                }
            }
            Fault::KillPeer(index, length) => {
                self.deployment.peers[index].kill().await?;
                self.remedies.push((now + length, Remedy::StartPeer(index)));
            }
            Fault::StallPeer(index, length) => {
                self.deployment.peers[index].signal(Signal::SIGSTOP);
                self.remedies.push((now + length, Remedy::ContinuePeer(index)));
            }
            Fault::Restart(signal) => {
                self.world.going_down(fault.name());
                stop(self.deployment, &self.world, signal).await?;
                self.deployment.start().await?;
                self.world.is_up_again();
            }
        }
        Ok(())
    }
}

/// Ends Sluice and looks that nothing of it is left: at once after a stop in good order, soon after
/// it was killed.
pub(crate) async fn stop(deployment: &mut Deployment, world: &Arc<World>, signal: Signal) -> Result<()> {
    let before: Vec<u32> = marked(&deployment.mark).into_iter().map(|one| one.id).collect();
    let (took, orderly) = deployment.stop(signal).await?;
    if !orderly || took > ORDERLY {
        world.tally.violation(Violation::Stuck, format!("{signal}: {:.1} s, {orderly}", took.as_secs_f32()));
    }
    if signal != Signal::SIGKILL {
        let left = marked(&deployment.mark).len();
        if left > 0 {
            world.tally.violation(Violation::Leaked, format!("{left} processes after {signal}"));
        }
        return Ok(());
    }
    let (mark, world) = (deployment.mark.clone(), world.clone());
    tokio::spawn(async move {
        let deadline = Instant::now() + REAPED;
        let left = || marked(&mark).into_iter().filter(|one| before.contains(&one.id)).count();
        while left() > 0 {
            if Instant::now() > deadline {
                let text = format!("{} processes {} s after {signal}", left(), REAPED.as_secs());
                return world.tally.violation(Violation::Leaked, text);
            }
            sleep(LOOK).await;
        }
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_is_repeated_by_its_seed_and_restarts_sluice_both_ways_early() {
        let made = plan(20, &mut Random::new(3));
        assert_eq!(made, plan(20, &mut Random::new(3)));
        for signal in [Signal::SIGTERM, Signal::SIGKILL] {
            let at = made.iter().find(|(_, fault)| *fault == Fault::Restart(signal)).map(|(at, _)| *at);
            assert!(at.is_some_and(|at| at < Duration::from_secs(12)), "{signal}");
        }
        assert!(made.len() > 10);
    }
}
