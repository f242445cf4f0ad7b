//! Names of methods that a relay has to know; all others pass.

pub const INITIALIZE: &str = "initialize";
pub const INITIALIZED: &str = "notifications/initialized";
pub const PING: &str = "ping";
/// The modern era's handshake (2026-07-28); legacy servers answer −32601.
pub const DISCOVER: &str = "server/discover";
pub const TOOLS_LIST: &str = "tools/list";
pub const TOOLS_CALL: &str = "tools/call";
pub const TOOLS_LIST_CHANGED: &str = "notifications/tools/list_changed";
pub const PROGRESS: &str = "notifications/progress";
pub const CANCELLED: &str = "notifications/cancelled";
pub const LOG_MESSAGE: &str = "notifications/message";
pub const ROOTS_LIST: &str = "roots/list";
pub const SAMPLING_CREATE: &str = "sampling/createMessage";
pub const ELICITATION_CREATE: &str = "elicitation/create";

/// The client capability that a server's request needs; none for methods that need none.
#[must_use]
pub fn needed_capability(method: &str) -> Option<&'static str> {
    match method {
        ROOTS_LIST => Some("roots"),
        SAMPLING_CREATE => Some("sampling"),
        ELICITATION_CREATE => Some("elicitation"),
        _ => None,
    }
}

/// Whether a notification says that one of a server's lists changed.
#[must_use]
pub fn is_list_changed(method: &str) -> bool {
    method.starts_with("notifications/") && method.ends_with("/list_changed")
}
