//! A bounded queue of messages to one reader: a POST's answer, or a session's stream.
//!
//! Writers never wait. Whoever reads too slowly loses the stream, not the server its speed: with one
//! task per upstream connection, waiting for one client would hold up all others.

use std::{
    collections::VecDeque,
    fmt,
    future::{Future, poll_fn},
    pin::Pin,
    sync::{Arc, Mutex, Weak},
    task::{Context, Poll, Waker},
};

use http::StatusCode;

use crate::{lock::lock, work::Work};

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

pub(crate) struct Outbox(Arc<Queue>);

/// Which stream it is.
#[derive(Clone)]
pub(crate) struct StreamName(Weak<Queue>);

pub(crate) struct Inbox {
    queue: Arc<Queue>,
    /// What fills the queue, as far as nobody else does it.
    works: Vec<Work>,
}

struct Queue {
    /// Most items and bytes that may wait.
    messages: usize,
    bytes: usize,
    /// Whether it is a POST's, which must not be lost to what comes before its answers.
    is_reply: bool,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    items: VecDeque<Item>,
    waiting: usize,
    /// Outboxes that there are.
    writers: usize,
    /// Nobody reads any more.
    is_left: bool,
    overflowed: bool,
    reader: Option<Waker>,
    works: Vec<Work>,
}

/// A queue of at most `messages` items and `bytes` bytes; one item may always wait.
pub(crate) fn stream(messages: usize, bytes: usize) -> (Outbox, Inbox) {
    queue(messages, bytes, false)
}

/// A queue for the answers of a POST: they always fit. What would come before them is not taken
/// while the queue is full.
pub(crate) fn reply(messages: usize, bytes: usize) -> (Outbox, Inbox) {
    queue(messages, bytes, true)
}

fn queue(messages: usize, bytes: usize, is_reply: bool) -> (Outbox, Inbox) {
    let state = Mutex::new(State { writers: 1, ..State::default() });
    let queue = Arc::new(Queue { messages: messages.max(1), bytes, is_reply, state });
    (Outbox(queue.clone()), Inbox { queue, works: Vec::new() })
}

impl Outbox {
    /// Queues a message. When it does not fit, a stream of a session ends; that of a POST goes on
    /// without it.
    pub(crate) fn push(&self, item: Item) -> Result<(), Gone> {
        let Queue { messages, bytes, is_reply, state } = &*self.0;
        let mut state = lock(state);
        if state.is_left || state.overflowed {
            return Err(Gone);
        }
        let is_full = if *is_reply {
            item.answer.is_none() && (state.items.len() >= *messages || state.waiting > *bytes)
        } else {
            state.items.len() >= *messages || (state.waiting > 0 && state.waiting + item.json.len() > *bytes)
        };
        if !is_full {
            state.waiting += item.json.len();
            state.items.push_back(item);
        } else if !is_reply {
            state.overflowed = true;
        } else {
            return Err(Gone);
        }
        wake(state);
        if is_full { Err(Gone) } else { Ok(()) }
    }

    /// Leaves it to the reader to do what brings an answer.
    pub(crate) fn carry(&self, work: Work) {
        let mut state = lock(&self.0.state);
        if state.is_left {
            drop(state);
            return work.detach();
        }
        state.works.push(work);
        wake(state);
    }

    pub(crate) fn is_open(&self) -> bool {
        let state = lock(&self.0.state);
        !state.is_left && !state.overflowed
    }

    /// Names the stream without keeping it open.
    pub(crate) fn name(&self) -> StreamName {
        StreamName(Arc::downgrade(&self.0))
    }

    pub(crate) fn is(&self, name: &StreamName) -> bool {
        std::ptr::eq(Arc::as_ptr(&self.0), name.0.as_ptr())
    }
}

/// Outside the lock, which the reader takes at once.
fn wake(mut state: std::sync::MutexGuard<'_, State>) {
    let reader = state.reader.take();
    drop(state);
    if let Some(reader) = reader {
        reader.wake();
    }
}

impl Clone for Outbox {
    fn clone(&self) -> Self {
        lock(&self.0.state).writers += 1;
        Self(self.0.clone())
    }
}

impl Drop for Outbox {
    fn drop(&mut self) {
        let mut state = lock(&self.0.state);
        state.writers -= 1;
        if state.writers == 0 {
            wake(state);
        }
    }
}

impl fmt::Debug for Outbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outbox").field("is_open", &self.is_open()).finish_non_exhaustive()
    }
}

impl Inbox {
    /// Takes no further messages; those that wait still come.
    pub(crate) fn close(&self) {
        lock(&self.queue.state).is_left = true;
    }

    /// The next message; none when the stream is over. Can be dropped while it waits.
    pub(crate) async fn next(&mut self) -> Option<Item> {
        poll_fn(|cx| self.poll_next(cx)).await
    }

    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Item>> {
        loop {
            self.works.retain_mut(|work| Pin::new(work).poll(cx).is_pending());
            let mut state = lock(&self.queue.state);
            if !state.works.is_empty() {
                self.works.append(&mut state.works);
                continue;
            }
            if state.overflowed {
                return Poll::Ready(None);
            }
            if let Some(item) = state.items.pop_front() {
                state.waiting -= item.json.len();
                return Poll::Ready(Some(item));
            }
            if state.writers == 0 || state.is_left {
                return Poll::Ready(None);
            }
            match &mut state.reader {
                Some(reader) => reader.clone_from(cx.waker()),
                reader => *reader = Some(cx.waker().clone()),
            }
            return Poll::Pending;
        }
    }
}

impl Drop for Inbox {
    fn drop(&mut self) {
        let mut state = lock(&self.queue.state);
        state.is_left = true;
        // Outside the lock: what is let go of may hold outboxes.
        let left = (std::mem::take(&mut state.items), std::mem::take(&mut state.works));
        drop(state);
        drop(left);
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
    async fn what_waits_when_a_stream_is_closed_still_comes() {
        let (outbox, mut inbox) = stream(4, 100);
        outbox.push(item("1")).expect("room");
        inbox.close();
        assert_eq!(outbox.push(item("2")), Err(Gone));
        assert_eq!(inbox.next().await, Some(item("1")));
        assert_eq!(inbox.next().await, None);
    }

    #[test]
    fn a_streams_name_does_not_keep_it_open() {
        let ((first, inbox), (second, _other)) = (stream(1, 1), stream(1, 1));
        let name = first.name();
        assert!(first.is(&name) && first.clone().is(&name) && !second.is(&name));
        drop(first);
        assert_eq!(lock(&inbox.queue.state).writers, 0);
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
            let (outbox, mut inbox) = reply(messages, bytes);
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
