//! Between the eras: what a message needs on its way from a client of one to a server of the other.
//!
//! Between peers of the same era nothing is touched here.

use std::{borrow::Cow, sync::Arc};

use serde_json::{json, value::RawValue};
use wire::{Era, Version, edit, envelope, method, modern::meta};

use crate::{
    session::{Client, Session},
    upstream::{Connection, Hello},
};

pub(crate) mod input;
pub(crate) mod parked;

/// What stands between a call's client and the connection that works on it.
#[derive(Clone, Debug, Default)]
pub(crate) enum Bridge {
    /// Both speak the same era.
    #[default]
    None,
    /// A modern client, a legacy server.
    ToLegacy(Arc<Hello>),
    /// A legacy client, a modern server.
    ToModern,
}

impl Bridge {
    pub(crate) fn between(session: &Session, connection: &Connection) -> Self {
        match (session.channel.era(), connection.hello()) {
            (Era::Modern, Some(hello)) if hello.era() == Era::Legacy => Self::ToLegacy(hello.clone()),
            (Era::Legacy, Some(hello)) if hello.era() == Era::Modern => Self::ToModern,
            _ => Self::None,
        }
    }

    /// The parameters of a request as the server expects them.
    pub(crate) fn params<'a>(
        &self,
        session: &Session,
        params: Option<&'a RawValue>,
    ) -> Option<Cow<'a, RawValue>> {
        match self {
            Self::None => params.map(Cow::Borrowed),
            Self::ToModern => {
                let client = session.client.load();
                let level = session.log_level();
                Some(Cow::Owned(stamped(params, client.as_deref(), level.as_deref())))
            }
            Self::ToLegacy(_) => params.map(|params| Cow::Owned(unstamped(params))),
        }
    }

    /// A result as the client expects it.
    pub(crate) fn result<'a>(&self, method: &str, result: &'a RawValue) -> Cow<'a, RawValue> {
        match self {
            Self::None => Cow::Borrowed(result),
            Self::ToModern => Cow::Owned(edit::without(result, &["resultType", "ttlMs", "cacheScope"])),
            Self::ToLegacy(hello) => Cow::Owned(complete(method, result, &hello.result)),
        }
    }

    /// An error as the client expects it: two numbers ended with the legacy era.
    pub(crate) fn error<'a>(&self, error: &'a RawValue) -> Cow<'a, RawValue> {
        let number = envelope::read_error(error).0;
        match (self, number) {
            (
                Self::ToLegacy(_),
                Some(wire::code::RESOURCE_NOT_FOUND | wire::code::URL_ELICITATION_REQUIRED),
            ) => {
                let number = envelope::raw(wire::code::INVALID_PARAMS.to_string());
                Cow::Owned(edit::set(error, "code", &number))
            }
            _ => Cow::Borrowed(error),
        }
    }
}

/// Parameters with the metadata that a modern server requires. What stands there already stays.
pub(crate) fn stamped(
    params: Option<&RawValue>,
    client: Option<&Client>,
    level: Option<&RawValue>,
) -> Box<RawValue> {
    let version = envelope::raw(format!("\"{}\"", Version::LATEST));
    let none = envelope::raw("{}".to_owned());
    let ours = envelope::raw(ours().to_string());
    let capabilities = client.and_then(|client| client.capabilities.as_deref()).unwrap_or(&none);
    let info = client.and_then(|client| client.info.as_deref()).unwrap_or(&ours);
    let mut added =
        vec![(meta::VERSION, &*version), (meta::CAPABILITIES, capabilities), (meta::CLIENT, info)];
    added.extend(level.map(|level| (meta::LOG_LEVEL, level)));
    let params = params.unwrap_or(&none);
    let meta = edit::add_missing(edit::member(params, "_meta").unwrap_or(&none), &added);
    edit::set(params, "_meta", &meta)
}

/// Parameters without what only a modern server understands.
fn unstamped(params: &RawValue) -> Box<RawValue> {
    let params = edit::without(params, &["inputResponses", "requestState"]);
    let Some(old) = edit::member(&params, "_meta") else { return params };
    let names = [meta::VERSION, meta::CAPABILITIES, meta::CLIENT, meta::LOG_LEVEL];
    let new = edit::without(old, &names);
    if new.get() == "{}" { edit::remove(&params, "_meta") } else { edit::set(&params, "_meta", &new) }
}

/// How Sluice introduces itself.
pub(crate) fn ours() -> serde_json::Value {
    json!({ "name": "Sluice", "version": env!("CARGO_PKG_VERSION") })
}

/// The error for a call that needs a capability which its client did not declare on it.
pub(crate) fn missing(capability: &str) -> Box<RawValue> {
    let data = json!({ "requiredCapabilities": { capability: {} } });
    let text = format!("The call needs the client capability `{capability}`, which it did not declare");
    envelope::error_object(wire::code::MISSING_CAPABILITY, &text, Some(&envelope::raw(data.to_string())))
}

/// A legacy server's result with what the modern era requires of one. Its lists may be filtered for
/// the key that asked, so they are for this key alone and not to be kept.
pub(crate) fn complete(method: &str, result: &RawValue, hello: &RawValue) -> Box<RawValue> {
    let [complete, zero, private] =
        ["\"complete\"", "0", "\"private\""].map(|text| envelope::raw(text.to_owned()));
    let mut added = vec![("resultType", &*complete)];
    if method::is_cacheable(method) {
        added.extend([("ttlMs", &*zero), ("cacheScope", &*private)]);
    }
    let result = edit::add_missing(result, &added);
    let Some(server) = edit::member(hello, "serverInfo") else { return result };
    let none = envelope::raw("{}".to_owned());
    let meta = edit::member(&result, "_meta").unwrap_or(&none);
    let meta = edit::add_missing(meta, &[(meta::SERVER, server)]);
    edit::set(&result, "_meta", &meta)
}

/// The result of `server/discover`, from a server's introduction in the form of `initialize`.
pub(crate) fn discovery(hello: &RawValue) -> Box<RawValue> {
    let supported: Vec<&str> = Version::ALL.iter().rev().map(|version| version.name()).collect();
    let is_modern = edit::text(hello, "protocolVersion").as_deref() == Some(Version::LATEST.name());
    let none = envelope::raw("{}".to_owned());
    let capabilities = edit::member(hello, "capabilities").unwrap_or(&none);
    let capabilities = if is_modern {
        capabilities.to_owned()
    } else {
        // The experimental tasks of 2025-11-25 are another protocol than the modern extension.
        edit::remove(capabilities, "tasks")
    };
    let mut result = format!(
        r#"{{"supportedVersions":{},"capabilities":{}"#,
        serde_json::Value::from(supported),
        capabilities.get(),
    );
    if let Some(instructions) = edit::member(hello, "instructions") {
        result.push_str(&format!(r#","instructions":{}"#, instructions.get()));
    }
    result.push_str(r#","resultType":"complete","ttlMs":0,"cacheScope":"private""#);
    if let Some(server) = edit::member(hello, "serverInfo") {
        result.push_str(&format!(r#","_meta":{{"{}":{}}}"#, meta::SERVER, server.get()));
    }
    result.push('}');
    envelope::raw(result)
}

/// A modern server's introduction in the form of `initialize`, the one in which all are kept.
pub(crate) fn introduction(discovered: &RawValue) -> Box<RawValue> {
    let none = envelope::raw("{}".to_owned());
    let capabilities = edit::member(discovered, "capabilities").unwrap_or(&none);
    let server = edit::member(discovered, "_meta")
        .and_then(|meta| edit::member(meta, meta::SERVER))
        .or_else(|| edit::member(discovered, "serverInfo"))
        .map_or_else(|| r#"{"name":"","version":""}"#.to_owned(), |server| server.get().to_owned());
    let mut result = format!(
        r#"{{"protocolVersion":"{}","capabilities":{},"serverInfo":{server}"#,
        Version::LATEST,
        capabilities.get(),
    );
    if let Some(instructions) = edit::member(discovered, "instructions") {
        result.push_str(&format!(r#","instructions":{}"#, instructions.get()));
    }
    result.push('}');
    envelope::raw(result)
}

/// What a legacy client is told in `initialize`: in its revision, and without the modern tasks,
/// which it could not follow.
pub(crate) fn greeting(hello: &RawValue, version: Version) -> Box<RawValue> {
    let asked = envelope::raw(format!("\"{version}\""));
    let hello = edit::set(hello, "protocolVersion", &asked);
    let extensions = edit::member(&hello, "capabilities")
        .and_then(|capabilities| Some((capabilities, edit::member(capabilities, "extensions")?)));
    let Some((capabilities, extensions)) = extensions else { return hello };
    let extensions = edit::remove(extensions, method::TASKS);
    let capabilities = match extensions.get() {
        "{}" => edit::remove(capabilities, "extensions"),
        _ => edit::set(capabilities, "extensions", &extensions),
    };
    edit::set(&hello, "capabilities", &capabilities)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(text: &str) -> Box<RawValue> {
        envelope::raw(text.to_owned())
    }

    #[test]
    fn metadata_is_added_for_modern_servers_and_taken_away_for_legacy_ones() {
        let client = Client {
            version: Version::V2025_06_18,
            capabilities: Some(raw(r#"{"roots":{}}"#)),
            info: Some(raw(r#"{"name":"c","version":"1"}"#)),
        };
        let params = raw(r#"{"name":"t","arguments":{"n":1.0},"_meta":{"progressToken":7}}"#);
        let stamped = stamped(Some(&params), Some(&client), Some(&raw("\"info\"")));
        assert_eq!(
            stamped.get(),
            r#"{"name":"t","arguments":{"n":1.0},"_meta":{"progressToken":7,"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{"roots":{}},"io.modelcontextprotocol/clientInfo":{"name":"c","version":"1"},"io.modelcontextprotocol/logLevel":"info"}}"#
        );
        assert_eq!(unstamped(&stamped).get(), params.get());
        let alone = super::stamped(None, None, None);
        assert!(
            alone.get().starts_with(r#"{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","#)
        );
        assert_eq!(unstamped(&alone).get(), "{}");
    }

    #[test]
    fn introductions_survive_both_forms() {
        let discovered = raw(
            r#"{"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{"tools":{"x":1.0},"extensions":{"io.modelcontextprotocol/tasks":{},"a/b":{}}},"instructions":"Hi","ttlMs":5,"cacheScope":"public","_meta":{"io.modelcontextprotocol/serverInfo":{"name":"s","version":"2","x":1}}}"#,
        );
        let introduction = introduction(&discovered);
        assert_eq!(
            introduction.get(),
            r#"{"protocolVersion":"2026-07-28","capabilities":{"tools":{"x":1.0},"extensions":{"io.modelcontextprotocol/tasks":{},"a/b":{}}},"serverInfo":{"name":"s","version":"2","x":1},"instructions":"Hi"}"#
        );
        assert_eq!(
            greeting(&introduction, Version::V2025_11_25).get(),
            r#"{"protocolVersion":"2025-11-25","capabilities":{"tools":{"x":1.0},"extensions":{"a/b":{}}},"serverInfo":{"name":"s","version":"2","x":1},"instructions":"Hi"}"#
        );
        let again = discovery(&introduction);
        assert!(again.get().contains(r#""capabilities":{"tools":{"x":1.0},"extensions":{"io.modelcontextprotocol/tasks":{},"a/b":{}}},"instructions":"Hi""#), "{again}");
        assert!(again.get().ends_with(
            r#""_meta":{"io.modelcontextprotocol/serverInfo":{"name":"s","version":"2","x":1}}}"#
        ));
    }
}
