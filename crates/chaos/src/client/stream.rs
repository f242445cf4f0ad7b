//! Streams that a client keeps open: that of an HTTP+SSE session, and that of a legacy session
//! beside its requests.

use std::{sync::Arc, time::Duration};

use anyhow::{Result, bail};
use reqwest::{RequestBuilder, Response};
use serde_json::Value;
use tokio::{
    sync::mpsc,
    task::JoinHandle,
    time::{Instant, timeout, timeout_at},
};
use wire::sse::Decoder;

use super::exchange::{BOUND, Call, Outcome, is_progress, is_stream, outcome, why};
use crate::{tally::Violation, world::World};

const EVENT_BYTES: usize = 1024 * 1024;
/// Before a stream is opened again that was refused.
const AGAIN: Duration = Duration::from_millis(100);

/// Passes on the data of each event until the stream ends.
async fn events(mut response: Response, mut each: impl FnMut(String)) {
    let mut decoder = Decoder::new(EVENT_BYTES);
    while let Ok(Some(chunk)) = response.chunk().await {
        let Ok(events) = decoder.push(&chunk) else { return };
        events.into_iter().for_each(|event| each(event.data));
    }
}

/// The stream of an HTTP+SSE session. Dropping it cuts it.
pub(crate) struct Stream {
    /// Where messages go.
    pub(crate) endpoint: String,
    /// Of Sluice when it was opened.
    pub(crate) epoch: u64,
    incoming: mpsc::UnboundedReceiver<String>,
    task: JoinHandle<()>,
    /// Requests that were cancelled: what was under way by then may still come.
    given_up: Vec<Call>,
}

impl Stream {
    pub(crate) async fn open(request: RequestBuilder, epoch: u64) -> Result<Self> {
        let opened = async {
            let response = request.send().await?;
            if !response.status().is_success() || !is_stream(&response) {
                bail!("{}: {}", response.status(), response.text().await?);
            }
            let (sender, mut incoming) = mpsc::unbounded_channel();
            let task = tokio::spawn(events(response, move |data| drop(sender.send(data))));
            let Some(endpoint) = incoming.recv().await else { bail!("the stream ended at once") };
            Ok(Self { endpoint, epoch, incoming, task, given_up: Vec::new() })
        };
        timeout(BOUND, opened).await?
    }

    pub(crate) fn give_up(&mut self, call: Call) {
        self.given_up.push(call);
    }

    /// Reads until every call has an outcome.
    pub(crate) async fn collect(&mut self, calls: &mut [Call], who: &str, world: &World) -> Vec<Outcome> {
        let deadline = Instant::now() + BOUND;
        let mut outcomes: Vec<Option<Outcome>> = calls.iter().map(|_| None).collect();
        while outcomes.iter().any(Option::is_none) {
            let text = match timeout_at(deadline, self.incoming.recv()).await {
                Err(_) => return fill(outcomes, || Outcome::Late),
                Ok(None) => return fill(outcomes, || Outcome::Broken("the stream ended".to_owned())),
                Ok(Some(text)) => text,
            };
            let message: Value = serde_json::from_str(&text).unwrap_or_default();
            if message.get("method").is_some() {
                if !is_progress(&message) {
                    continue;
                }
                let at = calls.iter().position(|call| call.is_for(&message));
                match at.filter(|at| outcomes[*at].is_none()) {
                    Some(at) => calls[at].progress(&message, world),
                    None if self.given_up.iter().any(|call| call.is_for(&message)) => {}
                    None => world.tally.violation(Violation::Stray, format!("{who} was told {text}")),
                }
                continue;
            }
            let at = calls.iter().position(|call| message["id"] == call.id);
            match at.filter(|at| outcomes[*at].is_none()) {
                Some(at) => outcomes[at] = Some(outcome(&message)),
                None if self.given_up.iter().any(|call| message["id"] == call.id) => {}
                None => world.tally.violation(Violation::Crossed, format!("{who} did not ask for {text}")),
            }
        }
        fill(outcomes, || Outcome::Late)
    }
}

fn fill(outcomes: Vec<Option<Outcome>>, with: impl Fn() -> Outcome) -> Vec<Outcome> {
    outcomes.into_iter().map(|outcome| outcome.unwrap_or_else(&with)).collect()
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Keeps the stream of a legacy session open over every restart, with the same session.
pub(crate) async fn stand(request: RequestBuilder, who: String, world: Arc<World>) {
    while let Some(request) = request.try_clone() {
        let epoch = world.up().await;
        let ended = match timeout(BOUND, request.send()).await {
            Err(_) => "it does not open in time".to_owned(),
            Ok(Err(error)) => why(&error),
            Ok(Ok(response)) if !response.status().is_success() => {
                let status = response.status();
                if status == 404 {
                    world.tally.violation(Violation::Forgotten, format!("{who}: no stream for its session"));
                    return;
                }
                status.to_string()
            }
            Ok(Ok(response)) => {
                events(response, |data| {
                    let message: Value = serde_json::from_str(&data).unwrap_or_default();
                    // Answers and progress belong to the streams of their own requests.
                    if message.get("method").is_none() || is_progress(&message) {
                        world.tally.violation(Violation::Crossed, format!("{who} was told {data}"));
                    }
                })
                .await;
                "it ended".to_owned()
            }
        };
        if world.ending(epoch).is_none() {
            // The news of a restart may come a moment after what it did.
            tokio::time::sleep(AGAIN).await;
            if world.ending(epoch).is_none() {
                world.tally.violation(Violation::Lost, format!("{who}: the session's stream: {ended}"));
            }
        }
        tokio::time::sleep(AGAIN).await;
        world.tally.reconnected();
    }
}
