//! The steps of `steps.py`, for a client of either version.

use std::collections::HashMap;
use std::error::Error;
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::{Instant, sleep, timeout, timeout_at};

/// For one step.
const PATIENCE: Duration = Duration::from_secs(25);
/// Within this time a client must have noticed by itself that Sluice is back.
const RETURN: Duration = Duration::from_secs(30);
/// Within this time a server must have heard of a cancellation.
const HEARD: Duration = Duration::from_secs(5);

pub(crate) type Outcome<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

#[derive(Deserialize)]
pub(crate) struct Job {
    pub(crate) url: String,
    pub(crate) transport: String,
    pub(crate) era: String,
    headers: HashMap<String, String>,
    /// What stands before the names of tools, of each server behind the address.
    prefixes: Vec<String>,
}

impl Job {
    pub(crate) fn headers(&self) -> Outcome<HeaderMap> {
        self.headers
            .iter()
            .map(|(name, value)| Ok((name.parse::<HeaderName>()?, value.parse::<HeaderValue>()?)))
            .collect()
    }
}

pub(crate) trait Client: Sized {
    /// A call under way.
    type Call;

    /// Connects; progress of any call goes to `seen`.
    async fn open(job: &Job, seen: UnboundedSender<f64>) -> Outcome<Self>;
    async fn names(&self) -> Outcome<Vec<String>>;
    async fn begin(&self, tool: String, arguments: Map<String, Value>) -> Outcome<Self::Call>;
    /// The text of its answer.
    async fn finish(call: Self::Call) -> Outcome<String>;
    async fn cancel(call: Self::Call) -> Outcome;
}

struct Opened<'a, C> {
    client: C,
    job: &'a Job,
    seen: UnboundedReceiver<f64>,
}

impl<'a, C: Client> Opened<'a, C> {
    async fn open(job: &'a Job) -> Outcome<Self> {
        let (tell, seen) = unbounded_channel();
        let client = timeout(PATIENCE, C::open(job, tell)).await??;
        Ok(Self { client, job, seen })
    }

    async fn begin(&self, tool: String, arguments: Value) -> Outcome<C::Call> {
        let Value::Object(arguments) = arguments else { return Err("arguments are no object".into()) };
        self.client.begin(tool, arguments).await
    }

    async fn call(&self, tool: String, arguments: Value) -> Outcome<String> {
        C::finish(self.begin(tool, arguments).await?).await
    }

    async fn list(&mut self) -> Outcome {
        let names = self.client.names().await?;
        match self.job.prefixes.iter().find(|prefix| !names.contains(&format!("{prefix}echo"))) {
            Some(prefix) => Err(format!("no echo of {prefix:?} among {names:?}").into()),
            None => Ok(()),
        }
    }

    async fn echo(&mut self) -> Outcome {
        for prefix in &self.job.prefixes {
            let message = format!("hello {prefix}");
            let answer = self.call(format!("{prefix}echo"), json!({ "message": message })).await?;
            require(answer == message, &answer)?;
        }
        Ok(())
    }

    async fn progress(&mut self) -> Outcome {
        let tool = format!("{}wait", self.job.prefixes[0]);
        let answer = self.call(tool, json!({ "seconds": 0.6, "steps": 3 })).await?;
        require(answer == "waited", &answer)?;
        let mut seen = Vec::new();
        while let Ok(step) = self.seen.try_recv() {
            seen.push(step);
        }
        // A step that arrives together with the answer is handled beside it; one before it never may be lost.
        let right = !seen.is_empty() && [1.0, 2.0, 3.0].starts_with(&seen);
        require(right, &format!("{seen:?}"))
    }

    /// A call under way is cancelled, and its server learns of it.
    async fn cancel(&mut self) -> Outcome {
        let prefix = &self.job.prefixes[0];
        let count = || self.call(format!("{prefix}cancelled_count"), json!({}));
        let before = count().await?;
        let call = self.begin(format!("{prefix}wait"), json!({ "seconds": 60, "steps": 600 })).await?;
        // The last step of the call before may still come in, and before the first of this one nothing was sent.
        while self.seen.recv().await.ok_or("it never began")? != 1.0 {}
        C::cancel(call).await?;
        let count = || self.call(format!("{prefix}cancelled_count"), json!({}));
        let heard = async {
            while count().await? == before {
                sleep(Duration::from_millis(50)).await;
            }
            Ok(())
        };
        timeout(HEARD, heard).await.map_err(|_| "the server did not hear of it")?
    }

    /// Calls over the connection that there was before the restart.
    async fn come_back(&mut self) -> Outcome<&'static str> {
        let end = Instant::now() + RETURN;
        let mut outcome = "works";
        loop {
            match timeout_at(end, self.echo()).await? {
                Ok(()) => return Ok(outcome),
                Err(error) if Instant::now() > end => return Err(error),
                Err(error) if outcome == "works" => eprintln!("the first call after the restart: {error}"),
                Err(_) => {}
            }
            outcome = "later";
            sleep(Duration::from_millis(250)).await;
        }
    }
}

fn require(holds: bool, what: &str) -> Outcome {
    if holds { Ok(()) } else { Err(what.into()) }
}

fn tell(step: &str, outcome: &str) {
    println!("{}", json!([step, outcome]));
}

/// In words if it failed; a step that takes too long has failed.
async fn attempt(step: &str, work: impl Future<Output = Outcome>) {
    match timeout(PATIENCE, work).await.map_err(Into::into).flatten() {
        Ok(()) => tell(step, "works"),
        Err(error) => tell(step, &error.to_string()),
    }
}

pub(crate) async fn put_through<C: Client>(job: &Job) {
    let mut opened = match Opened::<C>::open(job).await {
        Ok(opened) => opened,
        Err(error) => return tell("connect", &error.to_string()),
    };
    attempt("list", opened.list()).await;
    attempt("call", opened.echo()).await;
    attempt("progress", opened.progress()).await;
    attempt("cancel", opened.cancel()).await;
    tell("ready", "");
    let mut line = String::new();
    if BufReader::new(tokio::io::stdin()).read_line(&mut line).await.is_err() {
        return;
    }
    match opened.come_back().await {
        Ok(outcome) => return tell("restart", outcome),
        Err(error) => eprintln!("the connection broke: {error}"),
    }
    let anew = async { Opened::<C>::open(job).await?.echo().await };
    match timeout(PATIENCE, anew).await.map_err(Into::into).flatten() {
        Ok(()) => tell("restart", "anew"),
        Err(error) => tell("restart", &error.to_string()),
    }
}
