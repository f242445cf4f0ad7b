//! HTTP+SSE of 2024-11-05: one stream that answers everything, and an address to POST to.
//!
//! The session lives as long as its stream. A client that comes back after a cut opens a new stream
//! and goes on without `initialize` (so does the TypeScript SDK), so a session serves requests
//! without one.
//!
//! The session's id is the id of the stream's first event as well, which clients send back when they
//! come again: they get the same session, so that the address to POST to stays good over a cut and
//! over a restart. A message that comes before the stream waits for it.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use axum::{
    body::Body,
    extract::Query,
    response::{IntoResponse, Response},
};
use domain::Code;
use http::{HeaderMap, StatusCode, Uri};
use serde::Deserialize;
use tokio::time::timeout;
use wire::{Frame, Message, method, sse};

use super::{
    Access,
    body::{self, Events, Guard},
    client_of, header_version, initialize, refuse,
};
use crate::{
    back_off::jittered,
    gateway::Plane,
    relay,
    session::{self, Channel, Session},
    stream::{self, Item},
};

/// After about how long a client comes back whose stream ended; not all at the same moment.
const RETRY: Duration = Duration::from_millis(500);
/// How long a message waits for the stream of its session. Not longer, because clients that do not
/// send the id back (the TypeScript SDK does not) come with a new session.
const RETURN: Duration = Duration::from_secs(2);
const LAST_EVENT: &str = "last-event-id";

pub(super) fn get(plane: &Arc<Plane>, access: Access, uri: &Uri, headers: &HeaderMap) -> Response {
    if body::accepts(headers, "text/event-stream") == Some(false) {
        return refuse(StatusCode::NOT_ACCEPTABLE, Code::AcceptMissing, None);
    }
    let known = headers.get(LAST_EVENT).and_then(|id| id.to_str().ok());
    let id = known
        .filter(|id| is_ours(plane, &access, id))
        .map(str::to_owned)
        .or_else(|| plane.sealer.as_ref()?.seal_stream(access.key.id, access.scope))
        .or_else(|| session::random_id().ok());
    let Some(id) = id else {
        return refuse(StatusCode::INTERNAL_SERVER_ERROR, Code::Internal, None);
    };
    let (outbox, inbox) = stream::stream(plane.limits.stream_messages, plane.limits.stream_bytes);
    let stream = outbox.name();
    let fresh = Arc::new(Session::new(Channel::Sse, access.key, access.scope, id));
    fresh.listen(outbox.clone());
    let (session, evicted) = plane.sessions.open(fresh.clone(), &plane.limits);
    if let Some(evicted) = evicted {
        plane.end_session(&evicted);
    }
    if Arc::ptr_eq(&session, &fresh) {
        drop(outbox);
    } else {
        // The cut was not noticed here: what is under way goes on, on the new stream.
        session.listen(outbox);
    }
    plane.streams.notify_waiters();
    // A path, which clients resolve against the address they used, and in the form they used:
    // nothing is taken from `Host`.
    let path = uri.path().strip_suffix("/sse").unwrap_or_default();
    let endpoint = format!("{}{path}/messages?sessionId={}", plane.prefix, session.id);
    let ended = session.ended.clone();
    let (guard, id) = {
        let plane = plane.clone();
        let id = session.id.clone();
        let guard = Guard::new(move || {
            if session.unlisten(&stream) {
                plane.end_session(&session);
            }
        });
        (guard, id)
    };
    let first = format!("retry: {}\nid: {id}\n", jittered(RETRY).as_millis()).into_bytes();
    let first = VecDeque::from([[first.as_slice(), &sse::encode("endpoint", &endpoint)].concat().into()]);
    Events { plane: plane.clone(), inbox, first, answers: None, ended, last: None, _guard: Some(guard) }
        .into_response()
}

/// Whether an id is of a session that may come back.
fn is_ours(plane: &Plane, access: &Access, id: &str) -> bool {
    plane.sealer.as_ref().is_some_and(|sealer| sealer.is_stream(id, access.key.id, access.scope))
}

/// The session of a message. One whose stream was cut is waited for: its client is about to come
/// back, and some send first.
async fn find(plane: &Plane, access: &Access, id: &str) -> Option<Arc<Session>> {
    let look = || {
        let session = plane.sessions.get(id, access.key.id, access.scope);
        session.filter(|session| session.channel == Channel::Sse)
    };
    let session = look();
    if session.is_some() || !is_ours(plane, access, id) {
        return session;
    }
    // Boxed, because messages that find their session should not hold room for it.
    let back = Box::pin(async {
        loop {
            let opened = plane.streams.notified();
            tokio::pin!(opened);
            // Before the look, or what comes in between would be missed.
            opened.as_mut().enable();
            if let Some(session) = look() {
                return session;
            }
            opened.await;
        }
    });
    tokio::select! {
        back = timeout(RETURN, back) => back.ok(),
        () = plane.draining.cancelled() => None,
    }
}

#[derive(Deserialize)]
pub(super) struct Parameters {
    #[serde(rename = "sessionId", alias = "session_id")]
    session: String,
}

pub(super) async fn post(
    plane: Arc<Plane>,
    access: Access,
    uri: &Uri,
    headers: HeaderMap,
    request: Body,
) -> Response {
    let session = match Query::<Parameters>::try_from_uri(uri) {
        Ok(Query(parameters)) => find(&plane, &access, &parameters.session).await,
        Err(_) => None,
    };
    let Some(session) = session else {
        return refuse(StatusCode::NOT_FOUND, Code::SessionUnknown, None);
    };
    if !body::is_json(&headers) {
        return refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, Code::MalformedBody, None);
    }
    // Clients of later SDKs send the header here as well.
    if let Err(response) = header_version(&headers) {
        return *response;
    }
    let messages = match body::read(&plane, request).await {
        Ok(Frame::Single(message)) => vec![message],
        Ok(Frame::Batch(messages)) => messages,
        Err(response) => return response,
    };
    for message in messages {
        take(&plane, &session, &access, message);
    }
    // At once: some clients send nothing more, not even an answer or a cancellation, before this.
    (StatusCode::ACCEPTED, "Accepted").into_response()
}

fn take(plane: &Arc<Plane>, session: &Arc<Session>, access: &Access, message: Message) {
    let Message::Request { id, method, params } = &message else {
        return relay::from_client(plane, session, message, None, &access.request_id);
    };
    if method != method::INITIALIZE {
        return relay::from_client(plane, session, message, None, &access.request_id);
    }
    let (id, client) = (id.clone(), client_of(params.as_deref()));
    let (plane, session, access) = (plane.clone(), session.clone(), access.clone());
    // A stop waits for it as for any request.
    let _ = session.admit(&id, usize::MAX);
    plane.clone().tasks.spawn(async move {
        let answer = initialize(&plane, &session, &id, client, &access.request_id).await;
        let _ = session.push(Item::answer(answer));
        session.finish(&id);
    });
}
