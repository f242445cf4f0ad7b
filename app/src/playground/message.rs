//! What passes between this page and the server: JSON-RPC as 2025-11-25 has it.

use serde_json::{Value, json};

pub const PROTOCOL: &str = "2025-11-25";

#[must_use]
pub fn initialize(id: u64) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "method": "initialize", "params": {
        "protocolVersion": PROTOCOL,
        "capabilities": { "elicitation": {}, "sampling": {} },
        "clientInfo": { "name": "sluice-playground", "title": "Sluice playground", "version": env!("CARGO_PKG_VERSION") },
    } })
}

#[must_use]
pub fn initialized() -> Value {
    json!({ "jsonrpc": "2.0", "method": "notifications/initialized" })
}

/// Progress is asked for under the call's own id.
#[must_use]
pub fn call(id: u64, tool: &str, arguments: &Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "method": "tools/call", "params": {
        "name": tool, "arguments": arguments, "_meta": { "progressToken": id },
    } })
}

#[must_use]
pub fn get_prompt(id: u64, prompt: &str, arguments: &Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "method": "prompts/get", "params": {
        "name": prompt, "arguments": arguments, "_meta": { "progressToken": id },
    } })
}

#[must_use]
pub fn read_resource(id: u64, uri: &str) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "method": "resources/read", "params": {
        "uri": uri, "_meta": { "progressToken": id },
    } })
}

#[must_use]
pub fn cancelled(id: u64) -> Value {
    json!({ "jsonrpc": "2.0", "method": "notifications/cancelled", "params": { "requestId": id, "reason": "Cancelled in the playground" } })
}

#[must_use]
pub fn answer(id: &Value, result: Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "result": result })
}

#[must_use]
pub fn refusal(id: &Value, code: i64, message: &str) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": message } })
}

/// A message as it concerns a call.
#[derive(Clone, Debug, PartialEq)]
pub enum Incoming {
    Result(Value),
    Error {
        code: i64,
        message: String,
    },
    Progress {
        done: f64,
        total: Option<f64>,
        message: Option<String>,
    },
    /// A request of the server, to be answered.
    Question {
        id: Value,
        method: String,
        params: Value,
    },
    /// What is only shown on the wire.
    Other,
}

/// Reads a message in the answer to the call `id`.
#[must_use]
pub fn read(message: &Value, id: u64) -> Incoming {
    let ours = message.get("id").and_then(Value::as_u64) == Some(id);
    let params = || message.get("params").cloned().unwrap_or_default();
    match message.get("method").and_then(Value::as_str) {
        Some("notifications/progress") => {
            let params = params();
            let number = |name: &str| params.get(name).and_then(Value::as_f64);
            match number("progress") {
                Some(done) if params.get("progressToken").and_then(Value::as_u64) == Some(id) => {
                    let message = params.get("message").and_then(Value::as_str).map(str::to_owned);
                    Incoming::Progress { done, total: number("total"), message }
                }
                _ => Incoming::Other,
            }
        }
        Some(method) => match message.get("id") {
            Some(id) => Incoming::Question { id: id.clone(), method: method.to_owned(), params: params() },
            None => Incoming::Other,
        },
        None if ours => match (message.get("result"), message.get("error")) {
            (Some(result), _) => Incoming::Result(result.clone()),
            (None, Some(error)) => Incoming::Error {
                code: error.get("code").and_then(Value::as_i64).unwrap_or_default(),
                message: error.get("message").and_then(Value::as_str).unwrap_or_default().to_owned(),
            },
            (None, None) => Incoming::Other,
        },
        None => Incoming::Other,
    }
}
