//! A call on its way: to a connection that stands or is made for it, a second time where that is safe,
//! and back when its client gives it up.

use std::sync::Arc;

use domain::{Code, server::Status};
use serde_json::value::RawValue;

use crate::{
    bridge::{Bridge, parked},
    call::Call,
    catalog::{self, Kinds, mirror},
    error::Failure,
    gateway::Plane,
    mux::{Answer, Waiter},
    session::Session,
    supervisor::Upstream,
    upstream::{Connection, Outgoing},
};

/// Brings a call on its way: at once where the connection stands, else as soon as it does.
pub(super) fn start(plane: &Arc<Plane>, upstream: &Arc<Upstream>, call: Call) {
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
        if let Some(level) = session.log_level().filter(|level| !connection.logs_from(level)) {
            let (plane, connection) = (plane.clone(), connection.clone());
            plane.tasks.clone().spawn(async move {
                connection.log_from(&level).await;
                place(&plane, &connection, call);
            });
            return;
        }
        match parked::resume(plane, call) {
            Some(fresh) => call = fresh,
            None => return,
        }
    }
    let params = call.bridge.params(&session, call.params.as_deref());
    let mirrored = match &call.bridge {
        Bridge::ToModern => mirror::headers(connection, &call.method, params.as_deref()),
        Bridge::None | Bridge::ToLegacy(_) => None,
    };
    let request = connection.prepare(Outgoing {
        method: &call.method,
        params: params.as_deref(),
        forward: mirrored.as_ref().or(call.forward.as_ref()),
    });
    // Only over HTTP can there be proof that a request was not processed, and only between the eras
    // a call is made again with answers, so only there the parameters are needed once more.
    if !connection.may_send_again() && matches!(call.bridge, Bridge::None) {
        call.params = None;
    }
    let (ours, timeouts) = (request.id, connection.server.timeouts);
    match connection.begin(Waiter::Client(Box::new(call)), request, timeouts.idle, timeouts.total) {
        Ok(()) => {
            if !session.place(&id, connection, ours) {
                withdraw(plane, connection, ours, "cancelled");
            }
        }
        Err((Waiter::Client(call), failure)) => call.answer(plane, Answer::Failed(failure)),
        Err((Waiter::Internal(_) | Waiter::Parked(_), _)) => {}
    }
}

/// Makes a call again, now with the input that its server asked for.
pub(crate) fn with_input(plane: &Arc<Plane>, call: Call) {
    match plane.upstream(call.session.server) {
        Some(upstream) => start(plane, &upstream, call),
        None => call.answer(plane, Answer::Failed(Failure::new(Code::ServerDisabled))),
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

/// Makes a call once more whose headers its server refused: the list of tools that they were made
/// from must have changed. Else the server's `error` is the answer.
pub(crate) fn with_fresh_list(plane: &Arc<Plane>, mut call: Call, error: Box<RawValue>) {
    let upstream = plane.upstream(call.session.server).filter(|_| !call.retried);
    let ready = upstream.and_then(|upstream| Some((upstream.ready(&call.session)?, upstream)));
    let Some((connection, upstream)) = ready else {
        return call.answer(plane, Answer::Upstream(Err(error)));
    };
    call.retried = true;
    let plane = plane.clone();
    plane.tasks.clone().spawn(async move {
        let learning = catalog::learn(&plane, &upstream, &connection, Kinds::TOOLS, Status::Ready);
        let _ = tokio::time::timeout(upstream.server.timeouts.idle, learning).await;
        start(&plane, &upstream, call);
    });
}

/// Gives up everything that a client still waits for: it closed the stream of its answer, which is
/// how modern clients cancel.
pub(crate) fn hang_up(plane: &Arc<Plane>, session: &Session) {
    for (connection, ours) in session.cancel_all() {
        withdraw(plane, &connection, ours, "the client closed its stream");
    }
}

/// Ends what a session that is over still waits for: nobody can get the answers, so no server works on
/// them. Whoever holds a request open all the same is told.
pub(crate) fn give_up(plane: &Arc<Plane>, session: &Session) {
    let code = if plane.stopping.is_cancelled() { Code::Unavailable } else { Code::SessionUnknown };
    for (connection, ours) in session.cancel_all() {
        if let Some(Waiter::Client(call)) = connection.mux.take(ours) {
            connection.cancel(ours, "the session has ended");
            call.answer(plane, Answer::Failed(Failure::new(code)));
        }
    }
}

/// Ends a call that its client gave up.
pub(super) fn withdraw(plane: &Arc<Plane>, connection: &Arc<Connection>, ours: u64, reason: &str) {
    if let Some(Waiter::Client(call)) = connection.mux.take(ours) {
        connection.cancel(ours, reason);
        call.cancelled(plane);
    }
}
