//! MCP on the wire: the JSON-RPC envelope, protocol revisions, and the codecs of streams and lines.
//!
//! Pure: bytes in, bytes out, no IO and no clock. Bodies stay raw ([`serde_json::value::RawValue`])
//! and are edited where they must change, so that unknown fields, key order and the text of numbers
//! survive a relay.

pub mod edit;
pub mod envelope;
pub mod id;
pub mod line;
pub mod method;
pub mod mirror;
pub mod modern;
pub mod sse;
pub mod version;

mod members;

pub use envelope::{Frame, Malformed, Message, parse};
pub use id::RequestId;
pub use version::{Era, Version};

/// JSON-RPC 2.0 §5.1 and MCP error codes.
pub mod code {
    pub const PARSE_ERROR: i64 = -32700;
    pub const INVALID_REQUEST: i64 = -32600;
    pub const METHOD_NOT_FOUND: i64 = -32601;
    pub const INVALID_PARAMS: i64 = -32602;
    pub const INTERNAL_ERROR: i64 = -32603;
    /// Legacy revisions only: a resource does not exist. Now −32602.
    pub const RESOURCE_NOT_FOUND: i64 = -32002;
    /// 2025-11-25 only: the client must send its user to an address first.
    pub const URL_ELICITATION_REQUIRED: i64 = -32042;
    /// 2026-07-28: headers and body differ.
    pub const HEADER_MISMATCH: i64 = -32020;
    /// 2026-07-28: the request needs a capability that the client did not declare.
    pub const MISSING_CAPABILITY: i64 = -32021;
    /// 2026-07-28: the revision asked for is not spoken here.
    pub const UNSUPPORTED_VERSION: i64 = -32022;
}
