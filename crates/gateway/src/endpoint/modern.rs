//! Streamable HTTP, the modern era (2026-07-28): each request stands alone, says of itself what it
//! is in its headers and in `_meta`, and is cancelled by closing its answer.

use std::{collections::HashMap, sync::Arc};

use axum::response::{IntoResponse, Response};
use domain::{Code, ServerId};
use futures_util::future::join_all;
use http::{HeaderMap, StatusCode};
use serde_json::{json, value::RawValue};
use wire::{
    Message, RequestId, Version, edit, envelope, method,
    modern::{Meta, agree, header, is_spoken, meta},
    sse,
};

use super::{
    Access,
    body::{self, Events, Guard},
    json_response, known_hello, refuse, streamable, unsupported_version,
};
use crate::{
    aggregate::{self, task},
    bridge, error,
    gateway::Plane,
    journal,
    lock::lock,
    relay::{self, Request},
    session::{self, Channel, Client, Filter, Scope, Session},
    stream,
    upstream::Wanted,
};

/// Whether a message is for this part of the endpoint.
pub(super) fn takes(headers: &HeaderMap, message: &Message) -> bool {
    let (Message::Request { params, .. } | Message::Notification { params, .. }) = message else {
        return false;
    };
    is_spoken(version(headers), &Meta::read(params.as_deref()))
}

fn version(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::VERSION).map(|value| value.to_str().unwrap_or_default())
}

pub(super) async fn post(
    plane: Arc<Plane>,
    access: Access,
    headers: HeaderMap,
    message: Message,
) -> Response {
    let Message::Request { id, method, params } = message else {
        // The revision defines none over HTTP; what is not understood does no harm.
        return StatusCode::ACCEPTED.into_response();
    };
    let meta = Meta::read(params.as_deref());
    if let Err(response) = check(&headers, &id, &method, params.as_deref(), &meta) {
        return *response;
    }
    if method::is_removed(&method) {
        return not_found(&id);
    }
    if plane.stopping.is_cancelled() {
        return refuse(StatusCode::SERVICE_UNAVAILABLE, Code::Unavailable, Some(&id));
    }
    if method == method::DISCOVER {
        return match known_hello(&plane, &access.key, access.scope).await {
            Ok(hello) => json_response(StatusCode::OK, envelope::result(&id, &bridge::discovery(&hello))),
            Err(failure) => {
                json_response(StatusCode::OK, failure.response(Some(&id), Some(&access.request_id)))
            }
        };
    }
    let client = Client {
        version: Version::LATEST,
        capabilities: meta.capabilities.map(ToOwned::to_owned),
        info: meta.client.map(ToOwned::to_owned),
    };
    journal::key_client(&plane, access.key.id, client.info.as_deref());
    if method == method::LISTEN {
        return Box::pin(listen(plane, access, id, params.as_deref(), client)).await;
    }
    let session = Session::new(Channel::Modern, access.key.clone(), access.scope, String::new());
    session.client.store(Some(Arc::new(client)));
    if let Some(level) = meta.log_level {
        session.set_log_level(level.to_owned());
    }
    let session = Arc::new(session);
    let takes_events = body::accepts(&headers, streamable::EVENTS).unwrap_or(false);
    let (outbox, inbox) = stream::reply(plane.limits.stream_messages, plane.limits.stream_bytes);
    let request = Request { id, method, params, forward: forwarded(&headers) };
    relay::request(&plane, &session, request, Some(outbox), &access.request_id);
    let guard = {
        let plane = plane.clone();
        Guard::new(move || relay::hang_up(&plane, &session))
    };
    streamable::answer(plane, inbox, 1, false, takes_events, Some(guard)).await
}

/// What every request must say of itself, and whether it says it everywhere. Err is the answer.
fn check(
    headers: &HeaderMap,
    id: &RequestId,
    method: &str,
    params: Option<&RawValue>,
    meta: &Meta<'_>,
) -> Result<(), Box<Response>> {
    let bad = |number, text: &str| {
        Err(Box::new(json_response(StatusCode::BAD_REQUEST, error::plain_error(Some(id), number, text))))
    };
    let unknown = |version: &str| version.parse::<Version>().is_err();
    if let Some(missing) = meta.missing() {
        if let Some(version) = version(headers).filter(|version| meta.version.is_none() && unknown(version)) {
            return Err(Box::new(unsupported_version(Some(id), version)));
        }
        let text = format!("`_meta` must have `{missing}` in each request (MCP {})", Version::LATEST);
        return bad(wire::code::INVALID_PARAMS, &text);
    }
    let found = |name: &str| headers.get(name).map(http::HeaderValue::as_bytes);
    if let Err(difference) = agree(found, method, params, meta) {
        return bad(wire::code::HEADER_MISMATCH, &difference);
    }
    match meta.version_text() {
        Some(version) if unknown(&version) => Err(Box::new(unsupported_version(Some(id), &version))),
        _ => Ok(()),
    }
}

fn not_found(id: &RequestId) -> Response {
    let text = "Method not found";
    json_response(StatusCode::NOT_FOUND, error::plain_error(Some(id), wire::code::METHOD_NOT_FOUND, text))
}

/// The headers that a tool asked for, which an intermediary passes on.
fn forwarded(headers: &HeaderMap) -> Option<HeaderMap> {
    let is_param = |name: &http::HeaderName| name.as_str().starts_with(header::PARAM);
    if !headers.keys().any(is_param) {
        return None;
    }
    let all = headers.iter().filter(|(name, _)| is_param(name));
    Some(all.map(|(name, value)| (name.clone(), value.clone())).collect())
}

/// Opens the stream of what belongs to no request (`subscriptions/listen`).
async fn listen(
    plane: Arc<Plane>,
    access: Access,
    id: RequestId,
    params: Option<&RawValue>,
    client: Client,
) -> Response {
    let hello = match known_hello(&plane, &access.key, access.scope).await {
        Ok(hello) => hello,
        Err(failure) => {
            return json_response(StatusCode::OK, failure.response(Some(&id), Some(&access.request_id)));
        }
    };
    let Some(wanted) = params.and_then(|params| edit::member(params, "notifications")) else {
        let text = "`notifications` is missing: it says what to listen for";
        let json = error::plain_error(Some(&id), wire::code::INVALID_PARAMS, text);
        return json_response(StatusCode::BAD_REQUEST, json);
    };
    let is_wanted = |name: &str| edit::member(wanted, name).is_some_and(|value| value.get() == "true");
    let announces = |list: &str, promise: &str| {
        edit::member(&hello, "capabilities")
            .and_then(|capabilities| edit::member(edit::member(capabilities, list)?, promise))
            .is_some_and(|value| value.get() == "true")
    };
    let filter = Filter {
        tools: is_wanted("toolsListChanged") && announces("tools", "listChanged"),
        prompts: is_wanted("promptsListChanged") && announces("prompts", "listChanged"),
        resources: is_wanted("resourcesListChanged") && announces("resources", "listChanged"),
        id,
    };
    let uris: Vec<String> = edit::member(wanted, "resourceSubscriptions")
        .filter(|_| announces("resources", "subscribe"))
        .and_then(|uris| serde_json::from_str(uris.get()).ok())
        .unwrap_or_default();
    let tasks = edit::member(wanted, "taskIds");
    if tasks.is_some() && !task::knows(&client) {
        return json_response(StatusCode::BAD_REQUEST, task::undeclared(&filter.id));
    }
    let has_tasks = edit::member(&hello, "capabilities")
        .and_then(|capabilities| edit::member(edit::member(capabilities, "extensions")?, method::TASKS))
        .is_some();
    let tasks: Vec<String> = tasks
        .filter(|_| has_tasks)
        .and_then(|tasks| serde_json::from_str(tasks.get()).ok())
        .unwrap_or_default();
    if uris.len() + tasks.len() > session::SUBSCRIPTIONS {
        let text =
            format!("`resourceSubscriptions` and `taskIds` may have {} together", session::SUBSCRIPTIONS);
        let json = error::plain_error(Some(&filter.id), wire::code::INVALID_PARAMS, &text);
        return json_response(StatusCode::BAD_REQUEST, json);
    }
    let Ok(session_id) = session::random_id() else {
        return refuse(StatusCode::INTERNAL_SERVER_ERROR, Code::Internal, Some(&filter.id));
    };
    let mut honoured = serde_json::Map::new();
    for (name, granted) in [
        ("toolsListChanged", filter.tools),
        ("promptsListChanged", filter.prompts),
        ("resourcesListChanged", filter.resources),
    ] {
        if granted {
            honoured.insert(name.to_owned(), json!(true));
        }
    }
    if !uris.is_empty() {
        honoured.insert("resourceSubscriptions".to_owned(), json!(uris));
    }
    if !tasks.is_empty() {
        honoured.insert("taskIds".to_owned(), json!(tasks));
    }
    let last = sse::encode("message", &envelope::result(&filter.id, &ended(&filter.id)));
    let acknowledged = envelope::raw(json!({ "notifications": honoured }).to_string());
    let acknowledged = filter.stamp(method::ACKNOWLEDGED, Some(&acknowledged));
    let mut session = Session::new(Channel::Listen, access.key.clone(), access.scope, session_id);
    session.filter = Some(filter);
    session.client.store(Some(Arc::new(client)));
    let owned = match session.scope {
        Scope::Server(server) => uris.into_iter().map(|uri| (server, uri)).collect(),
        Scope::Project => aggregate::owners(&plane, &session.key, uris),
    };
    session.followed = task::owners(&plane, session.scope, &session.key, &tasks);
    let followed = session.followed.clone();
    *lock(&session.subscribed) = owned.iter().cloned().collect();
    session.set_initialized();
    let session = Arc::new(session);
    let (outbox, inbox) = stream::stream(plane.limits.stream_messages, plane.limits.stream_bytes);
    session.listen(outbox);
    let (_, evicted) = plane.sessions.open(session.clone(), &plane.limits);
    if let Some(evicted) = evicted {
        plane.end_session(&evicted);
    }
    let mut by_server: HashMap<ServerId, Wanted> = HashMap::new();
    for (server, uri) in owned {
        by_server.entry(server).or_default().resources.insert(uri);
    }
    for (server, task) in followed {
        by_server.entry(server).or_default().tasks.insert(task);
    }
    join_all(
        by_server.into_iter().map(|(server, wanted)| relay::subscribe(&plane, session.seat(server), wanted)),
    )
    .await;
    let over = session.ended.clone();
    let guard = {
        let plane = plane.clone();
        Guard::new(move || {
            plane.end_session(&session);
            relay::unsubscribe(&plane, &session);
        })
    };
    // Before everything that was queued meanwhile.
    let first = acknowledged.iter().map(|json| sse::encode("message", json)).collect();
    Events { plane, inbox, first, answers: None, ended: over, last: Some(last), _guard: Some(guard) }
        .into_response()
}

/// The result that ends a stream in good order.
fn ended(id: &RequestId) -> Box<RawValue> {
    envelope::raw(format!(
        r#"{{"resultType":"complete","_meta":{{"{}":{}}}}}"#,
        meta::SUBSCRIPTION,
        id.as_json()
    ))
}
