//! All open sessions, and the ids of those that their clients ended.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::{Arc, Mutex},
    time::Duration,
};

use domain::KeyId;
use sha2::{Digest, Sha256};
use tokio::time::Instant;

use super::{Scope, Session};
use crate::{directory::ServerEntry, lock::lock};

/// Ids of ended sessions that are remembered.
const REMEMBERED: usize = 10_000;

/// All open sessions.
#[derive(Default)]
pub(crate) struct Sessions {
    open: Mutex<HashMap<String, Arc<Session>>>,
    /// Sessions that their clients ended, latest last: a sealed id must not bring one back.
    ended: Mutex<VecDeque<[u8; 32]>>,
}

impl Sessions {
    /// Adds a session, or finds that it is there. The second one had to make room, if the key had
    /// too many.
    pub(crate) fn open(&self, session: Arc<Session>, per_key: usize) -> (Arc<Session>, Option<Arc<Session>>) {
        let mut sessions = lock(&self.open);
        if let Some(there) = sessions.get(&session.id) {
            return (there.clone(), None);
        }
        let mut of_key: Vec<&Arc<Session>> =
            sessions.values().filter(|s| s.key.id == session.key.id).collect();
        let evicted = (of_key.len() >= per_key.max(1)).then(|| {
            of_key.sort_by_key(|s| (!s.is_idle(), s.last_used()));
            of_key[0].clone()
        });
        if let Some(evicted) = &evicted {
            sessions.remove(&evicted.id);
        }
        sessions.insert(session.id.clone(), session.clone());
        (session, evicted)
    }

    /// Remembers that the client itself ended the session.
    pub(crate) fn finish(&self, id: &str) {
        let mut ended = lock(&self.ended);
        if ended.len() == REMEMBERED {
            ended.pop_front();
        }
        ended.push_back(Sha256::digest(id.as_bytes()).into());
    }

    pub(crate) fn is_finished(&self, id: &str) -> bool {
        let hash: [u8; 32] = Sha256::digest(id.as_bytes()).into();
        lock(&self.ended).contains(&hash)
    }

    /// A session of this key at this address; to all others it does not exist.
    pub(crate) fn get(&self, id: &str, key: KeyId, scope: Scope) -> Option<Arc<Session>> {
        lock(&self.open).get(id).filter(|s| s.key.id == key && s.scope == scope).cloned()
    }

    pub(crate) fn remove(&self, id: &str) -> Option<Arc<Session>> {
        lock(&self.open).remove(id)
    }

    /// Resources of a server that any session subscribed to.
    pub(crate) fn subscribed(&self, server: &ServerEntry) -> HashSet<String> {
        let mut all = HashSet::new();
        for session in self.of_server(server) {
            let subscribed = lock(&session.subscribed);
            all.extend(subscribed.iter().filter(|(id, _)| *id == server.id).map(|(_, uri)| uri.clone()));
        }
        all
    }

    /// Sessions to which a server belongs.
    pub(crate) fn of_server(&self, server: &ServerEntry) -> Vec<Arc<Session>> {
        self.select(|session| match session.scope {
            Scope::Server(id) => id == server.id,
            Scope::Project => session.project == server.project,
        })
    }

    /// Sessions that nobody used for `idle`.
    pub(crate) fn unused(&self, idle: Duration) -> Vec<Arc<Session>> {
        let now = Instant::now();
        self.select(|s| s.is_idle() && now.duration_since(s.last_used()) >= idle)
    }

    pub(crate) fn select(&self, keep: impl Fn(&Session) -> bool) -> Vec<Arc<Session>> {
        lock(&self.open).values().filter(|s| keep(s)).cloned().collect()
    }
}
