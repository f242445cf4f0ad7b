//! Newline-delimited JSON of the stdio transport.

use serde_json::value::RawValue;

use crate::{Frame, Malformed, Message, RequestId, parse};

/// Bytes at the beginning of an over-long line in which its id is looked for.
const HEAD: usize = 4_096;
/// Characters of a line that is no JSON, for the log.
const NOISE: usize = 500;

/// What a line held.
#[derive(Clone, Debug)]
pub enum Line {
    Message(Message),
    /// A server printed something else, such as a banner.
    Noise(String),
    /// The line was over the limit and was skipped. The id of the call that it answers is there if
    /// it stood near the beginning, so that the caller gets an answer instead of a time-out.
    TooLong {
        id: Option<RequestId>,
        bytes: usize,
    },
}

#[derive(Debug)]
pub struct Decoder {
    limit: usize,
    buffer: Vec<u8>,
    scanned: usize,
    /// Bytes of the over-long line so far.
    skipping: Option<usize>,
}

impl Decoder {
    /// `limit` is the longest line in bytes.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self { limit, buffer: Vec::new(), scanned: 0, skipping: None }
    }

    /// Takes a chunk and gives the lines that it completes.
    pub fn push(&mut self, chunk: &[u8]) -> Vec<Line> {
        let mut lines = Vec::new();
        self.buffer.extend_from_slice(chunk);
        let mut begin = 0;
        while let Some(at) = memchr::memchr(b'\n', &self.buffer[self.scanned..]) {
            let end = self.scanned + at;
            let line = &self.buffer[begin..=end];
            (begin, self.scanned) = (end + 1, end + 1);
            let (head, length) = (HEAD.min(self.limit), line.len() - 1);
            match self.skipping.take() {
                Some(bytes) => {
                    // Behind the head, something is missing.
                    lines.push(Line::TooLong { id: sniff_id(&line[..head]), bytes: bytes + length - head });
                }
                None if length > self.limit => {
                    lines.push(Line::TooLong { id: sniff_id(&line[..head]), bytes: length });
                }
                None => read(line, &mut lines),
            }
        }
        // Once for all lines of the chunk: many short ones would else be moved again and again.
        self.buffer.drain(..begin);
        self.scanned = self.buffer.len();
        if self.buffer.len() > self.limit {
            // Only the head is kept, whatever the line's length.
            let head = HEAD.min(self.limit);
            *self.skipping.get_or_insert(head) += self.buffer.len() - head;
            self.buffer.truncate(head);
            self.scanned = head;
        }
        lines
    }
}

fn read(line: &[u8], lines: &mut Vec<Line>) {
    if line.iter().all(u8::is_ascii_whitespace) {
        return;
    }
    match parse(line) {
        Ok(Frame::Single(message)) => lines.push(Line::Message(message)),
        Ok(Frame::Batch(messages)) => lines.extend(messages.into_iter().map(Line::Message)),
        Err(Malformed::Parse(_) | Malformed::Request { .. }) => {
            let text: String = String::from_utf8_lossy(line).trim_end().chars().take(NOISE).collect();
            lines.push(Line::Noise(text));
        }
    }
}

/// The id of the call that an over-long line answers, found in the line's head. None where the head does not
/// show both the id and that this is an answer: a question of the peer has an id of the peer's own, and ids
/// further inside are somebody else's.
fn sniff_id(head: &[u8]) -> Option<RequestId> {
    let (mut depth, mut at, mut key) = (0_usize, 0, &b""[..]);
    let (mut id, mut is_answer) = (None, false);
    while let Some(byte) = head.get(at) {
        let rest = &head[at..];
        let length = match byte {
            b'"' => text_length(rest),
            b'-' | b'0'..=b'9' => rest.iter().position(|b| *b != b'-' && !b.is_ascii_digit()),
            _ => Some(1),
        };
        // The head ends in the middle of something.
        let Some(length) = length else { break };
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            b',' if depth == 1 => key = b"",
            b'"' if depth == 1 && key.is_empty() => {
                key = &rest[..length];
                is_answer |= matches!(key, b"\"result\"" | b"\"error\"");
            }
            b'"' | b'-' | b'0'..=b'9' if depth == 1 && key == b"\"id\"" => {
                let text = String::from_utf8(rest[..length].to_owned()).ok()?;
                id = RequestId::from_raw(&RawValue::from_string(text).ok()?);
            }
            _ => {}
        }
        at += length;
    }
    id.filter(|_| is_answer)
}

/// Bytes of the JSON text that begins here, with its quotes; none if it does not end.
fn text_length(text: &[u8]) -> Option<usize> {
    let mut escaped = false;
    let end = text.iter().skip(1).position(|byte| match byte {
        _ if escaped => {
            escaped = false;
            false
        }
        b'\\' => {
            escaped = true;
            false
        }
        byte => *byte == b'"',
    });
    end.map(|end| end + 2)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shape(lines: &[Line]) -> Vec<String> {
        lines
            .iter()
            .map(|line| match line {
                Line::Message(message) => message.to_json(),
                Line::Noise(text) => format!("noise {text}"),
                Line::TooLong { id, bytes } => format!("too long {id:?} {bytes}"),
            })
            .collect()
    }

    #[test]
    fn lines_and_noise() {
        let ping = r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#;
        let text = format!("starting…\n\n{ping}\r\n{{\"a\":1}}\n{ping}");
        let lines = Decoder::new(1_000).push(text.as_bytes());
        assert_eq!(
            shape(&lines),
            ["noise starting…", ping, "noise {\"a\":1}"],
            "the last line is not complete"
        );
    }

    #[test]
    fn a_long_line_is_skipped_and_the_next_one_read() {
        let long = format!(r#"{{"jsonrpc":"2.0","id":42,"result":{{"x":"{}"}}}}"#, "y".repeat(20_000));
        let next = r#"{"jsonrpc":"2.0","method":"m"}"#;
        let text = format!("{long}\n{next}\n");
        for size in [1, 7, 4_096, 5_000, text.len()] {
            let mut decoder = Decoder::new(5_000);
            let lines: Vec<Line> =
                text.as_bytes().chunks(size).flat_map(|chunk| decoder.push(chunk)).collect();
            let [Line::TooLong { id: Some(id), bytes }, Line::Message(message)] = lines.as_slice() else {
                panic!("{size}: {lines:?}")
            };
            assert_eq!((id.as_json(), message.to_json().as_str()), ("42", next));
            assert_eq!(*bytes, long.len(), "{size}");
            assert!(decoder.buffer.capacity() < 50_000, "memory stays bounded");
        }
    }

    #[test]
    fn only_an_answer_tells_whose_it_is() {
        let told = |head: &str| sniff_id(head.as_bytes()).map(|id| id.as_json().to_owned());
        assert_eq!(told(r#"{"jsonrpc":"2.0","id":42,"result":{"id":7,"x":"yy"#).as_deref(), Some("42"));
        assert_eq!(told(r#" { "error" : {"id":7}, "id" : "a\"b" ,"x"#).as_deref(), Some(r#""a\"b""#));
        for other in [
            r#"{"jsonrpc":"2.0","id":5,"method":"sampling/createMessage","params":{"x":"yy"#,
            r#"{"id":5,"params":{"result":1},"x":"result"#,
            r#"{"jsonrpc":"2.0","error":{"data":{"id":7},"message":"mm"#,
            r#"{"result":{"x":"yy"#,
            r#"{"result":1,"id":4"#,
            r#"["id",{"id":5,"result":1}]"#,
            "",
        ] {
            assert_eq!(told(other), None, "{other}");
        }
    }

    proptest! {
        #[test]
        fn chunks_may_end_anywhere(words in proptest::collection::vec("[a-z{}\"가]{0,12}", 0..8), cut in 0_usize..100) {
            let text = words.join("\n");
            let cut = cut.min(text.len());
            let mut decoder = Decoder::new(1_000);
            let mut lines = decoder.push(&text.as_bytes()[..cut]);
            lines.extend(decoder.push(&text.as_bytes()[cut..]));
            prop_assert_eq!(shape(&lines), shape(&Decoder::new(1_000).push(text.as_bytes())));
        }
    }
}
