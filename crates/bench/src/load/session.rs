//! One client: a connection or two that stay open, and one call at a time.

use std::net::SocketAddr;

use anyhow::{Context, Result, bail, ensure};
use bytes::Bytes;
use clap::Args;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Uri, header};
use http_body_util::{BodyExt, Full};
use hyper::{body::Incoming, client::conn::http1};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::event::Events;
use crate::message::{self, Calls, Dialect, LEGACY, MODERN, TOOL, Verdict, beginning};

const EVENTS: &str = "text/event-stream";

/// Where calls go, and how.
#[derive(Args, Clone, Debug)]
pub(crate) struct Destination {
    #[arg(long)]
    pub(crate) address: SocketAddr,
    #[arg(long)]
    pub(crate) path: String,
    #[arg(long, value_enum)]
    pub(crate) dialect: Dialect,
    /// In the environment, because others see the command line.
    #[arg(long, env = "BENCH_KEY", hide_env_values = true)]
    pub(crate) key: Option<String>,
}

/// One HTTP connection that is kept alive.
pub(crate) struct Http {
    address: SocketAddr,
    sender: http1::SendRequest<Full<Bytes>>,
}

impl Http {
    pub(crate) async fn connect(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        // How it ends, the next request tells.
        tokio::spawn(connection);
        Ok(Self { address, sender })
    }

    pub(crate) async fn send(
        &mut self,
        method: Method,
        uri: Uri,
        headers: HeaderMap,
        body: Bytes,
    ) -> Result<Response<Incoming>> {
        if self.sender.ready().await.is_err() {
            *self = Self::connect(self.address).await?;
        }
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = method;
        *request.uri_mut() = uri;
        *request.headers_mut() = headers;
        Ok(self.sender.send_request(request).await?)
    }
}

pub(crate) struct Session {
    calls: Calls,
    http: Http,
    uri: Uri,
    headers: HeaderMap,
    /// Where answers come from, if not as answers to the requests.
    events: Option<Events>,
}

impl Session {
    /// Opens a session as its dialect wants it. `number` tells its calls from other sessions' calls.
    pub(crate) async fn open(to: &Destination, number: u32, bytes: usize) -> Result<Self> {
        let mut session = Self {
            calls: Calls::new(to.dialect, number, bytes),
            http: Http::connect(to.address).await?,
            uri: to.path.parse()?,
            headers: headers(to)?,
            events: None,
        };
        match to.dialect {
            Dialect::Legacy => session.initialize().await?,
            Dialect::Modern => session.discover().await?,
            Dialect::Sse => session.listen(to.address).await?,
        }
        Ok(session)
    }

    async fn initialize(&mut self) -> Result<()> {
        let response = self.post(message::initialize()).await?;
        let id = response.headers().get("mcp-session-id").cloned();
        let answer = read(response).await?;
        ensure!(memchr::memmem::find(&answer, b"protocolVersion").is_some(), "{}", beginning(&answer));
        if let Some(id) = id {
            self.headers.insert("mcp-session-id", id);
        }
        self.headers.insert("mcp-protocol-version", HeaderValue::from_static(LEGACY));
        drain(self.post(message::initialized()).await?).await
    }

    async fn discover(&mut self) -> Result<()> {
        self.headers.insert("mcp-protocol-version", HeaderValue::from_static(MODERN));
        self.headers.insert("mcp-method", HeaderValue::from_static("server/discover"));
        let answer = read(self.post(message::discover()).await?).await?;
        ensure!(memchr::memmem::find(&answer, MODERN.as_bytes()).is_some(), "{}", beginning(&answer));
        self.headers.insert("mcp-method", HeaderValue::from_static("tools/call"));
        self.headers.insert("mcp-name", HeaderValue::from_static(TOOL));
        Ok(())
    }

    async fn listen(&mut self, address: SocketAddr) -> Result<()> {
        let mut stream = Http::connect(address).await?;
        let mut headers = self.headers.clone();
        headers.insert(header::ACCEPT, HeaderValue::from_static(EVENTS));
        let response = stream.send(Method::GET, self.uri.clone(), headers, Bytes::new()).await?;
        let mut events = Events::new(success(response).await?.into_body());
        let endpoint = events.next().await?;
        ensure!(endpoint.name == "endpoint", "the first event is {endpoint:?}");
        self.uri = Uri::from_maybe_shared(endpoint.data)?;
        drain(self.post(message::initialize()).await?).await?;
        events.next().await.context("`initialize` has no answer")?;
        drain(self.post(message::initialized()).await?).await?;
        self.events = Some(events);
        Ok(())
    }

    async fn post(&mut self, body: Bytes) -> Result<Response<Incoming>> {
        self.http.send(Method::POST, self.uri.clone(), self.headers.clone(), body).await
    }

    /// One call, whose answer is read to its end and checked.
    pub(crate) async fn call(&mut self) -> Verdict {
        let body = self.calls.next();
        match self.exchange(body).await {
            Ok(answer) => self.calls.judge(&answer),
            Err(error) => Verdict::Failed(format!("{error:#}")),
        }
    }

    async fn exchange(&mut self, body: Bytes) -> Result<Bytes> {
        let Some(mut events) = self.events.take() else {
            return read(self.post(body).await?).await;
        };
        let (taken, event) = tokio::join!(async { drain(self.post(body).await?).await }, events.next());
        self.events = Some(events);
        taken?;
        Ok(event?.data)
    }

    /// Opens the stream that belongs to no request, and gives it with its connection.
    pub(crate) async fn stand_by(&self, address: SocketAddr) -> Result<(Http, Incoming)> {
        let mut stream = Http::connect(address).await?;
        let mut headers = self.headers.clone();
        headers.insert(header::ACCEPT, HeaderValue::from_static(EVENTS));
        let response = stream.send(Method::GET, self.uri.clone(), headers, Bytes::new()).await?;
        let mut body = success(response).await?.into_body();
        body.frame().await.context("the stream ended")??;
        Ok((stream, body))
    }
}

fn headers(to: &Destination) -> Result<HeaderMap> {
    let mut headers = HeaderMap::with_capacity(8);
    headers.insert(header::HOST, HeaderValue::from_str(&to.address.to_string())?);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::ACCEPT, HeaderValue::from_static("application/json, text/event-stream"));
    if let Some(key) = &to.key {
        headers.insert(header::AUTHORIZATION, HeaderValue::from_str(&format!("Bearer {key}"))?);
    }
    Ok(headers)
}

async fn success(response: Response<Incoming>) -> Result<Response<Incoming>> {
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let body = response.into_body().collect().await?.to_bytes();
    bail!("status {status}: {}", beginning(&body))
}

async fn drain(response: Response<Incoming>) -> Result<()> {
    success(response).await?.into_body().collect().await?;
    Ok(())
}

/// The message that answers a request, be it the body or an event in it.
async fn read(response: Response<Incoming>) -> Result<Bytes> {
    let response = success(response).await?;
    ensure!(response.status() == StatusCode::OK, "status {} instead of an answer", response.status());
    let kind = response.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    if !kind.starts_with(EVENTS.as_bytes()) {
        return Ok(response.into_body().collect().await?.to_bytes());
    }
    let mut events = Events::new(response.into_body());
    loop {
        let event = events.next().await?;
        // What has no id is a notification on the way.
        if memchr::memmem::find(&event.data, b"\"id\"").is_some() {
            return Ok(event.data);
        }
    }
}
