//! The registry of open sessions, by id for calls and by key for limits.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    hash::{BuildHasher, RandomState},
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use domain::{KeyId, ProjectId};
use sha2::{Digest, Sha256};
use tokio::time::Instant;

use super::{Scope, Session};
use crate::{Limits, directory::ServerEntry, lock::lock};

/// Ids of ended sessions that are remembered.
const REMEMBERED: usize = 10_000;
/// Parts of the registry that are locked apart, so that calls on many threads rarely meet.
const SHARDS: usize = 16;

/// All open sessions.
#[derive(Default)]
pub(crate) struct Sessions {
    shards: [Mutex<HashMap<String, Arc<Session>>>; SHARDS],
    /// Held while one is opened or removed, and before a shard; calls never touch it.
    limited: Mutex<Limited>,
    hasher: RandomState,
    /// Sessions that their clients ended, latest last: a sealed id must not bring one back.
    ended: Mutex<VecDeque<[u8; 32]>>,
}

/// The same sessions, by what has a limit.
#[derive(Default)]
struct Limited {
    /// In the order of opening.
    by_key: HashMap<KeyId, Vec<Arc<Session>>>,
    /// How many there are.
    of_project: HashMap<ProjectId, usize>,
}

impl Limited {
    fn add(&mut self, session: Arc<Session>) {
        *self.of_project.entry(session.project).or_default() += 1;
        self.by_key.entry(session.key.id).or_default().push(session);
    }

    fn remove(&mut self, session: &Arc<Session>) {
        if let Some(of_key) = self.by_key.get_mut(&session.key.id) {
            of_key.retain(|other| !Arc::ptr_eq(other, session));
            if of_key.is_empty() {
                self.by_key.remove(&session.key.id);
            }
        }
        if let Some(count) = self.of_project.get_mut(&session.project) {
            *count -= 1;
            if *count == 0 {
                self.of_project.remove(&session.project);
            }
        }
    }

    /// The one that has to make room for another: of its key, if that has too many, or of its project.
    fn in_the_way_of(&self, session: &Session, limits: &Limits) -> Option<Arc<Session>> {
        let of_key = self.by_key.get(&session.key.id).map_or(&[][..], Vec::as_slice);
        if of_key.len() >= limits.sessions_per_key.max(1) {
            return longest_unused(of_key.iter());
        }
        let of_project = self.of_project.get(&session.project).copied().unwrap_or_default();
        if of_project < limits.sessions_per_project.max(1) {
            return None;
        }
        // A key is of one project.
        let is_theirs = |of_key: &&Vec<Arc<Session>>| {
            of_key.first().is_some_and(|other| other.project == session.project)
        };
        longest_unused(self.by_key.values().filter(is_theirs).flatten())
    }
}

fn longest_unused<'a>(sessions: impl Iterator<Item = &'a Arc<Session>>) -> Option<Arc<Session>> {
    sessions.min_by_key(|session| (!session.is_idle(), session.last_used())).cloned()
}

impl Sessions {
    fn shard(&self, id: &str) -> MutexGuard<'_, HashMap<String, Arc<Session>>> {
        let hash = self.hasher.hash_one(id);
        lock(&self.shards[usize::try_from(hash % SHARDS as u64).unwrap_or_default()])
    }

    /// Adds a session, or finds that it is there. The second one had to make room, if the key or the
    /// project had too many.
    pub(crate) fn open(
        &self,
        session: Arc<Session>,
        limits: &Limits,
    ) -> (Arc<Session>, Option<Arc<Session>>) {
        let mut limited = lock(&self.limited);
        if let Some(there) = self.shard(&session.id).get(&session.id) {
            return (there.clone(), None);
        }
        let evicted = limited.in_the_way_of(&session, limits);
        if let Some(evicted) = &evicted {
            limited.remove(evicted);
            self.shard(&evicted.id).remove(&evicted.id);
        }
        limited.add(session.clone());
        self.shard(&session.id).insert(session.id.clone(), session.clone());
        (session, evicted)
    }

    pub(crate) fn count(&self) -> usize {
        lock(&self.limited).of_project.values().sum()
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
        let mut limited = lock(&self.limited);
        let session = self.shard(id).remove(id)?;
        limited.remove(&session);
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
            project: ProjectId::new(1, [1; 10]),
            name: "key".to_owned(),
            hash: [0; 32],
            expires_at: None,
            reach: crate::key::Reach::All,
            read_only: false,
            calls_per_minute: None,
        };
        Arc::new(Session::new(Channel::Streamable, Arc::new(key), Scope::Project, id.to_owned()))
    }

    fn limits(sessions_per_key: usize, sessions_per_project: usize) -> Limits {
        Limits { sessions_per_key, sessions_per_project, ..Limits::default() }
    }

    #[tokio::test(start_paused = true)]
    async fn a_project_that_has_too_many_loses_the_one_unused_for_longest() {
        let sessions = Sessions::default();
        for (key, id) in [(1, "a"), (2, "b"), (3, "c")] {
            assert!(sessions.open(session(key, id), &limits(2, 3)).1.is_none());
            tokio::time::advance(Duration::from_secs(1)).await;
        }
        let evicted = sessions.open(session(3, "d"), &limits(2, 3)).1.expect("the project has three");
        assert_eq!(evicted.id, "a", "it is another key's");
        let evicted = sessions.open(session(3, "e"), &limits(2, 3)).1.expect("the key has two");
        assert_eq!(evicted.id, "c", "and that makes room in the project too");
        sessions.remove("e");
        assert!(sessions.open(session(1, "f"), &limits(2, 3)).1.is_none(), "one that ended makes room");
    }

    #[tokio::test(start_paused = true)]
    async fn a_key_that_has_too_many_loses_the_one_unused_for_longest() {
        let sessions = Sessions::default();
        let opened: Vec<_> = ["a", "b", "c"].map(|id| session(1, id)).into();
        for session in &opened {
            assert!(sessions.open(session.clone(), &limits(3, 100)).1.is_none());
            tokio::time::advance(Duration::from_secs(1)).await;
        }
        assert!(
            sessions.open(session(2, "of another key"), &limits(3, 100)).1.is_none(),
            "keys do not share limits"
        );
        opened[0].touch();
        let evicted = sessions.open(session(1, "d"), &limits(3, 100)).1.expect("the key has three");
        assert_eq!(evicted.id, "b");
        assert!(sessions.get("b", evicted.key.id, Scope::Project).is_none());
        sessions.remove("a");
        assert!(sessions.open(session(1, "e"), &limits(3, 100)).1.is_none(), "one that ended makes room");
        assert_eq!(sessions.select(|_| true).len(), 4);
    }

    #[test]
    fn one_that_is_there_is_found_instead() {
        let sessions = Sessions::default();
        let first = session(1, "a");
        sessions.open(first.clone(), &limits(1, 100));
        let (found, evicted) = sessions.open(session(1, "a"), &limits(1, 100));
        assert!(Arc::ptr_eq(&found, &first) && evicted.is_none());
    }
}
