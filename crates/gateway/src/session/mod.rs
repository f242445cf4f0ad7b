//! A client's session: who it is, what it can do, what it waits for, and where it listens.
//!
//! An id is random or sealed and never proves who somebody is: each request brings its key, and the
//! session answers only to the key, project and server that it was opened with. Opening one is
//! cheap and starts nothing, because many clients open one for each call and never end it.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::{
        Arc, Mutex, Weak,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use arc_swap::ArcSwapOption;
use domain::{ProjectId, ServerId};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use tokio::{sync::mpsc, time::Instant};
use tokio_util::sync::CancellationToken;
use wire::{Era, RequestId, Version, edit, envelope};

use crate::{
    directory::KeyEntry,
    lock::lock,
    stream::{Gone, Item, Outbox, StreamName},
    upstream::Connection,
};

pub(crate) use filter::Filter;
pub(crate) use registry::Sessions;
pub(crate) use seat::Seat;

mod filter;
mod registry;
mod seat;

/// Resources that one session may want to hear of.
pub(crate) const SUBSCRIPTIONS: usize = 1_000;
/// Messages kept for a client that has no stream open at the moment.
const BACKLOG: usize = 32;

/// Over what a client speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Channel {
    Streamable,
    /// HTTP+SSE of 2024-11-05: the session lives as long as its stream.
    Sse,
    /// One streamable request without a session; it never meets the registry.
    Single,
    /// One request of the modern era, which has no sessions; it never meets the registry.
    Modern,
    /// A modern client's stream of notifications, `subscriptions/listen`.
    Listen,
}

impl Channel {
    /// Whether the session outlives one request, so that upstream state can belong to it.
    pub(crate) fn has_state(self) -> bool {
        matches!(self, Channel::Streamable | Channel::Sse)
    }

    /// Whether it is in the registry, rather than one request.
    fn is_kept(self) -> bool {
        !matches!(self, Channel::Single | Channel::Modern)
    }

    pub(crate) fn era(self) -> Era {
        match self {
            Channel::Modern | Channel::Listen => Era::Modern,
            Channel::Streamable | Channel::Sse | Channel::Single => Era::Legacy,
        }
    }
}

/// What a client reaches at one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Scope {
    /// All enabled servers of the key's project as one.
    Project,
    Server(ServerId),
}

/// What a client said of itself in `initialize`.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    pub(crate) version: Version,
    pub(crate) capabilities: Option<Box<RawValue>>,
    pub(crate) info: Option<Box<RawValue>>,
}

impl Client {
    pub(crate) fn can(&self, capability: &str) -> bool {
        self.capabilities.as_deref().is_some_and(|all| edit::member(all, capability).is_some())
    }
}

/// A request of the client that has no answer yet.
#[derive(Debug, Default)]
pub(crate) struct InFlight {
    /// The upstream connection that works on it and our id there; none while it is connecting.
    pub(crate) place: Option<(Weak<Connection>, u64)>,
    pub(crate) cancelled: bool,
}

/// A request of an upstream that waits for this client.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) asker: Asker,
    /// The upstream's progress token, which the client may use.
    pub(crate) token: Option<Box<RawValue>>,
}

/// Who waits for what a client is asked.
#[derive(Debug)]
pub(crate) enum Asker {
    Upstream {
        connection: Weak<Connection>,
        /// The upstream's own id, to be given back as it was written.
        id: RequestId,
        /// Our id of the call that it belongs to.
        call: Option<u64>,
    },
    /// One question of a result that needs input, by its name there.
    Input(mpsc::UnboundedSender<Reply>, String),
}

/// A client's answer to one of the questions of a result that needs input.
pub(crate) type Reply = (String, Result<Box<RawValue>, Box<RawValue>>);

#[derive(Debug, Default)]
struct Standalone {
    outbox: Option<Outbox>,
    backlog: VecDeque<String>,
}

pub(crate) struct Session {
    pub(crate) id: String,
    /// Tells sessions apart in a log without giving the id away.
    pub(crate) mark: String,
    pub(crate) channel: Channel,
    pub(crate) key: Arc<KeyEntry>,
    pub(crate) project: ProjectId,
    pub(crate) scope: Scope,
    pub(crate) client: ArcSwapOption<Client>,
    /// What a `Listen` session asked for.
    pub(crate) filter: Option<Filter>,
    /// The lowest level of log messages that a legacy client asked for.
    level: Mutex<Option<Box<RawValue>>>,
    /// Resources that the client subscribed to.
    pub(crate) subscribed: Mutex<HashSet<(ServerId, String)>>,
    /// Tasks that a `Listen` session wants to hear of.
    pub(crate) followed: Vec<(ServerId, String)>,
    /// What the session has at the servers that it has called.
    seats: Mutex<HashMap<ServerId, Arc<Seat>>>,
    pub(crate) ended: CancellationToken,
    initialized: AtomicBool,
    standalone: Mutex<Standalone>,
    calls: Mutex<HashMap<RequestId, InFlight>>,
    asked: Mutex<HashMap<u64, Asked>>,
    next_ask: AtomicU64,
    last_used: Mutex<Instant>,
}

/// Why a request was not admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    TooMany,
    /// Another request with this id waits.
    DuplicateId,
}

impl Session {
    pub(crate) fn new(channel: Channel, key: Arc<KeyEntry>, scope: Scope, id: String) -> Self {
        let mark = if id.is_empty() { String::new() } else { hex(&Sha256::digest(id.as_bytes())[..4]) };
        Self {
            id,
            filter: None,
            level: Mutex::default(),
            mark,
            channel,
            project: key.project,
            key,
            scope,
            client: ArcSwapOption::empty(),
            subscribed: Mutex::default(),
            followed: Vec::new(),
            seats: Mutex::default(),
            ended: CancellationToken::new(),
            initialized: AtomicBool::new(false),
            standalone: Mutex::default(),
            calls: Mutex::default(),
            asked: Mutex::default(),
            next_ask: AtomicU64::new(1),
            last_used: Mutex::new(Instant::now()),
        }
    }

    /// The session's place at a server.
    pub(crate) fn seat(self: &Arc<Self>, server: ServerId) -> Arc<Seat> {
        if !self.channel.is_kept() {
            return Arc::new(Seat::new(self.clone(), server));
        }
        let mut seats = lock(&self.seats);
        seats.entry(server).or_insert_with(|| Arc::new(Seat::new(self.clone(), server))).clone()
    }

    /// The seats that are taken.
    pub(crate) fn seats(&self) -> Vec<Arc<Seat>> {
        lock(&self.seats).values().cloned().collect()
    }

    /// Gives all seats up, at the end of the session.
    pub(crate) fn leave(&self) {
        // Not in the statement: a connection's end may come back here.
        let seats = std::mem::take(&mut *lock(&self.seats));
        for seat in seats.values() {
            seat.leave();
        }
    }

    pub(crate) fn touch(&self) {
        *lock(&self.last_used) = Instant::now();
    }

    pub(crate) fn last_used(&self) -> Instant {
        *lock(&self.last_used)
    }

    /// Whether nothing keeps the session alive but its age.
    pub(crate) fn is_idle(&self) -> bool {
        !self.is_listening() && !self.has_calls()
    }

    /// Whether requests wait for their answers.
    pub(crate) fn has_calls(&self) -> bool {
        !lock(&self.calls).is_empty()
    }

    pub(crate) fn set_initialized(&self) {
        self.initialized.store(true, Ordering::Release);
    }

    pub(crate) fn is_initialized(&self) -> bool {
        self.initialized.load(Ordering::Acquire)
    }

    pub(crate) fn log_level(&self) -> Option<Box<RawValue>> {
        lock(&self.level).clone()
    }

    pub(crate) fn set_log_level(&self, level: Box<RawValue>) {
        *lock(&self.level) = Some(level);
    }

    pub(crate) fn can(&self, capability: &str) -> bool {
        self.client.load().as_ref().is_some_and(|client| client.can(capability))
    }

    // Requests of the client.

    pub(crate) fn admit(&self, id: &RequestId, limit: usize) -> Result<(), Refused> {
        let mut calls = lock(&self.calls);
        if calls.contains_key(id) {
            return Err(Refused::DuplicateId);
        }
        if calls.len() >= limit {
            return Err(Refused::TooMany);
        }
        calls.insert(id.clone(), InFlight::default());
        Ok(())
    }

    /// Says where a request is worked on. False when it was cancelled in the meantime.
    pub(crate) fn place(&self, id: &RequestId, connection: &Arc<Connection>, ours: u64) -> bool {
        match lock(&self.calls).get_mut(id) {
            Some(call) if call.cancelled => false,
            Some(call) => {
                call.place = Some((Arc::downgrade(connection), ours));
                true
            }
            // The answer overtook us.
            None => true,
        }
    }

    pub(crate) fn finish(&self, id: &RequestId) {
        lock(&self.calls).remove(id);
        self.touch();
    }

    /// Marks a request as cancelled and tells where it is worked on.
    pub(crate) fn cancel(&self, id: &RequestId) -> Option<(Arc<Connection>, u64)> {
        let mut calls = lock(&self.calls);
        let call = calls.get_mut(id)?;
        call.cancelled = true;
        let (connection, ours) = call.place.as_ref()?;
        Some((connection.upgrade()?, *ours))
    }

    pub(crate) fn is_cancelled(&self, id: &RequestId) -> bool {
        lock(&self.calls).get(id).is_none_or(|call| call.cancelled)
    }

    // Requests of upstreams.

    /// Keeps an upstream's request and gives it an id that is ours and new to the client.
    pub(crate) fn ask(&self, asked: Asked) -> u64 {
        let id = self.next_ask.fetch_add(1, Ordering::Relaxed);
        lock(&self.asked).insert(id, asked);
        id
    }

    /// Gives up everything that the session still waits for, and tells where it is worked on.
    pub(crate) fn cancel_all(&self) -> Vec<(Arc<Connection>, u64)> {
        lock(&self.calls)
            .values_mut()
            .filter_map(|call| {
                call.cancelled = true;
                let (connection, ours) = call.place.as_ref()?;
                Some((connection.upgrade()?, *ours))
            })
            .collect()
    }

    pub(crate) fn take_asked(&self, id: u64) -> Option<Asked> {
        lock(&self.asked).remove(&id)
    }

    pub(crate) fn take_all_asked(&self) -> Vec<Asked> {
        lock(&self.asked).drain().map(|(_, asked)| asked).collect()
    }

    /// The connection whose request the client reports progress on.
    pub(crate) fn asked_with_token(&self, token: &RawValue) -> Option<Arc<Connection>> {
        lock(&self.asked)
            .values()
            .find(|asked| asked.token.as_deref().is_some_and(|t| t.get() == token.get()))
            .and_then(|asked| match &asked.asker {
                Asker::Upstream { connection, .. } => connection.upgrade(),
                Asker::Input(..) => None,
            })
    }

    // The stream that belongs to no request.

    pub(crate) fn is_listening(&self) -> bool {
        lock(&self.standalone).outbox.as_ref().is_some_and(Outbox::is_open)
    }

    /// Takes a new stream into use and ends the one before: a message must never go out twice.
    pub(crate) fn listen(&self, outbox: Outbox) {
        let mut standalone = lock(&self.standalone);
        for json in std::mem::take(&mut standalone.backlog) {
            let _ = outbox.push(Item::notice(json));
        }
        standalone.outbox = Some(outbox);
        drop(standalone);
        self.touch();
    }

    /// Forgets a stream that its reader left; false when a newer one took its place.
    pub(crate) fn unlisten(&self, stream: &StreamName) -> bool {
        let mut standalone = lock(&self.standalone);
        let is_current = standalone.outbox.as_ref().is_some_and(|current| current.is(stream));
        if is_current {
            standalone.outbox = None;
        }
        drop(standalone);
        self.touch();
        is_current
    }

    /// Ends the stream when its reader has what waits.
    pub(crate) fn end_stream(&self) {
        lock(&self.standalone).outbox = None;
    }

    /// Sends a message on the answer of the request in whose course it comes, or on the session's own
    /// stream where that has none.
    pub(crate) fn push_on(&self, reply: Option<&Outbox>, item: Item) -> Result<(), Gone> {
        match reply {
            Some(reply) => reply.push(item),
            None => self.push(item),
        }
    }

    pub(crate) fn push(&self, item: Item) -> Result<(), Gone> {
        match &lock(&self.standalone).outbox {
            Some(outbox) => outbox.push(item),
            None => Err(Gone),
        }
    }

    /// Sends a notification now, or keeps it for the next stream.
    pub(crate) fn notify(&self, method: &str, params: Option<&RawValue>) {
        let json = match &self.filter {
            Some(filter) => filter.stamp(method, params),
            None => Some(envelope::notification(method, params)),
        };
        let Some(json) = json else { return };
        let mut standalone = lock(&self.standalone);
        match &standalone.outbox {
            Some(outbox) if outbox.is_open() => {
                let _ = outbox.push(Item::notice(json));
            }
            _ if self.channel == Channel::Streamable => {
                if standalone.backlog.len() == BACKLOG {
                    standalone.backlog.pop_front();
                }
                standalone.backlog.push_back(json);
            }
            _ => {}
        }
    }
}

/// An id that says nothing: 128 random bits.
pub(crate) fn random_id() -> Result<String, getrandom::Error> {
    let mut random = [0_u8; 16];
    getrandom::fill(&mut random)?;
    Ok(hex(&random))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
