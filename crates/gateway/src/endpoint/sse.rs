//! HTTP+SSE of 2024-11-05: one stream that answers everything, and an address to POST to.
//!
//! The session lives as long as its stream. A client that comes back after a cut opens a new stream
//! and goes on without `initialize` (so does the TypeScript SDK), so a session serves requests
//! without one.

use std::{collections::VecDeque, sync::Arc};

use axum::{
    body::Body,
    extract::Query,
    response::{IntoResponse, Response},
};
use domain::Code;
use http::{HeaderMap, StatusCode, Uri};
use serde::Deserialize;
use wire::{Frame, Message, method, sse};

use super::{
    Access,
    body::{self, Events, Guard},
    client_of, header_version, initialize, refuse,
};
use crate::{
    gateway::Plane,
    relay,
    session::{self, Channel, Session},
    stream::{self, Item},
};

pub(super) fn get(plane: &Arc<Plane>, access: Access, uri: &Uri, headers: &HeaderMap) -> Response {
    if body::accepts(headers, "text/event-stream") == Some(false) {
        return refuse(StatusCode::NOT_ACCEPTABLE, Code::AcceptMissing, None);
    }
    if plane.stopping.is_cancelled() {
        return refuse(StatusCode::SERVICE_UNAVAILABLE, Code::Unavailable, None);
    }
    let Ok(id) = session::random_id() else {
        return refuse(StatusCode::INTERNAL_SERVER_ERROR, Code::Internal, None);
    };
    let session = Arc::new(Session::new(Channel::Sse, access.key, access.scope, id));
    let (outbox, inbox) = stream::stream(plane.limits.stream_messages, plane.limits.stream_bytes);
    session.listen(outbox);
    let (_, evicted) = plane.sessions.open(session.clone(), &plane.limits);
    if let Some(evicted) = evicted {
        plane.end_session(&evicted);
    }
    // A path, which clients resolve against the address they used, and in the form they used:
    // nothing is taken from `Host`.
    let path = uri.path().strip_suffix("/sse").unwrap_or_default();
    let endpoint = format!("{}{path}/messages?sessionId={}", plane.prefix, session.id);
    let ended = session.ended.clone();
    let guard = {
        let plane = plane.clone();
        Guard::new(move || plane.end_session(&session))
    };
    let first = VecDeque::from([sse::encode("endpoint", &endpoint)]);
    Events { plane: plane.clone(), inbox, first, answers: None, ended, last: None, _guard: Some(guard) }
        .into_response()
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
    let session = Query::<Parameters>::try_from_uri(uri)
        .ok()
        .and_then(|Query(parameters)| plane.sessions.get(&parameters.session, access.key.id, access.scope))
        .filter(|session| session.channel == Channel::Sse);
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
    plane.clone().tasks.spawn(async move {
        let answer = initialize(&plane, &session, &id, client, &access.request_id).await;
        let _ = session.push(Item::answer(answer));
    });
}
