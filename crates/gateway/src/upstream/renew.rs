//! What sessions had asked of a legacy server before its connection ended is asked of the new one:
//! subscriptions to resources, and the level of log messages.

use std::{collections::HashSet, sync::Arc, time::Duration};

use serde_json::json;
use wire::{Era, envelope, method};

use super::{Connection, Owner};
use crate::lock::lock;

const LIMIT: Duration = Duration::from_secs(15);

/// Asks again, in the background. A first connection has nothing to ask for.
pub(super) fn renew(connection: &Arc<Connection>) {
    let is_legacy = connection.hello().is_some_and(|hello| hello.era() == Era::Legacy);
    if !is_legacy {
        return;
    }
    let uris = wanted(connection);
    let connection = connection.clone();
    connection.plane.tasks.clone().spawn(async move {
        if connection.hello().is_some_and(|hello| hello.can("logging")) {
            let _ = connection.tell_level().await;
        }
        for uri in uris {
            let params = envelope::raw(json!({ "uri": uri }).to_string());
            // A resource that is gone is no reason to give the others up.
            let _ = connection.request(method::SUBSCRIBE, Some(&params), LIMIT).await;
        }
    });
}

/// The resources that the connection's sessions want to hear of.
fn wanted(connection: &Connection) -> HashSet<String> {
    let mut uris = HashSet::new();
    let mut add = |subscribed: &HashSet<(domain::ServerId, String)>| {
        let here = subscribed.iter().filter(|(server, _)| *server == connection.server.id);
        uris.extend(here.map(|(_, uri)| uri.clone()));
    };
    if let Owner::Session(seat, _) = &connection.owner {
        if let Some(seat) = seat.upgrade() {
            add(&lock(&seat.subscribed));
        }
        return uris;
    }
    for session in connection.plane.sessions.of_server(&connection.server) {
        if connection.is_theirs(&session) {
            add(&lock(&session.subscribed));
        }
    }
    uris
}
