//! The data plane as a whole: what its parts share, how it takes a new directory, how it stops.

use std::{
    collections::{HashMap, HashSet},
    net::IpAddr,
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use arc_swap::ArcSwap;
use axum::{Router, extract::Request, response::Response};
use domain::{Code, KeyId, ServerId, server::TestReport};
use tokio::{
    sync::{Notify, Semaphore},
    time::{Instant, sleep, timeout, timeout_at},
};
use tokio_util::{
    sync::CancellationToken,
    task::{TaskTracker, task_tracker::TaskTrackerToken},
};
use wire::method;

use crate::{
    Clock, Directory, EventSink, Limits, Options, Target,
    aggregate::Indexes,
    bridge::parked::Waiting,
    directory::{KeyEntry, ServerEntry},
    endpoint,
    endpoint::Origins,
    journal,
    lock::lock,
    outbound::Outbound,
    probe,
    rate::Rates,
    relay,
    round::{self, Question, Rounds},
    seal::Sealer,
    session::{Channel, Scope, Session, Sessions},
    supervisor::Upstream,
};

/// Commands that may be starting at the same time: a restart with many servers must not starve the
/// calls that come meanwhile.
const STARTS: usize = 4;
/// How often unused sessions are looked for.
const SWEEP: Duration = Duration::from_secs(60);
/// How long no call waits on a stream before it ends: the next one often belongs to the last.
const LULL: Duration = Duration::from_millis(500);
/// How often streams are looked for that may end.
const LOOK: Duration = Duration::from_millis(50);
/// How long children may take to end after everything else is closed.
const RELEASE: Duration = Duration::from_secs(15);

/// The data plane. Clones are handles to the same one.
#[derive(Clone)]
pub struct Gateway(pub(crate) Arc<Plane>);

/// Shared by everything in the data plane.
pub(crate) struct Plane {
    pub(crate) limits: Limits,
    pub(crate) outbound: Outbound,
    pub(crate) stdio_enabled: bool,
    pub(crate) open_access: bool,
    pub(crate) clock: Clock,
    pub(crate) events: EventSink,
    pub(crate) origins: Origins,
    /// What stands before our paths in the public address; empty or `/prefix`.
    pub(crate) prefix: String,
    pub(crate) reaper: Option<PathBuf>,
    pub(crate) sealer: Option<Sealer>,
    pub(crate) directory: ArcSwap<Directory>,
    pub(crate) sessions: Sessions,
    pub(crate) waiting: Waiting,
    upstreams: ArcSwap<HashMap<ServerId, Arc<Upstream>>>,
    /// Moves on whenever what any project offers may have changed.
    epoch: AtomicU64,
    pub(crate) indexes: Indexes,
    pub(crate) rates: Rates,
    pub(crate) rounds: Rounds,
    /// Held while a directory is taken over, so that two never mix; when the last one was.
    pub(crate) replacing: Mutex<Option<domain::Timestamp>>,
    pub(crate) starts: Semaphore,
    /// Everything that runs, children included.
    pub(crate) tasks: TaskTracker,
    /// Calls of clients that have no answer yet.
    calls: TaskTracker,
    /// Those that began after this process took leave.
    late_calls: TaskTracker,
    /// Cancelled when this process takes leave: calls go on, streams end.
    pub(crate) draining: CancellationToken,
    pub(crate) stopping: CancellationToken,
    /// Told when a client of the older transport opened its stream.
    pub(crate) streams: Notify,
}

impl Gateway {
    /// Sets the data plane up; it serves nothing before its first [`Directory`]. Call it inside a
    /// tokio runtime, with a TLS provider installed.
    #[must_use]
    pub fn new(options: Options) -> Self {
        let plane = Arc::new(Plane {
            origins: Origins::new(&options.public_url, &options.allowed_origins),
            prefix: options.public_url.path().trim_end_matches('/').to_owned(),
            limits: options.limits,
            outbound: Outbound::new(options.outbound),
            stdio_enabled: options.stdio_enabled,
            open_access: options.open_access,
            clock: options.clock,
            events: options.events,
            reaper: options.reaper,
            sealer: options.session_key.as_ref().map(Sealer::new),
            directory: ArcSwap::default(),
            sessions: Sessions::default(),
            waiting: Waiting::default(),
            upstreams: ArcSwap::default(),
            epoch: AtomicU64::new(1),
            indexes: Indexes::default(),
            rates: Rates::default(),
            rounds: Rounds::default(),
            replacing: Mutex::default(),
            starts: Semaphore::new(STARTS),
            tasks: TaskTracker::new(),
            calls: TaskTracker::new(),
            late_calls: TaskTracker::new(),
            draining: CancellationToken::new(),
            stopping: CancellationToken::new(),
            streams: Notify::new(),
        });
        plane.tasks.spawn(sweep(plane.clone()));
        for question in [Question::Check, Question::Read] {
            plane.tasks.spawn(round::keep(plane.clone(), question));
        }
        Self(plane)
    }

    /// Takes over a new directory. What did not change goes on undisturbed; calls never wait for it.
    pub fn replace(&self, directory: Directory) {
        let plane = &self.0;
        let mut replacing = lock(&plane.replacing);
        if plane.stopping.is_cancelled() {
            return;
        }
        *replacing = Some(plane.clock.now());
        let directory = Arc::new(directory);
        let mut upstreams = HashMap::clone(&plane.upstreams.load());
        let mut retired = HashMap::new();
        upstreams.retain(|id, upstream| {
            let stays = directory.server_by_id(*id).is_some_and(|entry| upstream.serves(entry));
            if !stays {
                upstream.retire();
                retired.insert(*id, upstream.clone());
            }
            stays
        });
        for entry in directory.servers().filter(|entry| entry.enabled) {
            let before = retired.get(&entry.id).map(|upstream| &**upstream);
            upstreams.entry(entry.id).or_insert_with(|| Upstream::start(plane, entry.clone(), before));
        }
        plane.upstreams.store(Arc::new(upstreams));
        plane.rates.keep(directory.keys());
        let before = plane.directory.swap(directory);
        plane.catalogs_changed();
        plane.tell_offers(&before);
        // A session's own connection still has the old address and credentials.
        for session in plane.sessions.select(|_| !retired.is_empty()) {
            session
                .seats()
                .iter()
                .filter(|seat| retired.contains_key(&seat.server))
                .for_each(|seat| seat.leave());
        }
        plane.end_narrowed(&before);
        plane.end_unwelcome();
    }

    /// The route of a path of the data plane (`/projects/…`), for spans and logs; none for a path
    /// that [`Self::handle`] does not serve.
    #[must_use]
    pub fn route(path: &str) -> Option<&'static str> {
        endpoint::route(path)
    }

    /// Answers a request of an MCP client. `request_id` names it in answers and in the log.
    /// `address` is where the client is, proxies of ours not counted.
    pub async fn handle(&self, request: Request, request_id: Arc<str>, address: Option<IpAddr>) -> Response {
        endpoint::handle(self.0.clone(), request, request_id, address).await
    }

    /// Answers a request of somebody who is proven otherwise than by a key, as if `key` had been sent: its
    /// reach and its name in the log count.
    pub async fn handle_as(&self, request: Request, request_id: Arc<str>, key: KeyEntry) -> Response {
        endpoint::handle_as(self.0.clone(), request, request_id, Arc::new(key)).await
    }

    /// The endpoints for MCP clients alone, for a program that serves nothing else.
    pub fn router(&self) -> Router {
        let gateway = self.clone();
        Router::new()
            .fallback(move |request: Request| async move { gateway.handle(request, "-".into(), None).await })
    }

    /// Tries a server that need not be saved: connects, lists its tools, ends everything again.
    /// `limit` is for all of it.
    pub async fn probe(&self, target: Target, limit: Duration) -> TestReport {
        let plane = self.0.clone();
        // A task of its own: whoever asked may go away, and the child must end all the same.
        let report = self.0.tasks.spawn(probe::run(plane, target, limit)).await;
        report.unwrap_or_else(|_| probe::failed(Code::Internal, Duration::ZERO))
    }

    /// Takes leave: whatever comes is still served, but each stream ends soon after the last call on
    /// it, so that its client comes back to whoever serves next. Returns after [`Self::shutdown`].
    pub async fn drain(&self) {
        let plane = &self.0;
        plane.draining.cancel();
        while !plane.stopping.is_cancelled() {
            let calm = |session: &Session| !session.has_calls() && session.last_used().elapsed() >= LULL;
            for session in plane.sessions.select(calm) {
                match session.channel {
                    // Its id is good anywhere; only the stream has to go.
                    Channel::Streamable => session.end_stream(),
                    _ => plane.end_session(&session),
                }
            }
            sleep(LOOK).await;
        }
    }

    /// Whether calls are under way that began before this process took leave.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        !self.0.calls.is_empty()
    }

    /// Stops: calls under way may finish until `deadline` has passed, then streams are closed and
    /// children ended. Returns when nothing is left; a second call waits for the first.
    pub async fn shutdown(&self, deadline: Duration) {
        let plane = &self.0;
        plane.draining.cancel();
        plane.stopping.cancel();
        plane.calls.close();
        plane.late_calls.close();
        let over = async { (plane.calls.wait().await, plane.late_calls.wait().await) };
        let _ = timeout(deadline, over).await;
        for session in plane.sessions.select(|_| true) {
            plane.end_session(&session);
        }
        {
            let _replacing = lock(&plane.replacing);
            for upstream in plane.upstreams.swap(Arc::default()).values() {
                upstream.retire();
            }
        }
        plane.tasks.close();
        if timeout(RELEASE, plane.tasks.wait()).await.is_err() {
            tracing::warn!(tasks = plane.tasks.len(), "some servers did not end in time");
        }
        plane.events.close();
    }
}

impl Plane {
    /// Keeps a stop waiting for a call.
    pub(crate) fn begin_call(&self) -> TaskTrackerToken {
        let calls = if self.draining.is_cancelled() { &self.late_calls } else { &self.calls };
        calls.token()
    }

    /// The server's connection keeper; none when the server is gone or disabled.
    pub(crate) fn upstream(&self, server: ServerId) -> Option<Arc<Upstream>> {
        self.upstreams.load().get(&server).cloned()
    }

    pub(crate) fn upstreams(&self) -> Arc<HashMap<ServerId, Arc<Upstream>>> {
        self.upstreams.load_full()
    }

    /// What any project offers may be different from now on.
    pub(crate) fn catalogs_changed(&self) {
        self.epoch.fetch_add(1, Ordering::AcqRel);
    }

    pub(crate) fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::Acquire)
    }

    /// Tells the sessions of which a change of the directory changed the lists.
    fn tell_offers(&self, before: &Directory) {
        let now = self.directory.load();
        let changed: Vec<&Arc<ServerEntry>> = before
            .servers()
            .filter(|old| now.server_by_id(old.id).is_none_or(|new| !new.offers_as(old)))
            .chain(now.servers().filter(|new| before.server_by_id(new.id).is_none()))
            .collect();
        let rekeyed: HashSet<KeyId> = now
            .keys()
            .filter(|key| before.key_by_id(key.id).is_some_and(|old| old.reach != key.reach))
            .map(|key| key.id)
            .collect();
        if changed.is_empty() && rekeyed.is_empty() {
            return;
        }
        for session in self.sessions.select(|session| session.is_initialized()) {
            let concerns = |server: &&Arc<ServerEntry>| match session.scope {
                Scope::Server(id) => id == server.id,
                Scope::Project => session.project == server.project,
            };
            let is_rekeyed = session.scope == Scope::Project && rekeyed.contains(&session.key.id);
            if is_rekeyed || changed.iter().any(concerns) {
                for list in
                    [method::TOOLS_LIST_CHANGED, method::RESOURCES_LIST_CHANGED, method::PROMPTS_LIST_CHANGED]
                {
                    session.notify(list, None);
                }
            }
        }
    }

    /// Ends the sessions of keys that may do less than before, with what is under way. Their clients
    /// go on at once with what is left.
    fn end_narrowed(self: &Arc<Self>, before: &Directory) {
        let now = self.directory.load_full();
        let narrowed: HashSet<KeyId> = now
            .keys()
            .filter(|key| before.key_by_id(key.id).is_some_and(|old| !key.covers(old)))
            .map(|key| key.id)
            .collect();
        for session in self.sessions.select(|session| narrowed.contains(&session.key.id)) {
            self.end_session(&session);
        }
    }

    /// A session's key as it is now: what it may do can have changed since the session began.
    pub(crate) fn key_of(&self, session: &Session) -> Arc<KeyEntry> {
        let current = self.directory.load().key_by_id(session.key.id).cloned();
        current.unwrap_or_else(|| session.key.clone())
    }

    /// Ends the sessions of keys that were revoked or have expired, and of servers that are gone.
    fn end_unwelcome(self: &Arc<Self>) {
        let (directory, now) = (self.directory.load_full(), self.clock.now());
        for session in self.sessions.select(|session| {
            let key = directory.key_by_id(session.key.id);
            key.is_none_or(|key| key.is_over(now))
                || match session.scope {
                    Scope::Server(id) => directory.server_by_id(id).is_none(),
                    Scope::Project => directory.project_by_id(session.project).is_none(),
                }
        }) {
            self.end_session(&session);
        }
    }

    /// Takes a session out of use and closes what belongs to it.
    pub(crate) fn end_session(self: &Arc<Self>, session: &Arc<Session>) {
        self.sessions.remove(&session.id);
        if session.ended.is_cancelled() {
            return;
        }
        session.ended.cancel();
        for asked in session.take_all_asked() {
            relay::refuse_asked(&asked, "the client has gone");
        }
        relay::give_up(self, session);
        session.leave();
        if session.channel.has_state() {
            journal::session_ended(self, session);
        }
    }
}

async fn sweep(plane: Arc<Plane>) {
    let mut at = Instant::now() + SWEEP;
    while timeout_at(at, plane.stopping.cancelled()).await.is_err() {
        for session in plane.sessions.unused(plane.limits.session_idle) {
            plane.end_session(&session);
        }
        // An expired key is refused at once; this ends the streams that were open by then.
        plane.end_unwelcome();
        plane.outbound.sweep();
        at = Instant::now() + SWEEP;
    }
}
