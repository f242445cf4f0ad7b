//! Keeps a server's shared connection alive, and says truthfully how it is.
//!
//! One task for each enabled server: it connects ahead of the first call, learns the catalog, looks
//! whether remote servers still answer, and starts anew after a failure. A process that keeps ending
//! at once is left alone for longer and longer, so that a broken command cannot burn the machine.

use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use arc_swap::{ArcSwap, ArcSwapOption};
use domain::{
    Code,
    server::{ListKind, Status},
};
use serde_json::value::RawValue;
use tokio::{
    sync::{Notify, watch},
    time::{Instant, sleep, timeout},
};
use tokio_util::sync::CancellationToken;
use wire::{Era, Version, edit, method};

use crate::{
    back_off,
    catalog::{self, Catalog, Changes, List},
    directory::ServerEntry,
    error::Failure,
    gateway::Plane,
    journal,
    session::{Seat, Session},
    upstream::{Connection, Owner},
};

/// A connection that ends sooner than this after its start counts as failing to start.
const QUICK: Duration = Duration::from_secs(10);
/// So many quick ends in a row are a crash loop: only time, a change or a restart tries again.
const CRASH_LOOP: u32 = 5;
/// How often a remote server without news is asked whether it is there.
const CHECK: Duration = Duration::from_secs(60);
const CHECK_LIMIT: Duration = Duration::from_secs(15);

#[derive(Clone)]
enum State {
    Starting,
    Ready(Arc<Connection>),
    Failed {
        failure: Failure,
        /// Calls do not make it try sooner.
        patient: bool,
    },
}

pub(crate) struct Upstream {
    pub(crate) server: Arc<ServerEntry>,
    state: watch::Sender<State>,
    /// A call wants the connection now.
    wanted: Notify,
    /// Lists that the server said have changed.
    pub(crate) changes: Changes,
    /// Held while lists are read, so that no older reading follows a newer one.
    pub(crate) learning: tokio::sync::Mutex<()>,
    retired: CancellationToken,
    /// What is subscribed to has changed.
    pub(crate) resubscribe: Notify,
    /// Resources that a modern server tells of at the moment.
    pub(crate) listening: watch::Sender<HashSet<String>>,
    /// The server ended when it was asked for its era.
    probe_harms: AtomicBool,
    /// The last `initialize` result that is known.
    hello: ArcSwapOption<Box<RawValue>>,
    catalog: ArcSwap<Catalog>,
}

impl Upstream {
    /// Begins to keep `server` connected.
    pub(crate) fn start(plane: &Arc<Plane>, server: Arc<ServerEntry>) -> Arc<Self> {
        let known = server.known.as_ref();
        let hello = known.and_then(|known| RawValue::from_string(known.initialize.clone()).ok());
        let catalog = known.map(Catalog::known).unwrap_or_default();
        let state = match server.problem {
            Some(code) => State::Failed { failure: Failure::new(code), patient: true },
            None => State::Starting,
        };
        let upstream = Arc::new(Self {
            state: watch::Sender::new(state),
            wanted: Notify::new(),
            changes: Changes::default(),
            learning: tokio::sync::Mutex::new(()),
            resubscribe: Notify::new(),
            listening: watch::Sender::default(),
            probe_harms: AtomicBool::new(false),
            retired: CancellationToken::new(),
            hello: ArcSwapOption::from_pointee(hello),
            catalog: ArcSwap::from_pointee(catalog),
            server,
        });
        match upstream.server.problem {
            Some(code) => journal::observe_failure(plane, &upstream.server, &Failure::new(code), None),
            None => {
                plane.tasks.spawn(keep(plane.clone(), upstream.clone()));
            }
        }
        upstream
    }

    /// Whether it still stands for `entry`, so that nothing has to start anew.
    pub(crate) fn serves(&self, entry: &ServerEntry) -> bool {
        entry.enabled && entry.generation == self.server.generation && entry.problem == self.server.problem
    }

    /// Ends the connection and the task behind it.
    pub(crate) fn retire(&self) {
        self.retired.cancel();
    }

    /// Whether all sessions use one connection: a process is started once and the modern era knows
    /// no sessions, while a legacy remote server keeps one for each of its clients.
    pub(crate) fn is_shared(&self) -> bool {
        !self.server.target.transport().is_remote() || self.era() == Some(Era::Modern)
    }

    /// The era that the server speaks, once that is known.
    pub(crate) fn era(&self) -> Option<Era> {
        let version = edit::text(self.hello.load().as_deref()?, "protocolVersion")?;
        version.parse().ok().map(Version::era)
    }

    pub(crate) fn probe_harms(&self) -> bool {
        self.probe_harms.load(Ordering::Relaxed)
    }

    pub(crate) fn set_probe_harms(&self) {
        self.probe_harms.store(true, Ordering::Relaxed);
    }

    /// The server's `initialize` result as last seen.
    pub(crate) fn hello(&self) -> Option<Arc<Box<RawValue>>> {
        self.hello.load_full()
    }

    /// Its lists as last known, at once and whatever state it is in.
    pub(crate) fn catalog(&self) -> Arc<Catalog> {
        self.catalog.load_full()
    }

    /// Whoever calls this holds `learning`.
    pub(crate) fn set_list(&self, kind: ListKind, list: List) {
        self.catalog.store(Arc::new(self.catalog.load().with(kind, list)));
    }

    /// Why it cannot be used at the moment; none when it can, or is about to be tried.
    pub(crate) fn trouble(&self) -> Option<Failure> {
        match &*self.state.borrow() {
            State::Failed { failure, .. } => Some(failure.clone()),
            State::Ready(_) | State::Starting => None,
        }
    }

    pub(crate) fn is_starting(&self) -> bool {
        matches!(&*self.state.borrow(), State::Starting)
    }

    /// The connection if it can be used at once.
    pub(crate) fn ready(&self, session: &Seat) -> Option<Arc<Connection>> {
        if self.is_own(session) {
            return session.connection.load_full().filter(|connection| connection.is_usable());
        }
        match &*self.state.borrow() {
            State::Ready(connection) if connection.is_usable() => Some(connection.clone()),
            _ => None,
        }
    }

    /// Whether the session has a connection of its own.
    pub(crate) fn is_own(&self, session: &Session) -> bool {
        !self.is_shared() && session.channel.has_state()
    }

    /// The connection for a session's calls, made if need be.
    pub(crate) async fn connection(
        self: &Arc<Self>,
        plane: &Arc<Plane>,
        session: &Arc<Seat>,
    ) -> Result<Arc<Connection>, Failure> {
        if self.era().is_none() && session.channel.has_state() {
            // Only its first answer tells whether sessions have connections of their own.
            self.shared().await?;
        }
        if !self.is_own(session) {
            return self.shared().await;
        }
        if let Some(failure) = self.server.problem {
            return Err(Failure::new(failure));
        }
        let _connecting = session.connecting.lock().await;
        if let Some(connection) = session.connection.load_full().filter(|connection| connection.is_usable()) {
            return Ok(connection);
        }
        let owner = Owner::Session(Arc::downgrade(session), session.client.load_full());
        let (connection, opened) = Connection::open(
            plane.clone(),
            self.server.clone(),
            owner,
            Arc::downgrade(self),
            self.start_limit(),
            &session.ended,
        )
        .await;
        opened?;
        if let Some(old) = session.connection.swap(Some(connection.clone())) {
            old.close(Failure::new(Code::ConnectionLost));
        }
        if session.ended.is_cancelled() || self.retired.is_cancelled() {
            connection.close(Failure::new(Code::ConnectionLost));
        }
        Ok(connection)
    }

    /// The shared connection, waited for while it starts. A failed server is tried once more for a
    /// call, unless it must be left alone.
    pub(crate) async fn shared(&self) -> Result<Arc<Connection>, Failure> {
        let mut states = self.state.subscribe();
        let mut asked = false;
        loop {
            match &*states.borrow_and_update() {
                State::Ready(connection) if connection.is_usable() => return Ok(connection.clone()),
                // It is about to change.
                State::Ready(_) | State::Starting => {}
                State::Failed { failure, patient } if *patient || asked => return Err(failure.clone()),
                State::Failed { .. } => {
                    asked = true;
                    self.wanted.notify_one();
                }
            }
            if states.changed().await.is_err() {
                return Err(Failure::new(Code::ConnectionLost));
            }
        }
    }

    /// Waits until the server is up or known to be down.
    pub(crate) async fn settled(&self) -> Result<(), Failure> {
        let mut states = self.state.subscribe();
        let settled = states.wait_for(|state| !matches!(state, State::Starting)).await;
        match settled.as_deref() {
            Ok(State::Failed { failure, .. }) => Err(failure.clone()),
            _ => Ok(()),
        }
    }

    fn start_limit(&self) -> Duration {
        self.server.timeouts.connect + self.server.timeouts.initialize
    }

    fn set(&self, state: State) {
        self.state.send_replace(state);
    }
}

/// Runs until the upstream is retired and nothing of it is left.
async fn keep(plane: Arc<Plane>, upstream: Arc<Upstream>) {
    let mut quick = 0;
    let mut last: Option<Failure> = None;
    while !upstream.retired.is_cancelled() {
        upstream.set(State::Starting);
        journal::observe_status(&plane, &upstream.server, Status::Starting);
        let (failure, started) = live(&plane, &upstream, last.as_ref()).await;
        if upstream.retired.is_cancelled() {
            break;
        }
        if started.elapsed() >= QUICK && failure.code != Code::InitializeTimeout {
            // It worked; it may work again at once.
            (quick, last) = (0, None);
            continue;
        }
        last = Some(failure.clone());
        quick += 1;
        let patient = quick >= CRASH_LOOP && failure.code == Code::ProcessExited;
        let failure =
            if patient { Failure { code: Code::CrashLoop, detail: failure.detail } } else { failure };
        if patient {
            journal::observe_failure(&plane, &upstream.server, &failure, None);
        }
        upstream.set(State::Failed { failure, patient });
        tokio::select! {
            () = upstream.retired.cancelled() => {}
            () = sleep(back_off::after(quick)) => {}
            () = upstream.wanted.notified(), if !patient => {}
        }
    }
    upstream.set(State::Failed { failure: Failure::new(Code::ServerDisabled), patient: true });
}

/// One life of the shared connection, after one that ended with `last`. Returns why and since when it
/// ended.
async fn live(plane: &Arc<Plane>, upstream: &Arc<Upstream>, last: Option<&Failure>) -> (Failure, Instant) {
    let server = &upstream.server;
    let permit = plane.starts.acquire().await;
    let started = Instant::now();
    let (connection, opened) = Connection::open(
        plane.clone(),
        server.clone(),
        Owner::Shared,
        Arc::downgrade(upstream),
        upstream.start_limit(),
        &upstream.retired,
    )
    .await;
    drop(permit);
    if opened.is_ok() {
        if let Some(hello) = connection.hello() {
            upstream.hello.store(Some(Arc::new(hello.result.clone())));
        }
        upstream.set(State::Ready(connection.clone()));
        journal::connected(plane, &connection);
        follow(plane, upstream, &connection).await;
    }
    let retired = upstream.retired.is_cancelled();
    connection.close(Failure::new(Code::ConnectionLost));
    let failure = connection.failure();
    if !retired {
        // Until the next state is known nobody may take the connection for a good one.
        upstream.set(State::Starting);
    }
    connection.released().await;
    if !retired {
        journal::disconnected(plane, &connection, &failure, last == Some(&failure));
    }
    (failure, started)
}

/// Follows an open connection until it ends or the upstream is retired.
async fn follow(plane: &Arc<Plane>, upstream: &Arc<Upstream>, connection: &Arc<Connection>) {
    tokio::select! {
        () = connection.ended() => {}
        () = connection.expired() => {}
        () = upstream.retired.cancelled() => {}
        () = catalog::keep_fresh(plane, upstream, connection) => {}
        // A process tells when it ends; a remote server may just be gone.
        failure = check(connection), if upstream.server.target.transport().is_remote() => connection.close(failure),
    }
}

/// Asks from time to time whether the server is there, until it is not.
async fn check(connection: &Arc<Connection>) -> Failure {
    let is_modern = connection.hello().is_some_and(|hello| hello.era() == Era::Modern);
    let method = if is_modern { method::DISCOVER } else { method::PING };
    loop {
        sleep(CHECK).await;
        let answered = timeout(CHECK_LIMIT, connection.request(method, None, CHECK_LIMIT)).await;
        // An error is an answer as well.
        if !matches!(answered, Ok(Ok(_) | Err(Failure { code: Code::ProtocolViolation, .. }))) {
            return Failure::new(Code::ConnectionLost).detail("It no longer answers.");
        }
    }
}
