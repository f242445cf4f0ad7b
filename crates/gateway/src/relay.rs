//! Who gets which message: from clients to upstreams, and back.

use std::sync::Arc;

use domain::Code;
use serde_json::value::RawValue;
use tokio::time::Instant;
use wire::{Message, RequestId, edit, envelope, method};

use crate::{
    call::{self, Call},
    catalog::Kinds,
    error::Failure,
    gateway::Plane,
    journal,
    lock::lock,
    mux::{Answer, Waiter},
    session::{Asked, Refused, Session},
    stream::{Item, Outbox},
    supervisor::Upstream,
    upstream::{Connection, Owner},
};

const SUBSCRIBE: &str = "resources/subscribe";
const UNSUBSCRIBE: &str = "resources/unsubscribe";
const UPDATED: &str = "notifications/resources/updated";

// From clients.

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
            request(plane, session, id, method, params, reply.cloned(), request_id);
        }
        Message::Notification { method, params } => notification(plane, session, &method, params.as_deref()),
        Message::Response { id, outcome } => {
            if let Some(asked) = id.as_number().and_then(|id| session.take_asked(id)) {
                answer_asked(&asked, outcome);
            }
        }
        Message::OrphanError { error } => {
            tracing::debug!(session = session.mark, ?error, "a client sent an error that answers nothing");
        }
    }
}

fn request(
    plane: &Arc<Plane>,
    session: &Arc<Session>,
    id: RequestId,
    method: String,
    params: Option<Box<RawValue>>,
    reply: Option<Outbox>,
    request_id: &Arc<str>,
) {
    let at_once = |json: String| {
        let item = Item { json, answer: true };
        let _ = match &reply {
            Some(outbox) => outbox.push(item),
            None => session.push(item),
        };
    };
    let refuse = |failure: Failure| at_once(failure.response(Some(&id), Some(request_id)));
    match method.as_str() {
        // Ours to answer: the question is whether the next hop is there.
        method::PING => return at_once(envelope::result(&id, &envelope::raw("{}".to_owned()))),
        method::DISCOVER => return at_once(crate::endpoint::no_discovery(&id)),
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
    if upstream.is_shared() && keeps_subscription(plane, session, &method, params.as_deref()) {
        session.finish(&id);
        return at_once(envelope::result(&id, &envelope::raw("{}".to_owned())));
    }
    let token = params.as_deref().and_then(edit::progress_token).map(ToOwned::to_owned);
    let called = params.as_deref().filter(|_| method == method::TOOLS_CALL);
    let arguments =
        called.filter(|_| journal::keeps_payloads(plane, session)).and_then(|c| edit::member(c, "arguments"));
    let call = Call {
        session: session.clone(),
        tool: called.and_then(|called| edit::text(called, "name")),
        arguments: arguments.map(ToOwned::to_owned),
        id,
        method,
        params,
        token,
        reply,
        request_id: request_id.clone(),
        started: Instant::now(),
        retried: false,
        _open: plane.calls.token(),
    };
    start(plane, &upstream, call);
}

/// Notes subscriptions on a connection that several sessions share. True when a subscription must
/// not be ended upstream because another session still has it.
fn keeps_subscription(
    plane: &Plane,
    session: &Arc<Session>,
    method: &str,
    params: Option<&RawValue>,
) -> bool {
    if !matches!(method, SUBSCRIBE | UNSUBSCRIBE) {
        return false;
    }
    let Some(uri) = params.and_then(|params| edit::text(params, "uri")) else { return false };
    if method == SUBSCRIBE {
        lock(&session.subscribed).insert(uri);
        return false;
    }
    lock(&session.subscribed).remove(&uri);
    plane.sessions.of_server(session.server).iter().any(|other| lock(&other.subscribed).contains(&uri))
}

/// Brings a call on its way: at once where the connection stands, else as soon as it does.
fn start(plane: &Arc<Plane>, upstream: &Arc<Upstream>, call: Call) {
    if let Some(connection) = upstream.ready(&call.session) {
        return place(plane, &connection, call);
    }
    let (plane, upstream) = (plane.clone(), upstream.clone());
    plane.clone().tasks.spawn(async move {
        let opening = upstream.connection(&plane, &call.session);
        let opened = tokio::time::timeout(upstream.server.timeouts.idle, opening).await;
        match opened.unwrap_or_else(|_| Err(Failure::new(Code::InitializeTimeout))) {
            Ok(connection) => place(&plane, &connection, call),
            Err(failure) => call.answer(&plane, Answer::Failed(failure)),
        }
    });
}

fn place(plane: &Arc<Plane>, connection: &Arc<Connection>, mut call: Call) {
    let (session, id) = (call.session.clone(), call.id.clone());
    if session.is_cancelled(&id) {
        return call.cancelled(plane);
    }
    // Only over HTTP can there be proof that a request was not processed, so only there a second
    // try needs the parameters again.
    let params = if connection.may_send_again() { call.params.clone() } else { call.params.take() };
    let method = call.method.clone();
    let timeouts = connection.server.timeouts;
    match connection.begin(
        Waiter::Client(Box::new(call)),
        &method,
        params.as_deref(),
        timeouts.idle,
        timeouts.total,
    ) {
        Ok(ours) => {
            if !session.place(&id, connection, ours) {
                withdraw(plane, connection, ours, "cancelled");
            }
        }
        Err((Waiter::Client(call), failure)) => call.answer(plane, Answer::Failed(failure)),
        Err((Waiter::Internal(_), _)) => {}
    }
}

/// Sends a call once more after proof that the upstream did not look at it.
pub(crate) fn again(plane: &Arc<Plane>, mut call: Call, failure: Failure) {
    let upstream = plane.upstream(call.session.server);
    match upstream {
        Some(upstream) if !call.retried && !plane.stopping.is_cancelled() => {
            call.retried = true;
            start(plane, &upstream, call);
        }
        _ => call.answer(plane, Answer::Failed(failure)),
    }
}

/// Ends a call that its client gave up.
fn withdraw(plane: &Arc<Plane>, connection: &Arc<Connection>, ours: u64, reason: &str) {
    if let Some(Waiter::Client(call)) = connection.mux.take(ours) {
        connection.cancel(ours, reason);
        call.cancelled(plane);
    }
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
        // What is not understood is passed on, to a connection that stands; none is opened for it.
        _ => {
            let upstream = plane.upstream(session.server);
            if let Some(connection) = upstream.and_then(|upstream| upstream.ready(session)) {
                connection.send(envelope::notification(method, params));
            }
        }
    }
}

fn answer_asked(asked: &Asked, outcome: Result<Box<RawValue>, Box<RawValue>>) {
    let Some(connection) = asked.connection.upgrade() else { return };
    lock(&connection.asked).remove(&asked.id);
    if let Some(call) = asked.call {
        connection.mux.asking(call, false);
    }
    connection.send(Message::Response { id: asked.id.clone(), outcome }.to_json());
}

/// Answers an upstream's request in place of a client that cannot any more.
pub(crate) fn refuse_asked(asked: &Asked, why: &str) {
    let error = envelope::error_object(wire::code::METHOD_NOT_FOUND, why, None);
    answer_asked(asked, Err(error));
}

// From upstreams.

/// Whom a message of an upstream is for.
struct Recipient {
    session: Arc<Session>,
    /// The call in whose course it came, and the stream of its answer.
    call: Option<u64>,
    reply: Option<Outbox>,
}

/// The session for a message that names none. On a shared connection it is certain only when the
/// message came on a call's own stream, or when one session alone has calls there.
fn recipient(connection: &Connection, origin: Option<u64>) -> Option<Recipient> {
    if let Some(look) = origin.and_then(|id| connection.mux.look(id)) {
        return Some(Recipient { session: look.session, call: origin, reply: look.reply });
    }
    let only = connection.mux.only_session();
    match (&connection.owner, only) {
        (_, Some((session, call))) => {
            let reply = connection.mux.look(call).and_then(|look| look.reply);
            Some(Recipient { session, call: Some(call), reply })
        }
        (Owner::Session(session, _), None) => {
            Some(Recipient { session: session.upgrade()?, call: None, reply: None })
        }
        (Owner::Shared | Owner::Key(_), None) => None,
    }
}

/// Brings an upstream's request to the client that it is for, or refuses it at once: silence would
/// hold up the call behind it.
pub(crate) fn from_upstream(
    connection: &Arc<Connection>,
    id: RequestId,
    method: &str,
    params: Option<Box<RawValue>>,
    origin: Option<u64>,
) {
    if method == method::PING {
        return connection.send(envelope::result(&id, &envelope::raw("{}".to_owned())));
    }
    let refuse = |id: RequestId, why: &str| connection.send(call::refusal(id, why));
    let Some(to) = recipient(connection, origin) else {
        return refuse(id, "it is not certain which client this request is for");
    };
    if let Some(capability) = method::needed_capability(method)
        && !to.session.can(capability)
    {
        return refuse(id, &format!("the client does not support `{capability}`"));
    }
    let token = params.as_deref().and_then(edit::progress_token).map(ToOwned::to_owned);
    let ours = to.session.ask(Asked {
        connection: Arc::downgrade(connection),
        id: id.clone(),
        token,
        call: to.call,
    });
    let json = envelope::request(&RequestId::from_number(ours), method, params.as_deref());
    lock(&connection.asked).insert(id, (Arc::downgrade(&to.session), ours));
    if let Some(call) = to.call {
        connection.mux.asking(call, true);
    }
    let item = Item { json, answer: false };
    let sent = match &to.reply {
        Some(reply) => reply.push(item),
        None => to.session.push(item),
    };
    if sent.is_err()
        && let Some(asked) = to.session.take_asked(ours)
    {
        refuse_asked(&asked, "the client has no stream open on which it could be asked");
    }
}

/// Brings an upstream's notification to those whom it is for.
pub(crate) fn notice(
    connection: &Arc<Connection>,
    method: &str,
    params: Option<Box<RawValue>>,
    origin: Option<u64>,
) {
    match method {
        method::PROGRESS => progress(connection, params.as_deref()),
        method::CANCELLED => cancelled(connection, params.as_deref()),
        _ if method::is_list_changed(method) => list_changed(connection, method, params.as_deref()),
        UPDATED => updated(connection, params.as_deref()),
        _ => {
            let json = envelope::notification(method, params.as_deref());
            match recipient(connection, origin) {
                Some(Recipient { session, reply: Some(reply), .. }) => {
                    if reply.push(Item { json: json.clone(), answer: false }).is_err() {
                        session.notify(json);
                    }
                }
                Some(Recipient { session, .. }) => session.notify(json),
                None => connection.mux.drop_message(),
            }
        }
    }
}

fn progress(connection: &Arc<Connection>, params: Option<&RawValue>) {
    let ours = params
        .and_then(|params| edit::member(params, "progressToken"))
        .and_then(|token| token.get().parse().ok());
    let (Some(params), Some(ours)) = (params, ours) else { return connection.mux.drop_message() };
    connection.mux.touch(ours);
    let Some(look) = connection.mux.look(ours) else { return connection.mux.drop_message() };
    // Nobody asked for it.
    let Some(token) = look.token else { return connection.mux.drop_message() };
    let params = edit::set(params, "progressToken", &token);
    let item = Item { json: envelope::notification(method::PROGRESS, Some(&params)), answer: false };
    let _ = match &look.reply {
        Some(reply) => reply.push(item),
        None => look.session.push(item),
    };
}

/// The upstream does not want the answer to its own request any more.
fn cancelled(connection: &Arc<Connection>, params: Option<&RawValue>) {
    let id = params.and_then(|params| edit::member(params, "requestId")).and_then(RequestId::from_raw);
    let Some((session, ours)) = id.and_then(|id| lock(&connection.asked).remove(&id)) else {
        return connection.mux.drop_message();
    };
    let (Some(session), Some(params)) = (session.upgrade(), params) else { return };
    if let Some(Asked { call: Some(call), .. }) = session.take_asked(ours) {
        connection.mux.asking(call, false);
    }
    let params = edit::set(params, "requestId", &envelope::raw(ours.to_string()));
    session.notify(envelope::notification(method::CANCELLED, Some(&params)));
}

fn list_changed(connection: &Arc<Connection>, method: &str, params: Option<&RawValue>) {
    let json = envelope::notification(method, params);
    match &connection.owner {
        Owner::Session(session, _) => {
            if let Some(session) = session.upgrade() {
                session.notify(json);
            }
        }
        Owner::Shared => {
            let Some(upstream) = connection.upstream.upgrade() else { return };
            // Sessions are told when the list is seen to have changed.
            if let Some(kinds) = Kinds::of_notice(method) {
                upstream.changes.tell(kinds);
            } else if upstream.is_shared() {
                for session in connection.plane.sessions.of_server(connection.server.id) {
                    session.notify(json.clone());
                }
            }
        }
        Owner::Key(key) => {
            for session in connection.plane.sessions.of_server(connection.server.id) {
                if session.key.id == *key {
                    session.notify(json.clone());
                }
            }
        }
    }
}

fn updated(connection: &Arc<Connection>, params: Option<&RawValue>) {
    let json = envelope::notification(UPDATED, params);
    match &connection.owner {
        Owner::Session(session, _) => {
            if let Some(session) = session.upgrade() {
                session.notify(json);
            }
        }
        Owner::Shared | Owner::Key(_) => {
            let Some(uri) = params.and_then(|params| edit::text(params, "uri")) else { return };
            for session in connection.plane.sessions.of_server(connection.server.id) {
                let is_theirs = !matches!(connection.owner, Owner::Key(key) if key != session.key.id);
                if is_theirs && lock(&session.subscribed).contains(&uri) {
                    session.notify(json.clone());
                }
            }
        }
    }
}
