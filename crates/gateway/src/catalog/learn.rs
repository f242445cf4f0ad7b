//! Reads a server's lists again when they may have changed, and tells whom a change concerns.

use std::{sync::Arc, time::Duration};

use domain::{
    Timestamp,
    server::{ListKind, Status},
};
use tokio::time::sleep;

use super::{Catalog, Difference, Kinds, List, notice, read};
use crate::{
    error::Failure, gateway::Plane, journal, round::READ_EVERY, session::Scope, supervisor::Upstream,
    upstream::Connection,
};

/// Shortest time between two readings that the server asks for.
const BURST: Duration = Duration::from_secs(1);
/// Templates before resources: clients are told of both at once.
const ORDER: [ListKind; 4] = [ListKind::Tools, ListKind::Prompts, ListKind::Templates, ListKind::Resources];

/// Reads the lists now, and whenever the server says so. Never returns.
pub(crate) async fn keep_fresh(plane: &Arc<Plane>, upstream: &Arc<Upstream>, connection: &Arc<Connection>) {
    // What was said before is part of what is read now.
    upstream.changes.take();
    learn(plane, upstream, connection, Kinds::ALL, Status::Ready).await;
    loop {
        let kinds = upstream.changes.next().await;
        learn(plane, upstream, connection, kinds, Status::Ready).await;
        sleep(BURST).await;
    }
}

/// Whether the lists are due for another reading.
pub(crate) fn is_stale(catalog: &Catalog, now: Timestamp) -> bool {
    ListKind::ALL.into_iter().any(|kind| {
        catalog.list(kind).read_at.is_none_or(|at| (now - at).to_std().unwrap_or_default() >= READ_EVERY)
    })
}

/// Reads lists over `connection`. What cannot be read leaves the last list standing.
pub(crate) async fn learn(
    plane: &Arc<Plane>,
    upstream: &Arc<Upstream>,
    connection: &Arc<Connection>,
    kinds: Kinds,
    status: Status,
) {
    let _alone = upstream.learning.lock().await;
    let mut templates_changed = false;
    for kind in ORDER.into_iter().filter(|kind| kinds.has(*kind)) {
        let before = upstream.catalog().list(kind).clone();
        let now = match read::list(connection, kind).await {
            Ok(reading) => {
                let now = before.read(reading.items, plane.clock.now()).rejecting(reading.rejected);
                if now.rejected != before.rejected && !now.rejected.is_empty() {
                    journal::tools_rejected(plane, connection, &now.rejected);
                }
                if now.version != before.version && (reading.cut || reading.nameless > 0) {
                    let kept = now.items.len();
                    journal::list_incomplete(plane, connection, kind, kept, reading.nameless, reading.cut);
                }
                now
            }
            // That is the connection's failure, and not the list's.
            Err(_) if !connection.is_open() => return,
            Err(failure) => {
                unread(plane, connection, kind, &before, &failure);
                before.unread(failure)
            }
        };
        let changed = now.version != before.version;
        upstream.set_list(kind, now.clone());
        if changed {
            plane.catalogs_changed();
        }
        journal::observe_list(plane, connection, kind, &now, changed, status);
        if changed && before.read_at.is_some() {
            journal::list_changed(plane, &upstream.server, kind, &Difference::between(&before, &now));
        }
        match kind {
            ListKind::Templates => templates_changed = changed,
            ListKind::Resources if changed || templates_changed => {
                tell(plane, upstream, kind, before.read_at.is_none());
            }
            ListKind::Tools | ListKind::Prompts if changed => {
                tell(plane, upstream, kind, before.read_at.is_none());
            }
            _ => {}
        }
    }
}

/// The same reason is not worth a second look.
fn unread(plane: &Plane, connection: &Connection, kind: ListKind, before: &List, failure: &Failure) {
    if before.problem.as_ref() != Some(failure) {
        journal::list_unread(plane, connection, kind, failure);
    }
}

/// Tells the sessions whose lists these are. A project's own endpoint answers from here. Of the
/// others, those with an upstream connection of their own hear it there, and at the first reading
/// there is nothing to tell: whoever asked before waited for the server.
fn tell(plane: &Arc<Plane>, upstream: &Arc<Upstream>, kind: ListKind, is_first: bool) {
    for session in plane.sessions.of_server(&upstream.server) {
        let concerns = session.scope == Scope::Project || (!is_first && !upstream.is_own(&session));
        if concerns && session.is_initialized() {
            session.notify(notice::method(kind), None);
        }
    }
}
