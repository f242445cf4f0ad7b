//! Writes what the data plane reports, in batches, off the path of any call.

use std::time::Duration;

use domain::{key::KeyUse, log::NewLogEntry, server::Observation};
use gateway::{Event, EventReceiver};
use services::Services;
use tokio::time::Instant;

/// Events written in one go at most. Each transaction costs as much as dozens of entries, so a long
/// queue is written in few of them; not larger, because other writers wait meanwhile.
const BATCH: usize = 2_000;
/// A queue of so many is written at once; with the wait for more, each batch would come later than
/// the queue takes to fill again.
const PLENTY: usize = BATCH / 4;
/// Longest that an event waits for others.
const LINGER: Duration = Duration::from_millis(50);
/// Shortest time between two warnings of lost events.
const WARNING: Duration = Duration::from_secs(60);

#[derive(Default)]
struct Batch {
    logs: Vec<NewLogEntry>,
    observations: Vec<Observation>,
    uses: Vec<KeyUse>,
}

impl Batch {
    fn push(&mut self, event: Event) {
        match event {
            Event::Log(entry) => self.logs.push(entry),
            Event::Observation(observation) => self.observations.push(observation),
            Event::KeyUsed(used) => self.uses.push(used),
        }
    }
}

/// Runs until the data plane is gone and everything it sent is written.
pub(crate) async fn run(services: Services, mut events: EventReceiver) {
    let mut waiting = Vec::new();
    let mut losses = Losses::default();
    loop {
        let received = events.recv_many(&mut waiting, BATCH).await;
        if received == 0 {
            losses.warn(events.dropped(), None);
            return;
        }
        if received < PLENTY {
            // A burst follows its first event closely; one transaction for all of it.
            tokio::time::sleep(LINGER).await;
            while waiting.len() < BATCH
                && let Some(event) = events.try_recv()
            {
                waiting.push(event);
            }
        }
        let mut batch = Batch::default();
        waiting.drain(..).for_each(|event| batch.push(event));
        write(&services, batch).await;
        losses.warn(events.dropped(), Some(Instant::now()));
    }
}

/// Tells of events that found the queue full, which nobody else would notice.
#[derive(Default)]
struct Losses {
    told: u64,
    quiet_until: Option<Instant>,
}

impl Losses {
    /// How many are new, if it is time to say so; at the end, without a time, it always is.
    fn due(&mut self, dropped: u64, now: Option<Instant>) -> Option<u64> {
        let new = dropped - self.told;
        if new == 0 || now.zip(self.quiet_until).is_some_and(|(now, until)| now < until) {
            return None;
        }
        self.told = dropped;
        self.quiet_until = now.map(|now| now + WARNING);
        Some(new)
    }

    fn warn(&mut self, dropped: u64, now: Option<Instant>) {
        if let Some(new) = self.due(dropped, now) {
            tracing::warn!(
                lost = new,
                lost_since_start = dropped,
                "log entries and states were lost: calls came faster than the database takes their log"
            );
        }
    }
}

async fn write(services: &Services, batch: Batch) {
    let lost = |what: &str, error: &domain::Error| {
        tracing::error!(cause = error.private_message(), "{what} could not be written");
    };
    if !batch.observations.is_empty()
        && let Err(error) = services.observe(batch.observations).await
    {
        lost("server states", &error);
    }
    if !batch.logs.is_empty()
        && let Err(error) = services.logs().append(batch.logs).await
    {
        lost("log entries", &error);
    }
    if !batch.uses.is_empty()
        && let Err(error) = services.keys().record_use(batch.uses).await
    {
        lost("key uses", &error);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn losses_are_told_once_and_at_most_once_a_minute() {
        let start = Instant::now();
        let at = |seconds| Some(start + Duration::from_secs(seconds));
        let mut losses = Losses::default();
        assert_eq!(losses.due(0, at(0)), None);
        assert_eq!(losses.due(3, at(1)), Some(3));
        assert_eq!(losses.due(5, at(60)), None, "within a minute");
        assert_eq!(losses.due(9, at(61)), Some(6), "with those that were kept back");
        assert_eq!(losses.due(9, at(200)), None, "nothing new");
        assert_eq!(losses.due(10, at(201)), Some(1));
        assert_eq!(losses.due(11, None), Some(1), "the end does not wait");
    }
}
