//! MCP messages of the load and of its upstream, read and written with no more work than checking needs.

use std::{borrow::Cow, fmt::Write};

use bytes::Bytes;
use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

pub(crate) const LEGACY: &str = "2025-11-25";
pub(crate) const MODERN: &str = "2026-07-28";
pub(crate) const TOOL: &str = "echo";

/// How a client speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, ValueEnum, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Dialect {
    /// Streamable HTTP with `initialize` and a session.
    Legacy,
    /// Streamable HTTP of 2026-07-28, without either.
    Modern,
    /// HTTP+SSE of 2024-11-05.
    Sse,
}

const META: &str = r#""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{},"io.modelcontextprotocol/clientInfo":{"name":"bench","version":"1"}}"#;

pub(crate) fn initialize() -> Bytes {
    let params = format!(
        r#"{{"protocolVersion":"{LEGACY}","capabilities":{{}},"clientInfo":{{"name":"bench","version":"1"}}}}"#
    );
    format!(r#"{{"jsonrpc":"2.0","id":0,"method":"initialize","params":{params}}}"#).into()
}

pub(crate) fn initialized() -> Bytes {
    Bytes::from_static(br#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#)
}

pub(crate) fn discover() -> Bytes {
    format!(r#"{{"jsonrpc":"2.0","id":0,"method":"server/discover","params":{{{META}}}}}"#).into()
}

/// What became of a call.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Right,
    /// Answered, but with the id or the content of something else.
    Wrong(String),
    Failed(String),
}

/// The calls of one session. Each carries a text that no other call carries, so that an answer which
/// went astray is noticed.
pub(crate) struct Calls {
    session: u32,
    number: u32,
    /// Behind the stamp: makes up the size.
    fill: String,
    dialect: Dialect,
}

/// Hexadecimal digits for session and number.
const STAMP: usize = 16;

impl Calls {
    /// `bytes` is the length of the text to be echoed.
    pub(crate) fn new(dialect: Dialect, session: u32, bytes: usize) -> Self {
        let alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .";
        let fill = alphabet.chars().cycle().take(bytes.saturating_sub(STAMP)).collect();
        Self { session, number: 0, fill, dialect }
    }

    /// The next call as a message.
    pub(crate) fn next(&mut self) -> Bytes {
        self.number += 1;
        let (session, number, fill) = (self.session, self.number, &self.fill);
        let mut message = String::with_capacity(fill.len() + 400);
        // Writing to a string cannot fail.
        let _ = write!(
            message,
            r#"{{"jsonrpc":"2.0","id":{number},"method":"tools/call","params":{{"name":"{TOOL}","arguments":{{"message":"{session:08x}{number:08x}{fill}"}}"#
        );
        if self.dialect == Dialect::Modern {
            message.push(',');
            message.push_str(META);
        }
        message.push_str("}}");
        message.into()
    }

    /// Judges the answer to the last call.
    pub(crate) fn judge(&self, answer: &[u8]) -> Verdict {
        let answer: Answer = match serde_json::from_slice(answer) {
            Ok(answer) => answer,
            Err(error) => return Verdict::Wrong(format!("{error}: {}", beginning(answer))),
        };
        if let Some(error) = answer.error {
            return Verdict::Failed(error.get().chars().take(300).collect());
        }
        if answer.id != Some(self.number) {
            return Verdict::Wrong(format!("id {:?} for {}", answer.id, self.number));
        }
        let Some(CallResult { content, is_error: false }) = answer.result else {
            return Verdict::Failed("the tool reports an error".to_owned());
        };
        match content.as_slice() {
            [Content { text }] if self.is_mine(text) => Verdict::Right,
            _ => Verdict::Wrong("the text is another".to_owned()),
        }
    }

    fn is_mine(&self, text: &str) -> bool {
        let stamp = format!("{:08x}{:08x}", self.session, self.number);
        text.split_at_checked(STAMP).is_some_and(|(head, rest)| head == stamp && rest == self.fill)
    }
}

pub(crate) fn beginning(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&bytes[..bytes.len().min(300)]).into_owned()
}

#[derive(Deserialize)]
struct Answer<'a> {
    id: Option<u32>,
    #[serde(borrow)]
    result: Option<CallResult<'a>>,
    #[serde(borrow)]
    error: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CallResult<'a> {
    #[serde(borrow)]
    content: Vec<Content<'a>>,
    #[serde(default)]
    is_error: bool,
}

#[derive(Deserialize)]
struct Content<'a> {
    #[serde(borrow)]
    text: Cow<'a, str>,
}

/// A message that arrives at the upstream. What it does not need is skipped, not kept.
#[derive(Deserialize)]
pub(crate) struct Incoming<'a> {
    #[serde(borrow)]
    pub(crate) id: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(crate) method: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(crate) params: Option<Params<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Params<'a> {
    #[serde(borrow)]
    pub(crate) arguments: Option<Arguments<'a>>,
    #[serde(borrow)]
    pub(crate) protocol_version: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
pub(crate) struct Arguments<'a> {
    #[serde(borrow)]
    pub(crate) message: Option<&'a RawValue>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::upstream::{Era, Reply, answer};

    fn echoed(message: &[u8]) -> Bytes {
        match answer(Era::Legacy, message) {
            Reply::Answer(bytes) => bytes,
            _ => panic!("a call is answered"),
        }
    }

    #[test]
    fn an_echo_is_right_in_every_size() {
        for bytes in [0, 16, 100, 10_000] {
            let mut calls = Calls::new(Dialect::Legacy, 7, bytes);
            for _ in 0..3 {
                let call = calls.next();
                assert_eq!(calls.judge(&echoed(&call)), Verdict::Right, "{bytes}");
                assert!(call.len() >= bytes);
            }
        }
    }

    #[test]
    fn the_answer_to_another_call_is_wrong() {
        let (mut mine, mut others) =
            (Calls::new(Dialect::Modern, 1, 100), Calls::new(Dialect::Modern, 2, 100));
        let (first, foreign) = (mine.next(), others.next());
        assert!(matches!(mine.judge(&echoed(&foreign)), Verdict::Wrong(_)), "another session");
        mine.next();
        assert!(matches!(mine.judge(&echoed(&first)), Verdict::Wrong(_)), "an earlier call");
        assert!(matches!(mine.judge(b"{}"), Verdict::Wrong(_)), "no answer at all");
    }

    #[test]
    fn an_error_is_a_failure() {
        let mut calls = Calls::new(Dialect::Legacy, 1, 100);
        calls.next();
        let error = br#"{"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"no"}}"#;
        assert!(matches!(calls.judge(error), Verdict::Failed(_)));
        let tool = br#"{"jsonrpc":"2.0","id":1,"result":{"content":[],"isError":true}}"#;
        assert!(matches!(calls.judge(tool), Verdict::Failed(_)));
    }
}
