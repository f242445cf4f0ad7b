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
            match self.skipping.take() {
                Some(bytes) => {
                    let bytes = bytes + line.len() - HEAD.min(self.limit);
                    lines.push(Line::TooLong { id: sniff_id(line), bytes });
                }
                None if line.len() - 1 > self.limit => {
                    lines.push(Line::TooLong { id: sniff_id(line), bytes: line.len() - 1 });
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

/// The id near the beginning of a response, found without reading the whole of it.
fn sniff_id(line: &[u8]) -> Option<RequestId> {
    let head = String::from_utf8_lossy(&line[..line.len().min(HEAD)]);
    let (before, after) = head.split_once("\"id\"")?;
    // Behind `result` it would be somebody else's.
    if before.contains("\"result\"") || before.contains("\"params\"") {
        return None;
    }
    let value = after.trim_start().strip_prefix(':')?.trim_start();
    let end = match value.strip_prefix('"') {
        Some(text) => text.find('"')? + 2,
        None => value.find(|c: char| c != '-' && !c.is_ascii_digit())?,
    };
    RequestId::from_raw(&RawValue::from_string(value[..end].to_owned()).ok()?)
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
            assert!(bytes.abs_diff(long.len()) <= 1, "{size}: {bytes} of {}", long.len());
            assert!(decoder.buffer.capacity() < 50_000, "memory stays bounded");
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
