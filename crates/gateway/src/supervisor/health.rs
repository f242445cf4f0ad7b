//! What is looked after while a connection is open: whether it is there, used, and not too large.

use std::{future::pending, sync::Arc, time::Duration};

use domain::{Code, KeyId, ServerId};
use tokio::time::{sleep, sleep_until, timeout};
use wire::{Era, method};

use super::Upstream;
use crate::{
    error::Failure,
    gateway::Plane,
    lock::lock,
    process_tree,
    upstream::{Connection, Owner},
};

/// How long a remote server may take to say that it is there.
const CHECK_LIMIT: Duration = Duration::from_secs(15);
/// How often the memory of a process is looked at.
const WEIGH: Duration = Duration::from_secs(2);
/// How long calls that came at the last moment may take to be entered.
const LAST_CALL: Duration = Duration::from_millis(50);
const LOOK: Duration = Duration::from_millis(200);

/// Waits until nobody used the connection for `limit`, then keeps new calls away and lets those
/// finish that are under way. Without a limit it waits for ever.
pub(super) async fn unused(plane: &Plane, connection: &Connection, limit: Option<Duration>) {
    let Some(limit) = limit else { return pending().await };
    loop {
        sleep_until(connection.used() + limit).await;
        if connection.mux.is_busy() || is_subscribed(plane, connection) {
            connection.touch();
        } else if connection.used().elapsed() >= limit {
            break;
        }
    }
    connection.expire();
    sleep(LAST_CALL).await;
    while connection.mux.is_busy() {
        sleep(LOOK).await;
    }
}

/// Whether a session waits for news of a resource or a task: it would never hear of them.
fn is_subscribed(plane: &Plane, connection: &Connection) -> bool {
    let sessions = plane.sessions.of_server(&connection.server);
    sessions.iter().any(|session| {
        let is_theirs = match &connection.owner {
            Owner::Shared => true,
            Owner::Key(key) => session.key.id == *key,
            Owner::Session(owner, _) => {
                session.seats().iter().any(|seat| owner.as_ptr() == Arc::as_ptr(seat))
            }
        };
        let is_here = |(server, _): &(ServerId, String)| *server == connection.server.id;
        is_theirs && (session.followed.iter().any(is_here) || lock(&session.subscribed).iter().any(is_here))
    })
}

/// Waits until a key may not be used any more. Who is proven otherwise has none here, and is asked about at
/// each call.
pub(super) async fn revoked(plane: &Plane, key: Option<KeyId>) {
    let known = key.filter(|key| plane.directory.load().key_by_id(*key).is_some());
    let Some(key) = known else { return pending().await };
    loop {
        let directory = plane.directory.load();
        let now = plane.clock.now();
        let holds = directory.key_by_id(key).is_some_and(|key| key.expires_at.is_none_or(|at| at > now));
        drop(directory);
        if !holds {
            return;
        }
        sleep(WEIGH).await;
    }
}

/// Waits until the tree of a process holds more than `limit` bytes; without a limit for ever.
pub(super) async fn too_large(connection: &Connection, limit: Option<u64>) -> Failure {
    const MIB: u64 = 1024 * 1024;
    let Some(limit) = limit else { return pending().await };
    loop {
        sleep(WEIGH).await;
        let Some(process) = connection.process.get().copied() else { continue };
        let bytes = tokio::task::spawn_blocking(move || process_tree::resident_bytes(process)).await;
        let bytes = bytes.unwrap_or_default();
        if bytes > limit {
            return Failure::new(Code::MemoryExceeded).detail(format!(
                "It held {} MiB; {} MiB are the limit.",
                bytes / MIB,
                limit / MIB
            ));
        }
    }
}

/// Asks whether a remote server is there when a call failed, until it is not. A process tells when it ends;
/// a remote server may just be gone.
pub(super) async fn check(upstream: &Upstream, connection: &Arc<Connection>) -> Failure {
    loop {
        upstream.suspected.notified().await;
        if let Err(failure) = answers(connection).await {
            return failure;
        }
    }
}

/// Whether the server is there. An error is an answer as well.
pub(super) async fn answers(connection: &Arc<Connection>) -> Result<(), Failure> {
    let is_modern = connection.hello().is_some_and(|hello| hello.era() == Era::Modern);
    let method = if is_modern { method::DISCOVER } else { method::PING };
    match timeout(CHECK_LIMIT, connection.request(method, None, CHECK_LIMIT)).await {
        Ok(Ok(_) | Err(Failure { code: Code::ProtocolViolation, .. })) => Ok(()),
        _ => Err(Failure::new(Code::ConnectionLost).detail("It no longer answers.")),
    }
}
