//! Connections of one session or one key, where not everybody shares one.
//!
//! Each is opened by the first call that needs it. The processes among them are bounded: the one
//! that is unused longest makes room.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use domain::{Code, KeyId, server::Status};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, timeout},
};
use tokio_util::sync::CancellationToken;

use super::{Upstream, breaker::Breaker, health, while_left_alone};
use crate::{
    catalog::{self, Kinds},
    error::Failure,
    gateway::Plane,
    journal,
    lock::lock,
    session::Seat,
    upstream::{Connection, Owner},
};

/// Processes that one server may have at the same time.
const PROCESSES: usize = 32;
/// A key's process that nobody uses for so long is ended where no rule says when.
const KEY_IDLE: Duration = Duration::from_secs(10 * 60);
/// How long a call waits for another process to make room.
const ROOM: Duration = Duration::from_secs(15);

/// The connections of one server that not everybody shares.
pub(super) struct Own {
    /// The processes among them, and those that a key's requests share.
    open: Mutex<Vec<Arc<Connection>>>,
    /// The latest of each key: calls look for it.
    of_keys: Mutex<HashMap<KeyId, Arc<Connection>>>,
    room: Arc<Semaphore>,
    /// Held while a key's connection is made.
    connecting: Mutex<HashMap<KeyId, Arc<tokio::sync::Mutex<()>>>>,
    breaker: Breaker,
}

impl Default for Own {
    fn default() -> Self {
        Self {
            open: Mutex::default(),
            of_keys: Mutex::default(),
            room: Arc::new(Semaphore::new(PROCESSES)),
            connecting: Mutex::default(),
            breaker: Breaker::default(),
        }
    }
}

impl Own {
    pub(super) fn of_key(&self, key: KeyId) -> Option<Arc<Connection>> {
        lock(&self.of_keys).get(&key).filter(|connection| connection.is_usable()).cloned()
    }

    /// The server is there: what failed before is no reason not to try.
    pub(super) fn reached(&self) {
        self.breaker.worked();
    }

    pub(super) fn count(&self) -> usize {
        lock(&self.open).len()
    }

    pub(super) fn is_empty(&self) -> bool {
        lock(&self.open).is_empty()
    }

    /// Room for one more process.
    async fn room(&self) -> Result<OwnedSemaphorePermit, Failure> {
        let busy = || {
            Failure::new(Code::UpstreamBusy)
                .detail(format!("{PROCESSES} processes of it are running, which is the limit."))
        };
        if let Ok(permit) = self.room.clone().try_acquire_owned() {
            return Ok(permit);
        }
        let longest = {
            let open = lock(&self.open);
            let unused = open.iter().filter(|connection| connection.is_usable() && !connection.mux.is_busy());
            unused.min_by_key(|connection| connection.used()).cloned()
        };
        longest.ok_or_else(busy)?.close(Failure::new(Code::ConnectionLost));
        timeout(ROOM, self.room.clone().acquire_owned()).await.ok().and_then(Result::ok).ok_or_else(busy)
    }

    fn lock_of(&self, key: KeyId) -> Arc<tokio::sync::Mutex<()>> {
        let mut locks = lock(&self.connecting);
        // Those that nobody holds are of no use to anybody.
        locks.retain(|_, lock| Arc::strong_count(lock) > 1);
        locks.entry(key).or_default().clone()
    }
}

/// The connection of `session` alone, made if need be. Not to be dropped half way.
pub(super) async fn of_session(
    plane: Arc<Plane>,
    upstream: Arc<Upstream>,
    session: Arc<Seat>,
) -> Result<Arc<Connection>, Failure> {
    let _connecting = session.connecting.lock().await;
    if let Some(connection) = session.connection.load_full().filter(|connection| connection.is_usable()) {
        return Ok(connection);
    }
    let owner = Owner::Session(Arc::downgrade(&session), session.client.load_full());
    let connection = open(&plane, &upstream, owner, &session.ended).await?;
    if let Some(old) = session.connection.swap(Some(connection.clone())) {
        old.close(Failure::new(Code::ConnectionLost));
    }
    if session.ended.is_cancelled() || upstream.retired.is_cancelled() {
        connection.close(Failure::new(Code::ConnectionLost));
    }
    Ok(connection)
}

/// The connection of all sessions of `key`, made if need be. Not to be dropped half way.
pub(super) async fn of_key(
    plane: Arc<Plane>,
    upstream: Arc<Upstream>,
    key: KeyId,
) -> Result<Arc<Connection>, Failure> {
    let connecting = upstream.own.lock_of(key);
    let _connecting = connecting.lock().await;
    if let Some(connection) = upstream.own.of_key(key) {
        return Ok(connection);
    }
    open(&plane, &upstream, Owner::Key(key), &upstream.retired).await
}

async fn open(
    plane: &Arc<Plane>,
    upstream: &Arc<Upstream>,
    owner: Owner,
    unwanted: &CancellationToken,
) -> Result<Arc<Connection>, Failure> {
    let is_process = !upstream.is_remote();
    upstream.own.breaker.check()?;
    let room = if is_process { Some(upstream.own.room().await?) } else { None };
    let (started, connection, opened) = upstream.open(plane, owner, unwanted).await;
    if let Err(failure) = opened {
        if !unwanted.is_cancelled() {
            upstream.own.breaker.failed(while_left_alone(&failure), upstream.longest_wait());
        }
        connection.released().await;
        return Err(failure);
    }
    if let Owner::Session(..) = connection.owner
        && room.is_none()
    {
        upstream.own.breaker.worked();
        return Ok(connection);
    }
    if let Owner::Key(key) = connection.owner {
        lock(&upstream.own.of_keys).insert(key, connection.clone());
    }
    let is_first = {
        let mut open = lock(&upstream.own.open);
        open.push(connection.clone());
        open.len() == 1
    };
    if is_first && is_process {
        journal::observe_status(plane, &upstream.server, Status::Ready);
    }
    plane.tasks.spawn(tend(plane.clone(), upstream.clone(), connection.clone(), started, room));
    Ok(connection)
}

/// Looks after a process until nothing of it is left.
async fn tend(
    plane: Arc<Plane>,
    upstream: Arc<Upstream>,
    connection: Arc<Connection>,
    started: Instant,
    _room: Option<OwnedSemaphorePermit>,
) {
    let rules = &upstream.server.process;
    let key = match connection.owner {
        Owner::Key(key) => Some(key),
        _ => None,
    };
    let idle = rules.sleep_after.or_else(|| key.map(|_| KEY_IDLE));
    let failure = tokio::select! {
        () = connection.ended() => None,
        () = upstream.retired.cancelled() => None,
        () = health::unused(&plane, &connection, idle) => None,
        () = health::revoked(&plane, key) => None,
        failure = health::too_large(&connection, rules.memory_bytes) => Some(failure),
        () = learn_then_wait(&plane, &upstream, &connection) => None,
    };
    connection.close(failure.unwrap_or_else(|| Failure::new(Code::ConnectionLost)));
    let failure = connection.failure();
    if let Some(key) = key {
        let mut of_keys = lock(&upstream.own.of_keys);
        if of_keys.get(&key).is_some_and(|latest| Arc::ptr_eq(latest, &connection)) {
            of_keys.remove(&key);
        }
    }
    let left = {
        let mut open = lock(&upstream.own.open);
        open.retain(|other| !Arc::ptr_eq(other, &connection));
        open.len()
    };
    // What we ended ourselves is no failure.
    if failure.code != Code::ConnectionLost {
        if started.elapsed() < super::QUICK {
            upstream.own.breaker.failed(while_left_alone(&failure), upstream.longest_wait());
        }
        journal::own_ended(&plane, &connection, &failure);
    } else if started.elapsed() >= super::QUICK {
        upstream.own.breaker.worked();
    }
    connection.released().await;
    if left == 0 && !upstream.is_remote() && !upstream.retired.is_cancelled() {
        journal::observe_status(&plane, &upstream.server, Status::Idle);
    }
}

/// A new process is as good as any to learn from when the last reading was long ago. Never returns.
async fn learn_then_wait(plane: &Arc<Plane>, upstream: &Arc<Upstream>, connection: &Arc<Connection>) {
    if catalog::is_stale(&upstream.catalog(), plane.clock.now()) {
        catalog::learn(plane, upstream, connection, Kinds::ALL, Status::Ready).await;
    }
    std::future::pending().await
}
