//! How many calls a key may make in a minute.
//!
//! A bucket that holds a minute's calls and fills evenly: a burst may take all of them, and whoever
//! goes on calling gets them one by one. Each process counts for itself; a limit here protects the
//! servers from a client that runs wild, it is no bill.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use arc_swap::ArcSwap;
use domain::KeyId;
use tokio::time::Instant;

use crate::{key::KeyEntry, lock::lock};

const MINUTE: f64 = 60.0;

#[derive(Debug)]
struct Bucket {
    calls: f64,
    at: Instant,
}

impl Bucket {
    /// Takes one call, or tells after how long there will be one.
    fn take(&mut self, limit: u32, now: Instant) -> Result<(), Duration> {
        let (most, rate) = (f64::from(limit), f64::from(limit) / MINUTE);
        let since = now.saturating_duration_since(self.at).as_secs_f64();
        self.calls = (self.calls + since * rate).min(most);
        self.at = now;
        if self.calls < 1.0 {
            return Err(Duration::from_secs_f64((1.0 - self.calls) / rate));
        }
        self.calls -= 1.0;
        Ok(())
    }
}

/// The buckets of all keys that have a limit. They outlive a change of the directory: else each
/// change of anything would give every key a new minute.
#[derive(Debug, Default)]
pub(crate) struct Rates(ArcSwap<HashMap<KeyId, Arc<Mutex<Bucket>>>>);

impl Rates {
    /// Keeps the buckets of these keys and makes those that are missing.
    pub(crate) fn keep<'a>(&self, keys: impl Iterator<Item = &'a Arc<KeyEntry>>) {
        let before = self.0.load();
        let now = Instant::now();
        let limited = keys.filter_map(|key| Some((key.id, key.calls_per_minute?)));
        let kept = limited.map(|(id, limit)| {
            let fresh = || Arc::new(Mutex::new(Bucket { calls: f64::from(limit), at: now }));
            (id, before.get(&id).cloned().unwrap_or_else(fresh))
        });
        let kept = kept.collect();
        self.0.store(Arc::new(kept));
    }

    /// Takes one of the key's calls. Err: how long to wait for the next.
    pub(crate) fn take(&self, key: &KeyEntry) -> Result<(), Duration> {
        let Some(limit) = key.calls_per_minute.filter(|limit| *limit > 0) else { return Ok(()) };
        match self.0.load().get(&key.id) {
            Some(bucket) => lock(bucket).take(limit, Instant::now()),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::ProjectId;

    use super::*;
    use crate::key::Reach;

    fn key(calls_per_minute: u32) -> Arc<KeyEntry> {
        Arc::new(KeyEntry {
            id: KeyId::new(1, [1; 10]),
            project: ProjectId::new(1, [1; 10]),
            name: "k".to_owned(),
            hash: [0; 32],
            expires_at: None,
            reach: Reach::All,
            read_only: false,
            calls_per_minute: Some(calls_per_minute),
        })
    }

    #[tokio::test(start_paused = true)]
    async fn a_burst_takes_the_minute_and_time_gives_it_back() {
        let (rates, key) = (Rates::default(), key(6));
        rates.keep([&key].into_iter());
        for _ in 0..6 {
            assert_eq!(rates.take(&key), Ok(()));
        }
        assert_eq!(rates.take(&key), Err(Duration::from_secs(10)), "six a minute are one in ten seconds");
        rates.keep([&key].into_iter());
        assert!(rates.take(&key).is_err(), "a change of the directory gives nothing back");
        tokio::time::advance(Duration::from_secs(10)).await;
        assert_eq!(rates.take(&key), Ok(()));
        assert!(rates.take(&key).is_err());
        tokio::time::advance(Duration::from_secs(3_600)).await;
        let taken = (0..100).filter(|_| rates.take(&key).is_ok()).count();
        assert_eq!(taken, 6, "an hour without calls is not saved up");
    }

    #[tokio::test(start_paused = true)]
    async fn a_new_limit_counts_at_once() {
        let (rates, small, large) = (Rates::default(), key(1), key(600));
        rates.keep([&small].into_iter());
        assert!(rates.take(&small).is_ok() && rates.take(&small).is_err());
        rates.keep([&large].into_iter());
        tokio::time::advance(Duration::from_millis(100)).await;
        assert_eq!(rates.take(&large), Ok(()), "ten a second");
    }
}
