//! Tries to reach a server: when the last one was, and whether one is under way.

use std::time::Duration;

use tokio::{
    sync::watch,
    time::{Instant, timeout_at},
};

/// Callers bring a try at a remote server forward when the last one is over for so long.
pub(super) const REMOTE_FLOOR: Duration = Duration::from_millis(1_500);
/// The same for a command that keeps ending: each start may cost much.
pub(super) const PROCESS_FLOOR: Duration = Duration::from_secs(15);
/// How long callers wait for a try, from its beginning: a server that is there answers sooner.
const PATIENCE: Duration = Duration::from_secs(1);

#[derive(Clone, Copy, Debug)]
enum Last {
    UnderWay { since: Instant },
    Over { since: Instant },
}

/// The tries of one server.
#[derive(Debug)]
pub(super) struct Attempts(watch::Sender<Last>);

impl Default for Attempts {
    fn default() -> Self {
        Self(watch::Sender::new(Last::Over { since: Instant::now() }))
    }
}

impl Attempts {
    pub(super) fn begin(&self) {
        self.0.send_replace(Last::UnderWay { since: Instant::now() });
    }

    pub(super) fn end(&self) {
        self.0.send_replace(Last::Over { since: Instant::now() });
    }

    /// Since when a try is under way, of which `start` may be the begin; none when the last one was
    /// less than `floor` ago. One of many callers starts it.
    pub(super) fn ask(&self, floor: Duration, start: impl FnOnce()) -> Option<Instant> {
        let mut since = None;
        let started = self.0.send_if_modified(|last| {
            let is_due = matches!(last, Last::Over { since } if since.elapsed() >= floor);
            if is_due {
                *last = Last::UnderWay { since: Instant::now() };
            }
            if let Last::UnderWay { since: begun } = last {
                since = Some(*begun);
            }
            is_due
        });
        if started {
            start();
        }
        since
    }

    /// Waits until the try is over that has been under way `since` then, but not for long.
    pub(super) async fn over(&self, since: Instant) {
        let mut attempts = self.0.subscribe();
        let over = attempts.wait_for(|last| matches!(last, Last::Over { .. }));
        // Too late is as good as not at all.
        let _ = timeout_at(since + PATIENCE, over).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn many_callers_bring_about_one_try_and_none_soon_after_it() {
        let attempts = Attempts::default();
        let floor = REMOTE_FLOOR;
        assert_eq!(attempts.ask(floor, || panic!("too soon")), None);
        tokio::time::advance(floor).await;
        let mut started = 0;
        let since = attempts.ask(floor, || started += 1);
        assert!(since.is_some());
        assert_eq!(attempts.ask(floor, || started += 1), since, "all wait for the same one");
        assert_eq!(started, 1);
        attempts.end();
        assert_eq!(attempts.ask(floor, || panic!("too soon")), None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_try_that_takes_long_is_waited_for_once() {
        let attempts = Attempts::default();
        attempts.begin();
        let before = Instant::now();
        let since = attempts.ask(REMOTE_FLOOR, || ()).expect("one is under way");
        attempts.over(since).await;
        assert_eq!(before.elapsed(), PATIENCE);
        attempts.over(since).await;
        assert_eq!(before.elapsed(), PATIENCE, "whoever comes later does not wait");
    }
}
