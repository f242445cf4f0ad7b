//! Streamable HTTP, the legacy revisions (2025-03-26 to 2025-11-25), and the way to the modern one.
//!
//! A request is answered with JSON unless something must come before the answer: only then the
//! answer becomes a stream. Some clients refuse large events, none refuses a large body.

use std::{collections::VecDeque, sync::Arc};

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use domain::Code;
use http::{HeaderMap, HeaderValue, StatusCode};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use wire::{Frame, Message, RequestId, Version, method, sse};

use super::{
    Access,
    body::{self, Events, Guard},
    client_of, header_version, initialize, json_response, modern, no_discovery, refuse,
};
use crate::{
    error,
    gateway::Plane,
    journal, relay,
    session::{self, Channel, Session},
    stream::{self, Inbox, Item},
};

const SESSION: &str = "mcp-session-id";
pub(super) const EVENTS: &str = "text/event-stream";

pub(super) async fn post(plane: Arc<Plane>, access: Access, headers: HeaderMap, request: Body) -> Response {
    if !body::is_json(&headers) {
        return refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, Code::MalformedBody, None);
    }
    let frame = match body::read(&plane, request).await {
        Ok(frame) => frame,
        Err(response) => return response,
    };
    let frame = match frame {
        Frame::Single(message) if modern::takes(&headers, &message) => {
            return modern::post(plane, access, headers, message).await;
        }
        frame => frame,
    };
    let version = match header_version(&headers) {
        Ok(version) => version,
        Err(response) => return *response,
    };
    let batched = matches!(frame, Frame::Batch(_));
    let messages = match frame {
        Frame::Single(message) => vec![message],
        // Only 2025-03-26 had batches; a request without the header speaks it.
        Frame::Batch(messages) if version.unwrap_or(Version::WITHOUT_HEADER).has_batches() => messages,
        Frame::Batch(_) => return invalid("batches ended with revision 2025-06-18"),
    };
    if plane.stopping.is_cancelled() {
        return refuse(StatusCode::SERVICE_UNAVAILABLE, Code::Unavailable, only_id(&messages));
    }
    if let [Message::Request { id, method, params }] = messages.as_slice() {
        match method.as_str() {
            // Boxed, because a call's future should not hold room for it.
            method::INITIALIZE => return Box::pin(open(&plane, &access, id, params.as_deref())).await,
            // As a server of the modern era says that it does not know a method, which clients
            // that look for one take as the sign to use `initialize`.
            method::DISCOVER if !headers.contains_key(SESSION) => {
                return json_response(StatusCode::NOT_FOUND, no_discovery(id));
            }
            _ => {}
        }
    }
    if messages.iter().any(|message| message.method() == Some(method::INITIALIZE)) {
        return invalid("`initialize` must stand alone");
    }
    let session = match find(&plane, &access, &headers) {
        Ok(Some(session)) => session,
        // One request without a session: a call from a shell, or from a program that keeps none.
        // It meets no registry, so it needs no id.
        Ok(None) => Arc::new(Session::new(Channel::Single, access.key.clone(), access.scope, String::new())),
        Err(code) => return refuse(StatusCode::NOT_FOUND, code, only_id(&messages)),
    };
    let takes_events = body::accepts(&headers, EVENTS).unwrap_or(false);
    if !takes_events && session.channel == Channel::Streamable {
        return refuse(StatusCode::NOT_ACCEPTABLE, Code::AcceptMissing, only_id(&messages));
    }
    let answers = messages.iter().filter(|message| matches!(message, Message::Request { .. })).count();
    let (outbox, inbox) = stream::reply(plane.limits.stream_messages, plane.limits.stream_bytes);
    for message in messages {
        relay::from_client(&plane, &session, message, Some(&outbox), &access.request_id);
    }
    drop(outbox);
    if answers == 0 {
        return StatusCode::ACCEPTED.into_response();
    }
    let guard = access.ends.then(|| {
        let plane = plane.clone();
        Guard::new(move || relay::hang_up(&plane, &session))
    });
    answer(plane, inbox, answers, batched, takes_events, guard).await
}

fn invalid(why: &str) -> Response {
    json_response(StatusCode::BAD_REQUEST, error::plain_error(None, wire::code::INVALID_REQUEST, why))
}

/// The id to answer with an error: of a lone request.
fn only_id(messages: &[Message]) -> Option<&RequestId> {
    match messages {
        [Message::Request { id, .. }] => Some(id),
        _ => None,
    }
}

/// The session that the request names, if it names one.
fn find(plane: &Arc<Plane>, access: &Access, headers: &HeaderMap) -> Result<Option<Arc<Session>>, Code> {
    let Some(id) = headers.get(SESSION) else { return Ok(None) };
    let id = id.to_str().map_err(|_| Code::SessionUnknown)?;
    let session = plane.sessions.get(id, access.key.id, access.scope);
    let session = session.filter(|session| session.channel == Channel::Streamable);
    session.or_else(|| resume(plane, access, id)).map(Some).ok_or(Code::SessionUnknown)
}

/// Takes up a session that an earlier process opened, or that was idle for too long: its id holds
/// what is needed.
fn resume(plane: &Arc<Plane>, access: &Access, id: &str) -> Option<Arc<Session>> {
    let client = plane.sealer.as_ref()?.open(id, access.key.id, access.scope)?;
    if plane.sessions.is_finished(id) {
        return None;
    }
    let session = Session::new(Channel::Streamable, access.key.clone(), access.scope, id.to_owned());
    session.client.store(Some(Arc::new(client)));
    session.set_initialized();
    let (session, evicted) = plane.sessions.open(Arc::new(session), &plane.limits);
    if let Some(evicted) = evicted {
        plane.end_session(&evicted);
    }
    journal::session_resumed(plane, &session);
    Some(session)
}

async fn open(
    plane: &Arc<Plane>,
    access: &Access,
    id: &RequestId,
    params: Option<&serde_json::value::RawValue>,
) -> Response {
    let client = client_of(params);
    let sealed = plane.sealer.as_ref().and_then(|s| s.seal(access.key.id, access.scope, &client));
    let Some(session_id) = sealed.or_else(|| session::random_id().ok()) else {
        return refuse(StatusCode::INTERNAL_SERVER_ERROR, Code::Internal, Some(id));
    };
    let session = Arc::new(Session::new(Channel::Streamable, access.key.clone(), access.scope, session_id));
    let answer = initialize(plane, &session, id, client, &access.request_id).await;
    let (_, evicted) = plane.sessions.open(session.clone(), &plane.limits);
    if let Some(evicted) = evicted {
        plane.end_session(&evicted);
    }
    let mut response = json_response(StatusCode::OK, answer);
    if let Ok(id) = HeaderValue::from_str(&session.id) {
        response.headers_mut().insert(SESSION, id);
    }
    response
}

/// Waits for the answers: JSON if they come first, else a stream from the first other message on,
/// or from the moment when a quiet connection must show that it lives.
pub(super) async fn answer(
    plane: Arc<Plane>,
    mut inbox: Inbox,
    answers: usize,
    batched: bool,
    takes_events: bool,
    guard: Option<Guard>,
) -> Response {
    let mut ready: Vec<String> = Vec::new();
    let mut status = StatusCode::OK;
    loop {
        let item = tokio::select! {
            item = inbox.next() => item,
            () = sleep(plane.limits.keep_alive), if takes_events => {
                return stream_of(plane, inbox, ready, None, answers, guard);
            }
        };
        match item {
            Some(Item { json, answer: Some(with) }) => {
                ready.push(json);
                status = with;
                if ready.len() == answers {
                    break;
                }
            }
            Some(item) if takes_events => {
                return stream_of(plane, inbox, ready, Some(item.json), answers, guard);
            }
            // Nothing may come before a JSON answer.
            Some(_) => {}
            // The call was cancelled, so there is nothing to say.
            None => break,
        }
    }
    match ready.pop() {
        None => StatusCode::ACCEPTED.into_response(),
        Some(json) if !batched => json_response(status, json),
        Some(json) => {
            ready.push(json);
            json_response(StatusCode::OK, format!("[{}]", ready.join(",")))
        }
    }
}

fn stream_of(
    plane: Arc<Plane>,
    inbox: Inbox,
    ready: Vec<String>,
    then: Option<String>,
    answers: usize,
    guard: Option<Guard>,
) -> Response {
    let left = answers - ready.len();
    let mut first: VecDeque<_> = ready.iter().chain(&then).map(|json| sse::encode("message", json)).collect();
    if first.is_empty() {
        first.push_back(sse::comment());
    }
    // The end of a session does not end the answers that are under way.
    let ended = CancellationToken::new();
    Events { plane, inbox, first, answers: Some(left), ended, last: None, _guard: guard }.into_response()
}

pub(super) fn get(plane: &Arc<Plane>, access: &Access, headers: &HeaderMap) -> Response {
    if body::accepts(headers, EVENTS) != Some(true) {
        return refuse(StatusCode::NOT_ACCEPTABLE, Code::AcceptMissing, None);
    }
    let session = match find(plane, access, headers) {
        Ok(Some(session)) => session,
        // Some clients look for the older transport like this; the status sends them on at once.
        Ok(None) => return refuse(StatusCode::METHOD_NOT_ALLOWED, Code::MethodNotAllowed, None),
        Err(code) => return refuse(StatusCode::NOT_FOUND, code, None),
    };
    let (outbox, inbox) = stream::stream(plane.limits.stream_messages, plane.limits.stream_bytes);
    let stream = outbox.name();
    session.listen(outbox);
    let ended = session.ended.clone();
    let guard = Guard::new(move || {
        session.unlisten(&stream);
    });
    // Sent at once, so that the client has its headers before the first message.
    let first = VecDeque::from([sse::comment()]);
    Events { plane: plane.clone(), inbox, first, answers: None, ended, last: None, _guard: Some(guard) }
        .into_response()
}

pub(super) fn delete(plane: &Arc<Plane>, access: &Access, headers: &HeaderMap) -> Response {
    match find(plane, access, headers) {
        Ok(Some(session)) => {
            plane.sessions.finish(&session.id);
            plane.end_session(&session);
            StatusCode::NO_CONTENT.into_response()
        }
        Ok(None) => refuse(StatusCode::BAD_REQUEST, Code::SessionUnknown, None),
        Err(code) => refuse(StatusCode::NOT_FOUND, code, None),
    }
}
