//! What a modern client's stream brings: the notifications that it asked for, each with the id of the
//! request that opened the stream.

use serde_json::value::RawValue;
use wire::{RequestId, edit, envelope, method, modern::meta};

/// Which notifications a modern client asked for, beside resources by their address.
#[derive(Clone, Debug)]
pub(crate) struct Filter {
    pub(crate) tools: bool,
    pub(crate) prompts: bool,
    pub(crate) resources: bool,
    /// The id of the request that opened the stream, which every message repeats.
    pub(crate) id: RequestId,
}

impl Filter {
    fn wants(&self, method: &str) -> bool {
        match method {
            method::TOOLS_LIST_CHANGED => self.tools,
            method::PROMPTS_LIST_CHANGED => self.prompts,
            method::RESOURCES_LIST_CHANGED => self.resources,
            // Who is told is looked up by the address, or by the task's id.
            method::UPDATED | method::TASK_TOLD | method::ACKNOWLEDGED => true,
            _ => false,
        }
    }

    /// The notification as it goes over this stream; none when it was not asked for.
    pub(crate) fn stamp(&self, method: &str, params: Option<&RawValue>) -> Option<String> {
        if !self.wants(method) {
            return None;
        }
        let none = envelope::raw("{}".to_owned());
        let id = envelope::raw(self.id.as_json().to_owned());
        let params = params.unwrap_or(&none);
        let meta = edit::set(edit::member(params, "_meta").unwrap_or(&none), meta::SUBSCRIPTION, &id);
        Some(envelope::notification(method, Some(&edit::set(params, "_meta", &meta))))
    }
}
