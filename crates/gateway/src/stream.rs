//! A bounded queue of messages to one reader: a POST's answer, or a session's stream.
//!
//! Writers never wait. Whoever reads too slowly loses the stream, not the server its speed: with one
//! task per upstream connection, waiting for one client would hold up all others.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use http::StatusCode;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// One message for a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    /// A JSON-RPC message on one line.
    pub(crate) json: String,
    /// Whether it answers a request of this stream, and the HTTP status for where it stands alone.
    pub(crate) answer: Option<StatusCode>,
}

impl Item {
    /// What comes before an answer, or belongs to none.
    pub(crate) fn notice(json: String) -> Self {
        Self { json, answer: None }
    }

    pub(crate) fn answer(json: String) -> Self {
        Self { json, answer: Some(StatusCode::OK) }
    }
}

/// Nobody reads any more, or too slowly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Gone;

#[derive(Clone, Debug)]
pub(crate) struct Outbox {
    sender: mpsc::Sender<Item>,
    waiting: Arc<AtomicUsize>,
    limit: usize,
    /// Places that only answers may take.
    reserved: usize,
    overflowed: CancellationToken,
}

#[derive(Debug)]
pub(crate) struct Inbox {
    receiver: mpsc::Receiver<Item>,
    waiting: Arc<AtomicUsize>,
    overflowed: CancellationToken,
}

/// A queue of at most `messages` items and `bytes` bytes; one item may always wait.
pub(crate) fn stream(messages: usize, bytes: usize) -> (Outbox, Inbox) {
    queue(messages, bytes, 0)
}

/// A queue for the answer of a POST with `answers` requests: they always fit. What would come before
/// them is not taken while the queue is full.
pub(crate) fn reply(messages: usize, bytes: usize, answers: usize) -> (Outbox, Inbox) {
    queue(messages, bytes, answers)
}

fn queue(messages: usize, bytes: usize, reserved: usize) -> (Outbox, Inbox) {
    let (sender, receiver) = mpsc::channel(messages.max(1) + reserved);
    let waiting = Arc::new(AtomicUsize::new(0));
    let overflowed = CancellationToken::new();
    (
        Outbox { sender, waiting: waiting.clone(), limit: bytes, reserved, overflowed: overflowed.clone() },
        Inbox { receiver, waiting, overflowed },
    )
}

impl Outbox {
    /// Queues a message. When it does not fit, a stream of a session ends; that of a POST goes on
    /// without it.
    pub(crate) fn push(&self, item: Item) -> Result<(), Gone> {
        if self.overflowed.is_cancelled() {
            return Err(Gone);
        }
        let size = item.json.len();
        if self.reserved > 0 {
            let is_full =
                self.sender.capacity() <= self.reserved || self.waiting.load(Ordering::Acquire) > self.limit;
            if is_full && item.answer.is_none() {
                return Err(Gone);
            }
            self.waiting.fetch_add(size, Ordering::AcqRel);
            return self.sender.try_send(item).map_err(|_| Gone);
        }
        let before = self.waiting.fetch_add(size, Ordering::AcqRel);
        if before > 0 && before + size > self.limit {
            self.overflowed.cancel();
            return Err(Gone);
        }
        match self.sender.try_send(item) {
            Ok(()) => Ok(()),
            Err(error) => {
                self.waiting.fetch_sub(size, Ordering::AcqRel);
                if matches!(error, mpsc::error::TrySendError::Full(_)) {
                    self.overflowed.cancel();
                }
                Err(Gone)
            }
        }
    }

    pub(crate) fn is_open(&self) -> bool {
        !self.sender.is_closed() && !self.overflowed.is_cancelled()
    }

    /// Whether both lead to the same reader.
    pub(crate) fn is_same(&self, other: &Outbox) -> bool {
        self.sender.same_channel(&other.sender)
    }
}

impl Inbox {
    /// The next message; none when the stream is over. Can be dropped while it waits.
    pub(crate) async fn next(&mut self) -> Option<Item> {
        let item = tokio::select! {
            biased;
            () = self.overflowed.cancelled() => None,
            item = self.receiver.recv() => item,
        }?;
        self.waiting.fetch_sub(item.json.len(), Ordering::AcqRel);
        Some(item)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(json: &str) -> Item {
        Item::notice(json.to_owned())
    }

    #[tokio::test]
    async fn messages_come_in_order_and_then_the_end() {
        let (outbox, mut inbox) = stream(4, 100);
        outbox.push(item("1")).expect("room");
        outbox.push(item("2")).expect("room");
        drop(outbox);
        assert_eq!(inbox.next().await, Some(item("1")));
        assert_eq!(inbox.next().await, Some(item("2")));
        assert_eq!(inbox.next().await, None);
    }

    #[tokio::test]
    async fn a_slow_reader_loses_the_stream() {
        for (messages, bytes) in [(1, 100), (10, 3)] {
            let (outbox, mut inbox) = stream(messages, bytes);
            outbox.push(item("one")).expect("the first always fits");
            assert_eq!(outbox.push(item("two")), Err(Gone), "{messages} {bytes}");
            assert!(!outbox.is_open());
            assert_eq!(inbox.next().await, None);
        }
    }

    #[tokio::test]
    async fn an_answer_fits_whatever_came_before_it() {
        for (messages, bytes) in [(2, 100), (10, 6)] {
            let (outbox, mut inbox) = reply(messages, bytes, 1);
            let taken = (0..20).filter(|_| outbox.push(item("note")).is_ok()).count();
            assert_eq!(taken, 2, "{messages} {bytes}");
            assert!(outbox.is_open(), "a full queue is no reason to lose the answer");
            outbox.push(Item::answer("answer".to_owned())).expect("its own place");
            drop(outbox);
            let mut all = Vec::new();
            while let Some(item) = inbox.next().await {
                all.push(item.json);
            }
            assert_eq!(all, ["note", "note", "answer"]);
        }
    }

    #[tokio::test]
    async fn one_item_over_the_limit_fits_an_empty_stream() {
        let (outbox, mut inbox) = stream(2, 3);
        for _ in 0..3 {
            outbox.push(item("large")).expect("nothing waits");
            assert_eq!(inbox.next().await, Some(item("large")));
        }
    }
}
