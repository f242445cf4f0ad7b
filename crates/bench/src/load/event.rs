//! Server-sent events as the peers here write them: single-line data, lines ended by a line feed.

use anyhow::{Context, Result, bail};
use bytes::{BufMut, Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use memchr::memmem;

pub(crate) fn encode(name: &str, data: &[u8]) -> Bytes {
    let mut text = BytesMut::with_capacity(name.len() + data.len() + 20);
    for part in [b"event: ", name.as_bytes(), b"\ndata: ", data, b"\n\n"] {
        text.put_slice(part);
    }
    text.freeze()
}

#[derive(Debug)]
pub(crate) struct Event {
    pub(crate) name: Bytes,
    pub(crate) data: Bytes,
}

/// Reads events from an answer's body.
pub(crate) struct Events {
    body: Incoming,
    buffer: Buffer,
}

impl Events {
    pub(crate) fn new(body: Incoming) -> Self {
        Self { body, buffer: Buffer::default() }
    }

    /// The next event with data; comments are passed over.
    pub(crate) async fn next(&mut self) -> Result<Event> {
        loop {
            if let Some(event) = self.buffer.take() {
                return Ok(event);
            }
            let frame = self.body.frame().await.context("the stream ended")??;
            match frame.into_data() {
                Ok(data) => self.buffer.bytes.put(data),
                Err(_) => bail!("the stream ended with trailers"),
            }
        }
    }
}

#[derive(Default)]
struct Buffer {
    bytes: BytesMut,
    /// What was searched for an end before.
    scanned: usize,
}

impl Buffer {
    fn take(&mut self) -> Option<Event> {
        loop {
            let from = self.scanned.saturating_sub(1);
            let Some(end) = memmem::find(&self.bytes[from..], b"\n\n") else {
                self.scanned = self.bytes.len();
                return None;
            };
            let block = self.bytes.split_to(from + end + 2).freeze();
            self.scanned = 0;
            let field = |name: &[u8]| {
                let line = block.split(|byte| *byte == b'\n').find_map(|line| line.strip_prefix(name))?;
                Some(block.slice_ref(line.strip_prefix(b" ").unwrap_or(line)))
            };
            if let Some(data) = field(b"data:") {
                return Some(Event { name: field(b"event:").unwrap_or_default(), data });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_come_out_whatever_the_chunks() {
        let text = [&b": hello\n\n"[..], &encode("message", b"{\"id\":1}"), b"data:x\n\n"].concat();
        for cut in 0..text.len() {
            let mut buffer = Buffer::default();
            let mut events = Vec::new();
            for chunk in [&text[..cut], &text[cut..]] {
                buffer.bytes.put_slice(chunk);
                while let Some(event) = buffer.take() {
                    events.push((event.name, event.data));
                }
            }
            let expected = [("message", "{\"id\":1}"), ("", "x")];
            assert_eq!(events, expected.map(|(name, data)| (Bytes::from(name), Bytes::from(data))), "{cut}");
        }
    }
}
