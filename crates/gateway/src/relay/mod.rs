//! Who gets which message: from clients to upstreams here, and back in `question` and `notice`.

use std::sync::Arc;

use domain::Code;
use http::{HeaderMap, StatusCode};
use serde_json::value::RawValue;
use tokio::time::Instant;
use wire::{Era, Message, RequestId, edit, envelope, method};

use crate::{
    aggregate::{self, task},
    bridge::Bridge,
    call::Call,
    catalog::mirror,
    error::Failure,
    gateway::Plane,
    journal, offer,
    session::{Refused, Scope, Seat, Session},
    stream::{Item, Outbox},
};
use course::{start, withdraw};
use question::answer_asked;
use subscription::{Local, answers_itself, leveled, subscribed};

pub(crate) use course::{again, give_up, hang_up, with_fresh_list, with_input};
pub(crate) use notice::notice;
pub(crate) use question::{from_upstream, refuse_asked};
pub(crate) use subscription::{subscribe, unsubscribe};

mod course;
mod notice;
pub(crate) mod owner;
mod permit;
mod question;
mod subscription;

/// Takes one message of a client other than `initialize`. Requests are answered on `reply`, or on
/// the session's stream where there is none.
pub(crate) fn from_client(
    plane: &Arc<Plane>,
    session: &Arc<Session>,
    message: Message,
    reply: Option<&Outbox>,
    request_id: &Arc<str>,
) {
    session.touch();
    match message {
        Message::Request { id, method, params } => {
            let request = Request { id, method, params, forward: None };
            self::request(plane, session, request, reply.cloned(), request_id);
        }
        Message::Notification { method, params } => notification(plane, session, &method, params.as_deref()),
        Message::Response { id, outcome } => {
            if let Some(asked) = id.as_number().and_then(|id| session.take_asked(id)) {
                let outcome = outcome.map(|result| task::answered(session, &result).into_owned());
                answer_asked(&asked, outcome);
            }
        }
        Message::OrphanError { error } => {
            tracing::debug!(session = session.mark, ?error, "a client sent an error that answers nothing");
        }
    }
}

/// A client's request as it arrived.
pub(crate) struct Request {
    pub(crate) id: RequestId,
    pub(crate) method: String,
    pub(crate) params: Option<Box<RawValue>>,
    /// Headers that are for the server: `Mcp-Param-*`.
    pub(crate) forward: Option<HeaderMap>,
}

/// Takes a client's request; it is answered in any case, unless it is cancelled.
pub(crate) fn request(
    plane: &Arc<Plane>,
    session: &Arc<Session>,
    request: Request,
    reply: Option<Outbox>,
    request_id: &Arc<str>,
) {
    if let Err(failure) = permit::permit(plane, session, &request.method) {
        let json = failure.response(Some(&request.id), Some(request_id));
        let _ = session.push_on(reply.as_ref(), Item::answer(json));
        return;
    }
    match session.scope {
        Scope::Server(server) => at(plane, &session.seat(server), request, reply, request_id),
        Scope::Project => aggregate::request(plane, session, request, reply, request_id),
    }
}

/// Takes a request for one server.
pub(crate) fn at(
    plane: &Arc<Plane>,
    session: &Arc<Seat>,
    request: Request,
    reply: Option<Outbox>,
    request_id: &Arc<str>,
) {
    let Request { id, method, mut params, forward } = request;
    let at_once = |json: String| {
        let item = Item::answer(json);
        let _ = session.push_on(reply.as_ref(), item);
    };
    let refuse = |failure: Failure| at_once(failure.response(Some(&id), Some(request_id)));
    match method.as_str() {
        // Ours to answer: the question is whether the next hop is there.
        method::PING => return at_once(envelope::result(&id, &envelope::raw("{}".to_owned()))),
        method::DISCOVER if session.channel.era() == Era::Legacy => {
            return at_once(crate::endpoint::no_discovery(&id));
        }
        _ => {}
    }
    if plane.stopping.is_cancelled() {
        return refuse(Failure::new(Code::Unavailable));
    }
    let Some(upstream) = plane.upstream(session.server) else {
        return refuse(Failure::new(Code::ServerDisabled));
    };
    match session.admit(&id, plane.limits.calls_per_session) {
        Ok(()) => {}
        Err(Refused::TooMany) => return refuse(Failure::new(Code::UpstreamBusy)),
        Err(Refused::DuplicateId) => {
            let text = "A request with this id is still waiting for its answer.";
            return at_once(crate::error::plain_error(Some(&id), wire::code::INVALID_REQUEST, text));
        }
    }
    let empty = |id: &RequestId| envelope::result(id, &envelope::raw("{}".to_owned()));
    match answers_itself(plane, &upstream, session, &method, params.as_deref()) {
        Local::No => {}
        Local::Now => {
            session.finish(&id);
            return at_once(empty(&id));
        }
        Local::Refused(failure) => {
            session.finish(&id);
            return refuse(failure);
        }
        local @ (Local::Subscribed(_) | Local::Level) => {
            let (plane, session, request_id) = (plane.clone(), session.clone(), request_id.clone());
            plane.tasks.clone().spawn(async move {
                let done = match local {
                    Local::Subscribed(uri) => {
                        subscribed(&plane, &upstream, &session, uri).await;
                        Ok(())
                    }
                    _ => leveled(&plane, &upstream, &session).await,
                };
                session.finish(&id);
                let json = match done {
                    Ok(()) => empty(&id),
                    Err(failure) => failure.response(Some(&id), Some(&request_id)),
                };
                let _ = session.push_on(reply.as_ref(), Item::answer(json));
            });
            return;
        }
    }
    // On the project's endpoint the name was looked up already.
    if method == method::TOOLS_CALL && session.scope != Scope::Project {
        let directory = plane.directory.load();
        let server = directory.server_by_id(session.server);
        match server.map_or(Ok(None), |server| offer::own_params(server, params.as_deref())) {
            Ok(None) => {}
            Ok(own) => params = own,
            Err(offer::Unknown(name)) => {
                session.finish(&id);
                let text = format!("Unknown tool: {name}");
                return at_once(crate::error::plain_error(Some(&id), wire::code::INVALID_PARAMS, &text));
            }
        }
    }
    if method == method::TOOLS_CALL
        && session.channel.era() == Era::Modern
        && let Err(difference) = mirror::agree(&upstream, params.as_deref(), forward.as_ref())
    {
        session.finish(&id);
        let json = crate::error::plain_error(Some(&id), wire::code::HEADER_MISMATCH, &difference);
        let item = Item { json, answer: Some(StatusCode::BAD_REQUEST) };
        let _ = session.push_on(reply.as_ref(), item);
        return;
    }
    if owner::is_anothers(&upstream, session, &method, params.as_deref()) {
        session.finish(&id);
        let text = "Task not found";
        return at_once(crate::error::plain_error(Some(&id), wire::code::INVALID_PARAMS, text));
    }
    let token = params.as_deref().and_then(edit::progress_token).map(ToOwned::to_owned);
    let called = params.as_deref().filter(|_| method == method::TOOLS_CALL);
    let arguments =
        called.filter(|_| journal::keeps_payloads(plane, session)).and_then(|c| edit::member(c, "arguments"));
    let call = Call {
        session: session.clone(),
        begins_task: owner::may_begin(&upstream, session, called),
        tool: called.and_then(|called| edit::text(called, "name")),
        arguments: arguments.map(ToOwned::to_owned),
        id,
        method,
        params,
        token,
        reply,
        request_id: request_id.clone(),
        started: Instant::now(),
        bridge: Bridge::None,
        forward,
        missing: None,
        rounds: 0,
        retried: false,
        _open: plane.begin_call(),
    };
    start(plane, &upstream, call);
}

fn notification(plane: &Arc<Plane>, session: &Arc<Session>, method: &str, params: Option<&RawValue>) {
    match method {
        // Each upstream got its own at the end of its own handshake.
        method::INITIALIZED => session.set_initialized(),
        method::CANCELLED => {
            let id =
                params.and_then(|params| edit::member(params, "requestId")).and_then(RequestId::from_raw);
            if let Some((connection, ours)) = id.and_then(|id| session.cancel(&id)) {
                let reason = params.and_then(|params| edit::text(params, "reason"));
                withdraw(plane, &connection, ours, reason.as_deref().unwrap_or("cancelled"));
            }
        }
        method::PROGRESS => {
            let token = params.and_then(|params| edit::member(params, "progressToken"));
            if let Some(connection) = token.and_then(|token| session.asked_with_token(token)) {
                connection.send(envelope::notification(method, params));
            }
        }
        // Nobody knows what it would do.
        _ if plane.key_of(session).read_only => {}
        // What is not understood is passed on, to a connection that stands; none is opened for it.
        _ => {
            let seats = match session.scope {
                Scope::Server(server) => vec![session.seat(server)],
                Scope::Project => session.seats(),
            };
            for seat in seats {
                let upstream = plane.upstream(seat.server);
                if let Some(connection) = upstream.and_then(|upstream| upstream.ready(&seat)) {
                    connection.send(envelope::notification(method, params));
                }
            }
        }
    }
}
