//! Server-sent events (WHATWG HTML §9.2), both ways.

use bytes::Bytes;

/// One event as it arrived.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Event {
    /// `message` where the stream does not say.
    pub event: Option<String>,
    pub data: String,
    pub id: Option<String>,
    /// Milliseconds after which to come back.
    pub retry: Option<u64>,
}

/// An event is over the limit; the stream cannot be read further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge;

/// Reads a stream chunk by chunk; chunks may end anywhere.
#[derive(Debug)]
pub struct Decoder {
    limit: usize,
    buffer: Vec<u8>,
    /// Bytes of the buffer that hold no line end, so that they are not looked at again.
    scanned: usize,
    event: Event,
    has_data: bool,
    first: bool,
}

impl Decoder {
    /// `limit` is the largest event in bytes.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self { limit, buffer: Vec::new(), scanned: 0, event: Event::default(), has_data: false, first: true }
    }

    /// Takes a chunk and gives the events that it completes.
    pub fn push(&mut self, chunk: &[u8]) -> Result<Vec<Event>, TooLarge> {
        self.buffer.extend_from_slice(chunk);
        let mut events = Vec::new();
        let mut start = 0;
        while let Some((end, next)) = self.line_end(start) {
            let line = &self.buffer[start..end];
            let line = if std::mem::take(&mut self.first) {
                line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line)
            } else {
                line
            };
            let text = String::from_utf8_lossy(line).into_owned();
            if self.event.data.len() + text.len() > self.limit {
                return Err(TooLarge);
            }
            if let Some(event) = self.line(&text) {
                events.push(event);
            }
            start = next;
            self.scanned = next;
        }
        self.buffer.drain(..start);
        self.scanned -= start;
        if self.buffer.len() + self.event.data.len() > self.limit { Err(TooLarge) } else { Ok(events) }
    }

    /// The end of the line that begins at `start`, and the beginning of the next one. A carriage
    /// return at the very end waits: a line feed may follow it.
    fn line_end(&mut self, start: usize) -> Option<(usize, usize)> {
        let from = self.scanned.max(start);
        let Some(at) = memchr::memchr2(b'\n', b'\r', &self.buffer[from..]) else {
            self.scanned = self.buffer.len();
            return None;
        };
        let end = from + at;
        match (self.buffer[end], self.buffer.get(end + 1)) {
            (b'\r', Some(b'\n')) => Some((end, end + 2)),
            (b'\r', None) => {
                self.scanned = end;
                None
            }
            _ => Some((end, end + 1)),
        }
    }

    fn line(&mut self, line: &str) -> Option<Event> {
        if line.is_empty() {
            let mut event = std::mem::take(&mut self.event);
            let complete = std::mem::take(&mut self.has_data);
            if !complete {
                return None;
            }
            // Each data line added a line feed; the last one does not count.
            event.data.pop();
            return Some(event);
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => self.event.event = Some(value.to_owned()),
            "data" => {
                self.event.data.push_str(value);
                self.event.data.push('\n');
                self.has_data = true;
            }
            "id" if !value.contains('\0') => self.event.id = Some(value.to_owned()),
            // Digits only, the standard says: `parse` would take a sign too.
            "retry" if value.bytes().all(|b| b.is_ascii_digit()) => {
                self.event.retry = value.parse().ok().or(self.event.retry);
            }
            // A comment (an empty field name) or something later.
            _ => {}
        }
        None
    }
}

/// Writes an event. `data` is one line: JSON written by [`crate::envelope`], or a path.
#[must_use]
pub fn encode(event: &str, data: &str) -> Bytes {
    debug_assert!(!data.contains(['\n', '\r']), "data is one line");
    Bytes::from(["event: ", event, "\ndata: ", data, "\n\n"].concat())
}

/// Keeps a connection alive through proxies; readers ignore it.
#[must_use]
pub fn comment() -> Bytes {
    Bytes::from_static(b": keep-alive\n\n")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn events(text: &[u8]) -> Vec<Event> {
        Decoder::new(1_000).push(text).expect("small events")
    }

    fn data(text: &str) -> Vec<String> {
        events(text.as_bytes()).into_iter().map(|event| event.data).collect()
    }

    #[test]
    fn the_standards_examples() {
        assert_eq!(data("data: YHOO\ndata: +2\ndata: 10\n\n"), ["YHOO\n+2\n10"]);
        assert_eq!(
            data(
                ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n"
            ),
            ["first event", "second event", " third event"]
        );
        assert_eq!(data("data\n\ndata\ndata\n\ndata:"), ["", "\n"]);
        assert_eq!(data("data:test\n\ndata: test\n\n"), ["test", "test"]);
        assert_eq!(data("\u{feff}data: a\r\n\r\ndata: b\r\rdata: c\n\n"), ["a", "b", "c"]);
    }

    #[test]
    fn fields() {
        let all = events(b"event: endpoint\nid: 7\nretry: 1500\nother: x\ndata: /m\n\n");
        let expected = Event {
            event: Some("endpoint".into()),
            data: "/m".into(),
            id: Some("7".into()),
            retry: Some(1500),
        };
        assert_eq!(all, [expected]);
        assert_eq!(
            events(b"event: x\n\ndata: y\n\n")[0].event,
            None,
            "an event without data leaves nothing behind"
        );
    }

    #[test]
    fn what_is_written_is_read() {
        let written =
            [encode("message", r#"{"a":1}"#), comment(), encode("endpoint", "/x?sessionId=1")].concat();
        let read = events(&written);
        assert_eq!((read.len(), read[1].event.as_deref()), (2, Some("endpoint")));
    }

    #[test]
    fn an_endless_event_is_refused() {
        let mut decoder = Decoder::new(100);
        assert_eq!(decoder.push(&[b'x'; 101]), Err(TooLarge), "one long line");
        let mut decoder = Decoder::new(100);
        let line = b"data: 0123456789\n";
        assert!((0..20).any(|_| decoder.push(line) == Err(TooLarge)), "many short lines");
    }

    proptest! {
        #[test]
        fn chunks_may_end_anywhere(text in "(data: [a-z가-힣]{0,6}|event: x|: c|\r|\n|\r\n){0,20}", cuts in proptest::collection::vec(0_usize..200, 0..8)) {
            let bytes = text.as_bytes();
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut % (bytes.len() + 1)).collect();
            cuts.extend([0, bytes.len()]);
            cuts.sort_unstable();
            let mut decoder = Decoder::new(10_000);
            let mut pieces = Vec::new();
            for pair in cuts.windows(2) {
                pieces.extend(decoder.push(&bytes[pair[0]..pair[1]]).expect("small events"));
            }
            // A final carriage return ends its line only when it is known what follows.
            pieces.extend(decoder.push(b"x").expect("a small event"));
            let whole = Decoder::new(10_000).push(&[bytes, b"x"].concat()).expect("small events");
            prop_assert_eq!(pieces, whole);
        }

        #[test]
        fn reading_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = Decoder::new(100).push(&bytes);
        }
    }
}
