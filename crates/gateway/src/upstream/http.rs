//! Streamable HTTP, the legacy revisions: each message is a POST; answers come as JSON or as a
//! stream; a GET stream brings what belongs to no request.
//!
//! Only the configured headers and MCP's own are sent. Nothing of a client's request gets here.

use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use domain::Code;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use secrecy::{ExposeSecret, SecretString};
use tokio::time::timeout;
use url::Url;
use wire::{Frame, Version, edit, modern, sse};

use super::{Connection, Link, Outgoing};
use crate::{
    directory::Target,
    error::Failure,
    interest::Interest,
    mux::Answer,
    outbound::{Address, Reply, read_body},
    work::Work,
};

pub(super) const SESSION: HeaderName = HeaderName::from_static("mcp-session-id");
pub(super) const VERSION: HeaderName = HeaderName::from_static("mcp-protocol-version");
const LAST_EVENT: HeaderName = HeaderName::from_static("last-event-id");
const JSON: &str = "application/json";
pub(super) const EVENTS: &str = "text/event-stream";
/// Headers of our own on a request, and some more.
const HEADERS: usize = 12;
/// How long a good-bye may take.
const DELETE_LIMIT: Duration = Duration::from_secs(2);
/// How long a stream may go on after it gave its answer, so that the connection can be used again.
const LINGER: Duration = Duration::from_secs(1);
/// How often an answer's broken stream is taken up again while the call waits.
const RESUMES: u32 = 5;
const RETRY_FIRST: Duration = Duration::from_secs(1);
const RETRY_LAST: Duration = Duration::from_secs(60);

pub(super) struct HttpLink {
    address: Address,
    headers: HeaderMap,
    /// As the upstream named it in its answer to `initialize`.
    session: OnceLock<HeaderValue>,
    version: OnceLock<HeaderValue>,
    /// Whether it is spoken to in the modern era: without sessions, with headers that say what the
    /// body says.
    modern: AtomicBool,
}

impl HttpLink {
    pub(super) fn set_modern(&self, modern: bool) {
        self.modern.store(modern, Ordering::Release);
    }

    pub(super) fn is_modern(&self) -> bool {
        self.modern.load(Ordering::Acquire)
    }

    /// What a modern request's headers repeat of its body (SEP-2243).
    pub(super) fn routing(&self, outgoing: Outgoing<'_>) -> HeaderMap {
        if !self.is_modern() {
            return HeaderMap::new();
        }
        let mut headers = outgoing.forward.cloned().unwrap_or_default();
        let mut put = |name: &'static str, value: &str| {
            if let Ok(value) = HeaderValue::from_str(&modern::encode(value)) {
                headers.insert(name, value);
            }
        };
        put(modern::header::VERSION, Version::LATEST.name());
        put(modern::header::METHOD, outgoing.method);
        let named = modern::name_member(outgoing.method).zip(outgoing.params);
        if let Some(name) = named.and_then(|(member, params)| edit::text(params, member)) {
            put(modern::header::NAME, &name);
        }
        headers
    }

    pub(super) fn set_version(&self, version: &str) {
        if let Ok(value) = HeaderValue::from_str(version) {
            let _ = self.version.set(value);
        }
    }

    /// What every request carries.
    fn headers(&self) -> HeaderMap {
        // With room for what others add, so that it need not grow.
        let mut headers = HeaderMap::with_capacity(self.headers.len() + HEADERS);
        for (name, value) in &self.headers {
            headers.append(name, value.clone());
        }
        if let Some(session) = self.session.get() {
            headers.insert(SESSION, session.clone());
        }
        if let Some(version) = self.version.get() {
            headers.insert(VERSION, version.clone());
        }
        headers
    }

    async fn post(&self, json: String, more: HeaderMap) -> Result<Reply, Failure> {
        let mut headers = self.headers();
        if !more.is_empty() {
            headers.extend(more);
        }
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(JSON));
        headers.insert(header::ACCEPT, HeaderValue::from_static("application/json, text/event-stream"));
        self.address.send(Method::POST, headers, json.into()).await
    }

    /// Opens a stream, or goes on with one from after `last`.
    async fn get(&self, last: Option<&str>) -> Result<Reply, Failure> {
        let mut headers = self.headers();
        headers.insert(header::ACCEPT, HeaderValue::from_static(EVENTS));
        if let Some(last) = last.and_then(|last| HeaderValue::from_str(last).ok()) {
            headers.insert(LAST_EVENT, last);
        }
        self.address.send(Method::GET, headers, Bytes::new()).await
    }
}

/// Address and headers of a remote target.
pub(super) fn remote(connection: &Connection) -> Result<(Url, HeaderMap), Failure> {
    let Target::Remote { url, headers, .. } = &connection.server.target else {
        return Err(Failure::new(Code::Internal));
    };
    Ok((url.parse().map_err(|_| Failure::new(Code::UrlInvalid))?, secret_headers(headers)?))
}

fn secret_headers(headers: &[(String, SecretString)]) -> Result<HeaderMap, Failure> {
    let mut map = HeaderMap::with_capacity(headers.len());
    for (name, value) in headers {
        let invalid = |code| Failure::new(code).detail(format!("The header is `{name}`."));
        let header =
            HeaderName::from_bytes(name.as_bytes()).map_err(|_| invalid(Code::VariableNameInvalid))?;
        let mut value =
            HeaderValue::from_str(value.expose_secret()).map_err(|_| invalid(Code::VariableValueInvalid))?;
        value.set_sensitive(true);
        map.append(header, value);
    }
    Ok(map)
}

pub(super) fn connect(connection: &Arc<Connection>) -> Result<(), Failure> {
    let (url, headers) = remote(connection)?;
    let link = Arc::new(HttpLink {
        address: connection.plane.outbound.address(&url, connection.server.timeouts.connect)?,
        headers,
        session: OnceLock::new(),
        version: OnceLock::new(),
        modern: AtomicBool::new(false),
    });
    let _ = connection.link.set(Link::Http(link.clone()));
    let ended = connection.clone();
    connection.plane.tasks.spawn(async move {
        ended.ended().await;
        if link.session.get().is_some() {
            let good_bye = link.address.send(Method::DELETE, link.headers(), Bytes::new());
            let _ = timeout(DELETE_LIMIT, good_bye).await;
        }
        ended.released.cancel();
    });
    Ok(())
}

/// Sends a message; the answer finds its way through [`Connection::receive`].
pub(super) fn post(
    connection: &Arc<Connection>,
    link: &Arc<HttpLink>,
    json: String,
    headers: HeaderMap,
    request: Option<(u64, Interest)>,
    opens: bool,
) -> Work {
    let tasks = &connection.plane.tasks;
    let (connection, link) = (connection.clone(), link.clone());
    let Some(request) = request else {
        return Work::new(tasks, async move {
            let exchanged = exchange(&connection, &link, json, headers, None, opens);
            // Nobody waits for what becomes of a notification, so nothing else would end this.
            tokio::select! {
                _ = timeout(connection.server.timeouts.idle, exchanged) => {}
                () = connection.ended() => {}
            }
        });
    };
    Work::new(tasks, async move {
        tokio::select! {
            biased;
            result = exchange(&connection, &link, json, headers, Some(&request), opens) => {
                if let Err(answer) = result {
                    connection.fail(request.0, answer);
                }
            }
            () = request.1.lost() => {}
        }
    })
}

async fn exchange(
    connection: &Arc<Connection>,
    link: &Arc<HttpLink>,
    json: String,
    headers: HeaderMap,
    request: Option<&(u64, Interest)>,
    opens: bool,
) -> Result<(), Answer> {
    let response = link.post(json, headers).await?;
    if opens
        && response.status().is_success()
        && let Some(session) = response.headers().get(SESSION)
    {
        let _ = link.session.set(session.clone());
    }
    answered(connection, link, response, request).await
}

/// Sends a notification and waits until the upstream took it.
pub(super) async fn deliver(
    connection: &Arc<Connection>,
    link: &Arc<HttpLink>,
    json: String,
) -> Result<(), Failure> {
    let response = link.post(json, HeaderMap::new()).await?;
    // Some answer a notification with 200 and a body, such as `null`.
    check_status(link, &response).map_err(|answer| failure_of(connection, answer))
}

fn failure_of(connection: &Connection, answer: Answer) -> Failure {
    match answer {
        Answer::Failed(failure) | Answer::NotProcessed(failure) => failure,
        Answer::Upstream(_) => connection.failure(),
    }
}

impl From<Failure> for Answer {
    fn from(failure: Failure) -> Self {
        Answer::Failed(failure)
    }
}

/// Reads the answer to a POST.
async fn answered(
    connection: &Arc<Connection>,
    link: &Arc<HttpLink>,
    response: Reply,
    request: Option<&(u64, Interest)>,
) -> Result<(), Answer> {
    let id = request.map(|(id, _)| *id);
    let status = response.status();
    if !status.is_success() {
        return Err(Box::pin(refused(connection, link, response, id)).await);
    }
    // What is rare is boxed, so that what is common stays small: it is moved for each call.
    if content_type(response.headers()) == EVENTS {
        return Box::pin(stream(connection, link, response, request)).await;
    }
    let other = Some(content_type(response.headers())).filter(|kind| *kind != JSON).map(ToOwned::to_owned);
    let body = read_body(response, connection.plane.limits.response_bytes, &connection.reading).await?;
    let Some((id, interest)) = request else { return Ok(()) };
    if let Some(kind) = other {
        return Err(Failure::new(Code::WrongTransport).detail(format!("It answered with `{kind}`.")).into());
    }
    interest.serve();
    receive_all(connection, &body, Some(*id))?;
    unanswered(connection, *id)
}

fn unanswered(connection: &Connection, id: u64) -> Result<(), Answer> {
    if connection.mux.is_waiting(id) {
        return Err(Failure::new(Code::ProtocolViolation).detail("It sent no answer to the request.").into());
    }
    Ok(())
}

fn receive_all(connection: &Arc<Connection>, body: &Bytes, origin: Option<u64>) -> Result<(), Failure> {
    match wire::parse(body) {
        Ok(Frame::Single(message)) => connection.receive(message, origin),
        Ok(Frame::Batch(messages)) => {
            messages.into_iter().for_each(|message| connection.receive(message, origin));
        }
        Err(malformed) => {
            return Err(Failure::new(Code::ProtocolViolation).detail(format!("It sent what is {malformed}.")));
        }
    }
    Ok(())
}

/// An unsuccessful status: what it means, and what it proves.
async fn refused(connection: &Arc<Connection>, link: &HttpLink, response: Reply, id: Option<u64>) -> Answer {
    let Err(answer) = check_status(link, &response) else { return Failure::new(Code::Internal).into() };
    let expired = matches!(answer, Answer::NotProcessed(_));
    // With these the server may be answering the request; others are about the way to it, and what
    // proxies and guards write under them is no answer of the server.
    let answers = matches!(
        response.status(),
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY | StatusCode::INTERNAL_SERVER_ERROR
    ) || (link.is_modern() && response.status() == StatusCode::NOT_FOUND);
    if expired {
        connection.expire();
    } else if let (true, Some(id), JSON) = (answers, id, content_type(response.headers()))
        && let Ok(Ok(body)) =
            timeout(LINGER, read_body(response, connection.plane.limits.message_bytes, &connection.reading))
                .await
        && receive_all(connection, &body, Some(id)).is_ok()
        && !connection.mux.is_waiting(id)
    {
        // A JSON-RPC error says more than its status; the caller has it by now.
        return answer;
    }
    answer
}

fn check_status(link: &HttpLink, response: &Reply) -> Result<(), Answer> {
    let status = response.status();
    if status.is_success() {
        return Ok(());
    }
    let has_session = link.session.get().is_some();
    let failure = match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Failure::new(Code::UpstreamUnauthorized),
        // Without a session the address itself does not answer such requests.
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED if !has_session => {
            Failure::new(Code::WrongTransport)
        }
        _ if status.is_redirection() => {
            Failure::new(Code::HttpStatus).detail(format!("HTTP {status}; redirects are not followed."))
        }
        _ => {
            return Err(if status == StatusCode::NOT_FOUND {
                // The session is over, and that is proof that the message was not looked at.
                Answer::NotProcessed(Failure::new(Code::ConnectionLost).detail("Its session had ended."))
            } else {
                Failure::new(Code::HttpStatus).detail(format!("HTTP {status}.")).into()
            });
        }
    };
    Err(failure.detail_if_none(format!("HTTP {status}.")).into())
}

pub(super) fn content_type(headers: &HeaderMap) -> &str {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .map_or("", str::trim)
}

/// How reading a stream ended.
struct End {
    last_event: Option<String>,
    retry: Option<Duration>,
}

/// Reads a stream of messages to its end. A stream that breaks before the answer of `origin` is
/// taken up again where the upstream gave it event ids (2025-11-25, resumability).
async fn stream(
    connection: &Arc<Connection>,
    link: &Arc<HttpLink>,
    response: Reply,
    origin: Option<&(u64, Interest)>,
) -> Result<(), Answer> {
    let mut end = read_stream(connection, response, origin, None).await?;
    let Some((id, _)) = origin else { return Ok(()) };
    let id = *id;
    for _ in 0..RESUMES {
        let Some(last) = end.last_event.clone().filter(|_| connection.mux.is_waiting(id)) else { break };
        tokio::time::sleep(end.retry.unwrap_or(RETRY_FIRST).min(RETRY_LAST)).await;
        let response = link.get(Some(&last)).await?;
        check_status(link, &response)?;
        end = read_stream(connection, response, origin, Some(last)).await?;
    }
    if connection.mux.is_waiting(id) {
        return Err(Failure::new(Code::ConnectionLost).into());
    }
    Ok(())
}

async fn read_stream(
    connection: &Arc<Connection>,
    mut response: Reply,
    request: Option<&(u64, Interest)>,
    mut last_event: Option<String>,
) -> Result<End, Failure> {
    let origin = request.map(|(id, _)| *id);
    response.uncompressed()?;
    let limit = connection.plane.limits.message_bytes;
    let mut decoder = sse::Decoder::new(limit);
    let mut retry = None;
    loop {
        let next = response.chunk();
        let chunk = match origin.filter(|id| !connection.mux.is_waiting(*id)) {
            // The answer is there: what follows is courtesy.
            Some(_) => match timeout(LINGER, next).await {
                Ok(chunk) => chunk,
                Err(_) => break,
            },
            None => next.await,
        };
        let Ok(Some(chunk)) = chunk else { break };
        connection.flow.bytes(chunk.len());
        connection.pace().await;
        let events = decoder.push(&chunk).map_err(|sse::TooLarge| {
            Failure::new(Code::TooLargeMessage).detail(format!("The limit is {limit} bytes."))
        })?;
        for event in events {
            last_event = event.id.or(last_event);
            retry = event.retry.map(Duration::from_millis).or(retry);
            // The first event of a stream may be empty and carry only an id.
            if !event.data.trim().is_empty() && event.event.as_deref().is_none_or(|name| name == "message") {
                if let Some((_, interest)) = request {
                    interest.serve();
                }
                receive_all(connection, &Bytes::from(event.data), origin)?;
                if let Some((_, interest)) = request.filter(|(id, _)| connection.mux.is_waiting(*id)) {
                    interest.go_on();
                }
            }
            connection.pace().await;
        }
    }
    Ok(End { last_event, retry })
}

/// Keeps the stream open that brings what belongs to no request, where the upstream offers one.
pub(super) fn listen(connection: &Arc<Connection>, link: &Arc<HttpLink>) {
    let (connection, link) = (connection.clone(), link.clone());
    connection.plane.tasks.clone().spawn(async move {
        tokio::select! {
            () = connection.ended() => {}
            () = keep_listening(&connection, &link) => {}
        }
    });
}

async fn keep_listening(connection: &Arc<Connection>, link: &Arc<HttpLink>) {
    let mut delay = RETRY_FIRST;
    let mut last_event: Option<String> = None;
    loop {
        if let Ok(response) = link.get(last_event.as_deref()).await {
            let offers = response.status().is_success() && content_type(response.headers()) == EVENTS;
            if response.status() == StatusCode::NOT_FOUND && link.session.get().is_some() {
                connection.expire();
                return;
            }
            // 405: it has none (2025-03-26, transports). Whatever else it says, asking on is no use.
            if !offers && !response.status().is_server_error() {
                return;
            }
            if offers {
                delay = RETRY_FIRST;
                if let Ok(end) = read_stream(connection, response, None, last_event.take()).await {
                    last_event = end.last_event;
                    delay = end.retry.unwrap_or(delay);
                }
            }
        }
        tokio::time::sleep(delay.min(RETRY_LAST)).await;
        delay = (delay * 2).min(RETRY_LAST);
    }
}
