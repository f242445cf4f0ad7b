//! What sessions had asked of a legacy server before its connection ended is asked of the new one:
//! subscriptions to resources, and the level of log messages.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use serde_json::json;
use wire::{Era, envelope, method};

use super::{Connection, Owner};
use crate::{lock::lock, session::Session};

const LIMIT: Duration = Duration::from_secs(15);

/// Asks again, in the background. A first connection has nothing to ask for.
pub(super) fn renew(connection: &Arc<Connection>) {
    let is_legacy = connection.hello().is_some_and(|hello| hello.era() == Era::Legacy);
    if !is_legacy {
        return;
    }
    let uris = connection.subscribed();
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

impl Connection {
    /// The resources that its sessions want to hear of.
    pub(crate) fn subscribed(&self) -> BTreeSet<String> {
        let mut uris = BTreeSet::new();
        let mut add = |session: &Session| {
            let subscribed = lock(&session.subscribed);
            let here = subscribed.iter().filter(|(server, _)| *server == self.server.id);
            uris.extend(here.map(|(_, uri)| uri.clone()));
        };
        match &self.owner {
            Owner::Session(seat, _) => {
                if let Some(seat) = seat.upgrade() {
                    add(&seat);
                }
            }
            Owner::Shared | Owner::Key(_) => {
                for session in self.plane.sessions.of_server(&self.server) {
                    if self.is_theirs(&session) {
                        add(&session);
                    }
                }
            }
        }
        uris
    }
}
