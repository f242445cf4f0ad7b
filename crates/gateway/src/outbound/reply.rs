//! An answer, read as far as somebody wants it.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use bytes::{Bytes, BytesMut};
use domain::Code;
use http::{HeaderMap, Response, StatusCode, header, response};
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};

use super::{
    line::{Line, lost},
    site::Site,
};
use crate::error::Failure;

/// So many of the largest bodies may be read from one server at the same time.
const BODIES: usize = 4;

/// An answer whose body is being read. One that is dropped half way ends its connection.
pub(crate) struct Reply {
    site: Arc<Site>,
    head: response::Parts,
    /// None when all of it was read.
    body: Option<(Line, Incoming)>,
}

impl Reply {
    pub(super) fn new(site: Arc<Site>, line: Line, response: Response<Incoming>) -> Self {
        let (head, body) = response.into_parts();
        let mut reply = Self { site, head, body: Some((line, body)) };
        reply.end_if_read();
        reply
    }

    pub(crate) fn status(&self) -> StatusCode {
        self.head.status
    }

    pub(crate) fn headers(&self) -> &HeaderMap {
        &self.head.headers
    }

    /// The next piece of the body; none at its end. May be given up while it waits.
    pub(crate) async fn chunk(&mut self) -> Result<Option<Bytes>, Failure> {
        while let Some((line, body)) = &mut self.body {
            let frame = match line.drive(body.frame()).await {
                Some(frame) => frame.map_err(|error| lost(&error))?,
                None => {
                    self.end();
                    return Ok(None);
                }
            };
            // Trailers mean nothing here.
            if let Ok(chunk) = frame.into_data() {
                self.end_if_read();
                return Ok(Some(chunk));
            }
        }
        Ok(None)
    }

    /// Gives the connection back if no more can come; without a length only the end itself tells.
    fn end_if_read(&mut self) {
        if self.body.as_ref().is_some_and(|(_, body)| body.is_end_stream()) {
            self.end();
        }
    }

    fn end(&mut self) {
        if let Some((mut line, _)) = self.body.take()
            && line.is_reusable()
        {
            self.site.put(line);
        }
    }

    /// Refuses a compressed body: none was asked for, and a small one may become a very large one.
    pub(crate) fn uncompressed(&self) -> Result<(), Failure> {
        let mut encodings = self.headers().get_all(header::CONTENT_ENCODING).iter();
        if encodings.all(|encoding| encoding.as_bytes().eq_ignore_ascii_case(b"identity")) {
            return Ok(());
        }
        let text = "It sent a compressed body, which nobody asked for.";
        Err(Failure::new(Code::ProtocolViolation).detail(text))
    }

    fn length(&self) -> Option<u64> {
        self.body.as_ref().and_then(|(_, body)| body.size_hint().exact())
    }
}

/// Bytes that are held of a body while it is read; they are given back at the end.
struct Held<'a> {
    all: &'a AtomicUsize,
    own: usize,
}

impl Held<'_> {
    /// Whether that many more may be held.
    fn take(&mut self, bytes: usize, limit: usize) -> bool {
        self.own += bytes;
        self.all.fetch_add(bytes, Ordering::Relaxed) + bytes <= limit
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.all.fetch_sub(self.own, Ordering::Relaxed);
    }
}

/// Reads a whole body, refusing to hold more than `limit` bytes of it, or a few times that of all
/// that are being read and counted in `reading`.
pub(crate) async fn read_body(
    mut reply: Reply,
    limit: usize,
    reading: &AtomicUsize,
) -> Result<Bytes, Failure> {
    reply.uncompressed()?;
    let too_large = || Failure::new(Code::TooLargeMessage).detail(format!("The limit is {limit} bytes."));
    let length = reply.length().map(|length| usize::try_from(length).unwrap_or(usize::MAX));
    if length.is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    let mut held = Held { all: reading, own: 0 };
    let mut body = BytesMut::new();
    while let Some(chunk) = reply.chunk().await? {
        if body.len() + chunk.len() > limit {
            return Err(too_large());
        }
        if !held.take(chunk.len(), limit.saturating_mul(BODIES)) {
            return Err(Failure::new(Code::UpstreamBusy)
                .detail("Its answers that are being read are too large taken together."));
        }
        if length == Some(chunk.len()) {
            return Ok(chunk);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}
