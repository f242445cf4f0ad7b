//! How much an upstream may send that nobody asked for.
//!
//! Answers are free. Everything else (notifications, requests, text that is no message, bytes that
//! become nothing) draws on an allowance, and when that is used up the upstream is read more slowly.
//! A pipe or a socket that is not read fills up and stops its writer, so a flood costs little here.

use std::sync::{
    Mutex,
    atomic::{AtomicBool, AtomicI64, Ordering},
};
use std::time::Duration;

use tokio::time::Instant;

use super::Connection;
use crate::{journal, lock::lock};

/// Messages a second in the long run, and at once: fewer than may wait for a client.
const MESSAGES: (u32, u32) = (2_000, 200);
/// Blocks of bytes a second in the long run, and at once.
const BLOCKS: (u32, u32) = (2_000, 10_000);
const BLOCK: usize = 8 * 1024;
/// What is worth a look at the allowance.
const WORTH: i64 = 32;

#[derive(Debug)]
struct Allowance {
    per_second: f64,
    burst: f64,
    /// What came since the last look.
    owed: AtomicI64,
    left: Mutex<(f64, Instant)>,
}

impl Allowance {
    fn new((per_second, burst): (u32, u32)) -> Self {
        let (per_second, burst) = (f64::from(per_second), f64::from(burst));
        Self { per_second, burst, owed: AtomicI64::new(0), left: Mutex::new((burst, Instant::now())) }
    }

    fn pause(&self) -> Duration {
        if self.owed.load(Ordering::Relaxed).abs() < WORTH {
            return Duration::ZERO;
        }
        let owed = self.owed.swap(0, Ordering::Relaxed);
        let mut state = lock(&self.left);
        let (left, at) = *state;
        let now = Instant::now();
        let earned = (now - at).as_secs_f64() * self.per_second;
        #[expect(clippy::cast_precision_loss, reason = "an allowance need not be exact")]
        let left = ((left + earned).min(self.burst) - owed as f64).min(self.burst);
        *state = (left, now);
        Duration::from_secs_f64((-left).max(0.0) / self.per_second)
    }
}

#[derive(Debug)]
pub(crate) struct Flow {
    messages: Allowance,
    blocks: Allowance,
    /// Blocks since the last answer: they may have been the answer's.
    since_answer: AtomicI64,
    told: AtomicBool,
}

impl Default for Flow {
    fn default() -> Self {
        Self {
            messages: Allowance::new(MESSAGES),
            blocks: Allowance::new(BLOCKS),
            since_answer: AtomicI64::new(0),
            told: AtomicBool::new(false),
        }
    }
}

impl Flow {
    /// Something came that nobody waited for.
    pub(crate) fn unasked(&self) {
        self.messages.owed.fetch_add(1, Ordering::Relaxed);
    }

    /// Bytes were read, of whatever it will be.
    pub(crate) fn bytes(&self, count: usize) {
        let blocks = i64::try_from(1 + count / BLOCK).unwrap_or(i64::MAX);
        self.blocks.owed.fetch_add(blocks, Ordering::Relaxed);
        self.since_answer.fetch_add(blocks, Ordering::Relaxed);
    }

    /// An answer came that somebody waited for.
    pub(crate) fn answered(&self) {
        let paid = self.since_answer.swap(0, Ordering::Relaxed);
        self.blocks.owed.fetch_sub(paid, Ordering::Relaxed);
    }

    /// How long not to read on.
    pub(super) fn pause(&self) -> Option<Duration> {
        let pause = self.messages.pause().max(self.blocks.pause());
        (!pause.is_zero()).then_some(pause)
    }
}

impl Connection {
    /// Waits when the upstream sends too much. To be called between two messages.
    pub(super) async fn pace(&self) {
        let Some(pause) = self.flow.pause() else { return };
        if !self.flow.told.swap(true, Ordering::Relaxed) {
            journal::flood(self);
        }
        tokio::select! {
            () = self.ended() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn answers_are_free_and_floods_are_slowed() {
        let flow = Flow::default();
        for _ in 0..1_000 {
            flow.bytes(1024 * 1024);
            flow.answered();
            assert_eq!(flow.pause(), None);
        }
        for _ in 0..200 {
            flow.unasked();
        }
        assert_eq!(flow.pause(), None, "a burst passes");
        for _ in 0..2_000 {
            flow.unasked();
        }
        assert_eq!(flow.pause(), Some(Duration::from_secs(1)));
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!(flow.pause(), None);
        flow.bytes(BLOCK * 14_000);
        let pause = flow.pause().expect("bytes that become nothing count as well");
        assert!(pause >= Duration::from_millis(1_999), "{pause:?}");
    }
}
