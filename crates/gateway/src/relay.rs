//! Who gets which message: from clients to upstreams, and back.

use std::{sync::Arc, time::Duration};

use domain::Code;
use http::HeaderMap;
use serde_json::value::RawValue;
use tokio::time::Instant;
use wire::{Era, Message, RequestId, edit, envelope, method, modern::meta};

use crate::{
    aggregate,
    bridge::{Bridge, parked},
    call::{self, Call},
    catalog::Kinds,
    error::Failure,
    gateway::Plane,
    journal,
    lock::lock,
    mux::{Answer, Waiter},
    offer,
    session::{Asked, Asker, Refused, SUBSCRIPTIONS, Scope, Seat, Session},
    stream::{Item, Outbox},
    supervisor::Upstream,
    upstream::{Connection, Outgoing, Owner},
};

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
            let request = Request { id, method, params, forward: None };
            self::request(plane, session, request, reply.cloned(), request_id);
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
        let _ = match &reply {
            Some(outbox) => outbox.push(item),
            None => session.push(item),
        };
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
        Local::Subscribed(uri) => {
            let (session, json) = (session.clone(), empty(&id));
            plane.tasks.spawn(async move {
                subscribed(&upstream, &[uri]).await;
                session.finish(&id);
                let _ = match &reply {
                    Some(outbox) => outbox.push(Item::answer(json)),
                    None => session.push(Item::answer(json)),
                };
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
        bridge: Bridge::None,
        forward,
        missing: None,
        rounds: 0,
        retried: false,
        _open: plane.calls.token(),
    };
    start(plane, &upstream, call);
}

/// Whether the server need be asked.
enum Local {
    No,
    Now,
    /// As soon as a modern server tells of this resource.
    Subscribed(String),
    Refused(Failure),
}

/// Notes what a session wants to be told of. A modern server learns of it in another way, and a
/// subscription that another session still has must not end.
fn answers_itself(
    plane: &Plane,
    upstream: &Upstream,
    session: &Arc<Seat>,
    method: &str,
    params: Option<&RawValue>,
) -> Local {
    let or_ask = |is_local: bool| if is_local { Local::Now } else { Local::No };
    let is_modern = upstream.era() == Some(Era::Modern);
    match method {
        method::SET_LEVEL => {
            if let Some(level) = params.and_then(|params| edit::member(params, "level")) {
                session.set_log_level(level.to_owned());
            }
            or_ask(is_modern)
        }
        method::SUBSCRIBE | method::UNSUBSCRIBE => {
            let Some(uri) = params.and_then(|params| edit::text(params, "uri")) else { return Local::No };
            if method == method::SUBSCRIBE {
                let mut subscribed = lock(&session.subscribed);
                if subscribed.len() >= SUBSCRIPTIONS {
                    return Local::Refused(
                        Failure::new(Code::UpstreamBusy)
                            .detail(format!("A session may subscribe to {SUBSCRIPTIONS} resources.")),
                    );
                }
                subscribed.insert((session.server, uri.clone()));
                drop(subscribed);
                upstream.resubscribe.notify_one();
                return if is_modern { Local::Subscribed(uri) } else { Local::No };
            }
            lock(&session.subscribed).remove(&(session.server, uri.clone()));
            upstream.resubscribe.notify_one();
            let others = || plane.sessions.subscribed(&upstream.server).contains(&uri);
            or_ask(is_modern || (upstream.is_shared() && others()))
        }
        _ => Local::No,
    }
}

/// Longest wait for a server to tell of a resource; after it the subscription stands all the same.
const SUBSCRIBE_LIMIT: Duration = Duration::from_secs(5);

/// Waits until a modern server tells of these resources.
async fn subscribed(upstream: &Upstream, uris: &[String]) {
    let mut listening = upstream.listening.subscribe();
    let told = listening.wait_for(|listening| uris.iter().all(|uri| listening.contains(uri)));
    let _ = tokio::time::timeout(SUBSCRIBE_LIMIT, told).await;
}

/// Subscribes to resources for a modern client's stream.
pub(crate) async fn subscribe(plane: &Arc<Plane>, seat: Arc<Seat>, uris: Vec<String>) {
    let Some(upstream) = plane.upstream(seat.server) else { return };
    let Ok(connection) = upstream.connection(plane, &seat).await else { return };
    if upstream.era() == Some(Era::Modern) {
        upstream.resubscribe.notify_one();
        return subscribed(&upstream, &uris).await;
    }
    for uri in uris {
        let params = envelope::raw(serde_json::json!({ "uri": uri }).to_string());
        let _ = connection.request(method::SUBSCRIBE, Some(&params), SUBSCRIBE_LIMIT).await;
    }
}

/// Ends the subscriptions of a stream that is over, as far as nobody else has them.
pub(crate) fn unsubscribe(plane: &Arc<Plane>, session: &Arc<Session>) {
    for (server, uri) in std::mem::take(&mut *lock(&session.subscribed)) {
        let Some(upstream) = plane.upstream(server) else { continue };
        upstream.resubscribe.notify_one();
        if upstream.era() == Some(Era::Modern) || plane.sessions.subscribed(&upstream.server).contains(&uri) {
            continue;
        }
        let Some(connection) = upstream.ready(&session.seat(server)) else { continue };
        plane.tasks.spawn(async move {
            let params = envelope::raw(serde_json::json!({ "uri": uri }).to_string());
            let _ = connection.request(method::UNSUBSCRIBE, Some(&params), SUBSCRIBE_LIMIT).await;
        });
    }
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
    call.bridge = Bridge::between(&session, connection);
    if matches!(call.bridge, Bridge::ToLegacy(_)) {
        match parked::resume(plane, call) {
            Some(fresh) => call = fresh,
            None => return,
        }
    }
    // Only over HTTP can there be proof that a request was not processed, and only between the eras
    // a call is made again with answers, so only there the parameters are needed once more.
    let again = connection.may_send_again() || !matches!(call.bridge, Bridge::None);
    let params = if again { call.params.clone() } else { call.params.take() };
    let (bridge, method, forward) = (call.bridge.clone(), call.method.clone(), call.forward.take());
    let params = bridge.params(&session, params.as_deref());
    let timeouts = connection.server.timeouts;
    let outgoing = Outgoing { method: &method, params: params.as_deref(), forward: forward.as_ref() };
    match connection.begin(Waiter::Client(Box::new(call)), outgoing, timeouts.idle, timeouts.total) {
        Ok(ours) => {
            if !session.place(&id, connection, ours) {
                withdraw(plane, connection, ours, "cancelled");
            }
        }
        Err((Waiter::Client(call), failure)) => call.answer(plane, Answer::Failed(failure)),
        Err((Waiter::Internal(_) | Waiter::Parked(_), _)) => {}
    }
}

/// Makes a call again, now with the input that its server asked for.
pub(crate) fn once_more(plane: &Arc<Plane>, call: Call) {
    match plane.upstream(call.session.server) {
        Some(upstream) => start(plane, &upstream, call),
        None => call.answer(plane, Answer::Failed(Failure::new(Code::ServerDisabled))),
    }
}

/// Gives up everything that a client still waits for: it closed the stream of its answer, which is
/// how modern clients cancel.
pub(crate) fn hang_up(plane: &Arc<Plane>, session: &Session) {
    for (connection, ours) in session.cancel_all() {
        withdraw(plane, &connection, ours, "the client closed its stream");
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

fn answer_asked(asked: &Asked, outcome: Result<Box<RawValue>, Box<RawValue>>) {
    match &asked.asker {
        Asker::Upstream { connection, id, call } => {
            let Some(connection) = connection.upgrade() else { return };
            lock(&connection.asked).remove(id);
            if let Some(call) = call {
                connection.mux.asking(*call, false);
            }
            connection.send(Message::Response { id: id.clone(), outcome }.to_json());
        }
        Asker::Input(sender, name) => {
            let _ = sender.send((name.clone(), outcome));
        }
    }
}

/// Answers an upstream's request in place of a client that cannot any more.
pub(crate) fn refuse_asked(asked: &Asked, why: &str) {
    let error = envelope::error_object(wire::code::METHOD_NOT_FOUND, why, None);
    answer_asked(asked, Err(error));
}

// From upstreams.

/// Whom a message of an upstream is for.
struct Recipient {
    session: Arc<Seat>,
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
    if connection.hello().is_some_and(|hello| hello.era() == Era::Modern) {
        return refuse(id, "servers of 2026-07-28 send no requests");
    }
    if let Some(parked) = connection.mux.parked(origin) {
        return parked.ask(id, method, params);
    }
    let Some(to) = recipient(connection, origin) else {
        return refuse(id, "it is not certain which client this request is for");
    };
    if let Some(capability) = method::needed_capability(method)
        && !to.session.can(capability)
    {
        if let Some(call) = to.call {
            connection.mux.miss(call, capability);
        }
        return refuse(id, &format!("the client does not support `{capability}`"));
    }
    if to.session.channel.era() == Era::Modern {
        let answerable = method::needed_capability(method).is_some();
        let parked = |call| parked::park(connection, call, id.clone(), method, params.clone());
        if !to.call.filter(|_| answerable).is_some_and(parked) {
            refuse(id, "the client cannot be asked");
        }
        return;
    }
    let token = params.as_deref().and_then(edit::progress_token).map(ToOwned::to_owned);
    let asker = Asker::Upstream { connection: Arc::downgrade(connection), id: id.clone(), call: to.call };
    let ours = to.session.ask(Asked { asker, token });
    let json = envelope::request(&RequestId::from_number(ours), method, params.as_deref());
    lock(&connection.asked).insert(id, (Arc::downgrade(&to.session), ours));
    if let Some(call) = to.call {
        connection.mux.asking(call, true);
    }
    let item = Item::notice(json);
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
        method::UPDATED => updated(connection, params.as_deref()),
        method::ACKNOWLEDGED => acknowledged(connection, params.as_deref()),
        _ => {
            let Some(to) = recipient(connection, origin) else { return connection.mux.drop_message() };
            if method == method::LOG_MESSAGE && !wants_log(&to.session, params.as_deref()) {
                return;
            }
            let json = envelope::notification(method, params.as_deref());
            let sent = to.reply.is_some_and(|reply| reply.push(Item::notice(json)).is_ok());
            if !sent {
                to.session.notify(method, params.as_deref());
            }
        }
    }
}

/// Whether a modern client asked for a log message of this level; legacy servers filter themselves.
fn wants_log(session: &Session, params: Option<&RawValue>) -> bool {
    const LEVELS: [&str; 8] =
        ["debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"];
    if session.channel.era() == Era::Legacy {
        return true;
    }
    let rank = |level: &str| LEVELS.iter().position(|name| *name == level);
    let asked = session.log_level().and_then(|level| serde_json::from_str::<String>(level.get()).ok());
    let level = params.and_then(|params| edit::text(params, "level"));
    asked.is_some_and(|asked| level.is_none_or(|level| rank(&level) >= rank(&asked)))
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
    let item = Item::notice(envelope::notification(method::PROGRESS, Some(&params)));
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
    if let Some(Asked { asker: Asker::Upstream { call: Some(call), .. }, .. }) = session.take_asked(ours) {
        connection.mux.asking(call, false);
    }
    let params = edit::set(params, "requestId", &envelope::raw(ours.to_string()));
    session.notify(method::CANCELLED, Some(&params));
}

fn list_changed(connection: &Arc<Connection>, method: &str, params: Option<&RawValue>) {
    // What names the subscription is between its two ends.
    let params = params.map(without_subscription);
    let params = params.as_deref();
    match &connection.owner {
        Owner::Session(session, _) => {
            if let Some(session) = session.upgrade() {
                session.notify(method, params);
            }
        }
        Owner::Shared => {
            let Some(upstream) = connection.upstream.upgrade() else { return };
            // Sessions are told when the list is seen to have changed.
            if let Some(kinds) = Kinds::of_notice(method) {
                upstream.changes.tell(kinds);
                return;
            }
            for session in connection.plane.sessions.of_server(&connection.server) {
                if !upstream.is_own(&session) {
                    session.notify(method, params);
                }
            }
        }
        Owner::Key(key) => {
            let upstream = connection.upstream.upgrade();
            for session in connection.plane.sessions.of_server(&connection.server) {
                let is_of_key = upstream.as_ref().is_some_and(|upstream| upstream.is_of_key(&session));
                if is_of_key && session.key.id == *key {
                    session.notify(method, params);
                }
            }
        }
    }
}

fn updated(connection: &Arc<Connection>, params: Option<&RawValue>) {
    let params = params.map(without_subscription);
    let params = params.as_deref();
    match &connection.owner {
        Owner::Session(session, _) => {
            if let Some(session) = session.upgrade() {
                session.notify(method::UPDATED, params);
            }
        }
        Owner::Shared | Owner::Key(_) => {
            let Some(uri) = params.and_then(|params| edit::text(params, "uri")) else { return };
            let upstream = connection.upstream.upgrade();
            for session in connection.plane.sessions.of_server(&connection.server) {
                let is_theirs = upstream.as_ref().is_some_and(|upstream| match connection.owner {
                    Owner::Key(key) => session.key.id == key && upstream.is_of_key(&session),
                    _ => upstream.is_everybodys(&session),
                });
                if is_theirs && lock(&session.subscribed).contains(&(connection.server.id, uri.clone())) {
                    session.notify(method::UPDATED, params);
                }
            }
        }
    }
}

/// A modern server says what it tells of from now on.
fn acknowledged(connection: &Arc<Connection>, params: Option<&RawValue>) {
    let Some(upstream) = connection.upstream.upgrade() else { return };
    let uris = params
        .and_then(|params| edit::member(params, "notifications"))
        .and_then(|honoured| edit::member(honoured, "resourceSubscriptions"))
        .and_then(|uris| serde_json::from_str(uris.get()).ok());
    upstream.listening.send_replace(uris.unwrap_or_default());
}

fn without_subscription(params: &RawValue) -> Box<RawValue> {
    let Some(old) = edit::member(params, "_meta") else { return params.to_owned() };
    let new = edit::remove(old, meta::SUBSCRIPTION);
    if new.get() == "{}" { edit::remove(params, "_meta") } else { edit::set(params, "_meta", &new) }
}
