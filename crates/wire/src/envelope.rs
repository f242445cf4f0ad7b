//! The JSON-RPC 2.0 envelope, read without touching what is inside.

use std::{borrow::Cow, fmt};

use memchr::memchr2;
use serde::{
    Deserialize, Deserializer,
    de::{self, IgnoredAny, MapAccess, Visitor},
};
use serde_json::value::RawValue;

use crate::{RequestId, edit::member, members::behind_text};

/// Deepest nesting that is accepted. serde_json's own limit is 128 for typed values, but a raw
/// value is skipped without a limit, so depth is counted here.
pub const MAX_DEPTH: usize = 128;

/// One JSON-RPC message with raw bodies.
#[derive(Clone, Debug)]
pub enum Message {
    Request {
        id: RequestId,
        method: String,
        params: Option<Box<RawValue>>,
    },
    Notification {
        method: String,
        params: Option<Box<RawValue>>,
    },
    /// `Ok` is the result, `Err` the error object.
    Response {
        id: RequestId,
        outcome: Result<Box<RawValue>, Box<RawValue>>,
    },
    /// An error that answers nobody: its id is null or missing.
    OrphanError {
        error: Box<RawValue>,
    },
}

/// What a body held: one message, or the batch of 2025-03-26.
#[derive(Clone, Debug)]
pub enum Frame {
    Single(Message),
    Batch(Vec<Message>),
}

/// Why a body is no message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// Not JSON: JSON-RPC −32700.
    Parse(String),
    /// JSON, but no JSON-RPC: −32600. The id is there if it could be read.
    Request { id: Option<RequestId>, why: &'static str },
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Malformed::Parse(why) => write!(f, "not JSON: {why}"),
            Malformed::Request { why, .. } => f.write_str(why),
        }
    }
}

impl std::error::Error for Malformed {}

/// Reads a whole body.
pub fn parse(bytes: &[u8]) -> Result<Frame, Malformed> {
    let invalid = |why| Malformed::Request { id: None, why };
    if too_deep(bytes) {
        return Err(invalid("the message is nested too deeply"));
    }
    match bytes.iter().find(|b| !b.is_ascii_whitespace()) {
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_slice(bytes).map_err(parse_error)?;
            if items.is_empty() {
                return Err(invalid("a batch must not be empty"));
            }
            let messages = items.into_iter().map(|item| one(item.get().as_bytes()));
            messages.collect::<Result<_, _>>().map(Frame::Batch)
        }
        _ => one(bytes).map(Frame::Single),
    }
}

fn parse_error(error: serde_json::Error) -> Malformed {
    // Only the position and the reason: never a piece of the body, which may hold a secret.
    Malformed::Parse(error.to_string())
}

fn one(bytes: &[u8]) -> Result<Message, Malformed> {
    let text = std::str::from_utf8(bytes).map_err(|error| Malformed::Parse(error.to_string()))?;
    let envelope: Envelope<'_> = match serde_json::from_str(text) {
        Ok(envelope) => envelope,
        Err(error) if error.is_data() => {
            let why = if error.to_string().contains("duplicate") {
                "a member stands twice"
            } else {
                "the message must be a JSON object with a text `method`"
            };
            return Err(Malformed::Request { id: None, why });
        }
        Err(error) => return Err(parse_error(error)),
    };
    envelope.message()
}

/// The members of a message, where they stand.
#[derive(Default)]
struct Envelope<'a> {
    jsonrpc: Option<&'a RawValue>,
    id: Option<&'a RawValue>,
    method: Option<Text<'a>>,
    params: Option<&'a RawValue>,
    result: Option<&'a RawValue>,
    error: Option<&'a RawValue>,
}

impl Envelope<'_> {
    fn message(self) -> Result<Message, Malformed> {
        let id = self.id.and_then(RequestId::from_raw);
        let bad_id = self.id.is_some() && id.is_none();
        let invalid = |why| Malformed::Request { id: id.clone(), why };
        if self.jsonrpc.is_none_or(|version| version.get() != "\"2.0\"") {
            return Err(invalid("`jsonrpc` must be \"2.0\""));
        }
        // `"params": null` is what some clients write for no parameters.
        let params = self.params.filter(|params| params.get() != "null");
        if params.is_some_and(|params| !params.get().starts_with(['{', '['])) {
            return Err(invalid("`params` must be an object"));
        }
        let params = params.map(ToOwned::to_owned);
        match (self.method, self.result, self.error) {
            (Some(Text(method)), None, None) => match id {
                Some(id) => Ok(Message::Request { id, method: method.into_owned(), params }),
                None if bad_id => Err(invalid("`id` must be an integer or a text")),
                None => Ok(Message::Notification { method: method.into_owned(), params }),
            },
            (None, Some(result), None) => match id {
                Some(id) => Ok(Message::Response { id, outcome: Ok(result.to_owned()) }),
                None => Err(invalid("a result needs the `id` of its request")),
            },
            (None, None, Some(error)) => match id {
                Some(id) => Ok(Message::Response { id, outcome: Err(error.to_owned()) }),
                None => Ok(Message::OrphanError { error: error.to_owned() }),
            },
            (None, None, None) => Err(invalid("`method`, `result` and `error` are all missing")),
            _ => Err(invalid("only one of `method`, `result` and `error` may be there")),
        }
    }
}

impl<'de> Deserialize<'de> for Envelope<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members)
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Envelope<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON-RPC message")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Envelope<'de>, A::Error> {
        /// Sets a member once: two would let one reader see what another does not.
        fn once<T, E: de::Error>(slot: &mut Option<T>, name: &'static str, value: T) -> Result<(), E> {
            if slot.replace(value).is_some() { Err(E::duplicate_field(name)) } else { Ok(()) }
        }
        let mut envelope = Envelope::default();
        while let Some(Text(name)) = map.next_key()? {
            match name.as_ref() {
                "jsonrpc" => once(&mut envelope.jsonrpc, "jsonrpc", map.next_value()?)?,
                "id" => once(&mut envelope.id, "id", map.next_value()?)?,
                "method" => once(&mut envelope.method, "method", map.next_value()?)?,
                "params" => once(&mut envelope.params, "params", map.next_value()?)?,
                "result" => once(&mut envelope.result, "result", map.next_value()?)?,
                "error" => once(&mut envelope.error, "error", map.next_value()?)?,
                // Later revisions may add members; they are not for us.
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(envelope)
    }
}

/// A text, borrowed where it was written without escapes; serde's own for `Cow` always copies.
struct Text<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl<'de> Visitor<'de> for Reader {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }

            fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }

        deserializer.deserialize_str(Reader)
    }
}

fn too_deep(bytes: &[u8]) -> bool {
    let (mut depth, mut rest) = (0_usize, bytes);
    while let [byte, after @ ..] = rest {
        rest = after;
        match byte {
            b'"' => rest = behind_text(rest),
            b'{' | b'[' => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return true;
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}

impl Message {
    /// The message as one line of JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        match self {
            Message::Request { id, method, params } => request(id, method, params.as_deref()),
            Message::Notification { method, params } => notification(method, params.as_deref()),
            Message::Response { id, outcome: Ok(result) } => self::result(id, result),
            Message::Response { id, outcome: Err(error) } => self::error(Some(id), error),
            Message::OrphanError { error } => self::error(None, error),
        }
    }

    #[must_use]
    pub fn method(&self) -> Option<&str> {
        match self {
            Message::Request { method, .. } | Message::Notification { method, .. } => Some(method),
            Message::Response { .. } | Message::OrphanError { .. } => None,
        }
    }
}

#[must_use]
pub fn request(id: &RequestId, method: &str, params: Option<&RawValue>) -> String {
    let (method, params) = (quoted(method), params.map(one_line));
    let [name, params] = with_params(params.as_ref());
    [r#"{"jsonrpc":"2.0","id":"#, id.as_json(), r#","method":"#, &method, name, params, "}"].concat()
}

#[must_use]
pub fn notification(method: &str, params: Option<&RawValue>) -> String {
    let (method, params) = (quoted(method), params.map(one_line));
    let [name, params] = with_params(params.as_ref());
    [r#"{"jsonrpc":"2.0","method":"#, &method, name, params, "}"].concat()
}

#[must_use]
pub fn result(id: &RequestId, result: &RawValue) -> String {
    [r#"{"jsonrpc":"2.0","id":"#, id.as_json(), r#","result":"#, &one_line(result), "}"].concat()
}

/// An error response; without an id it answers a message that could not be read.
#[must_use]
pub fn error(id: Option<&RequestId>, error: &RawValue) -> String {
    let id = id.map_or("null", RequestId::as_json);
    [r#"{"jsonrpc":"2.0","id":"#, id, r#","error":"#, &one_line(error), "}"].concat()
}

/// An error object.
#[must_use]
pub fn error_object(code: i64, message: &str, data: Option<&RawValue>) -> Box<RawValue> {
    let data = data.map(|data| format!(",\"data\":{}", data.get())).unwrap_or_default();
    raw(format!(r#"{{"code":{code},"message":{}{data}}}"#, quoted(message)))
}

/// The number and the text of an error object, as far as it has them.
#[must_use]
pub fn read_error(error: &RawValue) -> (Option<i64>, Option<String>) {
    let code = member(error, "code").and_then(|code| code.get().parse().ok());
    let message = member(error, "message").and_then(|message| serde_json::from_str(message.get()).ok());
    (code, message)
}

/// The member's name and value, or nothing.
fn with_params<'a>(params: Option<&'a Cow<'_, str>>) -> [&'a str; 2] {
    params.map_or(["", ""], |params| [",\"params\":", params])
}

/// Line breaks may stand between JSON's tokens, but not in a line of stdio or an event of SSE.
fn one_line(raw: &RawValue) -> Cow<'_, str> {
    let text = raw.get();
    if memchr2(b'\n', b'\r', text.as_bytes()).is_some() {
        // A raw line break cannot stand inside a JSON text, so each is white space.
        text.replace(['\n', '\r'], " ").into()
    } else {
        text.into()
    }
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("a text is JSON")
}

/// Wraps JSON that was just written.
///
/// # Panics
/// When `json` is no JSON, which is a mistake of the caller.
#[must_use]
pub fn raw(json: String) -> Box<RawValue> {
    RawValue::from_string(json).expect("what was written is JSON")
}

#[cfg(test)]
#[path = "envelope_tests.rs"]
mod tests;
