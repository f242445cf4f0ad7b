//! What a client does all day, and what it takes for an answer.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::{
    Client, Kind, SERVERS, UNHARMED,
    exchange::{Call, Outcome},
};
use crate::tally::Violation;

/// Until all is well for a client after the last fault: the longest back-off and some more.
const HEAL: Duration = Duration::from_secs(90);
/// Codes that no fault of ours can bring about.
const NEVER: [&str; 7] = [
    "internal",
    "not_found",
    "auth.key",
    "auth.key_required",
    "server.disabled",
    "input.malformed",
    "session.unknown",
];

/// What an answer must hold.
enum Want {
    /// This text.
    Text(String),
    /// Any text: the tool was waited for.
    Some,
    /// These tools among others.
    Tools(Vec<String>),
}

impl Client {
    /// Calls until it is told to stop, then until all is well, and ends its session. Returns how
    /// long it took until all was well.
    pub(crate) async fn live(mut self) -> Duration {
        while !self.world.is_stopping() {
            self.step().await;
            let pause = self.random.millis(5, 120);
            tokio::select! {
                () = sleep(pause) => {}
                () = self.world.stopping() => {}
            }
        }
        let since = Instant::now();
        for server in self.servers() {
            self.heal(server, since).await;
        }
        let healed = since.elapsed();
        self.close().await;
        healed
    }

    fn servers(&self) -> Vec<&'static str> {
        self.server.map_or_else(|| SERVERS.to_vec(), |server| vec![server])
    }

    async fn heal(&mut self, server: &'static str, since: Instant) {
        loop {
            if self.is_open().await {
                let (mut call, want) = self.echo(server);
                if self.ask(server, std::slice::from_mut(&mut call), &[want]).await == 1 {
                    return;
                }
            }
            if since.elapsed() > HEAL {
                let text = format!("{}: no good answer of {server}", self.name);
                return self.world.tally.violation(Violation::Unhealed, text);
            }
            sleep(Duration::from_millis(200)).await;
        }
    }

    async fn step(&mut self) {
        if !self.is_open().await {
            return;
        }
        let servers = self.servers();
        let server = self.random.pick(&servers).copied().unwrap_or(UNHARMED);
        match self.random.below(20) {
            0..=10 => {
                let (mut call, want) = self.echo(server);
                self.ask(server, std::slice::from_mut(&mut call), &[want]).await;
            }
            11..=14 => {
                let (mut calls, wants): (Vec<_>, Vec<_>) = (0..4).map(|_| self.echo(server)).unzip();
                self.ask(server, &mut calls, &wants).await;
            }
            15 | 16 => {
                let mut call = self.wait(server, 0.5);
                self.ask(server, std::slice::from_mut(&mut call), &[Want::Some]).await;
            }
            17 => self.cancel(server).await,
            18 => {
                let all = servers.iter().map(|server| self.tool(server, "echo")).collect();
                let mut call = self.call("tools/list", json!({}));
                self.ask(server, std::slice::from_mut(&mut call), &[Want::Tools(all)]).await;
            }
            _ if self.kind == Kind::Sse => self.stream = None,
            _ if self.random.once_in(3) => self.close().await,
            _ => {}
        }
    }

    /// Opens what is closed; false when that failed, which is judged here.
    async fn is_open(&mut self) -> bool {
        let epoch = self.world.up().await;
        let started = Instant::now();
        match self.open().await {
            Ok(()) => true,
            Err(outcome) => {
                self.judge(self.server.unwrap_or_default(), &Want::Some, outcome, epoch, started).await;
                false
            }
        }
    }

    /// A call with a text that is nobody else's.
    fn echo(&mut self, server: &str) -> (Call, Want) {
        let length = if self.random.once_in(8) { 20_000 } else { self.random.below(200) };
        let length = usize::try_from(length).unwrap_or_default();
        let text = format!("{} {} {:016x} {}", self.name, self.last, self.random.next(), "x".repeat(length));
        let params = json!({ "name": self.tool(server, "echo"), "arguments": { "message": text } });
        (self.call("tools/call", params), Want::Text(text))
    }

    fn wait(&mut self, server: &str, seconds: f64) -> Call {
        let arguments = if server == UNHARMED {
            json!({ "seconds": seconds })
        } else {
            json!({ "seconds": seconds, "steps": 5 })
        };
        let token = format!("{} {}", self.name, self.last);
        let name = self.tool(server, "wait");
        self.call(
            "tools/call",
            json!({ "name": name, "arguments": arguments, "_meta": { "progressToken": token } }),
        )
    }

    /// Sends requests and judges what comes; returns how many good answers came.
    async fn ask(&mut self, server: &str, calls: &mut [Call], wants: &[Want]) -> usize {
        let (epoch, started) = (self.world.epoch(), Instant::now());
        // An HTTP+SSE call belongs to its stream, which may be older than the last restart.
        let epoch = self.stream.as_ref().map_or(epoch, |stream| stream.epoch);
        let outcomes = self.exchange(calls).await;
        let mut good = 0;
        let mut lost_stream = false;
        for (outcome, want) in outcomes.into_iter().zip(wants) {
            lost_stream |= matches!(outcome, Outcome::Broken(_) | Outcome::Late);
            good += usize::from(self.judge(server, want, outcome, epoch, started).await);
        }
        if lost_stream {
            self.stream = None;
        }
        good
    }

    /// Says what an outcome is worth. True for a good answer.
    async fn judge(&self, server: &str, want: &Want, outcome: Outcome, epoch: u64, started: Instant) -> bool {
        let tally = &self.world.tally;
        let after = started.elapsed();
        let outcome = match outcome {
            Outcome::Ended => Outcome::Broken("the stream ended before the answer".to_owned()),
            outcome => outcome,
        };
        if matches!(outcome, Outcome::Broken(_)) && self.world.ending(epoch).is_none() {
            // The news of a restart may come a moment after what it did.
            sleep(Duration::from_millis(100)).await;
        }
        let ending = self.world.ending(epoch);
        let told =
            |what: &str| format!("{} at {server}: {what} after {:.1} s", self.name, after.as_secs_f32());
        match outcome {
            Outcome::Result(result) => match wrong(&result, want) {
                None => {
                    tally.answered(after);
                    return true;
                }
                Some(missing) if matches!(want, Want::Tools(_)) => {
                    tally.violation(Violation::Vanished, told(&format!("no tool {missing}")));
                }
                Some(text) => tally.violation(Violation::Crossed, told(&text)),
            },
            Outcome::Refused(code) => match ending {
                // An HTTP+SSE session ends with its stream.
                Some(by) if self.kind == Kind::Sse && code == "session.unknown" => tally.broken(by),
                _ => {
                    if code == "session.unknown" {
                        tally.violation(Violation::Forgotten, told(&code));
                    } else if NEVER.contains(&code.as_str()) || (self.world.is_calm() && ending.is_none()) {
                        tally.violation(Violation::Unexplained, told(&code));
                    } else if server == UNHARMED && ending.is_none() {
                        tally.violation(Violation::Spread, told(&code));
                    }
                    tally.refused(&code, after);
                }
            },
            Outcome::Unnamed(text) if text.contains("Unknown tool") => {
                tally.violation(Violation::Vanished, told(&text));
            }
            Outcome::Unnamed(text) => tally.violation(Violation::Unnamed, told(&text)),
            Outcome::Silent | Outcome::Ended => tally.violation(Violation::Lost, told("an empty answer")),
            Outcome::Late => tally.violation(Violation::Lost, told("nothing")),
            Outcome::Broken(why) => match ending {
                Some(by) => tally.broken(by),
                None => tally.violation(Violation::Lost, told(&why)),
            },
        }
        false
    }

    /// Begins a call and gives it up, as its kind does.
    async fn cancel(&mut self, server: &str) {
        let mut call = self.wait(server, 3.0);
        let (epoch, started) = (self.world.epoch(), Instant::now());
        let soon = self.random.millis(50, 400);
        let cancelled = json!({ "jsonrpc": "2.0", "method": "notifications/cancelled", "params": { "requestId": call.id } });
        self.world.tally.asked();
        let outcome = match self.kind {
            // Its stream is closed.
            Kind::Modern => {
                let request = self.post_of(&call);
                let post = super::exchange::post(request, &mut call, &self.name, &self.world);
                tokio::time::timeout(soon, post).await.map_or(Outcome::Silent, |(outcome, _)| outcome)
            }
            Kind::Streamable => {
                let request = self.post_of(&call);
                let post = super::exchange::post(request, &mut call, &self.name, &self.world);
                let cancel = async {
                    sleep(soon).await;
                    self.send(cancelled).await
                };
                let ((outcome, _), told) = tokio::join!(post, cancel);
                match outcome {
                    // It was cancelled when there was progress already.
                    Outcome::Ended if told.is_none() => Outcome::Silent,
                    outcome => told.unwrap_or(outcome),
                }
            }
            Kind::Sse => {
                let mut told = self.send(call.message()).await;
                if told.is_none() {
                    sleep(soon).await;
                    told = self.send(cancelled).await;
                }
                match &mut self.stream {
                    Some(stream) => stream.give_up(call),
                    None => return,
                }
                if told.is_some() {
                    self.stream = None;
                }
                told.unwrap_or(Outcome::Silent)
            }
        };
        match outcome {
            Outcome::Silent => self.world.tally.cancelled(),
            other => drop(self.judge(server, &Want::Some, other, epoch, started).await),
        }
    }
}

/// What is wrong with a result.
fn wrong(result: &Value, want: &Want) -> Option<String> {
    let text = &result["content"][0]["text"];
    match want {
        Want::Text(wanted) => (text != wanted.as_str())
            .then(|| format!("wanted {:.80}, got {:.200}", wanted, result.to_string())),
        // The answer to `initialize` has no content.
        Want::Some => (text.is_null() && result["capabilities"].is_null()).then(|| result.to_string()),
        Want::Tools(names) => {
            let listed = result["tools"].as_array().map(Vec::as_slice).unwrap_or_default();
            let is_there = |name: &String| listed.iter().any(|tool| tool["name"] == name.as_str());
            names.iter().find(|name| !is_there(name)).cloned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_ones_text_and_a_missing_tool_are_wrong() {
        let said = json!({ "content": [{ "type": "text", "text": "mine" }] });
        assert_eq!(wrong(&said, &Want::Text("mine".to_owned())), None);
        assert!(wrong(&said, &Want::Text("yours".to_owned())).is_some());
        let listed = json!({ "tools": [{ "name": "a__echo" }] });
        assert_eq!(wrong(&listed, &Want::Tools(vec!["a__echo".to_owned()])), None);
        let both = Want::Tools(vec!["a__echo".to_owned(), "b__echo".to_owned()]);
        assert_eq!(wrong(&listed, &both), Some("b__echo".to_owned()));
    }
}
