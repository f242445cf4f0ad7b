//! Results of modern servers that need input, for legacy clients.
//!
//! A modern server answers a call with questions and is called again with the answers (SEP-2322).
//! A legacy client is asked them in the course of its call, as legacy servers ask, and never learns
//! of the rounds.

use std::sync::Arc;

use domain::Code;
use serde_json::value::RawValue;
use tokio::{sync::mpsc, time::timeout};
use wire::{RequestId, edit, envelope, method};

use crate::{
    call::Call,
    error::Failure,
    gateway::Plane,
    mux::Answer,
    relay,
    session::{Asked, Asker, Reply, Seat},
    stream::Item,
};

/// Rounds after which a server does not get further answers.
const ROUNDS: u8 = 10;

/// Whether a modern server's result asks for something.
pub(crate) fn is_required(result: &RawValue) -> bool {
    edit::member(result, "resultType").is_some_and(|kind| kind.get() == "\"input_required\"")
}

/// Asks the client what the result asks for, then calls again.
pub(crate) fn gather(plane: &Arc<Plane>, mut call: Call, result: Box<RawValue>) {
    call.rounds += 1;
    if call.rounds > ROUNDS {
        let failure =
            Failure::new(Code::ProtocolViolation).detail(format!("It asked for input {ROUNDS} times."));
        return call.answer(plane, Answer::Failed(failure));
    }
    let plane = plane.clone();
    plane.tasks.clone().spawn(async move {
        let limit = plane.upstream(call.session.server).map(|upstream| upstream.server.timeouts.total);
        let asked = timeout(limit.unwrap_or_default(), answers(&call, &result)).await;
        match asked.unwrap_or_else(|_| Err(Answer::Failed(Failure::new(Code::UpstreamTimeout)))) {
            Ok(responses) => {
                let none = envelope::raw("{}".to_owned());
                let mut params =
                    edit::set(call.params.as_deref().unwrap_or(&none), "inputResponses", &responses);
                params = match edit::member(&result, "requestState") {
                    Some(state) => edit::set(&params, "requestState", state),
                    None => edit::remove(&params, "requestState"),
                };
                call.params = Some(params);
                relay::with_input(&plane, call);
            }
            Err(answer) => call.answer(&plane, answer),
        }
    });
}

/// Puts all questions and waits for all answers: the member `inputResponses`. Err ends the call.
async fn answers(call: &Call, result: &RawValue) -> Result<Box<RawValue>, Answer> {
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let mut open = 0;
    let mut refused = None;
    if let Some(requests) = edit::member(result, "inputRequests") {
        edit::each(requests, |name, request| match ask(call, name, request, &sender) {
            Ok(()) => open += 1,
            Err(answer) => refused = Some(answer),
        });
    }
    drop(sender);
    if let Some(answer) = refused {
        return Err(answer);
    }
    let mut responses = String::from("{");
    while open > 0 {
        let answer: Option<Reply> = tokio::select! {
            answer = receiver.recv() => answer,
            () = call.session.ended.cancelled() => None,
        };
        let Some((name, outcome)) = answer else {
            return Err(Answer::Failed(Failure::new(Code::ConnectionLost).detail("The client has gone.")));
        };
        let response = outcome.map_err(|error| Answer::Upstream(Err(error)))?;
        if responses.len() > 1 {
            responses.push(',');
        }
        responses.push_str(&format!("{}:{}", serde_json::Value::from(name), response.get()));
        open -= 1;
    }
    responses.push('}');
    Ok(envelope::raw(responses))
}

fn ask(
    call: &Call,
    name: &str,
    request: &RawValue,
    sender: &mpsc::UnboundedSender<Reply>,
) -> Result<(), Answer> {
    let session: &Arc<Seat> = &call.session;
    let asked = edit::text(request, "method").unwrap_or_default();
    let missing = match method::needed_capability(&asked) {
        Some(capability) if session.can(capability) => None,
        Some(capability) => {
            Some(format!("The server asked for `{capability}`, which the client does not support."))
        }
        None => Some(format!("The server asked for `{asked}`, which no client can be asked.")),
    };
    if let Some(text) = missing {
        return Err(Answer::Failed(Failure::new(Code::ProtocolViolation).detail(text)));
    }
    let params = edit::member(request, "params");
    let ours = session.ask(Asked {
        asker: Asker::Input(sender.clone(), name.to_owned()),
        token: params.and_then(edit::progress_token).map(ToOwned::to_owned),
    });
    let json = envelope::request(&RequestId::from_number(ours), &asked, params);
    let item = Item::notice(json);
    let sent = session.push_on(call.reply.as_ref(), item);
    sent.map_err(|_| {
        session.take_asked(ours);
        let text = "The client has no stream open on which it could be asked.";
        Answer::Failed(Failure::new(Code::ProtocolViolation).detail(text))
    })
}
