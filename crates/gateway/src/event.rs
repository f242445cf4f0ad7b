//! What the data plane reports: log entries, observations of servers, uses of keys.
//!
//! The queue is bounded and never waited for: a call is worth more than its log entry. What does
//! not fit is counted.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use arc_swap::ArcSwapOption;
use domain::{key::KeyUse, log::NewLogEntry, server::Observation};
use tokio::sync::mpsc;

#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    Log(NewLogEntry),
    Observation(Observation),
    KeyUsed(KeyUse),
}

/// Makes the queue; `capacity` events may wait.
#[must_use]
pub fn event_channel(capacity: usize) -> (EventSink, EventReceiver) {
    let (sender, receiver) = mpsc::channel(capacity);
    let dropped = Arc::new(AtomicU64::new(0));
    let sender = Arc::new(ArcSwapOption::from_pointee(sender));
    (EventSink { sender, dropped: dropped.clone() }, EventReceiver { receiver, dropped })
}

#[derive(Clone, Debug)]
pub struct EventSink {
    sender: Arc<ArcSwapOption<mpsc::Sender<Event>>>,
    dropped: Arc<AtomicU64>,
}

impl EventSink {
    /// Queues an event, or counts it as dropped when the queue is full.
    pub fn send(&self, event: Event) {
        let sent = self.sender.load().as_ref().is_some_and(|sender| sender.try_send(event).is_ok());
        if !sent {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How many events wait, of how many that may.
    pub(crate) fn filled(&self) -> (usize, usize) {
        self.sender.load().as_ref().map_or((0, 0), |sender| {
            let room = sender.max_capacity();
            (room - sender.capacity(), room)
        })
    }

    pub(crate) fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }

    /// Ends the queue: the receiver gets what waits, then learns that nothing more comes, however
    /// many clones of the sink there are.
    pub(crate) fn close(&self) {
        self.sender.store(None);
    }
}

#[derive(Debug)]
pub struct EventReceiver {
    receiver: mpsc::Receiver<Event>,
    dropped: Arc<AtomicU64>,
}

impl EventReceiver {
    /// The next event; none when the data plane is gone.
    pub async fn recv(&mut self) -> Option<Event> {
        self.receiver.recv().await
    }

    /// Waits for at least one event and appends up to `limit`; 0 when the data plane is gone.
    pub async fn recv_many(&mut self, buffer: &mut Vec<Event>, limit: usize) -> usize {
        self.receiver.recv_many(buffer, limit).await
    }

    pub fn try_recv(&mut self) -> Option<Event> {
        self.receiver.try_recv().ok()
    }

    /// Events lost so far because the queue was full.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_full_queue_counts_and_closing_ends() {
        let (sink, mut events) = event_channel(1);
        let key = domain::KeyId::new(1, [0; 10]);
        let event = Event::KeyUsed(KeyUse::new(key, domain::Timestamp::UNIX_EPOCH));
        sink.send(event.clone());
        sink.send(event.clone());
        assert_eq!((events.dropped(), sink.filled()), (1, (1, 1)));
        sink.close();
        assert_eq!(events.recv().await, Some(event));
        assert_eq!(events.recv().await, None, "the clone in hand does not keep the queue open");
    }
}
