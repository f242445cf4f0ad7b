//! What is asked of a server: a tool's call, a prompt, a resource.

use serde_json::Value;

use super::{message, template};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// The server's name for the tool, and that which clients call.
    Tool {
        own: String,
        offered: String,
    },
    Prompt(String),
    Resource(String),
    /// An address with variables, which are the arguments.
    Template(String),
}

impl Deed {
    /// Under which earlier calls of the same thing are found.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Deed::Tool { own, .. } => own.clone(),
            Deed::Prompt(name) => format!("prompt {name}"),
            Deed::Resource(uri) => format!("resource {uri}"),
            Deed::Template(template) => format!("template {template}"),
        }
    }

    #[must_use]
    pub fn is_tool(&self) -> bool {
        matches!(self, Deed::Tool { .. })
    }

    #[must_use]
    pub fn request(&self, id: u64, arguments: &Value) -> Value {
        match self {
            Deed::Tool { offered, .. } => message::call(id, offered, arguments),
            Deed::Prompt(name) => message::get_prompt(id, name, arguments),
            Deed::Resource(uri) => message::read_resource(id, uri),
            Deed::Template(address) => message::read_resource(id, &template::expand(address, arguments)),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_deed_is_a_request_of_its_own() {
        let arguments = json!({ "id": "a/b" });
        for (deed, method, place, value) in [
            (Deed::Tool { own: "t".into(), offered: "o".into() }, "tools/call", "/params/name", "o"),
            (Deed::Prompt("p".into()), "prompts/get", "/params/arguments/id", "a/b"),
            (Deed::Resource("x://y".into()), "resources/read", "/params/uri", "x://y"),
            (Deed::Template("x://{id}".into()), "resources/read", "/params/uri", "x://a%2Fb"),
        ] {
            let request = deed.request(1, &arguments);
            assert_eq!(request["method"], method);
            assert_eq!(request.pointer(place).and_then(Value::as_str), Some(value), "{request}");
        }
    }
}
