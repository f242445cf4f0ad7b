//! Notifications of upstreams, to those whom they are for.

use std::sync::Arc;

use serde_json::value::RawValue;
use wire::{Era, RequestId, edit, envelope, method};

use super::{
    owner,
    question::recipient,
    subscription::{acknowledged, task_told, updated, without_subscription},
};
use crate::{
    aggregate::task,
    catalog::Kinds,
    lock::lock,
    session::{Asked, Asker, Session},
    stream::Item,
    upstream::{Connection, Owner, level},
};

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
        task::STATUS if owner::tell(connection, method, params.as_deref()) => {}
        method::TASK_TOLD => task_told(connection, params.as_deref()),
        method::ACKNOWLEDGED => acknowledged(connection, params.as_deref()),
        _ => {
            let Some(to) = recipient(connection, origin) else { return connection.mux.drop_message() };
            if method == method::LOG_MESSAGE && !wants_log(&to.session, params.as_deref()) {
                return;
            }
            let params = task::told(&to.session, connection.server.id, method, params.as_deref());
            let json = envelope::notification(method, params.as_deref());
            let sent = to.reply.is_some_and(|reply| reply.push(Item::notice(json)).is_ok());
            if !sent {
                to.session.notify(method, params.as_deref());
            }
        }
    }
}

/// Whether a client asked for a log message of this level. A modern one gets none that it did not
/// ask for; what a legacy one gets that never asked is its server's choice.
fn wants_log(session: &Session, params: Option<&RawValue>) -> bool {
    let level = params.and_then(|params| edit::member(params, "level"));
    match session.log_level() {
        Some(asked) => level.is_none_or(|level| level::rank(level) >= level::rank(&asked)),
        None => session.channel.era() == Era::Legacy,
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
    let item = Item::notice(envelope::notification(method::PROGRESS, Some(&params)));
    let _ = look.session.push_on(look.reply.as_ref(), item);
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
