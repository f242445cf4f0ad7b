//! HTTP+SSE of 2024-11-05: one stream brings everything; its first event names where to POST.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use domain::Code;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use url::Url;
use wire::{Frame, sse};

use super::{Connection, Link, http as streamable};
use crate::{
    error::Failure,
    interest::Interest,
    mux::Answer,
    outbound::{Address, Reply},
    work::Work,
};

pub(super) struct SseLink {
    endpoint: Address,
    headers: HeaderMap,
}

/// Longest wait for the first event of a stream.
const ENDPOINT_LIMIT: Duration = Duration::from_secs(15);

pub(super) async fn connect(connection: &Arc<Connection>) -> Result<(), Failure> {
    let (url, headers) = streamable::remote(connection)?;
    let address = |url| connection.plane.outbound.address(url, connection.server.timeouts.connect);
    let mut wanted = headers.clone();
    wanted.insert(header::ACCEPT, HeaderValue::from_static(streamable::EVENTS));
    let mut response = address(&url)?.send(Method::GET, wanted, Bytes::new()).await?;
    check(&response)?;
    response.uncompressed()?;
    if streamable::content_type(response.headers()) != streamable::EVENTS {
        return Err(Failure::new(Code::WrongTransport).detail("It did not open a stream of events."));
    }
    let mut decoder = sse::Decoder::new(connection.plane.limits.message_bytes);
    let first = tokio::time::timeout(ENDPOINT_LIMIT, first_events(&mut response, &mut decoder));
    let events = first.await.map_err(|_| Failure::new(Code::InitializeTimeout))??;
    let (named, rest) = events.split_first().ok_or_else(|| Failure::new(Code::Internal))?;
    let endpoint = address(&endpoint(&url, named)?)?;
    let link = SseLink { endpoint, headers };
    let _ = connection.link.set(Link::Sse(Arc::new(link)));
    for event in rest {
        receive(connection, event)?;
    }
    let reader = connection.clone();
    connection.plane.tasks.spawn(async move {
        let failure = tokio::select! {
            () = reader.ended() => reader.failure(),
            failure = read(&reader, response, decoder) => failure,
        };
        reader.close(failure);
        reader.released.cancel();
    });
    Ok(())
}

async fn first_events(response: &mut Reply, decoder: &mut sse::Decoder) -> Result<Vec<sse::Event>, Failure> {
    loop {
        let chunk = response
            .chunk()
            .await?
            .ok_or_else(|| Failure::new(Code::WrongTransport).detail("Its stream ended at once."))?;
        let events = decoder.push(&chunk).map_err(|sse::TooLarge| Failure::new(Code::TooLargeMessage))?;
        if !events.is_empty() {
            return Ok(events);
        }
    }
}

/// The address to POST to. One of another origin is refused: our headers are for this origin only.
fn endpoint(url: &Url, event: &sse::Event) -> Result<Url, Failure> {
    if event.event.as_deref() != Some("endpoint") {
        return Err(
            Failure::new(Code::WrongTransport).detail("Its stream does not begin with an `endpoint` event.")
        );
    }
    let invalid = || Failure::new(Code::ProtocolViolation).detail("Its `endpoint` event names no address.");
    let endpoint = url.join(event.data.trim()).map_err(|_| invalid())?;
    if endpoint.origin() != url.origin() {
        return Err(Failure::new(Code::ProtocolViolation)
            .detail("Its `endpoint` event names an address of another origin."));
    }
    Ok(endpoint)
}

fn check(response: &Reply) -> Result<(), Failure> {
    let status = response.status();
    if status.is_success() {
        return Ok(());
    }
    let code = match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Code::UpstreamUnauthorized,
        StatusCode::BAD_REQUEST
        | StatusCode::NOT_FOUND
        | StatusCode::METHOD_NOT_ALLOWED
        | StatusCode::NOT_ACCEPTABLE => Code::WrongTransport,
        _ => Code::HttpStatus,
    };
    Err(Failure::new(code).detail(format!("HTTP {status}.")))
}

async fn read(connection: &Arc<Connection>, mut response: Reply, mut decoder: sse::Decoder) -> Failure {
    loop {
        let chunk = match response.chunk().await {
            Ok(Some(chunk)) => chunk,
            Ok(None) | Err(_) => return Failure::new(Code::ConnectionLost),
        };
        connection.flow.bytes(chunk.len());
        connection.pace().await;
        let events = match decoder.push(&chunk) {
            Ok(events) => events,
            Err(sse::TooLarge) => return Failure::new(Code::TooLargeMessage),
        };
        for event in events {
            if let Err(failure) = receive(connection, &event) {
                return failure;
            }
            connection.pace().await;
        }
    }
}

fn receive(connection: &Arc<Connection>, event: &sse::Event) -> Result<(), Failure> {
    if event.data.is_empty() || event.event.as_deref().is_some_and(|name| name != "message") {
        return Ok(());
    }
    match wire::parse(&Bytes::from(event.data.clone())) {
        Ok(Frame::Single(message)) => connection.receive(message, None),
        Ok(Frame::Batch(messages)) => {
            messages.into_iter().for_each(|message| connection.receive(message, None))
        }
        // One bad event is no reason to lose the stream, which many calls share.
        Err(malformed) => {
            tracing::debug!(server = %connection.server.id, %malformed, "an event is no message")
        }
    }
    Ok(())
}

impl SseLink {
    async fn send(&self, json: String) -> Result<(), Failure> {
        let mut headers = self.headers.clone();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let response = self.endpoint.send(Method::POST, headers, json.into()).await?;
        match response.status() {
            // The server does not know the session any more; its stream is about to end.
            StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => {
                Err(Failure::new(Code::ConnectionLost).detail("Its session had ended."))
            }
            _ => check(&response),
        }
    }
}

pub(super) fn post(
    connection: &Arc<Connection>,
    link: &Arc<SseLink>,
    json: String,
    request: Option<(u64, Interest)>,
) -> Work {
    let tasks = &connection.plane.tasks;
    let (connection, link) = (connection.clone(), link.clone());
    Work::new(tasks, async move {
        let Some((id, interest)) = request else {
            tokio::select! {
                _ = tokio::time::timeout(connection.server.timeouts.idle, link.send(json)) => {}
                () = connection.ended() => {}
            }
            return;
        };
        tokio::select! {
            result = link.send(json) => {
                if let Err(failure) = result {
                    connection.fail(id, Answer::Failed(failure));
                }
            }
            // The answer may overtake the end of the POST that asked for it.
            () = interest.lost() => {}
        }
    })
}

pub(super) async fn deliver(
    _connection: &Arc<Connection>,
    link: &Arc<SseLink>,
    json: String,
) -> Result<(), Failure> {
    link.send(json).await
}
