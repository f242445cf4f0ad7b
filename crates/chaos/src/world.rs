//! What clients know of the run: where Sluice is, and whether it is being restarted.

use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::watch;

use crate::tally::Tally;

pub(crate) struct World {
    pub(crate) tally: Tally,
    pub(crate) root: String,
    pub(crate) key: String,
    /// Odd while Sluice is down or on its way there.
    epoch: watch::Sender<u64>,
    /// What ends Sluice in each restart.
    endings: std::sync::Mutex<Vec<&'static str>>,
    /// No fault is or was at work: every call must succeed.
    calm: AtomicBool,
    stop: watch::Sender<bool>,
}

impl World {
    pub(crate) fn new(root: String, key: String) -> Self {
        Self {
            tally: Tally::default(),
            root,
            key,
            epoch: watch::Sender::new(0),
            endings: std::sync::Mutex::default(),
            calm: AtomicBool::new(true),
            stop: watch::Sender::new(false),
        }
    }

    pub(crate) fn epoch(&self) -> u64 {
        *self.epoch.borrow()
    }

    /// Sluice is about to be ended.
    pub(crate) fn going_down(&self, by: &'static str) {
        self.endings.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(by);
        self.epoch.send_modify(|epoch| *epoch += 1);
    }

    pub(crate) fn is_up_again(&self) {
        self.epoch.send_modify(|epoch| *epoch += 1);
    }

    pub(crate) async fn up(&self) -> u64 {
        let mut epochs = self.epoch.subscribe();
        epochs.wait_for(|epoch| epoch % 2 == 0).await.map_or(0, |epoch| *epoch)
    }

    /// What ended Sluice between the epoch `since` and now, if anything did.
    pub(crate) fn ending(&self, since: u64) -> Option<&'static str> {
        let now = self.epoch();
        if now == since && now.is_multiple_of(2) {
            return None;
        }
        let endings = self.endings.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        endings.get(usize::try_from(since / 2).unwrap_or_default()).copied()
    }

    pub(crate) fn is_calm(&self) -> bool {
        self.calm.load(Ordering::Acquire)
    }

    pub(crate) fn set_calm(&self, calm: bool) {
        self.calm.store(calm, Ordering::Release);
    }

    pub(crate) fn set_stopping(&self, stopping: bool) {
        self.stop.send_replace(stopping);
    }

    pub(crate) fn is_stopping(&self) -> bool {
        *self.stop.borrow()
    }

    pub(crate) async fn stopping(&self) {
        let _ = self.stop.subscribe().wait_for(|stop| *stop).await;
    }
}
