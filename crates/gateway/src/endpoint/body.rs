//! Bodies in both directions: a bounded request, and a stream of events as the answer.

use std::{collections::VecDeque, convert::Infallible, sync::Arc};

use axum::{body::Body, response::Response};
use bytes::{Bytes, BytesMut};
use domain::Code;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use http_body_util::BodyExt;
use hyper::body::Body as _;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use wire::{Frame, Malformed, sse};

use super::{json_response, refuse};
use crate::{error, gateway::Plane, stream::Inbox};

/// Reads and parses a request's body. Err is the answer.
pub(super) async fn read(plane: &Plane, body: Body) -> Result<Frame, Response> {
    let bytes = whole(body, plane.limits.body_bytes).await?;
    wire::parse(&bytes).map_err(|malformed| {
        let text = malformed.to_string();
        let json = match &malformed {
            Malformed::Parse(_) => error::plain_error(None, wire::code::PARSE_ERROR, &text),
            Malformed::Request { id, .. } => {
                error::plain_error(id.as_ref(), wire::code::INVALID_REQUEST, &text)
            }
        };
        json_response(StatusCode::BAD_REQUEST, json)
    })
}

/// A body of at most `limit` bytes; most come in one piece, which is not copied.
async fn whole(mut body: Body, limit: usize) -> Result<Bytes, Response> {
    let too_large = || refuse(StatusCode::PAYLOAD_TOO_LARGE, Code::BodyTooLarge, None);
    let announced = body.size_hint().lower();
    if announced > u64::try_from(limit).unwrap_or(u64::MAX) {
        return Err(too_large());
    }
    let mut all = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| refuse(StatusCode::BAD_REQUEST, Code::MalformedBody, None))?;
        let Ok(piece) = frame.into_data() else { continue };
        if all.len() + piece.len() > limit {
            return Err(too_large());
        }
        if all.is_empty() && body.is_end_stream() {
            return Ok(piece);
        }
        all.extend_from_slice(&piece);
    }
    Ok(all.freeze())
}

/// Whether the body is said to be JSON. A form, which any page can send unasked, is not.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.and_then(|kind| kind.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

/// Whether the client takes `kind`. Err where it does not say.
pub(super) fn accepts(headers: &HeaderMap, kind: &str) -> Option<bool> {
    let mut said = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok()).peekable();
    said.peek()?;
    let major = kind.split('/').next().unwrap_or_default();
    Some(said.flat_map(|value| value.split(',')).any(|range| {
        let range = range.split(';').next().unwrap_or_default().trim();
        range.eq_ignore_ascii_case(kind)
            || range == "*/*"
            || range.strip_suffix("/*").is_some_and(|range| range.eq_ignore_ascii_case(major))
    }))
}

/// Events for one reader.
pub(super) struct Events {
    pub(super) plane: Arc<Plane>,
    pub(super) inbox: Inbox,
    /// What comes before everything in the queue.
    pub(super) first: VecDeque<Bytes>,
    /// Answers after which the stream ends; none for a stream without end.
    pub(super) answers: Option<usize>,
    /// Ends the stream when what waits is out.
    pub(super) ended: CancellationToken,
    /// What is said when it is ended so.
    pub(super) last: Option<Bytes>,
    /// Told when the reader is gone.
    pub(super) _guard: Option<Guard>,
}

/// Runs when it is dropped.
pub(super) struct Guard(Option<Box<dyn FnOnce() + Send>>);

impl Guard {
    pub(super) fn new(work: impl FnOnce() + Send + 'static) -> Self {
        Self(Some(Box::new(work)))
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(work) = self.0.take() {
            work();
        }
    }
}

impl Events {
    async fn next(&mut self) -> Option<Bytes> {
        if let Some(first) = self.first.pop_front() {
            return Some(first);
        }
        if self.answers == Some(0) {
            return None;
        }
        loop {
            let is_ended = self.ended.is_cancelled();
            if is_ended {
                // What came before the end still goes out, answers above all.
                self.inbox.close();
            }
            return tokio::select! {
                biased;
                () = self.ended.cancelled(), if !is_ended => continue,
                item = self.inbox.next() => match item {
                    Some(item) => {
                        if let (Some(_), Some(answers)) = (item.answer, &mut self.answers) {
                            *answers -= 1;
                        }
                        Some(sse::encode("message", &item.json))
                    }
                    None => {
                        self.answers = Some(0);
                        self.last.take().filter(|_| is_ended)
                    }
                },
                () = sleep(self.plane.limits.keep_alive) => Some(sse::comment()),
            };
        }
    }

    pub(super) fn into_response(self) -> Response {
        let stream = futures_util::stream::unfold(self, |mut events| async move {
            let bytes = events.next().await?;
            Some((Ok::<_, Infallible>(bytes), events))
        });
        let mut response = Response::new(Body::from_stream(stream));
        for (name, value) in [
            (header::CONTENT_TYPE, "text/event-stream"),
            (header::CACHE_CONTROL, "no-cache, no-transform"),
            // nginx buffers answers otherwise.
            (HeaderName::from_static("x-accel-buffering"), "no"),
        ] {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_client_accepts() {
        let of = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, value.parse().expect("a header"));
            accepts(&headers, "text/event-stream")
        };
        assert_eq!(of("application/json, text/event-stream"), Some(true));
        assert_eq!(of("text/*;q=0.5"), Some(true));
        assert_eq!(of("*/*"), Some(true));
        assert_eq!(of("application/json"), Some(false));
        assert_eq!(accepts(&HeaderMap::new(), "text/event-stream"), None);
    }
}
