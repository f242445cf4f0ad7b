//! What comes from an upstream: answers to whoever waits for them, everything else to the relay.

use std::sync::Arc;

use wire::Message;

use super::Connection;
use crate::{
    bridge::{Bridge, input},
    catalog::mirror,
    mux::{Answer, Waiter},
    relay,
};

impl Connection {
    /// Handles one message. `origin` is our id of the request on whose answer stream it came.
    pub(crate) fn receive(self: &Arc<Self>, message: Message, origin: Option<u64>) {
        if !matches!(message, Message::Response { .. }) {
            self.flow.unasked();
        }
        match message {
            Message::Response { id, outcome } => match id.as_number().and_then(|id| self.mux.take(id)) {
                Some(waiter) => {
                    self.flow.answered();
                    self.tell(waiter, Answer::Upstream(outcome));
                }
                None => {
                    self.flow.unasked();
                    tracing::debug!(server = %self.server.id, dropped = self.mux.dropped(), "an answer came late or twice")
                }
            },
            Message::Request { id, method, params } => {
                relay::from_upstream(self, id, &method, params, origin)
            }
            Message::Notification { method, params } => relay::notice(self, &method, params, origin),
            Message::OrphanError { error } => {
                // An error without an id answers the request whose stream it came on, or the only one.
                let waiter = origin.or_else(|| self.mux.only_request()).and_then(|id| self.mux.take(id));
                match waiter {
                    Some(waiter) => self.tell(waiter, Answer::Upstream(Err(error))),
                    None => self.mux.drop_message(),
                }
            }
        }
    }

    /// Fails one request that waits here.
    pub(crate) fn fail(&self, id: u64, answer: Answer) {
        if let (Answer::Failed(failure), Some(upstream)) = (&answer, self.upstream.upgrade()) {
            upstream.suspect(failure);
        }
        if let Some(waiter) = self.mux.take(id) {
            self.tell(waiter, answer);
        }
    }

    pub(super) fn tell(&self, waiter: Waiter, answer: Answer) {
        match waiter {
            Waiter::Client(call) => match answer {
                Answer::NotProcessed(failure) => relay::again(&self.plane, *call, failure),
                Answer::Upstream(Ok(result))
                    if matches!(call.bridge, Bridge::ToModern) && input::is_required(&result) =>
                {
                    input::gather(&self.plane, *call, result);
                }
                Answer::Upstream(Err(error))
                    if matches!(call.bridge, Bridge::ToModern) && mirror::is_refusal(&error) =>
                {
                    relay::with_fresh_list(&self.plane, *call, error);
                }
                answer => call.answer(&self.plane, answer),
            },
            Waiter::Parked(parked) => parked.answer(&self.plane, answer),
            Waiter::Internal(sender) => {
                let _ = sender.send(answer);
            }
        }
    }
}
