//! MCP clients of all kinds, on raw HTTP, so that nothing is made good on the way.

use std::sync::Arc;

use anyhow::Result;
use futures_util::future::join_all;
use reqwest::RequestBuilder;
use serde_json::{Value, json};
use tokio::task::JoinHandle;
use wire::{
    Version,
    modern::{header, meta},
};

use crate::{random::Random, world::World};
use exchange::{Call, Outcome};
use stream::Stream;

mod exchange;
mod life;
mod stream;

/// All servers of the document.
pub(crate) const SERVERS: [&str; 7] = ["pipe", "pipemodern", "own", "web", "webmodern", "events", "toolbox"];
/// The one that runs in Sluice itself and has no faults of its own.
const UNHARMED: &str = "toolbox";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A legacy session with its stream.
    Streamable,
    /// HTTP+SSE of 2024-11-05.
    Sse,
    /// 2026-07-28: each request for itself.
    Modern,
}

pub(crate) struct Client {
    /// Who it is, in what is told of it.
    name: String,
    kind: Kind,
    /// One server, or none for the project's own address.
    server: Option<&'static str>,
    world: Arc<World>,
    http: reqwest::Client,
    random: Random,
    last: u64,
    session: Option<String>,
    /// The stream beside a legacy session.
    standing: Option<JoinHandle<()>>,
    stream: Option<Stream>,
    /// After its first handshake an HTTP+SSE client reconnects without one.
    initialized: bool,
}

pub(crate) fn http() -> Result<reqwest::Client> {
    #[expect(clippy::disallowed_methods, reason = "a client of ours, not an upstream connection")]
    Ok(reqwest::Client::builder().no_proxy().build()?)
}

impl Client {
    /// The client of this number: kinds and addresses take turns.
    pub(crate) fn new(number: usize, seed: u64, world: Arc<World>) -> Result<Self> {
        let kind = [Kind::Streamable, Kind::Sse, Kind::Modern][number % 3];
        let at = (number / 3) % (SERVERS.len() + 1);
        let server = SERVERS.get(at).copied();
        Ok(Self {
            name: format!("client {number} ({kind:?}, {})", server.unwrap_or("project")),
            kind,
            server,
            http: http()?,
            random: Random::new(seed.wrapping_add(number as u64)),
            world,
            last: 0,
            session: None,
            standing: None,
            stream: None,
            initialized: false,
        })
    }

    fn address(&self, end: &str) -> String {
        let root = &self.world.root;
        match self.server {
            Some(server) => format!("{root}/projects/acme.chaos/servers/{server}/{end}"),
            None => format!("{root}/projects/acme.chaos/{end}"),
        }
    }

    /// A tool's name at this address.
    fn tool(&self, server: &str, name: &str) -> String {
        if self.server.is_some() { name.to_owned() } else { format!("{server}__{name}") }
    }

    fn call(&mut self, method: &'static str, mut params: Value) -> Call {
        self.last += 1;
        if self.kind == Kind::Modern {
            let said = &mut params["_meta"];
            said[meta::VERSION] = json!(Version::LATEST.name());
            said[meta::CAPABILITIES] = json!({});
            said[meta::CLIENT] = json!({ "name": "chaos", "version": "1" });
        }
        Call::new(self.last, method, params)
    }

    /// A POST to where the client's messages go.
    fn post(&self) -> RequestBuilder {
        let address = match &self.stream {
            Some(stream) => format!("{}{}", self.world.root, stream.endpoint),
            None => self.address("mcp"),
        };
        let request = self.http.post(address).bearer_auth(&self.world.key);
        let request = request
            .header("accept", "application/json, text/event-stream")
            .header("content-type", "application/json");
        match &self.session {
            Some(session) => request.header("mcp-session-id", session),
            None => request,
        }
    }

    fn get(&self, end: &str) -> RequestBuilder {
        let request = self.http.get(self.address(end)).bearer_auth(&self.world.key);
        let request = request.header("accept", "text/event-stream");
        match &self.session {
            Some(session) => request.header("mcp-session-id", session),
            None => request,
        }
    }

    fn post_of(&self, call: &Call) -> RequestBuilder {
        let request = self.post();
        if self.kind != Kind::Modern {
            return request;
        }
        let request =
            request.header(header::VERSION, Version::LATEST.name()).header(header::METHOD, call.method);
        match call.params["name"].as_str() {
            Some(name) => request.header(header::NAME, name),
            None => request,
        }
    }

    /// Sends requests at once and waits for all of their answers.
    async fn exchange(&mut self, calls: &mut [Call]) -> Vec<Outcome> {
        for _ in calls.iter() {
            self.world.tally.asked();
        }
        if self.kind != Kind::Sse {
            let posts = calls.iter_mut().map(|call| {
                let request = self.post_of(call);
                async { exchange::post(request, call, &self.name, &self.world).await.0 }
            });
            return join_all(posts).await;
        }
        for call in calls.iter() {
            if let Some(outcome) = self.send(call.message()).await {
                // The others end with the stream, or are not sent any more.
                let rest = calls.iter().skip(1).map(|_| Outcome::Broken("not sent".to_owned()));
                return std::iter::once(outcome).chain(rest).collect();
            }
        }
        match &mut self.stream {
            Some(stream) => stream.collect(calls, &self.name, &self.world).await,
            None => calls.iter().map(|_| Outcome::Broken("no stream".to_owned())).collect(),
        }
    }

    /// Sends a message that is answered elsewhere or not at all. Some: it was not taken.
    async fn send(&self, message: Value) -> Option<Outcome> {
        let sent = tokio::time::timeout(exchange::BOUND, self.post().body(message.to_string()).send()).await;
        let response = match sent {
            Err(_) => return Some(Outcome::Late),
            Ok(Err(error)) => return Some(Outcome::Broken(exchange::why(&error))),
            Ok(Ok(response)) => response,
        };
        let status = response.status();
        if status == 202 {
            return None;
        }
        let body = response.text().await.unwrap_or_default();
        let said = serde_json::from_str::<Value>(&body).ok();
        Some(match said.as_ref().map(exchange::outcome) {
            Some(refused @ Outcome::Refused(_)) => refused,
            _ => Outcome::Unnamed(format!("{status}: {body}")),
        })
    }

    /// Does what must be done before the first request. Err: what came instead.
    async fn open(&mut self) -> Result<(), Outcome> {
        match self.kind {
            Kind::Modern => return Ok(()),
            Kind::Streamable if self.session.is_some() => return Ok(()),
            Kind::Streamable => {}
            Kind::Sse => {
                let epoch = self.world.up().await;
                if self.stream.as_ref().is_some_and(|stream| stream.epoch == epoch) {
                    return Ok(());
                }
                self.stream = None;
                let opened = Stream::open(self.get("sse"), epoch).await;
                self.stream = Some(opened.map_err(|why| Outcome::Broken(format!("no stream: {why:#}")))?);
                if self.initialized {
                    self.world.tally.reconnected();
                    return Ok(());
                }
            }
        }
        let hello = json!({
            "protocolVersion": if self.kind == Kind::Sse { "2024-11-05" } else { "2025-06-18" },
            "capabilities": {},
            "clientInfo": { "name": "chaos", "version": "1" },
        });
        let mut call = self.call("initialize", hello);
        let outcome = if self.kind == Kind::Sse {
            self.exchange(std::slice::from_mut(&mut call)).await.pop().unwrap_or(Outcome::Late)
        } else {
            self.world.tally.asked();
            let (outcome, session) = exchange::post(self.post(), &mut call, &self.name, &self.world).await;
            self.session = session.filter(|_| matches!(outcome, Outcome::Result(_)));
            outcome
        };
        if !matches!(outcome, Outcome::Result(_)) {
            self.stream = None;
            return Err(outcome);
        }
        self.initialized = true;
        self.world.tally.opened();
        self.world.tally.answered(std::time::Duration::ZERO);
        let said = self.send(json!({ "jsonrpc": "2.0", "method": "notifications/initialized" })).await;
        if self.kind == Kind::Streamable {
            let stand = stream::stand(self.get("mcp"), self.name.clone(), self.world.clone());
            self.standing = Some(tokio::spawn(stand));
        }
        said.map_or(Ok(()), Err)
    }

    /// Ends the session as its kind does.
    async fn close(&mut self) {
        if let Some(standing) = self.standing.take() {
            standing.abort();
        }
        self.stream = None;
        self.initialized = false;
        if self.session.is_some() {
            let request = self.http.delete(self.address("mcp")).bearer_auth(&self.world.key);
            let request = request.header("mcp-session-id", self.session.take().unwrap_or_default());
            // Whether it arrives does not matter: Sluice may be on its way down.
            let _ = tokio::time::timeout(exchange::BOUND, request.send()).await;
        }
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        if let Some(standing) = self.standing.take() {
            standing.abort();
        }
    }
}
