//! Streamable HTTP, the legacy revisions: each message is a POST; answers come as JSON or as a
//! stream; a GET stream brings what belongs to no request.
//!
//! Only the configured headers and MCP's own are sent. Nothing of a client's request gets here.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use domain::Code;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use secrecy::{ExposeSecret, SecretString};
use tokio::time::timeout;
use url::Url;
use wire::{Frame, Message};

use super::{Connection, Link};
use crate::{
    directory::Target,
    error::Failure,
    interest::Interest,
    mux::Answer,
    outbound::{Reply, read_body},
    work::Work,
};

pub(super) use link::HttpLink;
pub(super) use stream::listen;

mod link;
mod stream;

pub(super) const SESSION: HeaderName = HeaderName::from_static("mcp-session-id");
pub(super) const VERSION: HeaderName = HeaderName::from_static("mcp-protocol-version");
const JSON: &str = "application/json";
pub(super) const EVENTS: &str = "text/event-stream";
/// How long a good-bye may take.
const DELETE_LIMIT: Duration = Duration::from_secs(2);
/// How long a stream may go on after it gave its answer, so that the connection can be used again.
const LINGER: Duration = Duration::from_secs(1);

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
    let address = connection.plane.outbound.address(&url, connection.server.timeouts.connect)?;
    let link = Arc::new(HttpLink::new(address, headers));
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
        return Box::pin(stream::answer(connection, link, response, request)).await;
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

/// Whether an answer is among them.
fn receive_all(connection: &Arc<Connection>, body: &Bytes, origin: Option<u64>) -> Result<bool, Failure> {
    let is_answer = |message: &Message| matches!(message, Message::Response { .. });
    match wire::parse(body) {
        Ok(Frame::Single(message)) => {
            let answers = is_answer(&message);
            connection.receive(message, origin);
            Ok(answers)
        }
        Ok(Frame::Batch(messages)) => {
            let answers = messages.iter().any(is_answer);
            messages.into_iter().for_each(|message| connection.receive(message, origin));
            Ok(answers)
        }
        Err(malformed) => {
            Err(Failure::new(Code::ProtocolViolation).detail(format!("It sent what is {malformed}.")))
        }
    }
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
