//! Parameters of tools that travel as headers too, for those who read only headers: `x-mcp-header`
//! in a tool's schema, `Mcp-Param-*` on its calls (2026-07-28, SEP-2243).

use std::borrow::Cow;

use serde_json::{Value, value::RawValue};

use crate::{
    edit,
    modern::{decode, encode, header},
};

/// The keyword that marks a parameter.
const MARK: &str = "x-mcp-header";
/// Above it a double has no room for every whole number.
const SAFE: f64 = 9_007_199_254_740_991.0;

/// The parameters that one tool's schema marks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mirror(Vec<Param>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Param {
    /// The header's whole name, in lower case.
    header: String,
    /// The properties that lead to the value.
    path: Vec<String>,
}

impl Mirror {
    /// Reads a tool as its server lists it. Err says why a client over HTTP must not use the tool:
    /// its marks are not what the revision allows.
    pub fn of(tool: &RawValue) -> Result<Self, String> {
        // Schemas are long and few have a mark. An escape may hide one.
        if !tool.get().contains(MARK) && !tool.get().contains("\\u") {
            return Ok(Self::default());
        }
        let schema =
            edit::member(tool, "inputSchema").and_then(|schema| serde_json::from_str(schema.get()).ok());
        let mut mirror = Self::default();
        mirror.look(&schema.unwrap_or(Value::Null), Some(&[]))?;
        Ok(mirror)
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Looks for marks; `path` leads here from the root, if nothing but `properties` does.
    fn look(&mut self, schema: &Value, path: Option<&[String]>) -> Result<(), String> {
        let Some(schema) = schema.as_object() else { return Ok(()) };
        if let Some(name) = schema.get(MARK) {
            self.add(name, schema.get("type"), path)?;
        }
        for (keyword, value) in schema {
            match (keyword.as_str(), value) {
                ("properties", Value::Object(properties)) => {
                    for (name, schema) in properties {
                        let path = path.map(|path| [path, std::slice::from_ref(name)].concat());
                        self.look(schema, path.as_deref())?;
                    }
                }
                (
                    "$defs" | "definitions" | "dependencies" | "dependentSchemas" | "patternProperties",
                    Value::Object(named),
                ) => named.values().try_for_each(|schema| self.look(schema, None))?,
                // Values, which are no schemas whatever they look like.
                ("const" | "default" | "enum" | "examples", _) => {}
                (_, Value::Array(all)) => all.iter().try_for_each(|schema| self.look(schema, None))?,
                (_, schema) => self.look(schema, None)?,
            }
        }
        Ok(())
    }

    fn add(&mut self, name: &Value, kind: Option<&Value>, path: Option<&[String]>) -> Result<(), String> {
        let wrong = |why: &str| Err(format!("`{MARK}: {name}` {why}"));
        let Some(path) = path.filter(|path| !path.is_empty()) else {
            return wrong("is not on a property that `properties` alone leads to");
        };
        let Some(text) = name.as_str().filter(|text| is_token(text)) else {
            return wrong("is no name of a header");
        };
        if !kind.is_some_and(is_primitive) {
            return wrong("is on a parameter that is no string, integer or boolean");
        }
        let header = format!("{}{}", header::PARAM, text.to_ascii_lowercase());
        if self.0.iter().any(|param| param.header == header) {
            return wrong("stands twice");
        }
        self.0.push(Param { header, path: path.to_vec() });
        Ok(())
    }

    /// Whether headers say the same as the arguments. Err tells the difference, for the person who
    /// wrote the client. `header` looks up all values of a header by its lower-case name.
    pub fn agree<'h>(
        &self,
        header: impl Fn(&str) -> Vec<&'h [u8]>,
        arguments: Option<&RawValue>,
    ) -> Result<(), String> {
        for Param { header: name, path } in &self.0 {
            let wrong = |why: &str| Err(format!("Header mismatch: `{name}` {why}"));
            let path = path.join(".");
            match (header(name).as_slice(), self.value(name, arguments)) {
                ([], None) => {}
                ([], Some(_)) => return wrong(&format!("is missing, but the body has `{path}`")),
                ([_], None) => return wrong(&format!("is there, but the body has no `{path}`")),
                ([given], Some(value)) => match read(given) {
                    None => return wrong("has characters that no header may have, or a broken Base64 form"),
                    Some(text) if says(&text, value) => {}
                    Some(_) => return wrong(&format!("is not what the body says in `{path}`")),
                },
                (_, _) => return wrong("stands twice"),
            }
        }
        Ok(())
    }

    /// The headers of a call with these arguments.
    pub fn headers(&self, arguments: Option<&RawValue>) -> impl Iterator<Item = (&str, String)> {
        self.0.iter().filter_map(move |param| {
            let text = text(self.value(&param.header, arguments)?)?;
            Some((param.header.as_str(), encode(&text).into_owned()))
        })
    }

    /// The argument that a header repeats; none where it is missing or null.
    fn value<'a>(&self, header: &str, arguments: Option<&'a RawValue>) -> Option<&'a RawValue> {
        let param = self.0.iter().find(|param| param.header == header)?;
        let value = param.path.iter().try_fold(arguments?, |value, name| edit::member(value, name))?;
        (value.get() != "null").then_some(value)
    }
}

/// RFC 9110 §5.6.2.
fn is_token(text: &str) -> bool {
    let is_tchar = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(is_tchar)
}

/// One of the three types, which may be left out by `null`.
fn is_primitive(kind: &Value) -> bool {
    let is_one = |kind: &Value| matches!(kind.as_str(), Some("string" | "integer" | "boolean"));
    match kind {
        Value::Array(kinds) => {
            kinds.iter().any(is_one) && kinds.iter().all(|kind| is_one(kind) || kind == "null")
        }
        kind => is_one(kind),
    }
}

/// What a header says; none where it is broken.
fn read(given: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(given).ok()?;
    let is_allowed = text.bytes().all(|byte| matches!(byte, b'\t' | b' '..=b'~'));
    decode(text.trim()).filter(|_| is_allowed).map(Cow::into_owned)
}

/// A value as text; none for arrays and objects, which no header carries.
fn text(value: &RawValue) -> Option<String> {
    let raw = value.get();
    match raw.as_bytes().first()? {
        b'"' => serde_json::from_str(raw).ok(),
        b't' | b'f' => Some(raw.to_owned()),
        b'{' | b'[' => None,
        // `42.0` and `4.2e1` are whole numbers as well.
        _ => match raw.parse::<f64>() {
            Ok(number) if raw.contains(['.', 'e', 'E']) && number.fract() == 0.0 && number.abs() <= SAFE => {
                Some(format!("{number:.0}"))
            }
            _ => Some(raw.to_owned()),
        },
    }
}

/// Whether a text stands for a value. Numbers are compared as numbers.
fn says(given: &str, value: &RawValue) -> bool {
    let raw = value.get();
    let is_number = raw.starts_with(|first: char| first == '-' || first.is_ascii_digit());
    if !is_number {
        return text(value).is_some_and(|text| text == given);
    }
    // Doubles alone would take two large numbers for one.
    match (given.parse::<i128>(), raw.parse::<i128>()) {
        (Ok(given), Ok(number)) => given == number,
        _ => given.parse::<f64>().is_ok_and(|given| raw.parse() == Ok(given)),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::envelope::raw;

    fn tool(schema: &Value) -> Result<Mirror, String> {
        Mirror::of(&raw(json!({ "name": "t", "inputSchema": schema }).to_string()))
    }

    fn marked() -> Mirror {
        let param = |kind: Value, name: &str| json!({ "type": kind, "x-mcp-header": name });
        let tenant =
            json!({ "type": "object", "properties": { "name": param(json!(["string", "null"]), "Tenant") } });
        let properties = json!({
            "region": param(json!("string"), "Region"),
            "limit": param(json!("integer"), "Limit"),
            "dry": param(json!("boolean"), "Dry-Run"),
            "tenant": tenant,
            "x-mcp-header": { "type": "string", "default": { "x-mcp-header": "a value" } },
        });
        tool(&json!({ "type": "object", "properties": properties })).expect("good marks")
    }

    fn check(headers: &[(&str, &str)], arguments: &Value) -> Result<(), String> {
        let mut all: HashMap<&str, Vec<&[u8]>> = HashMap::new();
        for (name, value) in headers {
            all.entry(name).or_default().push(value.as_bytes());
        }
        let arguments = raw(arguments.to_string());
        marked().agree(|name| all.get(name).cloned().unwrap_or_default(), Some(&arguments))
    }

    #[test]
    fn headers_must_say_what_the_arguments_say() {
        let region = |value| [("mcp-param-region", value)];
        let says = |value: &str| json!({ "region": value });
        assert_eq!(check(&region("us-west1"), &says("us-west1")), Ok(()));
        assert_eq!(check(&region("=?base64?SGVsbG8=?="), &says("Hello")), Ok(()));
        assert_eq!(check(&region("SGVsbG8="), &says("SGVsbG8=")), Ok(()), "no form, so as it stands");
        assert_eq!(check(&region("=?base64?SGVsbG8="), &says("=?base64?SGVsbG8=")), Ok(()), "half a form");
        assert_eq!(check(&[], &json!({ "region": null, "other": 1 })), Ok(()));
        assert_eq!(check(&[("mcp-param-other", "x")], &json!({})), Ok(()), "nobody marked that");
        let limit = |value| [("mcp-param-limit", value)];
        assert_eq!(check(&limit("42.0"), &json!({ "limit": 42 })), Ok(()));
        assert_eq!(check(&[("mcp-param-dry-run", "true")], &json!({ "dry": true })), Ok(()));
        assert_eq!(check(&[("mcp-param-tenant", "a")], &json!({ "tenant": { "name": "a" } })), Ok(()));
        for (headers, arguments, why) in [
            (&region("eu")[..], says("us"), "not what the body says in `region`"),
            (&region("=?base64?SGVsbG8?="), says("Hello"), "broken Base64"),
            (&region("=?base64?SGVs!!!bG8=?="), says("Hello"), "broken Base64"),
            (&region("us\u{7}"), says("us\u{7}"), "no header may have"),
            (&[], says("us"), "is missing"),
            (&region("us"), json!({}), "the body has no `region`"),
            (&region(""), json!({ "region": null }), "the body has no `region`"),
            (&[("mcp-param-region", "us"), ("mcp-param-region", "us")], says("us"), "stands twice"),
            (&limit("9007199254740993"), json!({ "limit": 9_007_199_254_740_992_u64 }), "not what"),
            (&limit("inf"), json!({ "limit": 1 }), "not what"),
            (&[("mcp-param-dry-run", "True")], json!({ "dry": true }), "not what"),
            (&[("mcp-param-tenant", "b")], json!({ "tenant": { "name": "a" } }), "in `tenant.name`"),
            (&region("[]"), json!({ "region": [] }), "not what"),
        ] {
            let error = check(headers, &arguments).expect_err(why);
            assert!(error.starts_with("Header mismatch: `mcp-param-") && error.contains(why), "{error}");
        }
    }

    #[test]
    fn marks_that_are_not_allowed_are_told() {
        let one = |param: Value| tool(&json!({ "properties": { "p": param } }));
        let marked = |name: Value| json!({ "type": "string", "x-mcp-header": name });
        for name in [json!(""), json!("My Region"), json!("a:b"), json!("Région"), json!("a\tb"), json!(7)] {
            assert!(one(marked(name)).expect_err("no name").contains("no name of a header"));
        }
        for kind in [json!("number"), json!("object"), json!("null"), json!(["string", "number"]), json!([])]
        {
            let error = one(json!({ "type": kind, "x-mcp-header": "X" })).expect_err("no primitive");
            assert!(error.contains("no string, integer or boolean"), "{error}");
        }
        assert!(one(json!({ "enum": ["a"], "x-mcp-header": "X" })).is_err(), "of no type");
        let twice = json!({ "properties": { "a": marked(json!("My")), "b": marked(json!("my")) } });
        assert!(tool(&twice).expect_err("twice").contains("stands twice"));
        let mark = || marked(json!("X"));
        for schema in [
            mark(),
            json!({ "properties": { "p": { "type": "array", "items": mark() } } }),
            json!({ "properties": { "p": { "items": { "properties": { "q": mark() } } } } }),
            json!({ "properties": { "p": { "anyOf": [mark()] } } }),
            json!({ "if": { "properties": { "p": mark() } } }),
            json!({ "$defs": { "d": mark() }, "properties": { "p": { "$ref": "#/$defs/d" } } }),
            json!({ "patternProperties": { "^p": mark() } }),
        ] {
            let error = tool(&schema).expect_err("out of reach");
            assert!(error.contains("`properties` alone"), "{error}");
        }
        let escaped = raw(
            r#"{"inputSchema":{"properties":{"p":{"type":"string","x-mcp\u002dheader":""}}}}"#.to_owned()
        );
        assert!(Mirror::of(&escaped).is_err(), "however it is written");
    }

    #[test]
    fn a_tool_without_marks_mirrors_nothing() {
        assert_eq!(tool(&json!({ "properties": { "p": { "type": "string" } } })), Ok(Mirror::default()));
        assert_eq!(Mirror::of(&raw(r#"{"name":"x-mcp-header"}"#.to_owned())), Ok(Mirror::default()));
    }

    #[test]
    fn whole_numbers_are_written_without_a_point() {
        for (number, text) in [("42", "42"), ("-7", "-7"), ("42.0", "42"), ("4.2e1", "42"), ("1.5", "1.5")] {
            let arguments = raw(format!(r#"{{"limit":{number}}}"#));
            let headers: Vec<_> =
                marked().headers(Some(&arguments)).map(|(name, value)| format!("{name}: {value}")).collect();
            assert_eq!(headers, [format!("mcp-param-limit: {text}")]);
        }
        assert_eq!(marked().headers(Some(&raw(r#"{"limit":{},"dry":null}"#.to_owned()))).count(), 0);
        assert_eq!(marked().headers(None).count(), 0);
    }

    proptest! {
        #[test]
        fn what_is_sent_is_what_is_expected(region in "\\PC{0,20}", limit: i64, dry: bool, tenant in "[ \t\r\n=?a-z]{0,20}") {
            let arguments = json!({ "region": region, "limit": limit, "dry": dry, "tenant": { "name": tenant } });
            let arguments = raw(arguments.to_string());
            let mirror = marked();
            let headers: HashMap<&str, String> = mirror.headers(Some(&arguments)).collect();
            prop_assert_eq!(headers.len(), 4);
            let header = |name: &str| headers.get(name).map(|value| value.as_bytes()).into_iter().collect();
            prop_assert_eq!(mirror.agree(header, Some(&arguments)), Ok(()));
        }
    }
}
