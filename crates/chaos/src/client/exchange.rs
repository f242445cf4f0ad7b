//! One request and all that comes until its answer.

use std::time::Duration;

use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};
use wire::sse::Decoder;

use crate::{tally::Violation, world::World};

/// Longest wait for any answer: the limits of the servers, one more try included.
pub(crate) const BOUND: Duration = Duration::from_secs(30);
const EVENT_BYTES: usize = 1024 * 1024;

pub(crate) struct Call {
    pub(crate) id: u64,
    pub(crate) method: &'static str,
    pub(crate) params: Value,
    token: Option<String>,
    /// Of the last progress.
    progress: f64,
}

#[derive(Debug)]
pub(crate) enum Outcome {
    Result(Value),
    /// An error with one of our codes.
    Refused(String),
    /// Another error, or something that is no answer at all.
    Unnamed(String),
    /// The end of a request that has no answer, as after a cancellation.
    Silent,
    /// The stream ended in good order before the answer, as after a cancellation behind progress.
    Ended,
    /// The connection ended before the answer.
    Broken(String),
    Late,
}

impl Call {
    pub(crate) fn new(id: u64, method: &'static str, params: Value) -> Self {
        let token = params["_meta"]["progressToken"].as_str().map(str::to_owned);
        Self { id, method, params, token, progress: -1.0 }
    }

    pub(crate) fn message(&self) -> Value {
        json!({ "jsonrpc": "2.0", "id": self.id, "method": self.method, "params": self.params })
    }

    pub(crate) fn is_for(&self, progress: &Value) -> bool {
        self.token.as_deref().is_some_and(|token| progress["params"]["progressToken"] == token)
    }

    /// Takes the call's own progress, which must go forward.
    pub(crate) fn progress(&mut self, message: &Value, world: &World) {
        let now = message["params"]["progress"].as_f64().unwrap_or(-1.0);
        if now <= self.progress {
            world.tally.violation(Violation::Crossed, format!("progress {now} after {}", self.progress));
        }
        self.progress = now;
        world.tally.progressed();
    }
}

/// What a response message says.
pub(crate) fn outcome(message: &Value) -> Outcome {
    let error = &message["error"];
    if error.is_null() {
        return Outcome::Result(message["result"].clone());
    }
    let is_ours = error["code"].as_i64().is_some_and(|code| (-31_099..=-31_001).contains(&code));
    match error["data"]["code"].as_str().filter(|_| is_ours) {
        Some(code) => Outcome::Refused(code.to_owned()),
        None => Outcome::Unnamed(error.to_string()),
    }
}

pub(crate) fn is_progress(message: &Value) -> bool {
    message["method"] == "notifications/progress"
}

/// Sends a request and reads its own answer. Returns the session that it opened as well.
pub(crate) async fn post(
    request: RequestBuilder,
    call: &mut Call,
    who: &str,
    world: &World,
) -> (Outcome, Option<String>) {
    let mut session = None;
    let answer = async {
        let response = match request.body(call.message().to_string()).send().await {
            Ok(response) => response,
            Err(error) => return Outcome::Broken(why(&error)),
        };
        let header = response.headers().get("mcp-session-id").and_then(|id| id.to_str().ok());
        session = header.map(str::to_owned);
        read(response, call, who, world).await
    };
    let outcome = tokio::time::timeout(BOUND, answer).await.unwrap_or(Outcome::Late);
    (outcome, session)
}

async fn read(mut response: Response, call: &mut Call, who: &str, world: &World) -> Outcome {
    let status = response.status();
    if !is_stream(&response) {
        let body = match response.text().await {
            Ok(body) => body,
            Err(error) => return Outcome::Broken(why(&error)),
        };
        if body.is_empty() && status.is_success() {
            return Outcome::Silent;
        }
        return match serde_json::from_str(&body) {
            Ok(message) => take(&message, call, who, world)
                .unwrap_or_else(|| Outcome::Unnamed(format!("{status}: {body}"))),
            Err(_) => Outcome::Unnamed(format!("{status}: {body}")),
        };
    }
    let mut events = Decoder::new(EVENT_BYTES);
    loop {
        let chunk = match response.chunk().await {
            Ok(Some(chunk)) => chunk,
            Ok(None) => return Outcome::Ended,
            Err(error) => return Outcome::Broken(why(&error)),
        };
        let Ok(events) = events.push(&chunk) else {
            return Outcome::Unnamed("an event over the limit".to_owned());
        };
        for event in events {
            let Ok(message) = serde_json::from_str(&event.data) else {
                return Outcome::Unnamed(format!("not JSON: {}", event.data));
            };
            if let Some(outcome) = take(&message, call, who, world) {
                return outcome;
            }
        }
    }
}

/// One message on the stream of a call. Some: it is the answer.
fn take(message: &Value, call: &mut Call, who: &str, world: &World) -> Option<Outcome> {
    if message.get("method").is_some() {
        if call.is_for(message) {
            call.progress(message, world);
        } else if is_progress(message) {
            world.tally.violation(Violation::Crossed, format!("{who} was told {message}"));
        }
        return None;
    }
    if message["id"] != call.id && !(message["id"].is_null() && message.get("error").is_some()) {
        world.tally.violation(Violation::Crossed, format!("{who} asked {} and got {message}", call.id));
    }
    Some(outcome(message))
}

pub(crate) fn is_stream(response: &Response) -> bool {
    let kind = response.headers().get("content-type");
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream"))
}

/// The whole chain: the first link only says that it failed.
pub(crate) fn why(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_errors_with_a_code_of_ours_are_named() {
        let said = |error: Value| outcome(&json!({ "id": 1, "error": error }));
        let ours = said(json!({ "code": -31_009, "data": { "code": "upstream.exited" } }));
        assert!(matches!(ours, Outcome::Refused(code) if code == "upstream.exited"));
        for other in [json!({ "code": -32_603, "data": { "code": "x" } }), json!({ "code": -31_009 })] {
            assert!(matches!(said(other), Outcome::Unnamed(_)));
        }
        assert!(matches!(outcome(&json!({ "id": 1, "result": {} })), Outcome::Result(_)));
    }

    #[test]
    fn progress_must_go_forward_and_answers_must_have_the_id() {
        let world = World::new(String::new(), String::new());
        let mut call = Call::new(7, "tools/call", json!({ "_meta": { "progressToken": "p" } }));
        let told = |progress: u64, token: &str| {
            json!({ "method": "notifications/progress",
                    "params": { "progressToken": token, "progress": progress } })
        };
        assert!(take(&told(1, "p"), &mut call, "a", &world).is_none());
        assert!(take(&json!({ "id": 7, "result": {} }), &mut call, "a", &world).is_some());
        assert!(world.tally.is_clean());
        for wrong in [told(1, "p"), told(2, "q"), json!({ "id": 8, "result": {} })] {
            let world = World::new(String::new(), String::new());
            take(&wrong, &mut call, "a", &world);
            assert!(!world.tally.is_clean(), "{wrong}");
        }
    }
}
