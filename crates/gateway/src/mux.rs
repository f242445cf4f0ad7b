//! Many callers on one upstream connection: ids of ours there, the callers' own ids here.
//!
//! Ids are never used twice on a connection, so an answer that comes late or twice finds nothing and
//! is dropped. Request ids and progress tokens are given back exactly as their senders wrote them.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use serde_json::value::RawValue;
use tokio::{
    sync::{Notify, oneshot},
    time::Instant,
};
use wire::Era;

use crate::{
    bridge::parked::Parked, call::Call, directory::Timeouts, error::Failure, interest::Wanted, lock::lock,
    session::Seat, stream::Outbox,
};

/// How a request ended.
#[derive(Debug)]
pub(crate) enum Answer {
    /// The upstream's result or error object, as it came.
    Upstream(Result<Box<RawValue>, Box<RawValue>>),
    /// It failed on the way.
    Failed(Failure),
    /// Proof came that the upstream did not look at it.
    NotProcessed(Failure),
}

/// Who waits for an answer.
pub(crate) enum Waiter {
    Client(Box<Call>),
    /// A modern client's call whose client is looking for the answers to a question.
    Parked(Arc<Parked>),
    Internal(oneshot::Sender<Answer>),
}

struct Pending {
    waiter: Waiter,
    /// How long there may be no sign of life.
    idle: Duration,
    deadline: Instant,
    /// No sign of life moves this one.
    hard: Instant,
    /// Requests that the upstream put to the client meanwhile; a person may take their time.
    asks: u32,
    /// Whoever reads the answer learns from its end that the entry went.
    _wanted: Option<Wanted>,
}

impl Pending {
    fn at(&self) -> Instant {
        self.deadline.min(self.hard)
    }
}

#[derive(Default)]
struct Table {
    pending: HashMap<u64, Pending>,
    closed: Option<Failure>,
    /// When deadlines are looked at next. It may lie before them all, because answers do not move
    /// it: so a call costs one comparison, and the look comes about once in the shortest deadline.
    look: Option<Instant>,
}

#[derive(Default)]
pub(crate) struct Mux {
    last: AtomicU64,
    table: Mutex<Table>,
    dropped: AtomicU64,
    /// Told when deadlines must be looked at earlier than was said.
    earlier: Arc<Notify>,
}

/// Deadlines that lie closer together than this are looked at together, so that many calls of a
/// server that hangs cost one pass, not one each.
const GRAIN: Duration = Duration::from_millis(20);

/// What a look at the deadlines found.
pub(crate) struct Due {
    /// Requests that are over, no longer in the table.
    pub(crate) expired: Vec<(u64, Waiter)>,
    /// When to look again; none while nothing waits.
    pub(crate) next: Option<Instant>,
}

impl Table {
    /// Whether a look must come earlier for this deadline.
    fn must_look_by(&mut self, deadline: Instant) -> bool {
        let earlier = self.look.is_none_or(|look| deadline < look);
        if earlier {
            self.look = Some(deadline);
        }
        earlier
    }
}

impl Mux {
    /// An id for a request that is to be entered.
    pub(crate) fn next_id(&self) -> u64 {
        self.last.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Enters a request under an id of [`Self::next_id`]. `idle` moves with signs of life, up to `hard` after now.
    pub(crate) fn enter(
        &self,
        id: u64,
        waiter: Waiter,
        idle: Duration,
        hard: Duration,
        wanted: Option<Wanted>,
    ) -> Result<(), (Waiter, Failure)> {
        let mut table = lock(&self.table);
        if let Some(failure) = &table.closed {
            return Err((waiter, failure.clone()));
        }
        let now = Instant::now();
        let pending =
            Pending { waiter, idle, deadline: now + idle, hard: now + hard, asks: 0, _wanted: wanted };
        let earlier = table.must_look_by(pending.at());
        table.pending.insert(id, pending);
        drop(table);
        if earlier {
            self.earlier.notify_one();
        }
        Ok(())
    }

    pub(crate) fn take(&self, id: u64) -> Option<Waiter> {
        let taken = lock(&self.table).pending.remove(&id);
        if taken.is_none() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
        taken.map(|pending| pending.waiter)
    }

    /// Ends the table: what is in it comes out, and nothing more gets in.
    pub(crate) fn close(&self, failure: Failure) -> Vec<Waiter> {
        let mut table = lock(&self.table);
        table.closed.get_or_insert(failure);
        table.pending.drain().map(|(_, pending)| pending.waiter).collect()
    }

    pub(crate) fn is_waiting(&self, id: u64) -> bool {
        lock(&self.table).pending.contains_key(&id)
    }

    /// A sign of life of a request.
    pub(crate) fn touch(&self, id: u64) {
        if let Some(pending) = lock(&self.table).pending.get_mut(&id) {
            pending.deadline = Instant::now() + pending.idle;
        }
    }

    /// The upstream asked the client something in the course of this request, or got its answer.
    pub(crate) fn asking(&self, id: u64, begins: bool) {
        if let Some(pending) = lock(&self.table).pending.get_mut(&id) {
            pending.asks = if begins { pending.asks + 1 } else { pending.asks.saturating_sub(1) };
            pending.deadline = Instant::now() + pending.idle;
        }
    }

    /// Looks at all deadlines and takes out what is over.
    pub(crate) fn due(&self) -> Due {
        let mut table = lock(&self.table);
        let (now, mut next) = (Instant::now(), None::<Instant>);
        let mut over = Vec::new();
        for (id, pending) in &mut table.pending {
            if pending.asks > 0 {
                pending.deadline = now + pending.idle;
            }
            let at = pending.at();
            if at <= now {
                over.push(*id);
            } else {
                next = Some(next.map_or(at, |next| next.min(at)));
            }
        }
        let take = |id| Some((id, table.pending.remove(&id)?.waiter));
        let expired: Vec<_> = over.into_iter().filter_map(take).collect();
        if !expired.is_empty() {
            next = next.map(|next| next.max(now + GRAIN));
        }
        table.look = next;
        Due { expired, next }
    }

    /// Told when deadlines must be looked at earlier than was said.
    pub(crate) fn earlier(&self) -> Arc<Notify> {
        self.earlier.clone()
    }

    /// Takes a client's call out and lets its request go on for `limit`, with `make`'s result in
    /// its place; none when `make` finds that the call cannot wait.
    pub(crate) fn park(
        &self,
        id: u64,
        limit: Duration,
        make: impl FnOnce(&Call) -> Option<Arc<Parked>>,
    ) -> Option<(Box<Call>, Arc<Parked>)> {
        let mut table = lock(&self.table);
        let pending = table.pending.get_mut(&id)?;
        let Waiter::Client(call) = &pending.waiter else { return None };
        let parked = make(call)?;
        let until = Instant::now() + limit;
        (pending.deadline, pending.hard) = (until, until);
        let before = std::mem::replace(&mut pending.waiter, Waiter::Parked(parked.clone()));
        if table.must_look_by(until) {
            self.earlier.notify_one();
        }
        match before {
            Waiter::Client(call) => Some((call, parked)),
            Waiter::Parked(_) | Waiter::Internal(_) => None,
        }
    }

    /// Notes that a call's client cannot do what its server asked for.
    pub(crate) fn miss(&self, id: u64, capability: &'static str) {
        if let Some(Waiter::Client(call)) = lock(&self.table).pending.get_mut(&id).map(|p| &mut p.waiter)
            && call.session.channel.era() == Era::Modern
        {
            call.missing = Some(capability);
        }
    }

    /// Puts a client's call in the place of a parked one; it comes back when that is over.
    pub(crate) fn unpark(&self, id: u64, waiter: Waiter, timeouts: Timeouts) -> Result<(), Waiter> {
        let mut table = lock(&self.table);
        let Some(pending) = table.pending.get_mut(&id) else { return Err(waiter) };
        let now = Instant::now();
        (pending.deadline, pending.hard) = (now + timeouts.idle, now + timeouts.total);
        pending.waiter = waiter;
        let at = pending.at();
        if table.must_look_by(at) {
            self.earlier.notify_one();
        }
        Ok(())
    }

    /// The parked call that a message is for: the one on whose stream it came, or the only one of
    /// any client.
    pub(crate) fn parked(&self, origin: Option<u64>) -> Option<Arc<Parked>> {
        let table = lock(&self.table);
        let waiter = match origin {
            Some(id) => &table.pending.get(&id)?.waiter,
            None => {
                let mut waiters = table.pending.values().map(|pending| &pending.waiter);
                let mut clients = waiters.by_ref().filter(|waiter| !matches!(waiter, Waiter::Internal(_)));
                clients.next().filter(|_| clients.next().is_none())?
            }
        };
        match waiter {
            Waiter::Parked(parked) => Some(parked.clone()),
            Waiter::Client(_) | Waiter::Internal(_) => None,
        }
    }

    /// The session and, where it is a stream of its own, the reply stream of a client's call, and
    /// the client's progress token.
    pub(crate) fn look(&self, id: u64) -> Option<Look> {
        match &lock(&self.table).pending.get(&id)?.waiter {
            Waiter::Client(call) => Some(Look {
                session: call.session.clone(),
                reply: call.reply.clone(),
                token: call.token.clone(),
            }),
            Waiter::Internal(_) | Waiter::Parked(_) => None,
        }
    }

    /// The one session that has calls here, with its latest call. None when there are several, or a
    /// parked call of another key: a message that could be for any of them must go to none. A parked
    /// call of the same key does not count, for its client may never come back.
    pub(crate) fn only_session(&self) -> Option<(Arc<Seat>, u64)> {
        let table = lock(&self.table);
        let mut found: Option<(Arc<Seat>, u64)> = None;
        for (id, pending) in &table.pending {
            let Waiter::Client(call) = &pending.waiter else { continue };
            match &mut found {
                None => found = Some((call.session.clone(), *id)),
                Some((session, _)) if !Arc::ptr_eq(session, &call.session) => return None,
                Some((_, latest)) => *latest = (*latest).max(*id),
            }
        }
        let key = found.as_ref()?.0.key.id;
        let of_another =
            |pending: &Pending| matches!(&pending.waiter, Waiter::Parked(parked) if parked.key() != key);
        found.filter(|_| !table.pending.values().any(of_another))
    }

    /// Whether a client waits for an answer.
    pub(crate) fn is_busy(&self) -> bool {
        lock(&self.table).pending.values().any(|pending| !matches!(pending.waiter, Waiter::Internal(_)))
    }

    /// The id of the only request that waits.
    pub(crate) fn only_request(&self) -> Option<u64> {
        let table = lock(&self.table);
        let mut ids = table.pending.keys();
        ids.next().copied().filter(|_| ids.next().is_none())
    }

    /// Counts a message that belonged to nobody.
    pub(crate) fn drop_message(&self) {
        self.dropped.fetch_add(1, Ordering::Relaxed);
    }

    /// Answers that came late or twice, and messages that nobody waited for.
    pub(crate) fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }
}

pub(crate) struct Look {
    pub(crate) session: Arc<Seat>,
    pub(crate) reply: Option<Outbox>,
    pub(crate) token: Option<Box<RawValue>>,
}

#[cfg(test)]
mod tests {
    use tokio::time::{advance, timeout};

    use super::*;

    const fn secs(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn enter(mux: &Mux, idle: u64, hard: u64) -> u64 {
        let waiter = Waiter::Internal(oneshot::channel().0);
        let id = mux.next_id();
        let entered = mux.enter(id, waiter, secs(idle), secs(hard), None);
        entered.map_err(|(_, failure)| failure).expect("it is open");
        id
    }

    fn expired(mux: &Mux) -> Vec<u64> {
        mux.due().expired.into_iter().map(|(id, _)| id).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn requests_end_at_their_deadlines_which_signs_of_life_move() {
        let mux = Mux::default();
        let (moved, asking) = (enter(&mux, 10, 15), enter(&mux, 30, 60));
        let start = Instant::now();
        assert_eq!(mux.due().next, Some(start + secs(10)));
        mux.asking(asking, true);
        advance(secs(9)).await;
        mux.touch(moved);
        advance(secs(1)).await;
        assert!(expired(&mux).is_empty());
        advance(secs(5)).await;
        assert_eq!(expired(&mux), [moved], "no sign of life moves the last deadline");
        advance(secs(44)).await;
        assert!(expired(&mux).is_empty(), "somebody is thinking about a question");
        advance(secs(1)).await;
        assert_eq!(expired(&mux), [asking]);
        assert_eq!(mux.due().next, None);
    }

    #[tokio::test(start_paused = true)]
    async fn only_an_earlier_deadline_calls_for_an_earlier_look() {
        let mux = Mux::default();
        let is_told = async || timeout(Duration::ZERO, mux.earlier().notified()).await.is_ok();
        enter(&mux, 10, 10);
        assert!(is_told().await, "the first one");
        for _ in 0..3 {
            advance(secs(1)).await;
            let id = enter(&mux, 10, 10);
            assert!(!is_told().await);
            mux.take(id);
        }
        enter(&mux, 2, 10);
        assert!(is_told().await);
    }
}
