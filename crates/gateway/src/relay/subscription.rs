//! What sessions want to hear of: resources, and log messages from a level on.

use std::{sync::Arc, time::Duration};

use domain::Code;
use serde_json::value::RawValue;
use wire::{Era, edit, envelope, method, modern::meta};

use crate::{
    aggregate::task,
    error::Failure,
    gateway::Plane,
    lock::lock,
    session::{SUBSCRIPTIONS, Seat, Session},
    supervisor::Upstream,
    upstream::{Connection, Owner, Wanted, level},
};

/// Whether the server need be asked.
pub(super) enum Local {
    No,
    Now,
    /// As soon as a modern server tells of this resource.
    Subscribed(String),
    /// As soon as a server that has one level for many sessions knows the least of them.
    Level,
    Refused(Failure),
}

/// Notes what a session wants to be told of. A modern server learns of it in another way, and a
/// subscription that another session still has must not end.
pub(super) fn answers_itself(
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
            let level = params.and_then(|params| edit::member(params, "level"));
            let Some(level) = level.filter(|level| level::rank(level).is_some()) else {
                return Local::No;
            };
            session.set_log_level(level.to_owned());
            if is_modern || upstream.is_own(session) { or_ask(is_modern) } else { Local::Level }
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
                upstream.resubscribe.send_replace(());
                return if is_modern { Local::Subscribed(uri) } else { Local::No };
            }
            lock(&session.subscribed).remove(&(session.server, uri.clone()));
            upstream.resubscribe.send_replace(());
            let others = || plane.sessions.subscribed(&upstream.server).contains(&uri);
            or_ask(is_modern || (upstream.is_shared() && others()))
        }
        _ => Local::No,
    }
}

/// Makes a server send what all who share its connection asked for.
pub(super) async fn leveled(
    plane: &Arc<Plane>,
    upstream: &Arc<Upstream>,
    session: &Arc<Seat>,
) -> Result<(), Failure> {
    upstream.connection(plane, session).await?.tell_level().await
}

/// Longest wait for a server to tell of a resource; after it the subscription stands all the same.
const SUBSCRIBE_LIMIT: Duration = Duration::from_secs(5);

/// Waits until a modern server tells a session of a resource.
pub(super) async fn subscribed(
    plane: &Arc<Plane>,
    upstream: &Arc<Upstream>,
    session: &Arc<Seat>,
    uri: String,
) {
    // A server that is down tells of it when it is back.
    if let Ok(connection) = upstream.connection(plane, session).await {
        told(&connection, &Wanted { resources: [uri].into(), ..Wanted::default() }).await;
    }
}

async fn told(connection: &Connection, wanted: &Wanted) {
    let mut listening = connection.listening.subscribe();
    let told = listening.wait_for(|listening| listening.has(wanted));
    let _ = tokio::time::timeout(SUBSCRIBE_LIMIT, told).await;
}

/// Asks for the news that a modern client's stream is to bring.
pub(crate) async fn subscribe(plane: &Arc<Plane>, seat: Arc<Seat>, wanted: Wanted) {
    let Some(upstream) = plane.upstream(seat.server) else { return };
    let Ok(connection) = upstream.connection(plane, &seat).await else { return };
    if upstream.era() == Some(Era::Modern) {
        upstream.resubscribe.send_replace(());
        return told(&connection, &wanted).await;
    }
    for uri in wanted.resources {
        let params = envelope::raw(serde_json::json!({ "uri": uri }).to_string());
        let _ = connection.request(method::SUBSCRIBE, Some(&params), SUBSCRIBE_LIMIT).await;
    }
}

/// Ends the subscriptions of a stream that is over, as far as nobody else has them.
pub(crate) fn unsubscribe(plane: &Arc<Plane>, session: &Arc<Session>) {
    for upstream in session.followed.iter().filter_map(|(server, _)| plane.upstream(*server)) {
        upstream.resubscribe.send_replace(());
    }
    for (server, uri) in std::mem::take(&mut *lock(&session.subscribed)) {
        let Some(upstream) = plane.upstream(server) else { continue };
        upstream.resubscribe.send_replace(());
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

pub(super) fn updated(connection: &Arc<Connection>, params: Option<&RawValue>) {
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
            for session in connection.plane.sessions.of_server(&connection.server) {
                if connection.is_theirs(&session)
                    && lock(&session.subscribed).contains(&(connection.server.id, uri.clone()))
                {
                    session.notify(method::UPDATED, params);
                }
            }
        }
    }
}

/// The state of a task, for the modern clients that follow it.
pub(super) fn task_told(connection: &Arc<Connection>, params: Option<&RawValue>) {
    let Some(params) = params.map(without_subscription) else { return };
    let Some(id) = edit::text(&params, "taskId") else { return connection.mux.drop_message() };
    let task = (connection.server.id, id);
    for session in connection.plane.sessions.of_server(&connection.server) {
        if connection.is_theirs(&session) && session.followed.contains(&task) {
            let params = task::told(&session, connection.server.id, method::TASK_TOLD, Some(&params));
            session.notify(method::TASK_TOLD, params.as_deref());
        }
    }
}

/// A modern server says what it tells of from now on.
pub(super) fn acknowledged(connection: &Arc<Connection>, params: Option<&RawValue>) {
    let honoured = params.and_then(|params| edit::member(params, "notifications"));
    let all = |name: &str| {
        let all = honoured.and_then(|honoured| edit::member(honoured, name));
        all.and_then(|all| serde_json::from_str(all.get()).ok()).unwrap_or_default()
    };
    connection
        .listening
        .send_replace(Wanted { resources: all("resourceSubscriptions"), tasks: all("taskIds") });
}

pub(super) fn without_subscription(params: &RawValue) -> Box<RawValue> {
    let Some(old) = edit::member(params, "_meta") else { return params.to_owned() };
    let new = edit::remove(old, meta::SUBSCRIPTION);
    if new.get() == "{}" { edit::remove(params, "_meta") } else { edit::set(params, "_meta", &new) }
}
