//! What goes to an upstream: requests of clients and our own, notifications and answers.

use std::{borrow::Cow, sync::Arc, time::Duration};

use domain::Code;
use http::HeaderMap;
use serde_json::value::RawValue;
use tokio::sync::{mpsc, oneshot};
use wire::{Era, RequestId, edit, envelope, method};

use super::{Connection, Link, http as streamable, sse};
use crate::{
    bridge,
    error::Failure,
    interest::{Interest, interest},
    mux::{Answer, Waiter},
    work::Work,
};

/// A request for an upstream.
#[derive(Clone, Copy)]
pub(crate) struct Outgoing<'a> {
    pub(crate) method: &'a str,
    pub(crate) params: Option<&'a RawValue>,
    /// Headers of the client's request that are for the server.
    pub(crate) forward: Option<&'a HeaderMap>,
}

/// The same as it is sent.
pub(crate) struct Prepared {
    /// Our id of it on the connection.
    pub(crate) id: u64,
    json: String,
    headers: HeaderMap,
    /// Whether its answer may open a session.
    opens: bool,
}

impl Connection {
    /// Writes a request down for this connection.
    pub(crate) fn prepare(&self, outgoing: Outgoing<'_>) -> Prepared {
        let number = self.mux.next_id();
        let id = RequestId::from_number(number);
        // Where no token is, none is to be.
        let params = outgoing.params.map(|params| match edit::progress_token(params) {
            Some(_) => edit::with_progress_token(params, &envelope::raw(id.as_json().to_owned())),
            None => Cow::Borrowed(params),
        });
        Prepared {
            id: number,
            json: envelope::request(&id, outgoing.method, params.as_deref()),
            headers: match self.link.get() {
                Some(Link::Http(link)) => link.routing(outgoing),
                _ => HeaderMap::new(),
            },
            opens: outgoing.method == method::INITIALIZE,
        }
    }

    /// Sends a client's or our own request. The waiter comes back when it could not be entered;
    /// afterwards it is answered in any case.
    pub(crate) fn begin(
        self: &Arc<Self>,
        waiter: Waiter,
        request: Prepared,
        idle: Duration,
        total: Duration,
    ) -> Result<(), (Waiter, Failure)> {
        let reply = match &waiter {
            Waiter::Client(call) => call.reply.clone(),
            Waiter::Parked(_) | Waiter::Internal(_) => None,
        };
        let Prepared { id, json, headers, opens } = request;
        // A pipe needs no one to read for each request.
        let (wanted, interest) = match self.link.get() {
            Some(Link::Pipe(_)) | None => (None, None),
            Some(Link::Http(_) | Link::Sse(_)) => {
                let (wanted, interest) = interest();
                (Some(wanted), Some(interest))
            }
        };
        self.mux.enter(id, waiter, idle, total, wanted)?;
        match (self.transmit(json, headers, interest.map(|interest| (id, interest)), opens), reply) {
            (Ok(Some(work)), Some(reply)) => reply.carry(work),
            (Ok(Some(work)), None) => work.detach(),
            (Ok(None), _) => {}
            (Err(failure), _) => {
                if let Some(waiter) = self.mux.take(id) {
                    return Err((waiter, failure));
                }
            }
        }
        Ok(())
    }

    /// A request of ours whose error answer is a failure, such as `ping`.
    pub(crate) async fn request(
        self: &Arc<Self>,
        method: &str,
        params: Option<&RawValue>,
        limit: Duration,
    ) -> Result<Box<RawValue>, Failure> {
        self.ask(method, params, limit).await?.map_err(|error| {
            let text = envelope::read_error(&error).1.unwrap_or_default();
            Failure::new(Code::ProtocolViolation)
                .detail(format!("`{method}` was answered with an error: {text}"))
        })
    }

    /// A request of ours, with the result or the error object that answers it.
    pub(crate) async fn ask(
        self: &Arc<Self>,
        method: &str,
        params: Option<&RawValue>,
        limit: Duration,
    ) -> Result<Result<Box<RawValue>, Box<RawValue>>, Failure> {
        let stamped = self.hello().is_some_and(|hello| hello.era() == Era::Modern);
        let stamped = stamped.then(|| bridge::stamped(params, None, None));
        match self.exchange(method, stamped.as_deref().or(params), limit).await {
            Answer::Upstream(outcome) => Ok(outcome),
            Answer::Failed(failure) | Answer::NotProcessed(failure) => Err(failure),
        }
    }

    /// A request of ours with its parameters as they are, and whatever came of it.
    pub(super) async fn exchange(
        self: &Arc<Self>,
        method: &str,
        params: Option<&RawValue>,
        limit: Duration,
    ) -> Answer {
        let (sender, receiver) = oneshot::channel();
        let outgoing = Outgoing { method, params, forward: None };
        match self.begin(Waiter::Internal(sender), self.prepare(outgoing), limit, limit) {
            Ok(()) => receiver.await.unwrap_or_else(|_| Answer::Failed(self.failure())),
            Err((_, failure)) => Answer::Failed(failure),
        }
    }

    /// Sends a notification or an answer. What cannot be sent is lost, as on a broken connection.
    pub(crate) fn send(self: &Arc<Self>, json: String) {
        if let Ok(Some(work)) = self.transmit(json, HeaderMap::new(), None, false) {
            work.detach();
        }
    }

    /// Sends a notification and waits until the upstream has it.
    pub(super) async fn deliver(self: &Arc<Self>, json: String) -> Result<(), Failure> {
        match self.link.get() {
            Some(Link::Http(link)) => streamable::deliver(self, link, json).await,
            Some(Link::Sse(link)) => sse::deliver(self, link, json).await,
            Some(Link::Pipe(_)) | None => {
                self.send(json);
                Ok(())
            }
        }
    }

    /// Sends a message, and tells what is left to do until its answer is read.
    fn transmit(
        self: &Arc<Self>,
        json: String,
        headers: HeaderMap,
        request: Option<(u64, Interest)>,
        opens: bool,
    ) -> Result<Option<Work>, Failure> {
        match self.link.get() {
            Some(Link::Pipe(outgoing)) => match outgoing.try_send(json) {
                Ok(()) => Ok(None),
                Err(mpsc::error::TrySendError::Full(_)) => Err(Failure::new(Code::UpstreamBusy)),
                Err(mpsc::error::TrySendError::Closed(_)) => Err(self.failure()),
            },
            Some(Link::Http(link)) => Ok(Some(streamable::post(self, link, json, headers, request, opens))),
            Some(Link::Sse(link)) => Ok(Some(sse::post(self, link, json, request))),
            None => Err(self.failure()),
        }
    }

    /// Tells the upstream that nobody waits for a request any more.
    pub(crate) fn cancel(self: &Arc<Self>, id: u64, reason: &str) {
        // Over HTTP a modern request is cancelled by closing its stream, which the end of its entry does.
        if matches!(self.link.get(), Some(Link::Http(link)) if link.is_modern()) {
            return;
        }
        let params = envelope::raw(serde_json::json!({ "requestId": id, "reason": reason }).to_string());
        self.send(envelope::notification(method::CANCELLED, Some(&params)));
    }
}
