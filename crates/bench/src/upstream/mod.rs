//! The upstream of all measurements: an MCP server with one tool, so light that it hides no proxy.

use std::net::SocketAddr;

use bytes::{BufMut, Bytes, BytesMut};
use clap::{Args, ValueEnum};
use serde_json::value::RawValue;

use crate::message::{Incoming, LEGACY, MODERN};

mod http;
mod stdio;

#[derive(Args)]
pub(crate) struct Options {
    /// Where to listen; the address in use is printed.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    #[arg(long, value_enum, default_value = "legacy")]
    era: Era,
    /// Speak over standard input and output instead.
    #[arg(long)]
    stdio: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Era {
    Legacy,
    Modern,
}

pub(crate) async fn run(options: Options) -> anyhow::Result<()> {
    if options.stdio { stdio::serve(options.era) } else { http::serve(options.listen, options.era).await }
}

/// What is to be said to a message.
pub(crate) enum Reply {
    Answer(Bytes),
    /// The answer to `initialize`, with which a session begins.
    Opened(Bytes),
    /// A stream that stays open, with its first message.
    Listening(Bytes),
    /// An error that streamable HTTP of the modern era gives the status 404.
    Unknown(Bytes),
    /// A notification or an answer.
    Nothing,
    Malformed,
}

const TOOLS: &str = r#""tools":[{"name":"echo","description":"Gives its message back.","inputSchema":{"type":"object","properties":{"message":{"type":"string"}},"required":["message"]}}]"#;
const ABOUT: &str = r#""capabilities":{"tools":{}},"serverInfo":{"name":"bench","version":"1"}"#;
const CACHED: &str = r#""ttlMs":60000,"cacheScope":"public""#;

pub(crate) fn answer(era: Era, message: &[u8]) -> Reply {
    let Ok(incoming) = serde_json::from_slice::<Incoming>(message) else { return Reply::Malformed };
    let (Some(id), Some(method)) = (incoming.id, incoming.method) else { return Reply::Nothing };
    let end = if era == Era::Modern { r#","resultType":"complete"}}"# } else { "}}" };
    match (&*method, era) {
        ("tools/call", _) => {
            let text = incoming.params.and_then(|params| params.arguments).and_then(|all| all.message);
            let text = text.map_or("\"\"", RawValue::get);
            let content = [r#""content":[{"type":"text","text":"#, text, "}]"];
            Reply::Answer(result(id, &content, end))
        }
        ("initialize", Era::Legacy) => {
            let asked = incoming.params.and_then(|params| params.protocol_version);
            let version = asked.filter(|asked| &**asked <= LEGACY).unwrap_or(LEGACY.into());
            Reply::Opened(result(id, &[r#""protocolVersion":""#, &version, r#"","#, ABOUT], end))
        }
        ("tools/list", Era::Legacy) => Reply::Answer(result(id, &[TOOLS], end)),
        ("tools/list", Era::Modern) => Reply::Answer(result(id, &[TOOLS, ",", CACHED], end)),
        ("ping", Era::Legacy) => Reply::Answer(result(id, &[], end)),
        ("server/discover", Era::Modern) => {
            let versions = [r#""supportedVersions":[""#, MODERN, r#""],"#, ABOUT, ",", CACHED];
            Reply::Answer(result(id, &versions, end))
        }
        ("subscriptions/listen", Era::Modern) => Reply::Listening(
            format!(
                r#"{{"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{{"notifications":{{}},"_meta":{{"io.modelcontextprotocol/subscriptionId":{id}}}}}}}"#
            )
            .into(),
        ),
        _ => Reply::Unknown(
            format!(r#"{{"jsonrpc":"2.0","id":{id},"error":{{"code":-32601,"message":"Method not found"}}}}"#)
                .into(),
        ),
    }
}

fn result(id: &RawValue, parts: &[&str], end: &str) -> Bytes {
    let id = id.get();
    let size = 40 + id.len() + end.len() + parts.iter().map(|part| part.len()).sum::<usize>();
    let mut text = BytesMut::with_capacity(size);
    text.put_slice(br#"{"jsonrpc":"2.0","id":"#);
    text.put_slice(id.as_bytes());
    text.put_slice(br#","result":{"#);
    for part in parts {
        text.put_slice(part.as_bytes());
    }
    // A result without members has no comma before the first one.
    text.put_slice(if parts.is_empty() { end.trim_start_matches(',') } else { end }.as_bytes());
    text.freeze()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn asked(era: Era, message: &Value) -> Value {
        match answer(era, message.to_string().as_bytes()) {
            Reply::Answer(bytes) | Reply::Opened(bytes) | Reply::Listening(bytes) | Reply::Unknown(bytes) => {
                serde_json::from_slice(&bytes).expect("JSON")
            }
            Reply::Nothing => json!("nothing"),
            Reply::Malformed => json!("malformed"),
        }
    }

    #[test]
    fn each_era_answers_its_own_methods() {
        let legacy = asked(
            Era::Legacy,
            &json!({"id": "a", "method": "initialize", "params": {"protocolVersion": "2025-06-18"}}),
        );
        assert_eq!(
            (&legacy["id"], &legacy["result"]["protocolVersion"]),
            (&json!("a"), &json!("2025-06-18"))
        );
        let discover = json!({"id": 1, "method": "server/discover"});
        assert_eq!(asked(Era::Modern, &discover)["result"]["supportedVersions"], json!([MODERN]));
        assert_eq!(asked(Era::Legacy, &discover)["error"]["code"], -32601);
        assert_eq!(asked(Era::Modern, &json!({"id": 1, "method": "initialize"}))["error"]["code"], -32601);
        assert_eq!(asked(Era::Legacy, &json!({"id": 1, "method": "ping"}))["result"], json!({}));
    }

    #[test]
    fn a_modern_result_says_that_it_is_complete() {
        for method in ["tools/list", "tools/call", "server/discover"] {
            let answer = asked(Era::Modern, &json!({"id": 1, "method": method}));
            assert_eq!(answer["result"]["resultType"], "complete", "{method}");
        }
    }

    #[test]
    fn a_notification_gets_no_answer() {
        assert_eq!(asked(Era::Legacy, &json!({"method": "notifications/initialized"})), "nothing");
        assert!(matches!(answer(Era::Legacy, b"no"), Reply::Malformed));
    }
}
