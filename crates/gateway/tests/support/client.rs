//! A raw MCP client: it keeps every message as it came.

use std::collections::HashMap;

use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};
use tokio::{sync::mpsc, task::JoinHandle};

use super::{Bench, KEY, SOON};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Streamable,
    Sse,
    /// Each request alone, without a session.
    Single,
    /// Of 2026-07-28.
    Modern,
}

pub struct Client {
    http: reqwest::Client,
    kind: Kind,
    pub url: String,
    pub key: String,
    pub session: Option<String>,
    incoming: mpsc::UnboundedReceiver<String>,
    sender: mpsc::UnboundedSender<String>,
    stream: Option<JoinHandle<()>>,
    last: u64,
    calls: HashMap<u64, JoinHandle<()>>,
    /// What it says that it can do.
    pub capabilities: Value,
    /// Answers that came while another one was waited for.
    early: HashMap<u64, String>,
}

/// What came until an answer, and the answer, as text.
pub struct Exchange {
    pub before: Vec<Value>,
    pub text: String,
}

impl Exchange {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).expect("JSON")
    }

    /// The text of a tool's result.
    pub fn content(&self) -> String {
        let json = self.json();
        json["result"]["content"][0]["text"].as_str().unwrap_or_else(|| panic!("no text: {json}")).to_owned()
    }

    pub fn error_code(&self) -> String {
        self.json()["error"]["data"]["code"]
            .as_str()
            .unwrap_or_else(|| panic!("no error: {}", self.text))
            .to_owned()
    }

    pub fn methods(&self) -> Vec<&str> {
        self.before.iter().filter_map(|message| message["method"].as_str()).collect()
    }
}

pub fn http() -> reqwest::Client {
    #[expect(clippy::disallowed_methods, reason = "a client of ours, not an upstream connection")]
    reqwest::Client::builder().no_proxy().timeout(SOON * 3).build().expect("a client")
}

impl Client {
    /// A client that has not spoken yet.
    pub fn new(bench: &Bench, kind: Kind, server: &str) -> Self {
        Self::at(kind, bench.url(server, if kind == Kind::Sse { "sse" } else { "mcp" }))
    }

    /// A client of all servers as one, after its handshake.
    pub async fn of_project(bench: &Bench, kind: Kind) -> Self {
        let mut client = Self::at(kind, bench.project_url(if kind == Kind::Sse { "sse" } else { "mcp" }));
        client.open().await;
        if !matches!(kind, Kind::Single | Kind::Modern) {
            client.initialize().await;
        }
        client
    }

    fn at(kind: Kind, url: String) -> Self {
        let (sender, incoming) = mpsc::unbounded_channel();
        Self {
            http: http(),
            kind,
            url,
            key: KEY.to_owned(),
            session: None,
            incoming,
            sender,
            stream: None,
            last: 0,
            calls: HashMap::new(),
            capabilities: json!({ "roots": {}, "sampling": {}, "elicitation": {} }),
            early: HashMap::new(),
        }
    }

    /// A client after its handshake, with all capabilities.
    pub async fn connect(bench: &Bench, kind: Kind, server: &str) -> Self {
        let mut client = Self::new(bench, kind, server);
        client.open().await;
        if !matches!(kind, Kind::Single | Kind::Modern) {
            client.initialize().await;
        }
        client
    }

    /// Opens what must be open before the first message.
    pub async fn open(&mut self) {
        if self.kind == Kind::Sse {
            let response = self.with_headers(self.http.get(&self.url)).send().await.expect("a stream");
            assert_eq!(response.status(), 200);
            self.read_stream(response);
            let endpoint = tokio::time::timeout(SOON, self.incoming.recv())
                .await
                .expect("in time")
                .expect("an endpoint");
            assert!(endpoint.starts_with("/projects/"), "{endpoint}");
            let base = self.url.split("/projects/").next().expect("a base").to_owned();
            self.url = format!("{base}{endpoint}");
        }
    }

    pub async fn initialize(&mut self) -> Exchange {
        let exchange = self
            .request(
                "initialize",
                json!({
                    "protocolVersion": "2025-06-18",
                    "capabilities": self.capabilities,
                    "clientInfo": { "name": "test", "version": "1" },
                }),
            )
            .await;
        self.send(json!({ "jsonrpc": "2.0", "method": "notifications/initialized" })).await;
        if self.kind == Kind::Streamable {
            let response = self.with_headers(self.http.get(&self.url)).send().await.expect("a stream");
            assert_eq!(response.status(), 200);
            self.read_stream(response);
        }
        exchange
    }

    pub fn with_headers(&self, request: RequestBuilder) -> RequestBuilder {
        let accept = if request.try_clone().and_then(|r| r.build().ok()).is_some_and(|r| r.method() == "GET")
        {
            "text/event-stream"
        } else {
            "application/json, text/event-stream"
        };
        let request = request
            .bearer_auth(&self.key)
            .header("accept", accept)
            .header("x-client-secret", "client-secret");
        match &self.session {
            Some(session) => request.header("mcp-session-id", session),
            None => request,
        }
    }

    fn read_stream(&mut self, response: Response) {
        if let Some(old) = self.stream.replace(tokio::spawn(read(response, self.sender.clone()))) {
            old.abort();
        }
    }

    /// Cuts the stream, as a network does.
    pub fn cut(&mut self) {
        if let Some(stream) = self.stream.take() {
            stream.abort();
        }
    }

    /// Sends a message; what it is answered with comes in by itself.
    pub async fn send(&mut self, message: Value) -> reqwest::StatusCode {
        let post = self.with_headers(self.http.post(&self.url)).header("content-type", "application/json");
        let response = post.body(message.to_string()).send().await.expect("an answer");
        let status = response.status();
        if let Some(session) = response.headers().get("mcp-session-id") {
            self.session = session.to_str().ok().map(str::to_owned);
        }
        if self.kind == Kind::Sse {
            assert_eq!(status, 202);
        } else {
            tokio::spawn(read(response, self.sender.clone()));
        }
        status
    }

    pub async fn begin(&mut self, method: &str, params: Value) -> u64 {
        self.last += 1;
        let id = self.last;
        let mut message = json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params });
        if self.kind == Kind::Modern {
            self.modernize(&mut message["params"]);
        }
        if self.kind == Kind::Sse || method == "initialize" {
            self.send(message).await;
        } else {
            // The answer's headers come with its first message, which may be long in coming.
            let mut post =
                self.with_headers(self.http.post(&self.url)).header("content-type", "application/json");
            if self.kind == Kind::Modern {
                post = routed(post, method, &message["params"]);
            }
            let (post, sender) = (post.body(message.to_string()), self.sender.clone());
            self.calls.insert(
                id,
                tokio::spawn(async move {
                    if let Ok(response) = post.send().await {
                        read(response, sender).await;
                    }
                }),
            );
        }
        id
    }

    /// What every request of 2026-07-28 says of itself.
    fn modernize(&self, params: &mut Value) {
        let meta = &mut params["_meta"];
        meta["io.modelcontextprotocol/protocolVersion"] = json!("2026-07-28");
        meta["io.modelcontextprotocol/clientCapabilities"] = self.capabilities.clone();
        meta["io.modelcontextprotocol/clientInfo"] = json!({ "name": "test", "version": "1" });
    }

    /// Closes the stream of an answer, which is how modern clients cancel.
    pub fn hang_up(&mut self, id: u64) {
        self.calls.remove(&id).expect("a call").abort();
    }

    pub async fn finish(&mut self, id: u64) -> Exchange {
        let mut before = Vec::new();
        if let Some(text) = self.early.remove(&id) {
            return Exchange { before, text };
        }
        loop {
            let text = self.next_text().await;
            let message: Value = serde_json::from_str(&text).expect("JSON");
            if message["id"] == id && message.get("method").is_none() {
                return Exchange { before, text };
            }
            match message["id"].as_u64().filter(|_| message.get("method").is_none()) {
                Some(other) => drop(self.early.insert(other, text)),
                None => before.push(message),
            }
        }
    }

    pub async fn next_text(&mut self) -> String {
        tokio::time::timeout(SOON, self.incoming.recv())
            .await
            .expect("a message comes")
            .expect("the client is open")
    }

    pub async fn next(&mut self) -> Value {
        serde_json::from_str(&self.next_text().await).expect("JSON")
    }

    /// The next message of this method; others, such as news of a list, may come before it.
    pub async fn next_of(&mut self, method: &str) -> Value {
        loop {
            let message = self.next().await;
            if message["method"] == method {
                return message;
            }
        }
    }

    /// Waits until the server ends the stream.
    pub async fn stream_end(&mut self) {
        let stream = self.stream.take().expect("a stream");
        tokio::time::timeout(SOON, stream).await.expect("it ends").expect("without a panic");
    }

    pub async fn request(&mut self, method: &str, params: Value) -> Exchange {
        let id = self.begin(method, params).await;
        self.finish(id).await
    }

    pub async fn tool(&mut self, name: &str, arguments: Value) -> Exchange {
        self.request("tools/call", json!({ "name": name, "arguments": arguments })).await
    }

    /// Calls a tool and answers the one question that it asks with `result`.
    pub async fn tool_with_answer(
        &mut self,
        name: &str,
        arguments: Value,
        result: Value,
    ) -> (Value, Exchange) {
        if self.kind == Kind::Modern {
            let first = self.tool(name, arguments.clone()).await.json()["result"].clone();
            assert_eq!(first["resultType"], "input_required", "{first}");
            let (key, question) =
                first["inputRequests"].as_object().and_then(|all| all.iter().next()).expect("a question");
            let mut params =
                json!({ "name": name, "arguments": arguments, "inputResponses": { key: result } });
            if let Some(state) = first.get("requestState") {
                params["requestState"] = state.clone();
            }
            return (question.clone(), self.request("tools/call", params).await);
        }
        let id = self.begin("tools/call", json!({ "name": name, "arguments": arguments })).await;
        let question = loop {
            let message = self.next().await;
            if message.get("method").is_some() && message.get("id").is_some() {
                break message;
            }
        };
        self.send(json!({ "jsonrpc": "2.0", "id": question["id"], "result": result })).await;
        (question, self.finish(id).await)
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.cut();
    }
}

/// A modern request's headers, which repeat what is in its body.
pub fn routed(post: RequestBuilder, method: &str, params: &Value) -> RequestBuilder {
    let post = post.header("mcp-protocol-version", "2026-07-28").header("mcp-method", method);
    let name = match method {
        "tools/call" | "prompts/get" => params["name"].as_str(),
        "resources/read" => params["uri"].as_str(),
        "tasks/get" | "tasks/update" | "tasks/cancel" => params["taskId"].as_str(),
        _ => None,
    };
    match name {
        Some(name) => post.header("mcp-name", name),
        None => post,
    }
}

/// Passes on what an answer holds: one JSON message, or events.
async fn read(mut response: Response, sender: mpsc::UnboundedSender<String>) {
    let is_stream = response
        .headers()
        .get("content-type")
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream"));
    if !is_stream {
        let body = response.text().await.unwrap_or_default();
        if body.starts_with(['{', '[']) {
            let _ = sender.send(body);
        }
        return;
    }
    let mut decoder = wire::sse::Decoder::new(64 * 1024 * 1024);
    while let Ok(Some(chunk)) = response.chunk().await {
        for event in decoder.push(&chunk).expect("no event is too large") {
            let _ = sender.send(event.data);
        }
    }
}
