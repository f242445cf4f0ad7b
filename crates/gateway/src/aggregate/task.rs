//! Tasks at a project's address, of both eras: there a task's id names its server, so that whatever
//! is asked of it gets to who made it, after a restart too. Its server knows it by its own id.

use std::{borrow::Cow, sync::Arc};

use domain::ServerId;
use serde_json::{Value, json, value::RawValue};
use wire::{Era, RequestId, edit, envelope, method};

use crate::{
    directory::KeyEntry,
    error::Failure,
    gateway::Plane,
    relay::owner,
    session::{Client, Scope, Session},
    supervisor::Upstream,
    upstream::Connection,
};

pub(crate) const GET: &str = "tasks/get";
pub(crate) const UPDATE: &str = "tasks/update";
pub(crate) const RESULT: &str = "tasks/result";
pub(crate) const CANCEL: &str = "tasks/cancel";
pub(crate) const LIST: &str = "tasks/list";
/// What a legacy task's state is told by.
pub(crate) const STATUS: &str = "notifications/tasks/status";
/// What belongs to a task says so in its `_meta` (2025-11-25).
const RELATED: &str = "io.modelcontextprotocol/related-task";
const ID: &str = "taskId";
/// Pages of one server's list.
const PAGES: usize = 20;

/// Adds what a server can do with tasks to what the project can.
pub(super) fn promise(theirs: &RawValue, ours: &mut serde_json::Map<String, Value>) {
    if edit::member(theirs, "tasks").is_some() {
        let all = json!({ "list": {}, "cancel": {}, "requests": { "tools": { "call": {} } } });
        ours.insert("tasks".to_owned(), all);
    }
    let extension = edit::member(theirs, "extensions").and_then(|all| edit::member(all, method::TASKS));
    if extension.is_some() {
        ours.insert("extensions".to_owned(), json!({ method::TASKS: {} }));
    }
}

/// Whether the client of a request said that it knows tasks.
pub(super) fn is_declared(session: &Session) -> bool {
    let client = session.client.load();
    session.channel.era() == Era::Legacy || client.as_deref().is_some_and(knows)
}

/// Whether a modern client said that it knows tasks.
pub(crate) fn knows(client: &Client) -> bool {
    let extensions = client.capabilities.as_deref().and_then(|all| edit::member(all, "extensions"));
    extensions.is_some_and(|all| edit::member(all, method::TASKS).is_some())
}

/// The servers of tasks that a client of an address wants to hear of, and the tasks' own ids; those
/// that nobody has are left out.
pub(crate) fn owners(plane: &Plane, scope: Scope, key: &KeyEntry, ids: &[String]) -> Vec<(ServerId, String)> {
    let directory = plane.directory.load();
    let of_project = |id: &String| {
        let (server, own) = server_of(id)?;
        directory.server_by_id(server).filter(|s| s.project == key.project && key.reach.has(s.id))?;
        Some((server, own.to_owned()))
    };
    match scope {
        Scope::Server(server) => ids.iter().map(|id| (server, id.clone())).collect(),
        Scope::Project => ids.iter().filter_map(of_project).collect(),
    }
}

/// The error for a client that did not.
pub(crate) fn undeclared(id: &RequestId) -> String {
    let data = json!({ "requiredCapabilities": { "extensions": { method::TASKS: {} } } });
    let text = "The request needs the client capability for tasks, which it did not declare";
    let data = envelope::raw(data.to_string());
    envelope::error(Some(id), &envelope::error_object(wire::code::MISSING_CAPABILITY, text, Some(&data)))
}

/// The server of the task that is asked for, and the request as that server expects it.
pub(super) fn route(params: &RawValue) -> Option<(ServerId, Box<RawValue>)> {
    let id = edit::text(params, ID)?;
    let (server, own) = server_of(&id)?;
    let params = edit::set(params, ID, &envelope::raw(Value::from(own).to_string()));
    Some((server, of_meta(&params, &own_id).into_owned()))
}

fn server_of(task: &str) -> Option<(ServerId, &str)> {
    let (server, own) = task.split_once('.')?;
    Some((server.parse().ok()?, own))
}

fn own_id(task: &str) -> Option<String> {
    Some(server_of(task)?.1.to_owned())
}

/// A client's answer to a question, with the task's own id.
pub(crate) fn answered<'a>(session: &Session, result: &'a RawValue) -> Cow<'a, RawValue> {
    if session.scope != Scope::Project || !result.get().contains(RELATED) {
        return Cow::Borrowed(result);
    }
    of_meta(result, &own_id)
}

/// The parameters of a server's notification or question, for a client.
pub(crate) fn told<'a>(
    session: &Session,
    server: ServerId,
    method: &str,
    params: Option<&'a RawValue>,
) -> Option<Cow<'a, RawValue>> {
    let params = params?;
    if session.scope != Scope::Project || !params.get().contains(ID) {
        return Some(Cow::Borrowed(params));
    }
    let ours = |own: &str| Some(format!("{server}.{own}"));
    Some(if matches!(method, STATUS | method::TASK_TOLD) {
        of_task(params, &ours)
    } else {
        of_meta(params, &ours)
    })
}

/// The result of a call or of `tasks/…`, for a client.
pub(crate) fn result<'a>(
    session: &Session,
    server: ServerId,
    called: &str,
    result: &'a RawValue,
) -> Cow<'a, RawValue> {
    // Most results, and all long ones, have nothing to do with tasks.
    if session.scope != Scope::Project || !result.get().contains(ID) {
        return Cow::Borrowed(result);
    }
    let ours = |own: &str| Some(format!("{server}.{own}"));
    let is_made = || match edit::member(result, "resultType") {
        Some(kind) => kind.get() == "\"task\"",
        None => edit::member(result, "task").is_some() && edit::member(result, "content").is_none(),
    };
    match called {
        GET | UPDATE | CANCEL => of_task(result, &ours),
        method::TOOLS_CALL if is_made() => of_task(result, &ours),
        _ => of_meta(result, &ours),
    }
}

/// Changes the id of a task, where it stands for itself or as what was made.
fn of_task<'a>(object: &'a RawValue, change: &dyn Fn(&str) -> Option<String>) -> Cow<'a, RawValue> {
    let mut object = of_meta(object, change);
    if let Some(id) = edit::text(&object, ID).and_then(|id| change(&id)) {
        object = Cow::Owned(edit::set(&object, ID, &envelope::raw(Value::from(id).to_string())));
    }
    if let Some(made) = edit::member(&object, "task") {
        let made = of_task(made, change).into_owned();
        object = Cow::Owned(edit::set(&object, "task", &made));
    }
    object
}

/// Changes the id of the task that something belongs to.
fn of_meta<'a>(object: &'a RawValue, change: &dyn Fn(&str) -> Option<String>) -> Cow<'a, RawValue> {
    let changed = || {
        let meta = edit::member(object, "_meta")?;
        let related = edit::member(meta, RELATED)?;
        let id = change(&edit::text(related, ID)?)?;
        let related = edit::set(related, ID, &envelope::raw(Value::from(id).to_string()));
        Some(edit::set(object, "_meta", &edit::set(meta, RELATED, &related)))
    };
    changed().map_or(Cow::Borrowed(object), Cow::Owned)
}

/// All tasks of the session (`tasks/list`).
pub(super) async fn list(plane: &Arc<Plane>, session: &Arc<Session>) -> Box<RawValue> {
    let mut all = Vec::new();
    for seat in session.seats() {
        let Some(upstream) = plane.upstream(seat.server) else { continue };
        let connection = upstream.ready(&seat).filter(|connection| {
            connection.hello().is_some_and(|hello| hello.era() == Era::Legacy && hello.can("tasks"))
        });
        // One that cannot tell must not hide the tasks of the others.
        if let Some(connection) = connection {
            let _ = of_server(&upstream, &connection, session, &mut all).await;
        }
    }
    envelope::raw(format!(r#"{{"tasks":[{}]}}"#, all.join(",")))
}

async fn of_server(
    upstream: &Upstream,
    connection: &Arc<Connection>,
    session: &Session,
    all: &mut Vec<String>,
) -> Result<(), Failure> {
    let ours = |own: &str| Some(format!("{}.{own}", connection.server.id));
    let mut cursor: Option<Box<RawValue>> = None;
    for _ in 0..PAGES {
        let params = cursor.take().map(|cursor| envelope::raw(format!(r#"{{"cursor":{}}}"#, cursor.get())));
        let limit = connection.server.timeouts.idle;
        let page = connection.request(LIST, params.as_deref(), limit).await?;
        let page = owner::own(upstream, session, &page);
        for task in edit::member(&page, "tasks").and_then(edit::elements).unwrap_or_default() {
            all.push(of_task(task, &ours).get().to_owned());
        }
        cursor = edit::member(&page, "nextCursor").filter(|next| next.get() != "null").map(ToOwned::to_owned);
        if cursor.is_none() {
            break;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERVER: &str = "018bcfe5-6800-7101-8101-010101010101";

    #[test]
    fn an_id_names_its_server_and_leads_back() {
        let server: ServerId = SERVER.parse().expect("an id");
        let ours = |own: &str| Some(format!("{server}.{own}"));
        let made = envelope::raw(r#"{"task":{"taskId":"a.b","ttl":1.0},"x":{"taskId":"a"}}"#.to_owned());
        let given = of_task(&made, &ours);
        assert_eq!(
            given.get(),
            format!(r#"{{"task":{{"taskId":"{SERVER}.a.b","ttl":1.0}},"x":{{"taskId":"a"}}}}"#)
        );
        let asked = envelope::raw(format!(
            r#"{{"taskId":"{SERVER}.a.b","_meta":{{"{RELATED}":{{"taskId":"{SERVER}.a.b"}},"n":1.0}}}}"#
        ));
        let (to, params) = route(&asked).expect("a server");
        assert_eq!(to, server);
        assert_eq!(
            params.get(),
            format!(r#"{{"taskId":"a.b","_meta":{{"{RELATED}":{{"taskId":"a.b"}},"n":1.0}}}}"#)
        );
        for foreign in [r#"{"taskId":"gate-test"}"#, r#"{"taskId":"x.y"}"#, "{}"] {
            assert!(route(&envelope::raw(foreign.to_owned())).is_none(), "{foreign}");
        }
    }
}
