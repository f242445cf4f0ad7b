//! Keeps a server connected, and says truthfully how it is.
//!
//! One task for each enabled server: it connects ahead of the first call, learns the catalog, looks
//! whether remote servers still answer, and starts anew after a failure. What keeps failing is left
//! alone for longer and longer, so that neither a broken command nor a dead address burns the
//! machine, and callers hear so at once instead of waiting for one more try. Their asking brings the
//! next try forward, so that a server which is back is used again soon. A process that nobody uses may
//! be stopped, and the next call starts it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU8, AtomicUsize, Ordering},
    },
    time::Duration,
};

use arc_swap::{ArcSwap, ArcSwapOption};
use domain::{
    Code,
    server::{ListKind, Transport},
};
use serde_json::value::RawValue;
use tokio::{
    sync::{Notify, watch},
    time::{Instant, timeout},
};
use tokio_util::sync::CancellationToken;
use wire::{Era, Version, edit};

use crate::{
    back_off,
    catalog::{Catalog, Changes, List},
    directory::{ServerEntry, Sharing, Target},
    error::Failure,
    gateway::Plane,
    journal,
    relay::owner::Owners,
    session::{Seat, Session},
    upstream::{Connection, Owner},
};
use attempt::Attempts;

mod attempt;
mod breaker;
mod health;
mod keep;
mod own;

/// How long a process that starts may keep others from starting.
const TURN: Duration = Duration::from_secs(2);
/// A connection that ends sooner than this after its start counts as failing to start.
const QUICK: Duration = Duration::from_secs(10);

const UNKNOWN: u8 = 0;
const LEGACY: u8 = 1;
const MODERN: u8 = 2;

#[derive(Clone)]
enum State {
    Starting,
    Ready(Arc<Connection>),
    /// No process runs that everybody shares; a call that wants one starts it.
    Asleep,
    Failed(Down),
}

#[derive(Clone)]
struct Down {
    failure: Failure,
    /// Calls do not wait for the next try, which they may bring about.
    patient: bool,
    /// Nothing gets there, over connections that stand neither.
    unreachable: bool,
}

/// Whose calls a connection carries.
enum Whose {
    Everybody,
    Key,
    Session,
}

pub(crate) struct Upstream {
    pub(crate) server: Arc<ServerEntry>,
    state: watch::Sender<State>,
    /// A call wants the connection now.
    wanted: Notify,
    attempts: Attempts,
    /// A call found a remote server not answering.
    suspected: Notify,
    /// Lists that the server said have changed.
    pub(crate) changes: Changes,
    /// Held while lists are read, so that no older reading follows a newer one.
    pub(crate) learning: tokio::sync::Mutex<()>,
    retired: CancellationToken,
    /// Whose its tasks are, where it cannot know.
    pub(crate) owners: Owners,
    /// What is subscribed to has changed.
    pub(crate) resubscribe: watch::Sender<()>,
    /// The server ended when it was asked for its era.
    probe_harms: AtomicBool,
    /// The last `initialize` result that is known.
    hello: ArcSwapOption<Box<RawValue>>,
    /// `UNKNOWN`, `LEGACY` or `MODERN`.
    era: AtomicU8,
    /// What was found to be spoken at its address, where that is not what was configured.
    found: ArcSwapOption<Transport>,
    catalog: ArcSwap<Catalog>,
    own: own::Own,
    /// Bytes of its answers that are being read.
    pub(crate) reading: Arc<AtomicUsize>,
}

impl Upstream {
    /// How many connections to the server are open.
    pub(crate) fn connections(&self) -> usize {
        usize::from(matches!(*self.state.borrow(), State::Ready(_))) + self.own.count()
    }

    /// Begins to keep `server` connected. What is known of it is what was stored, or what the one
    /// `before` it knew.
    pub(crate) fn start(plane: &Arc<Plane>, server: Arc<ServerEntry>, before: Option<&Self>) -> Arc<Self> {
        let known = server.known.as_ref();
        let (hello, catalog) = match (known, before) {
            (None, Some(before)) => {
                (before.hello().map(|hello| Box::clone(&hello)), before.catalog.load_full())
            }
            _ => (
                known.and_then(|known| RawValue::from_string(known.initialize.clone()).ok()),
                Arc::new(known.map(Catalog::known).unwrap_or_default()),
            ),
        };
        let state = match server.problem {
            Some(code) => {
                State::Failed(Down { failure: Failure::new(code), patient: true, unreachable: true })
            }
            None => State::Starting,
        };
        let upstream = Arc::new(Self {
            state: watch::Sender::new(state),
            wanted: Notify::new(),
            attempts: Attempts::default(),
            suspected: Notify::new(),
            changes: Changes::default(),
            learning: tokio::sync::Mutex::new(()),
            retired: CancellationToken::new(),
            owners: Owners::default(),
            resubscribe: watch::Sender::default(),
            probe_harms: AtomicBool::new(false),
            hello: ArcSwapOption::empty(),
            era: AtomicU8::new(UNKNOWN),
            found: ArcSwapOption::empty(),
            catalog: ArcSwap::new(catalog),
            own: own::Own::default(),
            reading: Arc::default(),
            server,
        });
        if let Some(hello) = hello {
            upstream.set_hello(hello);
        }
        match upstream.server.problem {
            Some(code) => journal::observe_failure(plane, &upstream.server, &Failure::new(code), None),
            None => {
                plane.tasks.spawn(keep::keep(plane.clone(), upstream.clone()));
            }
        }
        upstream
    }

    /// Whether it still stands for `entry`, so that nothing has to start anew.
    pub(crate) fn serves(&self, entry: &ServerEntry) -> bool {
        entry.enabled && entry.generation == self.server.generation && entry.problem == self.server.problem
    }

    /// Ends the connections and the task behind them.
    pub(crate) fn retire(&self) {
        self.retired.cancel();
    }

    pub(crate) fn is_remote(&self) -> bool {
        self.server.target.transport().is_remote()
    }

    /// Whether several sessions use one connection: a process is started once and the modern era
    /// knows no sessions, while a legacy remote server keeps one for each of its clients.
    pub(crate) fn is_shared(&self) -> bool {
        if self.is_remote() { self.era() == Some(Era::Modern) } else { self.sharing() != Sharing::Session }
    }

    /// Whether the session has a connection of its own.
    pub(crate) fn is_own(&self, session: &Session) -> bool {
        matches!(self.whose(session), Whose::Session)
    }

    pub(crate) fn is_of_key(&self, session: &Session) -> bool {
        matches!(self.whose(session), Whose::Key)
    }

    pub(crate) fn is_everybodys(&self, session: &Session) -> bool {
        matches!(self.whose(session), Whose::Everybody)
    }

    /// The era that the server speaks, once that is known.
    pub(crate) fn era(&self) -> Option<Era> {
        match self.era.load(Ordering::Relaxed) {
            LEGACY => Some(Era::Legacy),
            MODERN => Some(Era::Modern),
            _ => None,
        }
    }

    /// Keeps what the server said of itself.
    fn set_hello(&self, result: Box<RawValue>) {
        // Read once: each call asks for the era.
        let version = edit::text(&result, "protocolVersion").and_then(|version| version.parse().ok());
        let era = version.map_or(UNKNOWN, |version: Version| match version.era() {
            Era::Legacy => LEGACY,
            Era::Modern => MODERN,
        });
        self.hello.store(Some(Arc::new(result)));
        self.era.store(era, Ordering::Relaxed);
    }

    /// Over what it was reached last, where that is not what was configured.
    pub(crate) fn found(&self) -> Option<Transport> {
        self.found.load().as_deref().copied()
    }

    pub(crate) fn set_found(&self, found: Option<Transport>) {
        self.found.store(found.map(Arc::new));
    }

    pub(crate) fn probe_harms(&self) -> bool {
        self.probe_harms.load(Ordering::Relaxed)
    }

    pub(crate) fn set_probe_harms(&self) {
        self.probe_harms.store(true, Ordering::Relaxed);
    }

    fn sharing(&self) -> Sharing {
        match self.server.target {
            Target::Stdio { .. } => self.server.process.sharing,
            Target::Remote { .. } | Target::Builtin { .. } => Sharing::Shared,
        }
    }

    /// Whether the connection over which the catalog is read stays open.
    fn keeps_connection(&self) -> bool {
        self.sharing() == Sharing::Shared
    }

    fn whose(&self, session: &Session) -> Whose {
        match self.sharing() {
            Sharing::Shared if !self.is_remote() || self.era() == Some(Era::Modern) => Whose::Everybody,
            Sharing::Shared if session.channel.has_state() => Whose::Session,
            // A session of the upstream, hidden behind requests that have none.
            Sharing::Shared => Whose::Key,
            Sharing::Session if session.channel.has_state() => Whose::Session,
            // A request that belongs to no session has no state to keep apart.
            Sharing::Session | Sharing::Key => Whose::Key,
        }
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
            State::Failed(down) => Some(down.failure.clone()),
            State::Ready(_) | State::Starting | State::Asleep => None,
        }
    }

    pub(crate) fn is_starting(&self) -> bool {
        matches!(&*self.state.borrow(), State::Starting)
    }

    /// Whether none of its processes runs, for want of use.
    pub(crate) fn is_asleep(&self) -> bool {
        matches!(&*self.state.borrow(), State::Asleep) && self.own.is_empty()
    }

    /// The connection if it can be used at once.
    pub(crate) fn ready(&self, session: &Seat) -> Option<Arc<Connection>> {
        let whose = self.whose(session);
        let connection = match whose {
            Whose::Everybody => match &*self.state.borrow() {
                State::Ready(connection) => connection.clone(),
                _ => return None,
            },
            _ if self.is_remote() && self.is_unreachable() => return None,
            Whose::Key => self.own.of_key(session.key.id)?,
            Whose::Session => session.connection.load_full()?,
        };
        if !self.is_remote() || matches!(whose, Whose::Key) {
            // Before it is looked at: who stops unused processes looks the other way round.
            connection.touch();
        }
        connection.is_usable().then_some(connection)
    }

    /// The connection that everybody shares, while it stands.
    pub(crate) fn standing(&self) -> Option<Arc<Connection>> {
        match &*self.state.borrow() {
            State::Ready(connection) if connection.is_usable() => Some(connection.clone()),
            _ => None,
        }
    }

    /// Whether a remote server still answers over `connection`, which is closed if it does not.
    pub(crate) async fn answers(&self, connection: &Arc<Connection>) -> bool {
        let answered = health::answers(connection).await;
        answered.map_err(|failure| connection.close(failure)).is_ok()
    }

    /// The connection for a session's calls, made if need be.
    pub(crate) async fn connection(
        self: &Arc<Self>,
        plane: &Arc<Plane>,
        session: &Arc<Seat>,
    ) -> Result<Arc<Connection>, Failure> {
        if let Some(failure) = self.left_alone()
            && !self.is_there_again().await
        {
            return Err(failure);
        }
        if self.is_remote() && self.era().is_none() {
            // Only its first answer tells whether sessions have connections of their own.
            self.shared().await?;
        }
        let whose = self.whose(session);
        if matches!(whose, Whose::Everybody) {
            return self.shared().await;
        }
        let (plane, upstream, session) = (plane.clone(), self.clone(), session.clone());
        // A task of its own: who waits may give up, and what was begun must have an owner.
        let tasks = plane.tasks.clone();
        let opening = match whose {
            Whose::Key => tasks.spawn(own::of_key(plane, upstream, session.key.id)),
            _ => tasks.spawn(own::of_session(plane, upstream, session)),
        };
        opening.await.unwrap_or_else(|_| Err(Failure::new(Code::Internal)))
    }

    /// The shared connection, waited for while it starts. A failed server is tried once more for a
    /// call, unless it must be left alone.
    async fn shared(&self) -> Result<Arc<Connection>, Failure> {
        if !self.keeps_connection() {
            return Err(Failure::new(Code::ConnectionLost).detail("Nobody shares its processes."));
        }
        let mut states = self.state.subscribe();
        let mut asked = false;
        loop {
            match &*states.borrow_and_update() {
                State::Ready(connection) if connection.is_usable() => {
                    connection.touch();
                    return Ok(connection.clone());
                }
                // It is about to change.
                State::Ready(_) | State::Starting => {}
                State::Failed(Down { failure, patient, .. }) if *patient || asked => {
                    return Err(failure.clone());
                }
                State::Failed(_) | State::Asleep => {
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
            Ok(State::Failed(down)) => Err(down.failure.clone()),
            _ => Ok(()),
        }
    }

    /// A call failed on its way to a remote server: that is worth a look.
    pub(crate) fn suspect(&self, failure: &Failure) {
        if self.is_remote() && is_unreachable(failure) {
            self.suspected.notify_one();
        }
    }

    /// Why calls are not tried, if so.
    fn left_alone(&self) -> Option<Failure> {
        match &*self.state.borrow() {
            State::Failed(Down { failure, patient: true, .. }) => Some(failure.clone()),
            _ => None,
        }
    }

    /// Has a server that is left alone tried now, if it was not a moment ago. Returns since when it
    /// is being tried.
    pub(crate) fn knock(&self) -> Option<Instant> {
        if self.left_alone().is_none() || self.server.problem.is_some() || self.retired.is_cancelled() {
            return None;
        }
        let floor = if self.is_remote() { attempt::REMOTE_FLOOR } else { attempt::PROCESS_FLOOR };
        self.attempts.ask(floor, || self.wanted.notify_one())
    }

    /// Whether a server that is left alone turns out to be there. All callers wait for one try, and
    /// for its first moment only: one that does not answer costs them no more.
    async fn is_there_again(&self) -> bool {
        let Some(since) = self.knock() else { return false };
        self.attempts.over(since).await;
        self.left_alone().is_none()
    }

    /// The longest wait between two tries.
    fn longest_wait(&self) -> Duration {
        if self.is_remote() { back_off::REMOTE } else { back_off::PROCESS }
    }

    fn is_unreachable(&self) -> bool {
        matches!(&*self.state.borrow(), State::Failed(Down { patient: true, unreachable: true, .. }))
    }

    /// Opens a connection; not to be dropped half way. Processes wait for their turn, since when is
    /// told. One that takes long to start does not hold up the others.
    async fn open(
        self: &Arc<Self>,
        plane: &Arc<Plane>,
        owner: Owner,
        unwanted: &CancellationToken,
    ) -> (Instant, Arc<Connection>, Result<(), Failure>) {
        let turn = if self.is_remote() { None } else { plane.starts.acquire().await.ok() };
        let started = Instant::now();
        let timeouts = self.server.timeouts;
        let opening = Connection::open(
            plane.clone(),
            self.server.clone(),
            owner,
            Arc::downgrade(self),
            timeouts.connect + timeouts.initialize,
            unwanted,
        );
        tokio::pin!(opening);
        let (connection, opened) = match timeout(TURN, &mut opening).await {
            Ok(opened) => opened,
            Err(_) => {
                drop(turn);
                opening.await
            }
        };
        (started, connection, opened)
    }

    fn set(&self, state: State) {
        self.state.send_replace(state);
    }
}

/// Whether a failure says that nothing gets to the server at all.
fn is_unreachable(failure: &Failure) -> bool {
    matches!(
        failure.code,
        Code::ConnectFailed | Code::TlsFailed | Code::ConnectionLost | Code::InitializeTimeout
    )
}

/// What callers hear while a server is left alone that failed in this way.
fn while_left_alone(failure: &Failure) -> Failure {
    match failure.code {
        Code::ProcessExited | Code::MemoryExceeded => Failure { code: Code::CrashLoop, ..failure.clone() },
        _ => Failure::new(Code::UpstreamDown).detail(failure.message()),
    }
}
