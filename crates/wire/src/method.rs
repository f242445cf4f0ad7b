//! Names of methods that a relay has to know; all others pass.

pub const INITIALIZE: &str = "initialize";
pub const INITIALIZED: &str = "notifications/initialized";
pub const PING: &str = "ping";
/// The modern era's handshake (2026-07-28); legacy servers answer −32601.
pub const DISCOVER: &str = "server/discover";
/// The modern era's stream of what belongs to no request (2026-07-28).
pub const LISTEN: &str = "subscriptions/listen";
pub const ACKNOWLEDGED: &str = "notifications/subscriptions/acknowledged";
pub const TOOLS_LIST: &str = "tools/list";
pub const TOOLS_CALL: &str = "tools/call";
pub const TOOLS_LIST_CHANGED: &str = "notifications/tools/list_changed";
pub const RESOURCES_LIST: &str = "resources/list";
pub const RESOURCES_READ: &str = "resources/read";
pub const TEMPLATES_LIST: &str = "resources/templates/list";
pub const RESOURCES_LIST_CHANGED: &str = "notifications/resources/list_changed";
pub const SUBSCRIBE: &str = "resources/subscribe";
pub const UNSUBSCRIBE: &str = "resources/unsubscribe";
pub const UPDATED: &str = "notifications/resources/updated";
pub const PROMPTS_LIST: &str = "prompts/list";
pub const PROMPTS_GET: &str = "prompts/get";
pub const PROMPTS_LIST_CHANGED: &str = "notifications/prompts/list_changed";
pub const COMPLETE: &str = "completion/complete";
pub const SET_LEVEL: &str = "logging/setLevel";
pub const PROGRESS: &str = "notifications/progress";
pub const CANCELLED: &str = "notifications/cancelled";
pub const LOG_MESSAGE: &str = "notifications/message";
pub const ROOTS_LIST: &str = "roots/list";
pub const SAMPLING_CREATE: &str = "sampling/createMessage";
pub const ELICITATION_CREATE: &str = "elicitation/create";

/// The extension of 2026-07-28 for calls that go on after they were answered (SEP-2663).
pub const TASKS: &str = "io.modelcontextprotocol/tasks";
/// What a task's state is told by, on a stream that asked for it.
pub const TASK_TOLD: &str = "notifications/tasks";

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

/// Whether the modern era took the method away (2026-07-28, changelog).
#[must_use]
pub fn is_removed(method: &str) -> bool {
    matches!(method, INITIALIZE | PING | SET_LEVEL | SUBSCRIBE | UNSUBSCRIBE | "tasks/list" | "tasks/result")
}

/// Whether a method only lists and reads, so that a client may use it that must not change anything.
/// What is not known here may change everything.
#[must_use]
pub fn is_read(method: &str) -> bool {
    matches!(
        method,
        INITIALIZE
            | PING
            | DISCOVER
            | LISTEN
            | TOOLS_LIST
            | RESOURCES_LIST
            | RESOURCES_READ
            | TEMPLATES_LIST
            | SUBSCRIBE
            | UNSUBSCRIBE
            | PROMPTS_LIST
            | PROMPTS_GET
            | COMPLETE
            | SET_LEVEL
            | "tasks/get"
            | "tasks/list"
            | "tasks/result"
    )
}

/// Whether a modern result carries caching hints (SEP-2549).
#[must_use]
pub fn is_cacheable(method: &str) -> bool {
    matches!(method, DISCOVER | TOOLS_LIST | RESOURCES_LIST | TEMPLATES_LIST | PROMPTS_LIST | RESOURCES_READ)
}

/// Whether the answer may be `input_required` (SEP-2322).
#[must_use]
pub fn may_need_input(method: &str) -> bool {
    matches!(method, TOOLS_CALL | PROMPTS_GET | RESOURCES_READ)
}

/// Whether a notification says that one of a server's lists changed.
#[must_use]
pub fn is_list_changed(method: &str) -> bool {
    method.starts_with("notifications/") && method.ends_with("/list_changed")
}
