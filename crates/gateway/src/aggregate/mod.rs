//! All servers of a project as one. Lists come from what is known of the servers, so that none that is
//! slow or down delays or empties them; calls go to the server that answers for the name or address.

use std::sync::Arc;

use domain::{Code, ServerId};
use serde_json::{Map, Value, json, value::RawValue};
use wire::{Era, RequestId, edit, envelope, method};

use crate::{
    bridge,
    directory::{KeyEntry, Reach},
    error::{self, Failure},
    gateway::Plane,
    relay::{self, Request},
    session::{Seat, Session},
    stream::{Item, Outbox},
};

pub(crate) use index::{Index, Indexes};

use index::Section;

pub mod cursor;
mod index;
mod name;
mod status;
pub(crate) mod task;

/// Items of one page.
const PAGE: usize = 1_000;
/// Characters of all servers' instructions together; models read them with every conversation.
const INSTRUCTIONS: usize = 8_000;

/// What a project says of itself: at once, from what is known.
pub(crate) fn introduction(plane: &Plane, key: &KeyEntry) -> Box<RawValue> {
    let directory = plane.directory.load();
    let path = directory.project_by_id(key.project).map_or_else(String::new, |project| project.path.clone());
    let all = directory.servers_within(key.project, &key.reach);
    let mut servers: Vec<_> = all.filter(|server| server.enabled).collect();
    servers.sort_by_key(|server| server.id);
    let mut capabilities = Map::new();
    capabilities.insert("tools".to_owned(), json!({ "listChanged": true }));
    let mut instructions = String::new();
    for server in servers {
        let Some(hello) = plane.upstream(server.id).and_then(|upstream| upstream.hello()) else { continue };
        let Some(theirs) = edit::member(&hello, "capabilities") else { continue };
        for (name, ours) in [
            ("resources", json!({ "listChanged": true, "subscribe": true })),
            ("prompts", json!({ "listChanged": true })),
            ("completions", json!({})),
            ("logging", json!({})),
        ] {
            if edit::member(theirs, name).is_some() {
                capabilities.entry(name).or_insert(ours);
            }
        }
        task::promise(theirs, &mut capabilities);
        if let Some(text) = edit::text(&hello, "instructions").filter(|text| !text.trim().is_empty()) {
            let section = format!("## {}\n{}\n\n", server.name, text.trim());
            if instructions.chars().count() + section.chars().count() > INSTRUCTIONS {
                instructions.push_str("(The instructions of further servers are left out.)");
                break;
            }
            instructions.push_str(&section);
        }
    }
    let mut hello = json!({
        "protocolVersion": "",
        "capabilities": capabilities,
        "serverInfo": { "name": "sluice", "title": path, "version": env!("CARGO_PKG_VERSION") },
    });
    if !instructions.is_empty() {
        hello["instructions"] = Value::from(instructions.trim_end());
    }
    envelope::raw(hello.to_string())
}

/// Somebody looks at what the project has: servers that are left alone are tried again.
fn knock(plane: &Plane, key: &KeyEntry) {
    let directory = plane.directory.load();
    for server in directory.servers_within(key.project, &key.reach) {
        if let Some(upstream) = plane.upstream(server.id) {
            upstream.knock();
        }
    }
}

/// The servers that answer for addresses; those that nobody answers for are left out.
pub(crate) fn owners(plane: &Plane, key: &KeyEntry, uris: Vec<String>) -> Vec<(ServerId, String)> {
    let index = Index::of(plane, key.project, &key.reach);
    uris.into_iter().filter_map(|uri| Some((index.owner(&uri)?, uri))).collect()
}

/// Where a request goes.
enum Way {
    /// Answered here.
    Here(Box<RawValue>),
    /// To a server, with other parameters.
    To(ServerId, Option<Box<RawValue>>),
    /// To nobody: the error's number and text.
    Refused(i64, String),
    /// To nobody, because of the client's key.
    Failed(Failure),
    /// To nobody: the client has to know tasks for this.
    Undeclared,
    /// To every server that the session has tasks at.
    Tasks,
}

/// Takes a request of a client of the project's endpoint.
pub(crate) fn request(
    plane: &Arc<Plane>,
    session: &Arc<Session>,
    request: Request,
    reply: Option<Outbox>,
    request_id: &Arc<str>,
) {
    let id = request.id.clone();
    match way(plane, session, &request) {
        Way::To(server, params) => {
            let request = Request { params, ..request };
            relay::at(plane, &session.seat(server), request, reply, request_id);
        }
        Way::Here(result) => {
            let json = envelope::result(&id, &finished(plane, session, &request.method, &result));
            let _ = session.push_on(reply.as_ref(), Item::answer(json));
        }
        Way::Refused(number, text) => {
            let _ = session.push_on(reply.as_ref(), refusal(session, &id, number, &text));
        }
        Way::Failed(failure) => {
            let json = failure.response(Some(&id), Some(request_id));
            let _ = session.push_on(reply.as_ref(), Item::answer(json));
        }
        Way::Undeclared => {
            let answered = Some(http::StatusCode::BAD_REQUEST);
            let _ = session.push_on(reply.as_ref(), Item { json: task::undeclared(&id), answer: answered });
        }
        Way::Tasks => {
            let (plane, session) = (plane.clone(), session.clone());
            plane.tasks.clone().spawn(async move {
                let result = task::list(&plane, &session).await;
                let _ = session.push_on(reply.as_ref(), Item::answer(envelope::result(&id, &result)));
            });
        }
    }
}

fn refusal(session: &Session, id: &RequestId, number: i64, text: &str) -> Item {
    let is_unknown = number == wire::code::METHOD_NOT_FOUND && session.channel.era() == Era::Modern;
    let status = if is_unknown { http::StatusCode::NOT_FOUND } else { http::StatusCode::OK };
    Item { json: error::plain_error(Some(id), number, text), answer: Some(status) }
}

/// A result of ours in the client's era.
fn finished(plane: &Plane, session: &Session, method: &str, result: &RawValue) -> Box<RawValue> {
    match session.channel.era() {
        Era::Legacy => result.to_owned(),
        Era::Modern => bridge::complete(method, result, &introduction(plane, &plane.key_of(session))),
    }
}

fn way(plane: &Arc<Plane>, session: &Arc<Session>, request: &Request) -> Way {
    let params = request.params.as_deref();
    let text = |member: &str| params.and_then(|params| edit::text(params, member)).unwrap_or_default();
    let raw = |text: &str| envelope::raw(Value::from(text).to_string());
    let named = |member: &str, name: &str| params.map(|params| edit::set(params, member, &raw(name)));
    let invalid = |text: String| Way::Refused(wire::code::INVALID_PARAMS, text);
    let key = plane.key_of(session);
    let index = Index::of(plane, key.project, &key.reach);
    let beyond = |offered: &dyn Fn(&Index) -> bool| is_beyond(plane, &key, offered);
    match request.method.as_str() {
        method::PING => Way::Here(envelope::raw("{}".to_owned())),
        method::TOOLS_LIST => {
            knock(plane, &key);
            let own = status::tool();
            page("tools", std::iter::once(&own).chain(&index.tools.items), params, &index.tools)
        }
        method::RESOURCES_LIST => page("resources", index.resources.items.iter(), params, &index.resources),
        method::TEMPLATES_LIST => {
            page("resourceTemplates", index.templates.items.iter(), params, &index.templates)
        }
        method::PROMPTS_LIST => page("prompts", index.prompts.items.iter(), params, &index.prompts),
        method::TOOLS_CALL if text("name") == status::NAME => {
            knock(plane, &key);
            Way::Here(status::result(plane, &key, &index))
        }
        method::TOOLS_CALL => match index.tools.routes.get(&text("name")) {
            Some(route) => Way::To(route.server, named("name", &route.name)),
            None if beyond(&|all| all.tools.routes.contains_key(&text("name"))) => {
                Way::Failed(Code::KeyServer.into())
            }
            None => invalid(format!(
                "Unknown tool: {}. The tool `{}` tells which servers are missing, and why.",
                text("name"),
                status::NAME
            )),
        },
        method::PROMPTS_GET => match index.prompts.routes.get(&text("name")) {
            Some(route) => Way::To(route.server, named("name", &route.name)),
            None if beyond(&|all| all.prompts.routes.contains_key(&text("name"))) => {
                Way::Failed(Code::KeyServer.into())
            }
            None => invalid(format!("Unknown prompt: {}", text("name"))),
        },
        method::RESOURCES_READ | method::SUBSCRIBE | method::UNSUBSCRIBE => {
            let uri = text("uri");
            match index.owner(&uri).or_else(|| only_reader(plane, &key)) {
                Some(server) => Way::To(server, request.params.clone()),
                None if beyond(&|all| all.owner(&uri).is_some()) => Way::Failed(Code::KeyServer.into()),
                None => {
                    let number = match session.channel.era() {
                        Era::Legacy => wire::code::RESOURCE_NOT_FOUND,
                        Era::Modern => wire::code::INVALID_PARAMS,
                    };
                    Way::Refused(number, format!("Resource not found: no server of this project lists {uri}"))
                }
            }
        }
        method::COMPLETE => complete(&index, request),
        method::SET_LEVEL => {
            if let Some(level) = params.and_then(|params| edit::member(params, "level")) {
                session.set_log_level(level.to_owned());
                set_level(plane, session, &key);
            }
            Way::Here(envelope::raw("{}".to_owned()))
        }
        task::GET | task::UPDATE | task::RESULT | task::CANCEL if !task::is_declared(session) => {
            Way::Undeclared
        }
        task::GET | task::UPDATE | task::RESULT | task::CANCEL => {
            let directory = plane.directory.load();
            let is_ours = |server| {
                let server = directory.server_by_id(server);
                server.is_some_and(|s| s.enabled && s.project == key.project && key.reach.has(s.id))
            };
            match params.and_then(task::route).filter(|(server, _)| is_ours(*server)) {
                Some((server, params)) => Way::To(server, Some(params)),
                None => invalid("Task not found".to_owned()),
            }
        }
        task::LIST => Way::Tasks,
        other => Way::Refused(
            wire::code::METHOD_NOT_FOUND,
            format!(
                "Method not found: `{other}` cannot be told to which server it belongs. Use the server's own address for it."
            ),
        ),
    }
}

/// Whether something is offered by the project, and a server has it that the key does not reach.
fn is_beyond(plane: &Plane, key: &KeyEntry, offered: &dyn Fn(&Index) -> bool) -> bool {
    key.reach != Reach::All && offered(&Index::of(plane, key.project, &Reach::All))
}

/// Where only one server has resources, addresses that it does not list are its own as well.
fn only_reader(plane: &Plane, key: &KeyEntry) -> Option<ServerId> {
    let directory = plane.directory.load();
    let has_resources = |id: ServerId| {
        let hello = plane.upstream(id)?.hello()?;
        edit::member(edit::member(&hello, "capabilities")?, "resources").map(|_| id)
    };
    let servers = directory.servers_within(key.project, &key.reach);
    let mut readers = servers.filter_map(|server| has_resources(server.id));
    readers.next().filter(|_| readers.next().is_none())
}

/// Completions belong to the prompt or the template that they are for.
fn complete(index: &Index, request: &Request) -> Way {
    let params = request.params.as_deref();
    let Some((params, subject)) = params.and_then(|params| Some((params, edit::member(params, "ref")?)))
    else {
        return Way::Refused(wire::code::INVALID_PARAMS, "`ref` is missing".to_owned());
    };
    if let Some(route) = edit::text(subject, "name").and_then(|name| index.prompts.routes.get(&name)) {
        let name = envelope::raw(Value::from(route.name.as_str()).to_string());
        let subject = edit::set(subject, "name", &name);
        return Way::To(route.server, Some(edit::set(params, "ref", &subject)));
    }
    match edit::text(subject, "uri").and_then(|uri| index.owner(&uri)) {
        Some(server) => Way::To(server, request.params.clone()),
        None => {
            Way::Refused(wire::code::INVALID_PARAMS, "`ref` names nothing that is offered here".to_owned())
        }
    }
}

/// Tells the servers that are connected; others are told when they are.
fn set_level(plane: &Arc<Plane>, session: &Arc<Session>, key: &KeyEntry) {
    let taken = session.seats();
    let directory = plane.directory.load();
    for server in directory.servers_within(key.project, &key.reach) {
        let seat = taken.iter().find(|seat| seat.server == server.id).cloned();
        let seat = seat.unwrap_or_else(|| Arc::new(Seat::new(session.clone(), server.id)));
        let connection = plane.upstream(server.id).and_then(|upstream| upstream.ready(&seat));
        let Some(connection) = connection.filter(|connection| {
            connection.hello().is_some_and(|hello| hello.era() == Era::Legacy && hello.can("logging"))
        }) else {
            continue;
        };
        plane.tasks.spawn(async move {
            let _ = connection.tell_level().await;
        });
    }
}

/// One page of a list. A cursor is good for as long as the list stays what it was.
fn page<'a>(
    member: &str,
    items: impl Iterator<Item = &'a Box<RawValue>>,
    params: Option<&RawValue>,
    section: &Section,
) -> Way {
    let cursor = params.and_then(|params| edit::text(params, "cursor"));
    let start = match cursor.as_deref().map(|cursor| cursor::read(cursor, &section.mark)) {
        None => 0,
        Some(Some(start)) => start,
        Some(None) => {
            let text = "The cursor is not known, or the list has changed since: list from the beginning.";
            return Way::Refused(wire::code::INVALID_PARAMS, text.to_owned());
        }
    };
    let mut json = format!(r#"{{"{member}":["#);
    let mut rest = items.skip(start).peekable();
    for (n, item) in rest.by_ref().take(PAGE).enumerate() {
        if n > 0 {
            json.push(',');
        }
        json.push_str(item.get());
    }
    json.push(']');
    if rest.peek().is_some() {
        let next = cursor::write(&section.mark, start + PAGE);
        json.push_str(&format!(r#","nextCursor":"{next}""#));
    }
    json.push('}');
    Way::Here(envelope::raw(json))
}
