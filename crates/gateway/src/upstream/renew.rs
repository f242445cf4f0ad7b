//! What sessions had asked of a legacy server before its connection ended is asked of the new one:
//! subscriptions to resources, and the level of log messages.

use std::{sync::Arc, time::Duration};

use domain::ServerId;
use serde_json::json;
use wire::{Era, envelope, method};

use super::{Connection, Owner, Wanted};
use crate::{lock::lock, session::Session};

const LIMIT: Duration = Duration::from_secs(15);

/// Asks again, in the background. A first connection has nothing to ask for.
pub(super) fn renew(connection: &Arc<Connection>) {
    let is_legacy = connection.hello().is_some_and(|hello| hello.era() == Era::Legacy);
    if !is_legacy {
        return;
    }
    let uris = connection.wanted().resources;
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
    /// What its sessions want to hear of.
    pub(crate) fn wanted(&self) -> Wanted {
        let mut wanted = Wanted::default();
        let mut add = |session: &Session| {
            let here =
                |(server, what): &(ServerId, String)| (*server == self.server.id).then(|| what.clone());
            wanted.resources.extend(lock(&session.subscribed).iter().filter_map(here));
            wanted.tasks.extend(session.followed.iter().filter_map(here));
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
        wanted
    }
}
