//! The feeds that are open in this process: counted, and ended with it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use domain::{Code, Error, Result, UserId};
use tokio_util::{
    sync::{CancellationToken, WaitForCancellationFutureOwned},
    task::{TaskTracker, task_tracker::TaskTrackerToken},
};

/// Feeds of one person, and of all.
pub(super) const EACH: usize = 10;
pub(super) const ALL: usize = 200;
/// How long clients may take to hear that it ends.
const GOODBYE: Duration = Duration::from_secs(2);

#[derive(Clone, Default)]
pub struct Feeds {
    open: Arc<Mutex<HashMap<UserId, usize>>>,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Feeds {
    /// Ends all, and takes no more.
    pub fn end(&self) {
        self.stop.cancel();
        self.tasks.close();
    }

    /// Completes when all have said goodbye, or had the time to.
    pub async fn ended(&self) {
        let _ = tokio::time::timeout(GOODBYE, self.tasks.wait()).await;
    }

    pub(super) fn stopping(&self) -> WaitForCancellationFutureOwned {
        self.stop.clone().cancelled_owned()
    }

    /// A place for one more, if there is room.
    pub(super) fn enter(&self, user: UserId) -> Result<Place> {
        if self.stop.is_cancelled() {
            return Err(Error::new(Code::Unavailable).detail("Sluice is stopping. Come back in a moment."));
        }
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let own = open.get(&user).copied().unwrap_or_default();
        if own >= EACH || open.values().sum::<usize>() >= ALL {
            return Err(Error::new(Code::TooManyFeeds));
        }
        open.insert(user, own + 1);
        Ok(Place { feeds: self.clone(), user, _task: self.tasks.token() })
    }
}

/// Held by an open feed.
pub(super) struct Place {
    feeds: Feeds,
    user: UserId,
    _task: TaskTrackerToken,
}

impl Place {
    pub(super) fn stopping(&self) -> WaitForCancellationFutureOwned {
        self.feeds.stopping()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.feeds.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = open.get_mut(&self.user) {
            *own -= 1;
            if *own == 0 {
                open.remove(&self.user);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn nobody_holds_more_than_their_share_and_the_process_no_more_than_all() {
        let feeds = Feeds::default();
        let person = |n: u8| UserId::new(1, [n; 10]);
        let mut own: Vec<_> = (0..EACH).map(|_| feeds.enter(person(1)).expect("room")).collect();
        let full = |result: Result<Place>| result.err().map(|error| error.code());
        assert_eq!(full(feeds.enter(person(1))), Some(Code::TooManyFeeds));
        own.pop();
        own.push(feeds.enter(person(1)).expect("one has left"));
        let mut others = Vec::new();
        for n in 0..ALL - EACH {
            let other = person(2 + u8::try_from(n / EACH).expect("small"));
            others.push(feeds.enter(other).expect("room for others"));
        }
        assert_eq!(full(feeds.enter(person(255))), Some(Code::TooManyFeeds));
        feeds.end();
        drop((own, others));
        feeds.ended().await;
        assert_eq!(full(feeds.enter(person(1))), Some(Code::Unavailable));
        assert!(feeds.open.lock().expect("not poisoned").is_empty());
    }
}
