//! The registry of open sessions, by id for calls and by key for limits.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    hash::{BuildHasher, RandomState},
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use domain::KeyId;
use sha2::{Digest, Sha256};
use tokio::time::Instant;

use super::{Scope, Session};
use crate::{directory::ServerEntry, lock::lock};

/// Ids of ended sessions that are remembered.
const REMEMBERED: usize = 10_000;
/// Parts of the registry that are locked apart, so that calls on many threads rarely meet.
const SHARDS: usize = 16;

/// All open sessions.
#[derive(Default)]
pub(crate) struct Sessions {
    shards: [Mutex<HashMap<String, Arc<Session>>>; SHARDS],
    /// The same by key, in the order of opening. Held while one is opened or removed, and before a
    /// shard; calls never touch it.
    by_key: Mutex<HashMap<KeyId, Vec<Arc<Session>>>>,
    hasher: RandomState,
    /// Sessions that their clients ended, latest last: a sealed id must not bring one back.
    ended: Mutex<VecDeque<[u8; 32]>>,
}

impl Sessions {
    fn shard(&self, id: &str) -> MutexGuard<'_, HashMap<String, Arc<Session>>> {
        let hash = self.hasher.hash_one(id);
        lock(&self.shards[usize::try_from(hash % SHARDS as u64).unwrap_or_default()])
    }

    /// Adds a session, or finds that it is there. The second one had to make room, if the key had
    /// too many.
    pub(crate) fn open(&self, session: Arc<Session>, per_key: usize) -> (Arc<Session>, Option<Arc<Session>>) {
        let mut by_key = lock(&self.by_key);
        if let Some(there) = self.shard(&session.id).get(&session.id) {
            return (there.clone(), None);
        }
        let of_key = by_key.entry(session.key.id).or_default();
        let mut evicted = None;
        if of_key.len() >= per_key.max(1) {
            let oldest = of_key.iter().enumerate().min_by_key(|(_, s)| (!s.is_idle(), s.last_used()));
            evicted = oldest.map(|(at, _)| at).map(|at| of_key.remove(at));
        }
        if let Some(evicted) = &evicted {
            self.shard(&evicted.id).remove(&evicted.id);
        }
        of_key.push(session.clone());
        self.shard(&session.id).insert(session.id.clone(), session.clone());
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
        self.shard(id).get(id).filter(|s| s.key.id == key && s.scope == scope).cloned()
    }

    pub(crate) fn remove(&self, id: &str) -> Option<Arc<Session>> {
        let mut by_key = lock(&self.by_key);
        let session = self.shard(id).remove(id)?;
        if let Some(of_key) = by_key.get_mut(&session.key.id) {
            of_key.retain(|other| !Arc::ptr_eq(other, &session));
            if of_key.is_empty() {
                by_key.remove(&session.key.id);
            }
        }
        Some(session)
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
        let mut all = Vec::new();
        for shard in &self.shards {
            all.extend(lock(shard).values().filter(|s| keep(s)).cloned());
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{directory::KeyEntry, session::Channel};

    fn session(key: u8, id: &str) -> Arc<Session> {
        let key = KeyEntry {
            id: KeyId::new(1, [key; 10]),
            project: domain::ProjectId::new(1, [1; 10]),
            name: "key".to_owned(),
            hash: [0; 32],
            expires_at: None,
        };
        Arc::new(Session::new(Channel::Streamable, Arc::new(key), Scope::Project, id.to_owned()))
    }

    #[tokio::test(start_paused = true)]
    async fn a_key_that_has_too_many_loses_the_one_unused_for_longest() {
        let sessions = Sessions::default();
        let opened: Vec<_> = ["a", "b", "c"].map(|id| session(1, id)).into();
        for session in &opened {
            assert!(sessions.open(session.clone(), 3).1.is_none());
            tokio::time::advance(Duration::from_secs(1)).await;
        }
        assert!(sessions.open(session(2, "of another key"), 3).1.is_none(), "keys do not share limits");
        opened[0].touch();
        let evicted = sessions.open(session(1, "d"), 3).1.expect("the key has three");
        assert_eq!(evicted.id, "b");
        assert!(sessions.get("b", evicted.key.id, Scope::Project).is_none());
        sessions.remove("a");
        assert!(sessions.open(session(1, "e"), 3).1.is_none(), "one that ended makes room");
        assert_eq!(sessions.select(|_| true).len(), 4);
    }

    #[test]
    fn one_that_is_there_is_found_instead() {
        let sessions = Sessions::default();
        let first = session(1, "a");
        sessions.open(first.clone(), 1);
        let (found, evicted) = sessions.open(session(1, "a"), 1);
        assert!(Arc::ptr_eq(&found, &first) && evicted.is_none());
    }
}
