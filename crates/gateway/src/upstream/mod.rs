//! One connection to an upstream server, whatever it runs over.
//!
//! A connection lives once: when it breaks, everything that waits on it fails at once, and its owner
//! makes a new one when it is needed. Messages are handled in the order in which they arrive on a
//! stream, by the one task that reads it; nothing on that path waits.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, OnceLock, Weak, atomic::AtomicUsize},
    time::Duration,
};

use domain::{
    Code, KeyId,
    server::{ServerInfo, Transport},
};
use tokio::{
    sync::{mpsc, watch},
    time::Instant,
};
use tokio_util::sync::CancellationToken;
use wire::{Era, RequestId};

use crate::{
    directory::{ServerEntry, Target},
    error::Failure,
    gateway::Plane,
    lock::lock,
    mux::{Answer, Mux},
    session::{Client, Seat, Session},
    supervisor::Upstream,
};

pub(crate) use handshake::Hello;
pub(crate) use listen::Wanted;
pub(crate) use send::Outgoing;

mod builtin;
mod deadline;
mod flow;
mod handshake;
mod http;
pub(crate) mod level;
mod listen;
mod pipe;
mod receive;
mod renew;
mod send;
mod sse;
mod stdio;

/// Messages that may wait for a child process to read them.
const PIPE_QUEUE: usize = 256;

/// Whose connection it is.
#[derive(Clone)]
pub(crate) enum Owner {
    /// All sessions of the server, or nobody (catalog, test).
    Shared,
    /// All sessions of one key.
    Key(KeyId),
    /// One session, whose client the upstream is told of.
    Session(Weak<Seat>, Option<Arc<Client>>),
}

enum Link {
    Pipe(mpsc::Sender<String>),
    Http(Arc<http::HttpLink>),
    Sse(Arc<sse::SseLink>),
}

pub(crate) struct Connection {
    pub(crate) plane: Arc<Plane>,
    pub(crate) server: Arc<ServerEntry>,
    pub(crate) mux: Mux,
    pub(crate) owner: Owner,
    /// Over what it runs.
    pub(crate) transport: Transport,
    /// Who follows this server's catalog; gone for a test.
    pub(crate) upstream: Weak<Upstream>,
    link: OnceLock<Link>,
    hello: OnceLock<Arc<Hello>>,
    failure: OnceLock<Failure>,
    /// Cancelled when the connection is over.
    ended: CancellationToken,
    /// Cancelled when everything that belonged to it is gone, its process too.
    released: CancellationToken,
    /// Not to be used for further calls; those under way go on.
    expired: CancellationToken,
    /// Requests of the upstream that clients have not answered: its id → session and our id there.
    pub(crate) asked: Mutex<HashMap<RequestId, (Weak<Seat>, u64)>>,
    used: Mutex<Instant>,
    /// Bytes of answers that are being read, from all connections of the server.
    pub(crate) reading: Arc<AtomicUsize>,
    /// What it sends unasked.
    pub(crate) flow: flow::Flow,
    level: level::Level,
    /// What a modern server tells of at the moment.
    pub(crate) listening: watch::Sender<Wanted>,
    /// The child process, where there is one.
    pub(crate) process: OnceLock<i32>,
    /// The last lines of a child's standard error.
    pub(crate) stderr: Mutex<stdio::Tail>,
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.ended.cancel();
    }
}

impl Connection {
    /// Connects and shakes hands, within `limit` and unless it becomes `unwanted`. Never drop the
    /// future half way: what it started would have no owner.
    ///
    /// Where an address of streamable HTTP refuses the handshake, a server of the older transport is
    /// looked for there (2025-03-26, transports, backwards compatibility).
    pub(crate) async fn open(
        plane: Arc<Plane>,
        server: Arc<ServerEntry>,
        owner: Owner,
        upstream: Weak<Upstream>,
        limit: Duration,
        unwanted: &CancellationToken,
    ) -> (Arc<Self>, Result<(), Failure>) {
        let started = Instant::now();
        let configured = server.target.transport();
        let found = upstream.upgrade().and_then(|upstream| upstream.found());
        let open = |transport, limit| {
            let (plane, server, owner, upstream) =
                (plane.clone(), server.clone(), owner.clone(), upstream.clone());
            Self::open_over(transport, plane, server, owner, upstream, limit, unwanted)
        };
        let first = found.unwrap_or(configured);
        let (connection, opened) = open(first, limit).await;
        let other = match (first, &opened) {
            (Transport::StreamableHttp, Err(failure)) if refuses(failure) => Transport::Sse,
            // It was found there once, and is what it should be by now.
            (Transport::Sse, Err(failure)) if found.is_some() && refuses(failure) => configured,
            _ => return (connection, opened),
        };
        let (second, looked) = open(other, limit.saturating_sub(started.elapsed())).await;
        if looked.is_err() {
            return (connection, opened);
        }
        if let Some(upstream) = upstream.upgrade() {
            upstream.set_found((other != configured).then_some(other));
        }
        (second, looked)
    }

    async fn open_over(
        transport: Transport,
        plane: Arc<Plane>,
        server: Arc<ServerEntry>,
        owner: Owner,
        upstream: Weak<Upstream>,
        limit: Duration,
        unwanted: &CancellationToken,
    ) -> (Arc<Self>, Result<(), Failure>) {
        let reading = upstream.upgrade().map(|upstream| upstream.reading.clone()).unwrap_or_default();
        let connection = Arc::new(Self {
            plane,
            server,
            mux: Mux::default(),
            owner,
            transport,
            upstream,
            link: OnceLock::new(),
            hello: OnceLock::new(),
            failure: OnceLock::new(),
            ended: CancellationToken::new(),
            released: CancellationToken::new(),
            expired: CancellationToken::new(),
            asked: Mutex::default(),
            used: Mutex::new(Instant::now()),
            reading,
            flow: flow::Flow::default(),
            level: level::Level::default(),
            listening: watch::Sender::default(),
            process: OnceLock::new(),
            stderr: Mutex::default(),
        });
        connection.plane.tasks.spawn(deadline::keep(Arc::downgrade(&connection), connection.ended.clone()));
        let result = tokio::select! {
            opened = tokio::time::timeout(limit, connection.establish(limit)) => {
                opened.unwrap_or_else(|_| Err(Failure::new(Code::InitializeTimeout)))
            }
            () = unwanted.cancelled() => Err(Failure::new(Code::ConnectionLost)),
        };
        if let Err(failure) = &result {
            connection.close(failure.clone());
            if connection.link.get().is_none() {
                connection.released.cancel();
            }
        }
        (connection, result)
    }

    async fn establish(self: &Arc<Self>, limit: Duration) -> Result<(), Failure> {
        match &self.server.target {
            Target::Stdio { .. } => stdio::start(self)?,
            Target::Builtin { name } => builtin::start(self, name)?,
            Target::Remote { .. } if self.transport == Transport::Sse => sse::connect(self).await?,
            Target::Remote { .. } => http::connect(self)?,
        }
        let mut hello = handshake::shake(self, limit).await?;
        hello.info.transport = (self.transport != self.server.target.transport()).then_some(self.transport);
        let _ = self.hello.set(Arc::new(hello));
        renew::renew(self);
        match self.link.get() {
            _ if self.hello().is_some_and(|hello| hello.era() == Era::Modern) => listen::keep(self),
            Some(Link::Http(link)) => http::listen(self, link),
            _ => {}
        }
        Ok(())
    }

    /// What the upstream said in its handshake; none before its end.
    pub(crate) fn hello(&self) -> Option<&Arc<Hello>> {
        self.hello.get()
    }

    pub(crate) fn info(&self) -> Option<ServerInfo> {
        self.hello.get().map(|hello| hello.info.clone())
    }

    pub(crate) fn is_open(&self) -> bool {
        !self.ended.is_cancelled()
    }

    /// Whether a new call may use it.
    pub(crate) fn is_usable(&self) -> bool {
        self.is_open() && !self.expired.is_cancelled() && self.hello.get().is_some()
    }

    /// Whether a session's calls come here, for a connection that belongs to no session alone.
    pub(crate) fn is_theirs(&self, session: &Session) -> bool {
        let Some(upstream) = self.upstream.upgrade() else { return false };
        match self.owner {
            Owner::Shared => upstream.is_everybodys(session),
            Owner::Key(key) => session.key.id == key && upstream.is_of_key(session),
            Owner::Session(..) => false,
        }
    }

    /// Whether the link can prove that a request was not looked at.
    pub(crate) fn may_send_again(&self) -> bool {
        matches!(self.link.get(), Some(Link::Http(_)))
    }

    /// Notes that it is used now.
    pub(crate) fn touch(&self) {
        *lock(&self.used) = Instant::now();
    }

    /// When it was last used.
    pub(crate) fn used(&self) -> Instant {
        *lock(&self.used)
    }

    /// Keeps new calls away.
    pub(crate) fn expire(&self) {
        self.expired.cancel();
    }

    /// Completes when the connection takes no further calls.
    pub(crate) async fn expired(&self) {
        self.expired.cancelled().await;
    }

    pub(crate) async fn ended(&self) {
        self.ended.cancelled().await;
    }

    /// Completes when the connection is over and nothing of it is left on this machine.
    pub(crate) async fn released(&self) {
        self.released.cancelled().await;
    }

    pub(crate) fn failure(&self) -> Failure {
        self.failure.get().cloned().unwrap_or_else(|| Failure::new(Code::ConnectionLost))
    }

    /// Ends the connection: everything that waits fails with `failure`, or with an earlier one.
    pub(crate) fn close(&self, failure: Failure) {
        let failure = self.failure.get_or_init(|| failure).clone();
        for waiter in self.mux.close(failure.clone()) {
            self.tell(waiter, Answer::Failed(failure.clone()));
        }
        lock(&self.asked).clear();
        self.ended.cancel();
    }
}

/// Whether an address answers as one that does not speak the transport.
fn refuses(failure: &Failure) -> bool {
    let is_bad_request = || failure.detail.as_deref().is_some_and(|detail| detail.starts_with("HTTP 400"));
    failure.code == Code::WrongTransport || (failure.code == Code::HttpStatus && is_bad_request())
}
