//! The deadlines of all requests on one connection, kept by one task: a task and a timer for each
//! would cost more than the call that they watch.

use std::{
    future::pending,
    sync::{Arc, Weak},
};

use domain::Code;
use tokio::time::sleep_until;
use tokio_util::sync::CancellationToken;

use super::Connection;
use crate::{
    error::Failure,
    mux::{Answer, Waiter},
};

/// Ends requests that are over, until the connection itself is.
pub(super) async fn keep(connection: Weak<Connection>, ended: CancellationToken) {
    loop {
        let Some(strong) = connection.upgrade() else { return };
        let due = strong.mux.due();
        for (id, waiter) in due.expired {
            expire(&strong, id, waiter);
        }
        // A connection that nobody has any more ends by being dropped, so none is held here.
        let earlier = strong.mux.earlier();
        drop(strong);
        let next = async {
            match due.next {
                Some(next) => sleep_until(next).await,
                None => pending().await,
            }
        };
        tokio::select! {
            () = ended.cancelled() => return,
            () = earlier.notified() => {}
            () = next => {}
        }
    }
}

fn expire(connection: &Arc<Connection>, id: u64, waiter: Waiter) {
    connection.cancel(id, "timeout");
    if let Waiter::Parked(parked) = &waiter {
        parked.expire(&connection.plane);
    }
    connection.tell(waiter, Answer::Failed(Failure::new(Code::UpstreamTimeout)));
}
