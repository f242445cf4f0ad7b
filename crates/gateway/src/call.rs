//! One request of a client, from its arrival to its answer.

use std::{borrow::Cow, sync::Arc};

use domain::log::Outcome;
use http::{HeaderMap, StatusCode};
use serde_json::value::RawValue;
use tokio::time::Instant;
use tokio_util::task::task_tracker::TaskTrackerToken;
use wire::{Era, Message, RequestId, edit, envelope, method};

use crate::{
    aggregate::task,
    bridge::{self, Bridge},
    catalog::mirror,
    error::Failure,
    gateway::Plane,
    journal,
    mux::Answer,
    offer,
    relay::owner,
    session::{Channel, Seat},
    stream::{Item, Outbox},
};

pub(crate) struct Call {
    pub(crate) session: Arc<Seat>,
    /// As the client wrote it.
    pub(crate) id: RequestId,
    pub(crate) method: String,
    /// Until it is sent; longer where it may have to be sent again.
    pub(crate) params: Option<Box<RawValue>>,
    /// Whether it may become a task whose owner is to be remembered.
    pub(crate) begins_task: bool,
    /// Which tool it calls, if it calls one.
    pub(crate) tool: Option<String>,
    /// The tool's arguments, where the project's log keeps them.
    pub(crate) arguments: Option<Box<RawValue>>,
    /// The client's progress token, as it wrote it.
    pub(crate) token: Option<Box<RawValue>>,
    /// The answer of the POST that brought it; none: the session's own stream.
    pub(crate) reply: Option<Outbox>,
    /// Names the HTTP request in answers and in the log.
    pub(crate) request_id: Arc<str>,
    pub(crate) started: Instant,
    /// What stands between the client and the connection that works on it.
    pub(crate) bridge: Bridge,
    /// Headers of the client's request that are for the server: `Mcp-Param-*`.
    pub(crate) forward: Option<HeaderMap>,
    /// What the server asked for and a modern client did not declare.
    pub(crate) missing: Option<&'static str>,
    /// How often the server asked for input.
    pub(crate) rounds: u8,
    /// Whether it was sent a second time after proof that the first was not processed.
    pub(crate) retried: bool,
    /// Keeps a stop of the data plane waiting.
    pub(crate) _open: TaskTrackerToken,
}

impl Call {
    /// Gives the client its answer and the log its entry.
    pub(crate) fn answer(self, plane: &Plane, mut answer: Answer) {
        let bridge = self.bridge.clone();
        // It went on without what it asked for, and did not get there.
        if let (Some(missing), Outcome::Failed | Outcome::ToolError) =
            (self.missing, outcome(&self.method, &answer))
            && matches!(answer, Answer::Upstream(_))
        {
            answer = Answer::Upstream(Err(bridge::missing(missing)));
        }
        self.answer_as(plane, answer, &bridge);
    }

    /// The same for an answer that is of the era that `bridge` stands in front of.
    pub(crate) fn answer_as(self, plane: &Plane, answer: Answer, bridge: &Bridge) {
        self.session.finish(&self.id);
        let mut number = None;
        let (json, failure) = match &answer {
            Answer::Upstream(Ok(result)) => {
                let own = self.own(plane, result);
                let result = bridge.result(&self.method, own.as_deref().unwrap_or(result));
                let result = task::result(&self.session, self.session.server, &self.method, &result);
                let directory = plane.directory.load();
                let server = directory.server_by_id(self.session.server);
                let result = match server.filter(|_| self.method == method::TOOLS_LIST) {
                    Some(server) => {
                        Cow::Owned(offer::list(server, &self.usable(plane, &result)).into_owned())
                    }
                    None => result,
                };
                (envelope::result(&self.id, &result), None)
            }
            Answer::Upstream(Err(error)) => {
                let error = bridge.error(error);
                number = envelope::read_error(&error).0;
                (envelope::error(Some(&self.id), &error), None)
            }
            Answer::Failed(failure) | Answer::NotProcessed(failure) => (self.failed(failure), Some(failure)),
        };
        let limit = plane.limits.sse_event_bytes;
        let too_large = (self.session.channel == Channel::Sse && json.len() > limit).then(|| {
            Failure::new(domain::Code::TooLargeMessage).detail(format!(
                "Over this transport {limit} bytes are the limit; streamable HTTP has none of that."
            ))
        });
        let json = too_large.as_ref().map_or(json, |failure| self.failed(failure));
        let item = Item { json, answer: Some(self.status(number)) };
        let sent = self.session.push_on(self.reply.as_ref(), item);
        let failure = too_large.as_ref().or(failure);
        journal::call(plane, &self, &answer, failure, sent.is_err());
    }

    /// A list of tasks without those of other keys; none where there is nothing to leave out.
    fn own(&self, plane: &Plane, result: &RawValue) -> Option<Box<RawValue>> {
        let is_list = self.method == task::LIST;
        let upstream = plane.upstream(self.session.server).filter(|_| is_list || self.begins_task)?;
        if self.begins_task {
            owner::began(&upstream, &self.session, result);
        }
        is_list.then(|| owner::own(&upstream, &self.session, result))
    }

    /// A list of tools without those that nobody may use.
    fn usable<'a>(&self, plane: &Plane, result: &'a RawValue) -> Cow<'a, RawValue> {
        match plane.upstream(self.session.server) {
            Some(upstream) => mirror::without_rejected(&upstream, result),
            None => Cow::Borrowed(result),
        }
    }

    /// The HTTP status that goes with an error (2026-07-28, streamable HTTP); before, all had 200.
    fn status(&self, error: Option<i64>) -> StatusCode {
        use wire::code::{HEADER_MISMATCH, METHOD_NOT_FOUND, MISSING_CAPABILITY, UNSUPPORTED_VERSION};
        match error {
            _ if self.session.channel.era() == Era::Legacy => StatusCode::OK,
            Some(METHOD_NOT_FOUND) => StatusCode::NOT_FOUND,
            Some(HEADER_MISMATCH | MISSING_CAPABILITY | UNSUPPORTED_VERSION) => StatusCode::BAD_REQUEST,
            _ => StatusCode::OK,
        }
    }

    /// The client does not want the answer any more, so none is sent.
    pub(crate) fn cancelled(self, plane: &Plane) {
        self.session.finish(&self.id);
        journal::cancelled(plane, &self);
    }

    fn failed(&self, failure: &Failure) -> String {
        failure.response(Some(&self.id), Some(&self.request_id))
    }
}

/// The error object with which we refuse an upstream's request: as a client would that does not know
/// the method.
pub(crate) fn refusal(id: RequestId, why: &str) -> String {
    let error = envelope::error_object(wire::code::METHOD_NOT_FOUND, why, None);
    Message::Response { id, outcome: Err(error) }.to_json()
}

/// How an upstream's answer is to be counted: a tool may fail inside a good result.
pub(crate) fn outcome(called: &str, answer: &Answer) -> Outcome {
    match answer {
        Answer::Upstream(Ok(result)) => {
            let is_error = edit::member(result, "isError").is_some_and(|flag| flag.get() == "true");
            if called == method::TOOLS_CALL && is_error { Outcome::ToolError } else { Outcome::Ok }
        }
        Answer::Upstream(Err(_)) | Answer::Failed(_) | Answer::NotProcessed(_) => Outcome::Failed,
    }
}
