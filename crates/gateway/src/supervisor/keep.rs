//! The task behind each enabled server.

use std::sync::Arc;

use domain::{Code, server::Status};
use futures_util::FutureExt;
use tokio::time::{Instant, sleep};

use super::{Down, QUICK, State, Upstream, health, is_unreachable, while_left_alone};
use crate::{
    back_off,
    catalog::{self, Kinds},
    error::Failure,
    gateway::Plane,
    journal,
    upstream::{Connection, Owner},
};

/// So many quick ends of a process in a row are a crash loop.
const CRASH_LOOP: u32 = 5;
/// After so many failures in a row a remote server is left to the background.
const UNREACHABLE: u32 = 3;
/// A process that grows too large sooner than this does so each time.
const GROWN: std::time::Duration = std::time::Duration::from_secs(60);

/// How a life of the shared connection ended.
enum End {
    Failed(Failure),
    /// It is not needed for now.
    Asleep,
}

/// Runs until the upstream is retired and nothing of it is left.
pub(super) async fn keep(plane: Arc<Plane>, upstream: Arc<Upstream>) {
    let mut failures = 0;
    let mut last: Option<Failure> = None;
    while !upstream.retired.is_cancelled() {
        // One that is left alone stays so until it answers.
        if upstream.left_alone().is_none() {
            upstream.set(State::Starting);
            journal::observe_status(&plane, &upstream.server, Status::Starting);
        }
        let (end, started) = live(&plane, &upstream, last.as_ref()).await;
        if upstream.retired.is_cancelled() {
            break;
        }
        let failure = match end {
            End::Failed(failure) => failure,
            End::Asleep => {
                (failures, last) = (0, None);
                rest(&plane, &upstream).await;
                continue;
            }
        };
        if worked(&failure, started) {
            // It may work again at once.
            (failures, last) = (0, None);
            continue;
        }
        failures += 1;
        let patient = is_hopeless(&upstream, &failure, failures);
        last = Some(failure.clone());
        let unreachable = is_unreachable(&failure);
        let failure = if patient { while_left_alone(&failure) } else { failure };
        if patient {
            journal::observe_failure(&plane, &upstream.server, &failure, None);
        }
        upstream.set(State::Failed(Down { failure, patient, unreachable }));
        tokio::select! {
            () = upstream.retired.cancelled() => {}
            () = sleep(back_off::after(failures, upstream.longest_wait())) => {}
            () = upstream.wanted.notified() => {}
        }
    }
    let failure = Failure::new(Code::ServerDisabled);
    upstream.set(State::Failed(Down { failure, patient: true, unreachable: true }));
}

/// Whether the life that ended was long enough to start anew at once.
fn worked(failure: &Failure, started: Instant) -> bool {
    let long = if failure.code == Code::MemoryExceeded { GROWN } else { QUICK };
    started.elapsed() >= long
        && failure.code != Code::InitializeTimeout
        && failure.code != Code::ConnectFailed
}

/// Whether calls had better fail at once than wait for one more try.
fn is_hopeless(upstream: &Upstream, failure: &Failure, failures: u32) -> bool {
    if upstream.is_remote() {
        failures >= UNREACHABLE
    } else {
        failures >= CRASH_LOOP && matches!(failure.code, Code::ProcessExited | Code::MemoryExceeded)
    }
}

/// Waits until somebody wants the server.
async fn rest(plane: &Plane, upstream: &Upstream) {
    // Who asked before is served.
    let _ = upstream.wanted.notified().now_or_never();
    upstream.set(State::Asleep);
    journal::observe_status(plane, &upstream.server, Status::Idle);
    tokio::select! {
        () = upstream.retired.cancelled() => {}
        () = upstream.wanted.notified() => {}
    }
}

/// One life of the shared connection, after one that ended with `last`. Returns how and since when
/// it ended.
async fn live(plane: &Arc<Plane>, upstream: &Arc<Upstream>, last: Option<&Failure>) -> (End, Instant) {
    upstream.attempts.begin();
    let (started, connection, opened) = upstream.open(plane, Owner::Shared, &upstream.retired).await;
    let mut asleep = false;
    if opened.is_err() {
        upstream.attempts.end();
    } else {
        if let Some(hello) = connection.hello() {
            upstream.set_hello(hello.result.clone());
        }
        if upstream.keeps_connection() {
            upstream.set(State::Ready(connection.clone()));
        }
        if upstream.is_remote() {
            upstream.own.reached();
        }
        upstream.attempts.end();
        journal::connected(plane, &connection);
        asleep = follow(plane, upstream, &connection).await;
    }
    let retired = upstream.retired.is_cancelled();
    connection.close(Failure::new(Code::ConnectionLost));
    let failure = connection.failure();
    if !retired && opened.is_ok() {
        // Until the next state is known nobody may take the connection for a good one.
        upstream.set(State::Starting);
    }
    connection.released().await;
    if asleep {
        if upstream.keeps_connection() {
            journal::fell_asleep(plane, &upstream.server);
        }
        return (End::Asleep, started);
    }
    if !retired {
        journal::disconnected(plane, &connection, &failure, last == Some(&failure));
    }
    (End::Failed(failure), started)
}

/// Follows an open connection until it ends or the upstream is retired. True when it ended because
/// it is not needed.
async fn follow(plane: &Arc<Plane>, upstream: &Arc<Upstream>, connection: &Arc<Connection>) -> bool {
    let rules = &upstream.server.process;
    let is_process = !upstream.is_remote();
    let (idle, memory) = (rules.sleep_after.filter(|_| is_process), rules.memory_bytes);
    let looked_after = async {
        tokio::select! {
            () = connection.ended() => false,
            () = connection.expired(), if idle.is_none() => false,
            () = upstream.retired.cancelled() => false,
            failure = health::check(upstream, connection), if !is_process => {
                connection.close(failure);
                false
            }
            failure = health::too_large(connection, memory.filter(|_| is_process)) => {
                connection.close(failure);
                false
            }
            () = health::unused(plane, connection, idle) => true,
        }
    };
    if upstream.keeps_connection() {
        return tokio::select! {
            asleep = looked_after => asleep,
            () = catalog::keep_fresh(plane, upstream, connection) => false,
        };
    }
    tokio::select! {
        _ = looked_after => false,
        () = catalog::learn(plane, upstream, connection, Kinds::ALL, Status::Ready) => connection.is_open(),
    }
}
