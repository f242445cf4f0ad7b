//! The clients: as many sessions as asked for, each with one call after the other, in a process of their own.

use std::time::Duration;

use anyhow::Result;
use clap::Args;
use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncBufReadExt, BufReader, stdin},
    task::JoinSet,
    time::{Instant, timeout},
};

use self::session::Session;
use crate::message::Verdict;

pub(crate) mod event;
pub(crate) mod hold;
pub(crate) mod session;

pub(crate) use session::Destination;

/// A call that takes longer is lost.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    to: Destination,
    #[arg(long)]
    sessions: u32,
    /// Length of the text that is echoed.
    #[arg(long)]
    bytes: usize,
}

/// The first line that the process prints.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Opened {
    Ready,
    Refused(String),
}

/// What a round came to.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Tally {
    pub(crate) seconds: f64,
    /// Calls with the right answer.
    pub(crate) calls: u64,
    pub(crate) wrong: u64,
    pub(crate) failed: u64,
    /// What went wrong first.
    pub(crate) trouble: Option<String>,
    /// µs; none when there are too few calls to tell.
    pub(crate) p50: Option<f64>,
    pub(crate) p99: Option<f64>,
    pub(crate) p999: Option<f64>,
}

/// Opens the sessions, then runs a round of so many milliseconds for each line that it reads.
pub(crate) async fn run(options: Options) -> Result<()> {
    let mut sessions = match timeout(PATIENCE * 3, open(&options)).await {
        Ok(Ok(sessions)) => sessions,
        Ok(Err(error)) => return say(&Opened::Refused(format!("{error:#}"))),
        Err(_) => return say(&Opened::Refused("no answer".to_owned())),
    };
    say(&Opened::Ready)?;
    let mut lines = BufReader::new(stdin()).lines();
    while let Some(line) = lines.next_line().await? {
        let length = Duration::from_millis(line.trim().parse()?);
        say(&round(&mut sessions, length).await?)?;
    }
    Ok(())
}

pub(crate) fn say(what: &impl Serialize) -> Result<()> {
    println!("{}", serde_json::to_string(what)?);
    Ok(())
}

/// Each session proves itself with a call.
async fn open(options: &Options) -> Result<Vec<Session>> {
    let mut sessions = Vec::new();
    for number in 0..options.sessions {
        let mut session = Session::open(&options.to, number, options.bytes).await?;
        match session.call().await {
            Verdict::Right => sessions.push(session),
            Verdict::Wrong(why) | Verdict::Failed(why) => anyhow::bail!(why),
        }
    }
    Ok(sessions)
}

#[derive(Default)]
struct Share {
    nanoseconds: Vec<u64>,
    wrong: u64,
    failed: u64,
    trouble: Option<String>,
}

async fn round(sessions: &mut Vec<Session>, length: Duration) -> Result<Tally> {
    let begin = Instant::now();
    let end = begin + length;
    let mut tasks = JoinSet::new();
    for session in sessions.drain(..) {
        tasks.spawn(share(session, end));
    }
    let mut all = Share::default();
    while let Some(done) = tasks.join_next().await {
        let (session, mut share) = done?;
        sessions.push(session);
        all.nanoseconds.append(&mut share.nanoseconds);
        all.wrong += share.wrong;
        all.failed += share.failed;
        all.trouble = all.trouble.or(share.trouble);
    }
    let seconds = begin.elapsed().as_secs_f64();
    let mut times = all.nanoseconds;
    times.sort_unstable();
    Ok(Tally {
        seconds,
        calls: times.len() as u64,
        wrong: all.wrong,
        failed: all.failed,
        trouble: all.trouble,
        p50: percentile(&times, 0.5),
        p99: percentile(&times, 0.99),
        p999: percentile(&times, 0.999),
    })
}

async fn share(mut session: Session, end: Instant) -> (Session, Share) {
    let mut share = Share::default();
    let mut now = Instant::now();
    while now < end {
        let verdict = timeout(PATIENCE, session.call()).await;
        let then = Instant::now();
        let trouble = match verdict {
            Ok(Verdict::Right) => {
                share.nanoseconds.push((then - now).as_nanos() as u64);
                None
            }
            Ok(Verdict::Wrong(why)) => {
                share.wrong += 1;
                Some(why)
            }
            Ok(Verdict::Failed(why)) => {
                share.failed += 1;
                Some(why)
            }
            Err(_) => {
                share.failed += 1;
                Some(format!("no answer within {PATIENCE:?}"))
            }
        };
        if trouble.is_some() {
            share.trouble = share.trouble.or(trouble);
            // A peer that refuses at once is not to be measured by how fast it does so.
            tokio::time::sleep(Duration::from_millis(5)).await;
            now = Instant::now();
        } else {
            now = then;
        }
    }
    (session, share)
}

/// Of sorted nanoseconds, in µs. At least five calls must lie beyond it.
fn percentile(sorted: &[u64], part: f64) -> Option<f64> {
    let beyond = sorted.len() as f64 * (1.0 - part);
    let at = (sorted.len() as f64 * part) as usize;
    if beyond < 4.99 { None } else { sorted.get(at).map(|nanoseconds| *nanoseconds as f64 / 1_000.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_needs_calls_beyond_it() {
        let times: Vec<u64> = (0..1_000).map(|n| n * 1_000).collect();
        assert_eq!(percentile(&times, 0.5), Some(500.0));
        assert_eq!(percentile(&times, 0.99), Some(990.0));
        assert_eq!(percentile(&times, 0.999), None);
        assert_eq!(percentile(&[], 0.5), None);
    }
}
