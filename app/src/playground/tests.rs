use serde_json::{Value, json};

use super::{
    events::Events,
    message::{self, Incoming},
    schema::{Field, Format, Kind, fields},
    snippet::Snippet,
    values::{blank, fits, get, initial, read, set, shown},
};

fn of(schema: Value) -> Vec<Field> {
    fields(&schema).expect("an object")
}

fn path(steps: &str) -> Vec<String> {
    steps.split('/').map(str::to_owned).collect()
}

#[test]
fn each_kind_of_schema_is_its_field() {
    let all = of(json!({ "type": "object", "required": ["when"], "properties": {
        "name": { "type": "string", "maxLength": 5, "description": "Whose" },
        "when": { "type": "string", "format": "date-time", "title": "Time" },
        "many": { "type": "integer", "minimum": 1, "maximum": 9 },
        "much": { "type": ["number", "null"] },
        "sure": { "type": "boolean", "default": true },
        "unit": { "enum": ["C", "F"] },
        "lang": { "oneOf": [{ "const": "ko", "title": "Korean" }, { "const": "en", "title": "English" }] },
        "tags": { "type": "array", "items": { "type": "string", "format": "email" } },
        "deep": { "type": "object", "properties": { "x": { "type": "string", "format": "uri" } } },
        "either": { "anyOf": [{ "type": "string" }, { "type": "integer" }] },
        "maybe": { "anyOf": [{ "type": "string", "format": "date" }, { "type": "null" }] },
        "free": {},
    } }));
    let kind = |name: &str| all.iter().find(|field| field.name == name).map(|field| &field.kind).unwrap();
    assert_eq!(
        (all[0].name.as_str(), all[0].label.as_str()),
        ("when", "Time"),
        "what is required comes first"
    );
    assert_eq!(*kind("name"), Kind::Text { format: Format::Plain, max: Some(5) });
    assert_eq!(*kind("when"), Kind::Text { format: Format::DateTime, max: None });
    assert_eq!(*kind("many"), Kind::Number { whole: true, min: Some(1.0), max: Some(9.0) });
    assert_eq!(*kind("much"), Kind::Number { whole: false, min: None, max: None });
    assert_eq!(*kind("sure"), Kind::Boolean);
    assert_eq!(*kind("unit"), Kind::Choice(vec![(json!("C"), "C".into()), (json!("F"), "F".into())]));
    assert_eq!(
        *kind("lang"),
        Kind::Choice(vec![(json!("ko"), "Korean".into()), (json!("en"), "English".into())])
    );
    assert!(
        matches!(kind("tags"), Kind::List(item) if matches!(item.kind, Kind::Text { format: Format::Email, .. }))
    );
    assert!(matches!(kind("deep"), Kind::Object(fields) if fields.len() == 1));
    assert!(matches!(kind("either"), Kind::Either(forms) if forms.len() == 2));
    assert_eq!(*kind("maybe"), Kind::Text { format: Format::Date, max: None });
    assert_eq!(*kind("free"), Kind::Json);
}

#[test]
fn references_are_followed_and_end() {
    let all = of(json!({
        "type": "object",
        "properties": { "tree": { "$ref": "#/$defs/node" }, "lost": { "$ref": "#/$defs/none" } },
        "$defs": { "node": { "type": "object", "properties": {
            "value": { "type": "integer" }, "next": { "$ref": "#/$defs/node" } } } },
    }));
    let mut at = &all[0];
    let mut depth = 0;
    while let Kind::Object(fields) = &at.kind {
        at = fields.iter().find(|field| field.name == "next").unwrap();
        depth += 1;
    }
    assert!((3..10).contains(&depth), "{depth}");
    assert_eq!((&at.kind, &all[1].kind), (&Kind::Json, &Kind::Json));
}

#[test]
fn what_is_no_plain_object_is_raw() {
    assert_eq!(fields(&json!({ "type": "object" })), Some(vec![]));
    assert_eq!(fields(&json!({})), Some(vec![]));
    assert_eq!(fields(&json!({ "type": "object", "additionalProperties": { "type": "string" } })), None);
    assert_eq!(fields(&json!({ "oneOf": [{ "type": "object" }, { "type": "object" }] })), None);
    assert_eq!(fields(&json!({ "type": "array", "items": {} })), None);
}

#[test]
fn a_form_begins_with_defaults_and_what_must_be() {
    let all = of(json!({ "type": "object", "required": ["a", "b", "c", "t"], "properties": {
        "a": { "type": "object", "required": ["x"], "properties": { "x": { "const": 1 }, "y": { "type": "string" } } },
        "b": { "type": "boolean" }, "c": { "enum": ["p", "q"] }, "t": { "type": "string" },
        "d": { "type": "integer", "default": 3 }, "e": { "type": "boolean" }, "f": { "type": "array", "items": {} },
    } }));
    assert_eq!(initial(&all), json!({ "a": { "x": 1 }, "b": false, "c": "p", "d": 3 }));
}

#[test]
fn places_are_set_and_taken_out() {
    let mut value = json!({ "list": [1, 2, 3] });
    set(&mut value, &path("a/b"), Some(json!("x")));
    set(&mut value, &path("list/1"), None);
    set(&mut value, &path("list/2"), Some(json!(4)));
    set(&mut value, &path("none/deep"), None);
    assert_eq!(value, json!({ "list": [1, 3, 4], "a": { "b": "x" } }));
    assert_eq!(get(&value, &path("a/b")), Some(&json!("x")));
    set(&mut value, &path("a"), None);
    set(&mut value, &path("list/9/x"), Some(json!(1)));
    assert_eq!(value, json!({ "list": [1, 3, 4] }));
}

#[test]
fn what_is_typed_is_read_as_its_field_and_shown_again() {
    let all = of(json!({ "type": "object", "properties": {
        "t": { "type": "string" }, "w": { "type": "string", "format": "date-time" }, "i": { "type": "integer" },
        "n": { "type": "number" }, "b": { "type": "boolean" }, "c": { "enum": [1, "1"] }, "j": {},
    } }));
    let field = |name: &str| all.iter().find(|field| field.name == name).unwrap();
    for (name, text, value) in [
        ("t", "hello", json!("hello")),
        ("w", "2026-11-21T09:30", json!("2026-11-21T09:30:00Z")),
        ("i", "-7", json!(-7)),
        ("n", "2.5", json!(2.5)),
        ("n", "2", json!(2)),
        ("b", "false", json!(false)),
        ("c", "1", json!("1")),
        ("j", "[1]", json!([1])),
    ] {
        assert_eq!(read(field(name), text), Some(value.clone()), "{name}");
        let again = shown(field(name), Some(&value));
        assert_eq!(read(field(name), &again), Some(value), "{name}: {again}");
    }
    for (name, text) in [("t", ""), ("i", "2.5"), ("i", "x"), ("n", ""), ("b", ""), ("c", "9"), ("j", "{")] {
        assert_eq!(read(field(name), text), None, "{name}: {text}");
    }
    assert_eq!(read(&Field { required: true, ..field("t").clone() }, ""), Some(json!("")));
}

#[test]
fn a_value_finds_its_alternative() {
    let all = of(json!({ "type": "object", "properties": { "shape": { "oneOf": [
        { "type": "object", "title": "Circle", "required": ["r"], "properties": { "r": { "type": "number" } } },
        { "type": "object", "title": "Box", "required": ["w"], "properties": { "w": { "type": "number" } } },
        { "type": "string" },
    ] } } }));
    let Kind::Either(forms) = &all[0].kind else { panic!("{all:?}") };
    assert_eq!(
        forms.iter().map(|form| form.label.as_str()).collect::<Vec<_>>(),
        ["Circle", "Box", "3 · string"]
    );
    let which = |value: Value| forms.iter().position(|form| fits(form, &value));
    assert_eq!(which(json!({ "r": 1 })), Some(0));
    assert_eq!(which(json!({ "w": 1 })), Some(1));
    assert_eq!(which(json!("x")), Some(2));
    assert_eq!(which(json!(5)), None);
    assert_eq!(which(blank(&forms[2])), Some(2));
}

#[test]
fn events_come_whole_however_they_are_cut() {
    let stream =
        ": hello\r\n\r\nevent: message\ndata: {\"a\":\"가\"}\n\ndata: 1\r\ndata: 2\r\n\r\ndata:3\r\r";
    for size in 1..8 {
        let mut events = Events::default();
        let pieces = stream.as_bytes().chunks(size);
        let all: Vec<String> = pieces.flat_map(|piece| events.push(piece)).collect();
        assert_eq!(all, ["{\"a\":\"가\"}", "1\n2", "3"], "in pieces of {size}");
    }
}

#[test]
fn messages_are_told_apart() {
    let request = message::call(7, "echo", &json!({ "x": 1 }));
    assert_eq!(request["params"]["_meta"]["progressToken"], 7);
    let progress = json!({ "jsonrpc": "2.0", "method": "notifications/progress",
        "params": { "progressToken": 7, "progress": 1, "total": 4, "message": "one" } });
    let told = Incoming::Progress { done: 1.0, total: Some(4.0), message: Some("one".into()) };
    assert_eq!(message::read(&progress, 7), told);
    assert_eq!(message::read(&progress, 8), Incoming::Other, "of another call");
    let question = json!({ "jsonrpc": "2.0", "id": "q", "method": "ping" });
    assert_eq!(
        message::read(&question, 7),
        Incoming::Question { id: json!("q"), method: "ping".into(), params: Value::Null }
    );
    assert_eq!(message::read(&message::answer(&json!(7), json!({})), 7), Incoming::Result(json!({})));
    assert_eq!(
        message::read(&message::refusal(&json!(7), -32602, "no"), 7),
        Incoming::Error { code: -32602, message: "no".into() }
    );
}

#[test]
fn snippets_name_the_variable_and_hold_the_arguments() {
    let arguments = json!({ "text": "it's \"quoted\"\nand $HOME" });
    for snippet in Snippet::ALL {
        let text = snippet.write("https://mcp.example/projects/a.b/mcp", "echo", &arguments);
        assert!(
            text.contains("SLUICE_KEY") && text.contains("https://mcp.example/projects/a.b/mcp"),
            "{text}"
        );
        assert!(!text.contains("slu_"));
    }
    let curl = Snippet::Curl.write("https://mcp.example/mcp", "echo", &arguments);
    assert!(curl.contains(r"it'\''s"), "{curl}");
}
