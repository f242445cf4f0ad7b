//! What revision 2026-07-28 puts on each request: metadata in `_meta`, and HTTP headers that must
//! agree with the body (SEP-2243, SEP-2575).

use std::borrow::Cow;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::value::RawValue;

use crate::{Version, edit, method};

/// Members of `_meta` that the revision reserves.
pub mod meta {
    pub const VERSION: &str = "io.modelcontextprotocol/protocolVersion";
    pub const CAPABILITIES: &str = "io.modelcontextprotocol/clientCapabilities";
    pub const CLIENT: &str = "io.modelcontextprotocol/clientInfo";
    pub const LOG_LEVEL: &str = "io.modelcontextprotocol/logLevel";
    pub const SERVER: &str = "io.modelcontextprotocol/serverInfo";
    pub const SUBSCRIPTION: &str = "io.modelcontextprotocol/subscriptionId";
}

/// HTTP headers, in lower case.
pub mod header {
    pub const VERSION: &str = "mcp-protocol-version";
    pub const METHOD: &str = "mcp-method";
    pub const NAME: &str = "mcp-name";
    /// Before the name that a tool's schema gives to a parameter.
    pub const PARAM: &str = "mcp-param-";
}

/// The metadata of one request.
#[derive(Clone, Copy, Debug, Default)]
pub struct Meta<'a> {
    pub version: Option<&'a RawValue>,
    pub capabilities: Option<&'a RawValue>,
    pub client: Option<&'a RawValue>,
    pub log_level: Option<&'a RawValue>,
}

impl<'a> Meta<'a> {
    #[must_use]
    pub fn read(params: Option<&'a RawValue>) -> Self {
        let mut read = Self::default();
        let Some(meta) = params.and_then(|params| edit::member(params, "_meta")) else { return read };
        edit::each(meta, |name, value| match name {
            meta::VERSION => read.version = Some(value),
            meta::CAPABILITIES => read.capabilities = Some(value),
            meta::CLIENT => read.client = Some(value),
            meta::LOG_LEVEL => read.log_level = Some(value),
            _ => {}
        });
        read
    }

    /// The revision as text; none where it is missing or no text.
    #[must_use]
    pub fn version_text(&self) -> Option<String> {
        serde_json::from_str(self.version?.get()).ok()
    }

    /// Which required member is missing or of the wrong type.
    #[must_use]
    pub fn missing(&self) -> Option<&'static str> {
        if self.version_text().is_none() {
            return Some(meta::VERSION);
        }
        let capabilities = self.capabilities.is_some_and(|value| value.get().starts_with('{'));
        (!capabilities).then_some(meta::CAPABILITIES)
    }
}

/// The member of the parameters that `Mcp-Name` repeats; none for methods without one. The three
/// of tasks are SEP-2663's.
#[must_use]
pub fn name_member(method: &str) -> Option<&'static str> {
    match method {
        method::TOOLS_CALL | method::PROMPTS_GET => Some("name"),
        method::RESOURCES_READ => Some("uri"),
        "tasks/get" | "tasks/update" | "tasks/cancel" => Some("taskId"),
        _ => None,
    }
}

/// Whether headers say the same as the body. Err tells the difference, for the person who wrote the
/// client. `header` looks a header up by its lower-case name.
pub fn agree<'h>(
    header: impl Fn(&str) -> Option<&'h [u8]>,
    method: &str,
    params: Option<&RawValue>,
    meta: &Meta<'_>,
) -> Result<(), String> {
    let text = |name: &str| match header(name) {
        Some(value) => std::str::from_utf8(value)
            .ok()
            .filter(|value| value.bytes().all(|byte| matches!(byte, b'\t' | b' '..=b'~')))
            .map(str::trim)
            .ok_or_else(|| format!("Header mismatch: `{name}` has characters that no header may have")),
        None => Err(format!("Header mismatch: `{name}` is missing")),
    };
    let same = |name: &str, given: &str, expected: &str| {
        if given == expected {
            return Ok(());
        }
        Err(format!("Header mismatch: `{name}` is `{given}`, but the body says `{expected}`"))
    };
    same(header::VERSION, text(header::VERSION)?, &meta.version_text().unwrap_or_default())?;
    same(header::METHOD, text(header::METHOD)?, method)?;
    let named = name_member(method).and_then(|member| edit::text(params?, member));
    if let Some(expected) = named {
        let given = text(header::NAME)?;
        let decoded = decode(given).ok_or_else(|| {
            format!("Header mismatch: `{}` is `{given}`, which is no valid Base64 form", header::NAME)
        })?;
        same(header::NAME, &decoded, &expected)?;
    }
    Ok(())
}

const BEFORE: &str = "=?base64?";
const AFTER: &str = "?=";

/// A value as a header carries it: plain, or as Base64 where it would not survive.
#[must_use]
pub fn encode(value: &str) -> Cow<'_, str> {
    let is_plain = value.bytes().all(|byte| matches!(byte, b' '..=b'~'))
        && value.trim() == value
        && !(value.starts_with(BEFORE) && value.ends_with(AFTER));
    if is_plain { value.into() } else { format!("{BEFORE}{}{AFTER}", STANDARD.encode(value)).into() }
}

/// A header's value, decoded where it is in the Base64 form; none where that form is broken.
#[must_use]
pub fn decode(value: &str) -> Option<Cow<'_, str>> {
    match value.strip_prefix(BEFORE).and_then(|value| value.strip_suffix(AFTER)) {
        Some(encoded) => String::from_utf8(STANDARD.decode(encoded).ok()?).ok().map(Cow::from),
        None => Some(value.into()),
    }
}

/// Whether a request speaks the modern era: by what it says of itself, in the body or in the header.
/// A revision that nobody knows is taken for a later one.
#[must_use]
pub fn is_spoken(header: Option<&str>, meta: &Meta<'_>) -> bool {
    let is_legacy =
        |text: &str| text.parse::<Version>().is_ok_and(|version| version <= Version::LATEST_LEGACY);
    match (meta.version_text(), header) {
        (Some(text), _) => !is_legacy(&text),
        (None, Some(text)) => meta.version.is_some() || !is_legacy(text),
        (None, None) => meta.version.is_some(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;
    use crate::envelope::raw;

    #[test]
    fn values_survive_a_header() {
        for (value, encoded) in [
            ("us-west1", "us-west1"),
            ("", ""),
            ("Hello, 世界", "=?base64?SGVsbG8sIOS4lueVjA==?="),
            (" padded ", "=?base64?IHBhZGRlZCA=?="),
            ("line1\nline2", "=?base64?bGluZTEKbGluZTI=?="),
            ("=?base64?literal?=", "=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?="),
        ] {
            assert_eq!(encode(value), encoded);
            assert_eq!(decode(encoded).as_deref(), Some(value));
        }
        assert_eq!(decode("=?base64?%%%?="), None);
        assert_eq!(decode("=?BASE64?YQ==?=").as_deref(), Some("=?BASE64?YQ==?="), "case counts");
    }

    fn check(headers: &[(&str, &str)], method: &str, params: &str) -> Result<(), String> {
        let headers: HashMap<&str, &str> = headers.iter().copied().collect();
        let params = raw(params.to_owned());
        let meta = Meta::read(Some(&params));
        agree(|name| headers.get(name).map(|value| value.as_bytes()), method, Some(&params), &meta)
    }

    #[test]
    fn headers_must_say_what_the_body_says() {
        let params = r#"{"name":"도구","_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}"#;
        let version = ("mcp-protocol-version", "2026-07-28");
        let method = ("mcp-method", "tools/call");
        let name = ("mcp-name", "=?base64?64+E6rWs?=");
        assert_eq!(check(&[version, method, name], "tools/call", params), Ok(()));
        assert!(check(&[version, method], "tools/list", params).is_err());
        for (headers, why) in [
            (vec![method, name], "`mcp-protocol-version` is missing"),
            (vec![version, name], "`mcp-method` is missing"),
            (vec![version, method], "`mcp-name` is missing"),
            (vec![("mcp-protocol-version", "2025-11-25"), method, name], "but the body says `2026-07-28`"),
            (vec![version, ("mcp-method", "Tools/Call"), name], "but the body says `tools/call`"),
            (vec![version, method, ("mcp-name", "x")], "but the body says `도구`"),
            (vec![version, method, ("mcp-name", "=?base64?x?=")], "no valid Base64"),
        ] {
            let error = check(&headers, "tools/call", params).expect_err("a difference");
            assert!(error.contains(why), "{error}");
        }
    }

    #[test]
    fn the_era_is_what_a_request_says_of_itself() {
        let spoken = |header, params: &str| is_spoken(header, &Meta::read(Some(&raw(params.to_owned()))));
        let of =
            |version: &str| format!(r#"{{"_meta":{{"io.modelcontextprotocol/protocolVersion":{version}}}}}"#);
        assert!(!spoken(None, "{}"));
        assert!(!spoken(Some("2025-06-18"), "{}"));
        assert!(spoken(Some("2026-07-28"), "{}"), "the body forgot it");
        assert!(spoken(Some("v999"), "{}"));
        assert!(spoken(None, &of("\"2026-07-28\"")), "the header is forgotten");
        assert!(spoken(Some("2025-06-18"), &of("\"2026-07-28\"")));
        assert!(!spoken(Some("2025-11-25"), &of("\"2025-11-25\"")), "a legacy request that says more");
        assert!(spoken(None, &of("7")), "no text, and certainly no legacy revision");
    }

    proptest! {
        #[test]
        fn every_text_survives(value in "\\PC{0,40}") {
            let encoded = encode(&value);
            prop_assert!(encoded.bytes().all(|byte| matches!(byte, b' '..=b'~')));
            let decoded = decode(&encoded);
            prop_assert_eq!(decoded.as_deref(), Some(value.as_str()));
        }
    }
}
