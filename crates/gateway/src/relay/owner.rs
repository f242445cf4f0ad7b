//! Whose the tasks of a legacy process are that everybody shares. To its server all of us are one client,
//! so it would list, tell and end them for anybody.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use domain::KeyId;
use serde_json::value::RawValue;
use wire::{Era, edit, envelope};

use crate::{aggregate::task, lock::lock, session::Session, supervisor::Upstream, upstream::Connection};

/// Tasks of one server whose owners are remembered; they end with its process.
const REMEMBERED: usize = 10_000;

#[derive(Default)]
pub(crate) struct Owners(Mutex<VecDeque<(String, KeyId)>>);

impl Owners {
    fn of(&self, task: &str) -> Option<KeyId> {
        lock(&self.0).iter().rev().find(|(other, _)| other == task).map(|(_, key)| *key)
    }

    /// Whether a task is known to be this key's.
    fn is_of(&self, task: &str, key: KeyId) -> bool {
        self.of(task) == Some(key)
    }

    fn add(&self, task: String, key: KeyId) {
        let mut all = lock(&self.0);
        if all.len() == REMEMBERED {
            all.pop_front();
        }
        all.push_back((task, key));
    }
}

/// Whether the server cannot tell the clients apart.
fn is_needed(upstream: &Upstream, session: &Session) -> bool {
    upstream.era() == Some(Era::Legacy) && upstream.is_everybodys(session)
}

/// Whether the answer of a call may be a task whose owner is to be remembered.
pub(super) fn may_begin(upstream: &Upstream, session: &Session, params: Option<&RawValue>) -> bool {
    // Most calls have none, and looking is cheaper than reading.
    let has_task =
        |params: &RawValue| params.get().contains("task") && edit::member(params, "task").is_some();
    is_needed(upstream, session) && params.is_some_and(has_task)
}

/// Remembers whose the task is that a call became.
pub(crate) fn began(upstream: &Upstream, session: &Session, result: &RawValue) {
    let made = edit::member(result, "task").and_then(|made| edit::text(made, "taskId"));
    if let Some(id) = made {
        upstream.owners.add(id, session.key.id);
    }
}

/// Whether a client asks for a task that is not known to be its key's. One that was forgotten is
/// nobody's: else whoever makes many could have those of others.
pub(super) fn is_anothers(
    upstream: &Upstream,
    session: &Session,
    method: &str,
    params: Option<&RawValue>,
) -> bool {
    let asks = matches!(method, task::GET | task::RESULT | task::CANCEL) && is_needed(upstream, session);
    let id = params.filter(|_| asks).and_then(|params| edit::text(params, "taskId"));
    id.is_some_and(|id| !upstream.owners.is_of(&id, session.key.id))
}

/// The result of `tasks/list` with no tasks but those of the client's key.
pub(crate) fn own(upstream: &Upstream, session: &Session, result: &RawValue) -> Box<RawValue> {
    let tasks = edit::member(result, "tasks").and_then(edit::elements);
    let Some(tasks) = tasks.filter(|_| is_needed(upstream, session)) else { return result.to_owned() };
    let is_own = |task: &&&RawValue| {
        edit::text(task, "taskId").is_some_and(|id| upstream.owners.is_of(&id, session.key.id))
    };
    let own: Vec<&str> = tasks.iter().filter(is_own).map(|task| task.get()).collect();
    edit::set(result, "tasks", &envelope::raw(format!("[{}]", own.join(","))))
}

/// Tells the sessions of its owner how a task is. False when the owner is not known.
pub(super) fn tell(connection: &Arc<Connection>, method: &str, params: Option<&RawValue>) -> bool {
    let owner = connection.upstream.upgrade().and_then(|upstream| {
        let id = params.and_then(|params| edit::text(params, "taskId"))?;
        upstream.owners.of(&id)
    });
    let Some(owner) = owner else { return false };
    for session in connection.plane.sessions.of_server(&connection.server) {
        if session.key.id == owner && connection.is_theirs(&session) {
            let params = task::told(&session, connection.server.id, method, params);
            session.notify(method, params.as_deref());
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_that_was_forgotten_is_nobodys() {
        let [its, other] = [1, 2].map(|n| KeyId::new(1, [n; 10]));
        let owners = Owners::default();
        owners.add("first".to_owned(), its);
        assert!(owners.is_of("first", its) && !owners.is_of("first", other));
        for n in 0..REMEMBERED {
            owners.add(n.to_string(), other);
        }
        assert!(!owners.is_of("first", other), "making many gives nobody another's");
        assert!(!owners.is_of("first", its));
    }
}
