//! What differs between two definitions of a tool, in parts that can be told as sentences.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Tool;

/// More differences than anybody reads; the whole definitions stand beside them.
const MOST: usize = 100;
/// How deep schemas are compared by their parts.
const DEPTH: usize = 8;
/// Characters of a keyword's value that are told.
const VALUE: usize = 120;

/// One difference. Arguments are named by their way into the schema: `filter.limit`, `tags[]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Difference {
    Title {
        before: Option<String>,
        after: Option<String>,
    },
    /// The description for models; both stand in the definitions.
    Description,
    /// A hint, such as `readOnlyHint`.
    Hint {
        hint: String,
        before: Option<bool>,
        after: Option<bool>,
    },
    ArgumentAdded {
        argument: String,
        required: bool,
    },
    ArgumentRemoved {
        argument: String,
    },
    /// Was optional.
    ArgumentRequired {
        argument: String,
    },
    /// Was required.
    ArgumentOptional {
        argument: String,
    },
    ArgumentDescribed {
        argument: String,
        before: String,
        after: String,
    },
    /// It may be these as well.
    ValuesAdded {
        argument: String,
        values: Vec<String>,
    },
    /// It may not be these any more.
    ValuesRemoved {
        argument: String,
        values: Vec<String>,
    },
    /// Another keyword of an argument's schema, or of the whole input's where `argument` is empty, as JSON;
    /// long values are cut.
    Keyword {
        argument: String,
        keyword: String,
        before: Option<String>,
        after: Option<String>,
    },
    /// The schema of its results.
    Output,
    /// Another member of the definition.
    Member {
        member: String,
    },
}

/// What differs, in the order in which people read a definition.
#[must_use]
pub fn differences(before: &Tool, after: &Tool) -> Vec<Difference> {
    let mut found = Vec::new();
    let text = |tool: &Tool, member: &str| tool.0.get(member).and_then(Value::as_str).map(str::to_owned);
    let (old, new) = (text(before, "title"), text(after, "title"));
    if old != new {
        found.push(Difference::Title { before: old, after: new });
    }
    if before.0.get("description") != after.0.get("description") {
        found.push(Difference::Description);
    }
    hints(&mut found, before.0.get("annotations"), after.0.get("annotations"));
    schemas(&mut found, "", before.input_schema(), after.input_schema(), 0);
    if before.output_schema() != after.output_schema() {
        found.push(Difference::Output);
    }
    const TOLD: [&str; 6] = ["name", "title", "description", "annotations", "inputSchema", "outputSchema"];
    for member in differing(before.0.as_object(), after.0.as_object()) {
        if !TOLD.contains(&member) {
            found.push(Difference::Member { member: member.to_owned() });
        }
    }
    found.truncate(MOST);
    found
}

/// Names of the members that are not the same, in the order of the newer object.
fn differing<'a>(
    before: Option<&'a Map<String, Value>>,
    after: Option<&'a Map<String, Value>>,
) -> Vec<&'a str> {
    let of = |object: Option<&'a Map<String, Value>>, name: &str| object.and_then(|object| object.get(name));
    let new = after.into_iter().flat_map(Map::keys);
    let gone = before.into_iter().flat_map(Map::keys).filter(|name| of(after, name).is_none());
    new.chain(gone).filter(|name| of(before, name) != of(after, name)).map(String::as_str).collect()
}

fn hints(found: &mut Vec<Difference>, before: Option<&Value>, after: Option<&Value>) {
    let objects = [before, after].map(|value| value.and_then(Value::as_object));
    for hint in differing(objects[0], objects[1]) {
        let values = objects.map(|object| object.and_then(|object| object.get(hint)));
        let [before, after] = values.map(|value| value.and_then(Value::as_bool));
        let is_hint = values.iter().flatten().all(|value| value.is_boolean());
        found.push(if is_hint {
            Difference::Hint { hint: hint.to_owned(), before, after }
        } else {
            Difference::Member { member: format!("annotations.{hint}") }
        });
    }
}

/// The schemas of the argument at `path`, which is empty for the input as a whole.
fn schemas(
    found: &mut Vec<Difference>,
    path: &str,
    before: Option<&Value>,
    after: Option<&Value>,
    depth: usize,
) {
    if before == after || found.len() >= MOST {
        return;
    }
    let objects = [before, after].map(|value| value.and_then(Value::as_object));
    let [Some(old), Some(new)] = objects else {
        // `true` and `false` are schemas too.
        found.push(keyword(path, if path.is_empty() { "inputSchema" } else { "schema" }, before, after));
        return;
    };
    for name in differing(Some(old), Some(new)) {
        let (before, after) = (old.get(name), new.get(name));
        let pair = (before, after);
        match (name, pair) {
            ("properties", _)
                if depth < DEPTH && [before, after].into_iter().flatten().all(Value::is_object) =>
            {
                properties(found, path, old, new, depth);
            }
            // Told with the properties; of those that are not there nobody needs to know.
            ("required", _) if depth < DEPTH => required(found, path, old, new),
            ("items", (Some(before), Some(after))) if depth < DEPTH => {
                schemas(found, &format!("{path}[]"), Some(before), Some(after), depth + 1);
            }
            ("description", (before, after)) if !path.is_empty() => {
                let text =
                    |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
                let (before, after) = (text(before), text(after));
                found.push(Difference::ArgumentDescribed { argument: path.to_owned(), before, after });
            }
            ("enum", (Some(Value::Array(before)), Some(Value::Array(after)))) => {
                values(found, path, before, after);
            }
            _ => found.push(keyword(path, name, before, after)),
        }
    }
}

fn named(schema: &Map<String, Value>, member: &str) -> Map<String, Value> {
    schema.get(member).and_then(Value::as_object).cloned().unwrap_or_default()
}

fn is_required(schema: &Map<String, Value>, name: &str) -> bool {
    let required = schema.get("required").and_then(Value::as_array);
    required.is_some_and(|names| names.iter().any(|other| other == name))
}

fn under(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

fn properties(
    found: &mut Vec<Difference>,
    path: &str,
    old: &Map<String, Value>,
    new: &Map<String, Value>,
    depth: usize,
) {
    let (before, after) = (named(old, "properties"), named(new, "properties"));
    for name in differing(Some(&before), Some(&after)) {
        let argument = under(path, name);
        match (before.get(name), after.get(name)) {
            (None, Some(_)) => {
                found.push(Difference::ArgumentAdded { required: is_required(new, name), argument });
            }
            (Some(_), None) => found.push(Difference::ArgumentRemoved { argument }),
            (before, after) => schemas(found, &argument, before, after, depth + 1),
        }
    }
}

/// Of the arguments that are in both.
fn required(found: &mut Vec<Difference>, path: &str, old: &Map<String, Value>, new: &Map<String, Value>) {
    let (before, after) = (named(old, "properties"), named(new, "properties"));
    for name in after.keys().filter(|name| before.contains_key(*name)) {
        let argument = under(path, name);
        match (is_required(old, name), is_required(new, name)) {
            (false, true) => found.push(Difference::ArgumentRequired { argument }),
            (true, false) => found.push(Difference::ArgumentOptional { argument }),
            _ => {}
        }
    }
}

fn values(found: &mut Vec<Difference>, path: &str, before: &[Value], after: &[Value]) {
    let only = |these: &[Value], those: &[Value]| -> Vec<String> {
        these.iter().filter(|value| !those.contains(value)).map(told).collect()
    };
    let argument = path.to_owned();
    let (added, removed) = (only(after, before), only(before, after));
    if !added.is_empty() {
        found.push(Difference::ValuesAdded { argument: argument.clone(), values: added });
    }
    if !removed.is_empty() {
        found.push(Difference::ValuesRemoved { argument, values: removed });
    }
}

fn keyword(path: &str, keyword: &str, before: Option<&Value>, after: Option<&Value>) -> Difference {
    Difference::Keyword {
        argument: path.to_owned(),
        keyword: keyword.to_owned(),
        before: before.map(told),
        after: after.map(told),
    }
}

/// A value in few words: a text as it stands, everything else as JSON.
fn told(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    if text.chars().count() <= VALUE {
        return text;
    }
    text.chars().take(VALUE).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn found(before: Value, after: Value) -> Vec<Difference> {
        let tool = |schema: Value| Tool(json!({ "name": "t", "inputSchema": schema }));
        differences(&tool(before), &tool(after))
    }

    #[test]
    fn arguments_are_told_one_by_one() {
        let before = json!({ "type": "object", "required": ["query"], "properties": {
            "query": { "type": "string", "description": "What." },
            "limit": { "type": "integer", "maximum": 10 },
            "mode": { "enum": ["slow", "old"] },
            "gone": {},
        } });
        let after = json!({ "type": "object", "required": ["limit", "key"], "properties": {
            "query": { "type": "string", "description": "What to look for." },
            "limit": { "type": "string", "maximum": 10, "default": "5" },
            "mode": { "enum": ["slow", "fast"] },
            "key": {},
        } });
        let argument = |name: &str| name.to_owned();
        let keyword = |name: &str, before: Option<&str>, after: Option<&str>| Difference::Keyword {
            argument: "limit".into(),
            keyword: name.into(),
            before: before.map(str::to_owned),
            after: after.map(str::to_owned),
        };
        assert_eq!(
            found(before.clone(), after),
            [
                Difference::ArgumentOptional { argument: argument("query") },
                Difference::ArgumentRequired { argument: argument("limit") },
                Difference::ArgumentDescribed {
                    argument: argument("query"),
                    before: "What.".into(),
                    after: "What to look for.".into()
                },
                keyword("type", Some("integer"), Some("string")),
                keyword("default", None, Some("5")),
                Difference::ValuesAdded { argument: argument("mode"), values: vec!["fast".into()] },
                Difference::ValuesRemoved { argument: argument("mode"), values: vec!["old".into()] },
                Difference::ArgumentAdded { argument: argument("key"), required: true },
                Difference::ArgumentRemoved { argument: argument("gone") },
            ]
        );
        assert_eq!(found(before.clone(), before), []);
    }

    #[test]
    fn what_lies_deeper_is_named_by_its_way() {
        let schema = |inner: Value| json!({ "properties": { "filter": { "properties": { "tags": { "items": inner } } } } });
        let difference = found(schema(json!({ "type": "string" })), schema(json!({ "type": "integer" })));
        let [Difference::Keyword { argument, .. }] = difference.as_slice() else { panic!("{difference:?}") };
        assert_eq!(argument, "filter.tags[]");
    }

    #[test]
    fn nothing_that_differs_is_passed_over() {
        let tool = |more: Value| {
            let mut tool = json!({ "name": "t" });
            tool.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
            Tool(tool)
        };
        for (before, after) in [
            (json!({}), json!({ "title": "T" })),
            (json!({ "description": "a" }), json!({ "description": "b" })),
            (json!({}), json!({ "annotations": { "readOnlyHint": true } })),
            (json!({}), json!({ "annotations": { "title": "T" } })),
            (json!({}), json!({ "inputSchema": {} })),
            (
                json!({ "inputSchema": { "description": "a" } }),
                json!({ "inputSchema": { "description": "b" } }),
            ),
            (json!({ "inputSchema": { "properties": 1 } }), json!({ "inputSchema": { "properties": {} } })),
            (json!({ "inputSchema": { "items": 1 } }), json!({ "inputSchema": {} })),
            (json!({}), json!({ "outputSchema": {} })),
            (json!({}), json!({ "_meta": { "x": 1 } })),
        ] {
            assert_eq!(differences(&tool(before.clone()), &tool(after.clone())).len(), 1, "{before} {after}");
        }
    }

    #[test]
    fn hostile_schemas_come_to_an_end() {
        let deep = |leaf: Value| (0..100).fold(leaf, |inner, _| json!({ "properties": { "a": inner } }));
        assert_eq!(found(deep(json!({ "x": 1 })), deep(json!({ "x": 2 }))).len(), 1);
        let wide: Map<String, Value> = (0..1_000).map(|n| (n.to_string(), json!({}))).collect();
        assert_eq!(found(json!({}), json!({ "properties": wide })).len(), MOST);
        let long = found(json!({}), json!({ "default": "x".repeat(10_000) }));
        let [Difference::Keyword { after: Some(after), .. }] = long.as_slice() else { panic!("{long:?}") };
        assert_eq!(after.chars().count(), VALUE + 1);
    }
}
