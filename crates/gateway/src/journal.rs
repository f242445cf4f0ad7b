//! What people read afterwards: log entries and the observed state of servers.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
    sync::Arc,
    time::Duration,
};

use arc_swap::ArcSwapOption;
use domain::{
    Code, KeyId,
    key::KeyUse,
    log::{Category, Level, NewLogEntry, Outcome},
    server::{ListKind, ListState, Observation, ObservedList, Status},
};
use serde_json::{Value, value::RawValue};
use tokio::time::Instant;
use wire::{edit, envelope, method};

use crate::{
    call::{self, Call},
    catalog::{Difference, List, read},
    directory::ServerEntry,
    error::Failure,
    event::Event,
    gateway::Plane,
    key::Reported,
    lock::lock,
    mux::Answer,
    session::{Scope, Session},
    upstream::Connection,
};

/// Characters of arguments and results that an entry keeps.
const PAYLOAD: usize = 8 * 1024;
/// Characters of an upstream's own error text in an entry.
const TEXT: usize = 500;
/// Characters of a client's name and version that are kept.
const CLIENT: usize = 120;
/// Items that an entry names before it only counts them.
const NAMED: usize = 10;

fn entry(
    plane: &Plane,
    server: &ServerEntry,
    level: Level,
    category: Category,
    message: impl Into<String>,
) -> NewLogEntry {
    NewLogEntry {
        server: Some(server.id),
        server_name: Some(server.name.clone()),
        ..NewLogEntry::new(server.project, plane.clock.now(), level, category, message)
    }
}

fn send(plane: &Plane, entry: NewLogEntry) {
    plane.events.send(Event::Log(entry));
}

// Calls.

/// One call's end.
pub(crate) fn call(plane: &Plane, call: &Call, answer: &Answer, failure: Option<&Failure>, unsent: bool) {
    let outcome = if failure.is_some() { Outcome::Failed } else { call::outcome(&call.method, answer) };
    // Which tool or method it was stands beside the message.
    let (level, mut message) = match (outcome, failure, answer) {
        (_, Some(failure), _) => (Level::Error, failure.message()),
        (Outcome::Failed, None, Answer::Upstream(Err(error))) => {
            let (number, text) = envelope::read_error(error);
            let text: String = text.unwrap_or_default().chars().take(TEXT).collect();
            let number = number.map(|number| format!(" {number}")).unwrap_or_default();
            (Level::Warning, format!("The server answered with error{number}: {text}"))
        }
        (Outcome::ToolError, ..) => (Level::Warning, "The tool reported an error.".to_owned()),
        _ if call.method == method::TOOLS_CALL => (Level::Info, "Answered.".to_owned()),
        _ => (Level::Debug, "Answered.".to_owned()),
    };
    if unsent {
        message.push_str(" The client had gone and did not get the answer.");
    }
    let result = match answer {
        Answer::Upstream(Ok(result) | Err(result)) => Some(result.get()),
        Answer::Failed(_) | Answer::NotProcessed(_) => None,
    };
    called(plane, call, level, outcome, message, failure.map(|failure| failure.code), result);
}

pub(crate) fn cancelled(plane: &Plane, call: &Call) {
    let message = "Cancelled by the client.".to_owned();
    called(plane, call, Level::Info, Outcome::Cancelled, message, None, None);
}

fn called(
    plane: &Plane,
    call: &Call,
    level: Level,
    outcome: Outcome,
    message: String,
    code: Option<Code>,
    result: Option<&str>,
) {
    let directory = plane.directory.load();
    let session = &call.session;
    let is_tool = call.method == method::TOOLS_CALL;
    let category = if is_tool { Category::ToolExecution } else { Category::Connection };
    send(
        plane,
        NewLogEntry {
            server: Some(session.server),
            server_name: directory.server_by_id(session.server).map(|server| server.name.clone()),
            key: Some(session.key.id),
            key_name: Some(session.key.name.clone()),
            // A request that belongs to none has none.
            session: (!session.mark.is_empty()).then(|| session.mark.clone()),
            tool: call.tool.clone(),
            method: Some(call.method.clone()),
            outcome: Some(outcome),
            code,
            duration_ms: Some(millis(call.started.elapsed())),
            request_id: Some(call.request_id.to_string()),
            arguments: call.arguments.as_deref().map(|arguments| payload(arguments.get())),
            result: result.filter(|_| is_tool && keeps_payloads(plane, session)).map(payload),
            ..NewLogEntry::new(session.project, plane.clock.now(), level, category, message)
        },
    );
}

/// Whether the log of the session's project keeps arguments and results.
pub(crate) fn keeps_payloads(plane: &Plane, session: &Session) -> bool {
    plane.directory.load().project_by_id(session.project).is_some_and(|project| project.log_payloads)
}

/// JSON text without what looks like a secret, cut to a bound.
fn payload(json: &str) -> String {
    let Ok(mut value) = serde_json::from_str::<Value>(json) else { return String::new() };
    redact(&mut value);
    let text = value.to_string();
    match text.char_indices().nth(PAYLOAD) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

fn redact(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                if is_secret(name) {
                    *value = Value::from("[redacted]");
                } else {
                    redact(value);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(redact),
        _ => {}
    }
}

fn is_secret(name: &str) -> bool {
    const MARKS: [&str; 10] = [
        "password",
        "passwd",
        "secret",
        "token",
        "authorization",
        "apikey",
        "credential",
        "cookie",
        "privatekey",
        "session",
    ];
    let plain: String =
        name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    // The progress token is no secret, and a person who looks for a stuck call needs it.
    plain != "progresstoken" && MARKS.iter().any(|mark| plain.contains(mark))
}

// Sessions of clients.

pub(crate) fn session_opened(plane: &Plane, session: &Session) {
    let client = session.client.load();
    let name = client.as_deref().and_then(|client| edit::text(client.info.as_deref()?, "name"));
    let message = match name {
        Some(name) => format!("`{name}` connected."),
        None => "A client connected.".to_owned(),
    };
    session_entry(plane, session, message);
}

pub(crate) fn session_resumed(plane: &Plane, session: &Session) {
    session_entry(plane, session, "The client's session goes on.".to_owned());
}

pub(crate) fn session_ended(plane: &Plane, session: &Session) {
    session_entry(plane, session, "The client's session ended.".to_owned());
}

fn session_entry(plane: &Plane, session: &Session, message: String) {
    let directory = plane.directory.load();
    let server = match session.scope {
        Scope::Server(id) => directory.server_by_id(id),
        Scope::Project => None,
    };
    send(
        plane,
        NewLogEntry {
            server: server.map(|server| server.id),
            server_name: server.map(|server| server.name.clone()),
            key: Some(session.key.id),
            key_name: Some(session.key.name.clone()),
            session: Some(session.mark.clone()),
            ..NewLogEntry::new(session.project, plane.clock.now(), Level::Info, Category::Connection, message)
        },
    );
}

// Upstream servers.

pub(crate) fn observe_status(plane: &Plane, server: &ServerEntry, status: Status) {
    plane.events.send(Event::Observation(observation(plane, server, status)));
}

fn observation(plane: &Plane, server: &ServerEntry, status: Status) -> Observation {
    Observation {
        server: server.id,
        generation: server.generation,
        status,
        code: None,
        detail: None,
        info: None,
        initialize: None,
        lists: Vec::new(),
        stderr: None,
        at: plane.clock.now(),
    }
}

fn observe_ready(plane: &Plane, connection: &Connection) {
    let Some(hello) = connection.hello() else { return };
    plane.events.send(Event::Observation(Observation {
        info: Some(hello.info.clone()),
        initialize: Some(hello.result.get().to_owned()),
        stderr: Some(lock(&connection.stderr).lines()),
        ..observation(plane, &connection.server, Status::Ready)
    }));
}

/// One of a server's lists was read, or could not be.
pub(crate) fn observe_list(
    plane: &Plane,
    connection: &Connection,
    kind: ListKind,
    list: &List,
    changed: bool,
    status: Status,
) {
    let state = ListState {
        kind,
        count: u32::try_from(list.items.len()).unwrap_or(u32::MAX),
        version: list.version,
        hash: list.hash.iter().map(|byte| format!("{byte:02x}")).collect(),
        read_at: list.read_at,
        code: list.problem.as_ref().map(|failure| failure.code),
        detail: list.problem.as_ref().and_then(|failure| failure.detail.clone()),
    };
    let items = changed.then(|| list.to_json());
    plane.events.send(Event::Observation(Observation {
        lists: vec![ObservedList { state, items }],
        ..observation(plane, &connection.server, status)
    }));
}

pub(crate) fn observe_failure(
    plane: &Plane,
    server: &ServerEntry,
    failure: &Failure,
    stderr: Option<Vec<String>>,
) {
    plane.events.send(Event::Observation(Observation {
        code: Some(failure.code),
        detail: failure.detail.clone(),
        stderr,
        ..observation(plane, server, Status::Failed)
    }));
}

pub(crate) fn connected(plane: &Plane, connection: &Connection) {
    observe_ready(plane, connection);
    let text = connection.info().map_or_else(String::new, |info| {
        let over = info.transport.map_or_else(String::new, |transport| format!(" over {}", transport.name()));
        format!("Connected to {} {} (MCP {}{over}).", info.name, info.version, info.protocol)
    });
    send(plane, entry(plane, &connection.server, Level::Info, Category::Connection, text));
}

/// The shared connection of a server ended, or could not be made.
/// One that was logged already with the same words is not worth a second look.
pub(crate) fn disconnected(plane: &Plane, connection: &Connection, failure: &Failure, known: bool) {
    let stderr = lock(&connection.stderr).lines();
    let message = with_last_words(failure, &stderr);
    observe_failure(plane, &connection.server, failure, Some(stderr));
    send(
        plane,
        NewLogEntry {
            code: Some(failure.code),
            ..entry(
                plane,
                &connection.server,
                if known { Level::Debug } else { Level::Error },
                Category::Error,
                message,
            )
        },
    );
}

pub(crate) fn list_unread(plane: &Plane, connection: &Connection, kind: ListKind, failure: &Failure) {
    let words = read::words(kind);
    let message =
        format!("The list of {words} could not be read; the last one stands. {}", failure.message());
    send(
        plane,
        NewLogEntry {
            code: Some(failure.code),
            ..entry(plane, &connection.server, Level::Warning, Category::StatusCheck, message)
        },
    );
}

/// Not all of a list could be kept.
pub(crate) fn list_incomplete(
    plane: &Plane,
    connection: &Connection,
    kind: ListKind,
    kept: usize,
    nameless: usize,
    cut: bool,
) {
    let mut message = format!("Of the server's list of {} {kept} items are kept.", read::words(kind));
    if nameless > 0 {
        message.push_str(&format!(" {nameless} have no name."));
    }
    if cut {
        message.push_str(" The rest is over the limit.");
    }
    send(plane, entry(plane, &connection.server, Level::Warning, Category::StatusCheck, message));
}

/// Tools that must not be used are not offered.
pub(crate) fn tools_rejected(plane: &Plane, connection: &Connection, rejected: &BTreeMap<String, String>) {
    let mut message = format!("{} of the server's tools are not offered.", rejected.len());
    for (name, why) in rejected.iter().take(NAMED) {
        message.push_str(&format!(" `{name}`: {why}."));
    }
    send(plane, entry(plane, &connection.server, Level::Warning, Category::Configuration, message));
}

pub(crate) fn list_changed(plane: &Plane, server: &ServerEntry, kind: ListKind, difference: &Difference<'_>) {
    let list = |what: &str, names: &BTreeSet<&str>| match names.len() {
        0 => None,
        count if count > NAMED => Some(format!("{what} {count}")),
        _ => {
            let names: Vec<&str> = names.iter().copied().collect();
            Some(format!("{what} `{}`", names.join("`, `")))
        }
    };
    let parts = [
        list("added", &difference.added),
        list("removed", &difference.removed),
        list("changed", &difference.changed),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let message = format!("The server's {} changed: {}.", read::words(kind), parts.join("; "));
    send(plane, entry(plane, server, Level::Info, Category::Configuration, message));
}

/// A process of one session or key ended by itself.
pub(crate) fn own_ended(plane: &Plane, connection: &Connection, failure: &Failure) {
    let stderr = lock(&connection.stderr).lines();
    let message = with_last_words(failure, &stderr);
    let entry = entry(plane, &connection.server, Level::Error, Category::Error, message);
    send(plane, NewLogEntry { code: Some(failure.code), ..entry });
}

fn with_last_words(failure: &Failure, stderr: &[String]) -> String {
    let mut message = failure.message();
    if let Some(last) = stderr.last() {
        message.push_str(&format!(" Its last line of error output: {last}"));
    }
    message
}

/// A process was stopped because nobody needs it.
pub(crate) fn fell_asleep(plane: &Plane, server: &ServerEntry) {
    let message = "The server's process was stopped because nobody uses it. The next call starts it.";
    send(plane, entry(plane, server, Level::Info, Category::StatusCheck, message));
}

/// A line that a child wrote to standard error. A test's child belongs to no project's log.
pub(crate) fn stderr(connection: &Connection, line: &str) {
    if connection.upstream.strong_count() > 0 {
        let plane = &connection.plane;
        send(
            plane,
            entry(plane, &connection.server, Level::Debug, Category::StatusCheck, format!("stderr: {line}")),
        );
    }
}

/// A child writes something else than messages to standard output.
pub(crate) fn noise(connection: &Connection, text: &str) {
    if connection.upstream.strong_count() > 0 {
        let plane = &connection.plane;
        let message =
            format!("The server writes text to its standard output that is no message, such as: {text}");
        send(plane, entry(plane, &connection.server, Level::Warning, Category::StatusCheck, message));
    }
}

/// An upstream sends more than anybody asked for.
pub(crate) fn flood(connection: &Connection) {
    if connection.upstream.strong_count() > 0 {
        let plane = &connection.plane;
        let message = "The server sends more messages than anybody asked for, so it is read slowly.";
        send(plane, entry(plane, &connection.server, Level::Warning, Category::StatusCheck, message));
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// Between two reports of one key: they are shown as "last used", not counted.
const REPORTS: Duration = Duration::from_secs(60);

fn is_due(reported: &ArcSwapOption<Instant>) -> bool {
    let due = reported.load().as_ref().is_none_or(|at| at.elapsed() >= REPORTS);
    if due {
        reported.store(Some(Arc::new(Instant::now())));
    }
    due
}

/// Reports a key's use, and from where.
pub(crate) fn key_used(plane: &Plane, key: KeyId, reported: &Reported, address: Option<IpAddr>) {
    if is_due(&reported.used) {
        let address = address.map(|address| address.to_canonical().to_string());
        plane.events.send(Event::KeyUsed(KeyUse { address, ..KeyUse::new(key, plane.clock.now()) }));
    }
}

/// Reports which program uses a key, by what it says of itself.
pub(crate) fn key_client(plane: &Plane, key: KeyId, info: Option<&RawValue>) {
    let directory = plane.directory.load();
    let Some(reported) = directory.reported(key).filter(|reported| is_due(&reported.client)) else { return };
    let Some(name) = info.and_then(|info| edit::text(info, "name")).filter(|name| !name.is_empty()) else {
        reported.client.store(None);
        return;
    };
    let version = info.and_then(|info| edit::text(info, "version")).unwrap_or_default();
    let client: String = format!("{name} {version}").trim().chars().take(CLIENT).collect();
    plane.events.send(Event::KeyUsed(KeyUse { client: Some(client), ..KeyUse::new(key, plane.clock.now()) }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payloads_lose_their_secrets_and_their_length() {
        let json = r#"{"a":1,"api_key":"x","nested":[{"Access-Token":"y","ok":"z"}],"progressToken":3}"#;
        assert_eq!(
            payload(json),
            r#"{"a":1,"api_key":"[redacted]","nested":[{"Access-Token":"[redacted]","ok":"z"}],"progressToken":3}"#
        );
        let long = format!("\"{}\"", "한".repeat(PAYLOAD * 2));
        assert_eq!(payload(&long).chars().count(), PAYLOAD + 1);
    }
}
