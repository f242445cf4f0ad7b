//! Writes what the data plane reports, in batches, off the path of any call.

use std::time::Duration;

use domain::{KeyId, Timestamp, log::NewLogEntry, server::Observation};
use gateway::{Event, EventReceiver};
use services::Services;

/// Events written in one go.
const BATCH: usize = 200;
/// Longest that an event waits for others.
const LINGER: Duration = Duration::from_millis(50);

#[derive(Default)]
struct Batch {
    logs: Vec<NewLogEntry>,
    observations: Vec<Observation>,
    uses: Vec<(KeyId, Timestamp)>,
}

impl Batch {
    fn push(&mut self, event: Event) {
        match event {
            Event::Log(entry) => self.logs.push(entry),
            Event::Observation(observation) => self.observations.push(observation),
            Event::KeyUsed(key, at) => self.uses.push((key, at)),
        }
    }
}

/// Runs until the data plane is gone and everything it sent is written.
pub(crate) async fn run(services: Services, mut events: EventReceiver) {
    let mut waiting = Vec::with_capacity(BATCH);
    loop {
        if events.recv_many(&mut waiting, BATCH).await == 0 {
            return;
        }
        if waiting.len() < BATCH {
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
