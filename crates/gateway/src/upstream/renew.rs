//! What sessions had asked of a legacy server before its connection ended is asked of the new one:
//! subscriptions to resources, and the level of log messages.

use std::{collections::HashSet, sync::Arc, time::Duration};

use serde_json::{json, value::RawValue};
use wire::{Era, envelope, method};

use super::{Connection, Owner};
use crate::lock::lock;

const LIMIT: Duration = Duration::from_secs(15);

/// Asks again, in the background. A first connection has nothing to ask for.
pub(super) fn renew(connection: &Arc<Connection>) {
    let is_legacy = connection.hello().is_some_and(|hello| hello.era() == Era::Legacy);
    let (uris, level) = wanted(connection);
    if !is_legacy || (uris.is_empty() && level.is_none()) {
        return;
    }
    let connection = connection.clone();
    connection.plane.tasks.clone().spawn(async move {
        if let Some(level) = level.filter(|_| connection.hello().is_some_and(|hello| hello.can("logging"))) {
            let params = envelope::raw(format!(r#"{{"level":{}}}"#, level.get()));
            let _ = connection.request(method::SET_LEVEL, Some(&params), LIMIT).await;
        }
        for uri in uris {
            let params = envelope::raw(json!({ "uri": uri }).to_string());
            // A resource that is gone is no reason to give the others up.
            let _ = connection.request(method::SUBSCRIBE, Some(&params), LIMIT).await;
        }
    });
}

/// The resources that the connection's sessions want to hear of, and the level of the one session
/// that it belongs to.
fn wanted(connection: &Connection) -> (HashSet<String>, Option<Box<RawValue>>) {
    let mut uris = HashSet::new();
    let mut add = |subscribed: &HashSet<(domain::ServerId, String)>| {
        let here = subscribed.iter().filter(|(server, _)| *server == connection.server.id);
        uris.extend(here.map(|(_, uri)| uri.clone()));
    };
    if let Owner::Session(seat, _) = &connection.owner {
        let Some(seat) = seat.upgrade() else { return (uris, None) };
        add(&lock(&seat.subscribed));
        return (uris, seat.log_level());
    }
    let Some(upstream) = connection.upstream.upgrade() else { return (uris, None) };
    for session in connection.plane.sessions.of_server(&connection.server) {
        let is_theirs = match &connection.owner {
            Owner::Key(key) => session.key.id == *key && upstream.is_of_key(&session),
            _ => upstream.is_everybodys(&session),
        };
        if is_theirs {
            add(&lock(&session.subscribed));
        }
    }
    (uris, None)
}
