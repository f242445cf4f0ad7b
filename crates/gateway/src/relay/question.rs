//! Requests of upstreams: to the client in whose call they belong, and its answers back.

use std::sync::Arc;

use serde_json::value::RawValue;
use wire::{Era, Message, RequestId, edit, envelope, method};

use crate::{
    aggregate::task,
    bridge::parked,
    call,
    lock::lock,
    session::{Asked, Asker, Seat},
    stream::{Item, Outbox},
    upstream::{Connection, Owner},
};

/// Whom a message of an upstream is for.
pub(super) struct Recipient {
    pub(super) session: Arc<Seat>,
    /// The call in whose course it came, and the stream of its answer.
    call: Option<u64>,
    pub(super) reply: Option<Outbox>,
}

/// The session for a message that names none. On a shared connection it is certain only when the
/// message came on a call's own stream, or when one session alone has calls there.
pub(super) fn recipient(connection: &Connection, origin: Option<u64>) -> Option<Recipient> {
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
    let params = task::told(&to.session, connection.server.id, method, params.as_deref());
    let json = envelope::request(&RequestId::from_number(ours), method, params.as_deref());
    lock(&connection.asked).insert(id, (Arc::downgrade(&to.session), ours));
    if let Some(call) = to.call {
        connection.mux.asking(call, true);
    }
    let item = Item::notice(json);
    let sent = to.session.push_on(to.reply.as_ref(), item);
    if sent.is_err()
        && let Some(asked) = to.session.take_asked(ours)
    {
        refuse_asked(&asked, "the client has no stream open on which it could be asked");
    }
}

pub(super) fn answer_asked(asked: &Asked, outcome: Result<Box<RawValue>, Box<RawValue>>) {
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
