//! Streams of events: the answer to a POST that has more than one message, and the one that brings
//! what belongs to no request.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use domain::Code;
use http::StatusCode;
use tokio::time::timeout;
use wire::sse;

use super::{EVENTS, LINGER, check_status, content_type, link::HttpLink, receive_all};
use crate::{error::Failure, interest::Interest, mux::Answer, outbound::Reply, upstream::Connection};

/// How often an answer's broken stream is taken up again while the call waits.
const RESUMES: u32 = 5;
const RETRY_FIRST: Duration = Duration::from_secs(1);
const RETRY_LAST: Duration = Duration::from_secs(60);

/// How reading a stream ended.
struct End {
    last_event: Option<String>,
    retry: Option<Duration>,
}

/// Reads a stream of messages to its end. A stream that breaks before the answer of `origin` is
/// taken up again where the upstream gave it event ids (2025-11-25, resumability).
pub(super) async fn answer(
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
                let answers = receive_all(connection, &Bytes::from(event.data), origin)?;
                // Only an answer ends the interest from here; whatever else did meanwhile is its loss.
                if let Some((_, interest)) =
                    request.filter(|(id, _)| !answers || connection.mux.is_waiting(*id))
                {
                    interest.go_on();
                }
            }
            connection.pace().await;
        }
    }
    Ok(End { last_event, retry })
}

/// Keeps the stream open that brings what belongs to no request, where the upstream offers one.
pub(in crate::upstream) fn listen(connection: &Arc<Connection>, link: &Arc<HttpLink>) {
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
