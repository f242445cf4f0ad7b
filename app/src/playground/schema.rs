//! A tool's JSON Schema as the fields of a form. What is not understood is a field of raw JSON, so no
//! schema keeps a tool from being tried.

use serde_json::{Map, Value};

/// Schemas may refer to themselves; deeper than this is raw JSON.
const DEPTH: usize = 6;
/// Choices that one field offers at most.
const CHOICES: usize = 500;

#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The member's name; empty for items and alternatives.
    pub name: String,
    pub label: String,
    pub hint: String,
    pub required: bool,
    pub default: Option<Value>,
    pub kind: Kind,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    Text {
        format: Format,
        max: Option<u64>,
    },
    Number {
        whole: bool,
        min: Option<f64>,
        max: Option<f64>,
    },
    Boolean,
    /// Values with what they are called.
    Choice(Vec<(Value, String)>),
    Object(Vec<Field>),
    List(Box<Field>),
    /// One of several forms of the same thing.
    Either(Vec<Field>),
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Plain,
    Date,
    DateTime,
    Email,
    Uri,
}

/// The fields of a tool's arguments; none where the schema is no plain object.
#[must_use]
pub fn fields(schema: &Value) -> Option<Vec<Field>> {
    match kind(schema, schema, 0) {
        Kind::Object(fields) => Some(fields),
        // Without properties any object is right, and an empty one is most likely meant.
        _ if schema.get("properties").is_none() && schema.get("type").is_none_or(|t| t == "object") => {
            plain(schema).then(Vec::new)
        }
        _ => None,
    }
}

/// Whether the schema asks nothing that a form without fields would hide.
fn plain(schema: &Value) -> bool {
    ["oneOf", "anyOf", "allOf", "$ref", "patternProperties"].iter().all(|word| schema.get(word).is_none())
        && schema.get("additionalProperties").is_none_or(|more| *more == Value::Bool(false))
}

fn field(root: &Value, name: &str, schema: &Value, required: bool, depth: usize) -> Field {
    let schema = resolve(root, schema);
    let text = |word: &str| schema.get(word).and_then(Value::as_str).unwrap_or_default().to_owned();
    let title = text("title");
    Field {
        name: name.to_owned(),
        label: if title.is_empty() { name.to_owned() } else { title },
        hint: text("description"),
        required,
        default: schema.get("default").or_else(|| schema.get("const")).cloned(),
        kind: kind(root, schema, depth),
    }
}

fn kind(root: &Value, schema: &Value, depth: usize) -> Kind {
    let schema = resolve(root, schema);
    if depth > DEPTH {
        return Kind::Json;
    }
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        let names = schema.get("enumNames").and_then(Value::as_array);
        let name = |at: usize, value: &Value| {
            let given = names.and_then(|names| names.get(at)?.as_str());
            given.map_or_else(|| word(value), str::to_owned)
        };
        let choices = values.iter().enumerate().take(CHOICES);
        return Kind::Choice(choices.map(|(at, value)| (value.clone(), name(at, value))).collect());
    }
    if let Some(value) = schema.get("const") {
        return Kind::Choice(vec![(value.clone(), word(value))]);
    }
    let either = ["oneOf", "anyOf"].iter().find_map(|word| schema.get(word)?.as_array());
    if let Some(forms) = either {
        return alternatives(root, schema, forms, depth);
    }
    let number = |word: &str| schema.get(word).and_then(Value::as_f64);
    match type_of(schema) {
        Some("string") => {
            Kind::Text { format: format(schema), max: schema.get("maxLength").and_then(Value::as_u64) }
        }
        Some(name @ ("number" | "integer")) => Kind::Number {
            whole: name == "integer",
            min: number("minimum").or_else(|| number("exclusiveMinimum")),
            max: number("maximum").or_else(|| number("exclusiveMaximum")),
        },
        Some("boolean") => Kind::Boolean,
        Some("array") => match schema.get("items") {
            Some(items @ Value::Object(_)) => Kind::List(Box::new(field(root, "", items, true, depth + 1))),
            _ => Kind::Json,
        },
        Some("object") => object(root, schema, depth),
        _ => Kind::Json,
    }
}

fn object(root: &Value, schema: &Value, depth: usize) -> Kind {
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else { return Kind::Json };
    let required = schema.get("required").and_then(Value::as_array);
    let needed = |name: &str| required.is_some_and(|names| names.iter().any(|n| n == name));
    let fields = properties.iter().map(|(name, schema)| field(root, name, schema, needed(name), depth + 1));
    let mut fields: Vec<Field> = fields.collect();
    // What must be given comes first, else in the server's order.
    fields.sort_by_key(|field| !field.required);
    Kind::Object(fields)
}

fn alternatives(root: &Value, schema: &Value, forms: &[Value], depth: usize) -> Kind {
    let forms: Vec<&Value> =
        forms.iter().map(|form| resolve(root, form)).filter(|form| type_of(form) != Some("null")).collect();
    // Constants with titles are an enumeration that names its values.
    if !forms.is_empty() && forms.iter().all(|form| form.get("const").is_some()) {
        let choice = |form: &&Value| {
            let value = form.get("const").cloned().unwrap_or_default();
            let title = form.get("title").and_then(Value::as_str).map(str::to_owned);
            (value.clone(), title.unwrap_or_else(|| word(&value)))
        };
        return Kind::Choice(forms.iter().take(CHOICES).map(choice).collect());
    }
    if let [only] = forms.as_slice() {
        return kind(root, only, depth);
    }
    let base = schema.get("properties").and_then(Value::as_object);
    let form = |(at, form): (usize, &&Value)| {
        let mut one = (*form).clone();
        // Properties beside the alternatives belong to each of them.
        if let (Some(base), Some(one)) = (base, one.as_object_mut()) {
            one.entry("type").or_insert_with(|| "object".into());
            let own = one.entry("properties").or_insert_with(|| Map::new().into());
            if let Some(own) = own.as_object_mut() {
                for (name, schema) in base {
                    own.entry(name).or_insert_with(|| schema.clone());
                }
            }
        }
        let mut field = field(root, "", &one, true, depth + 1);
        if field.label.is_empty() {
            field.label =
                type_of(&one).map_or_else(|| (at + 1).to_string(), |name| format!("{} · {name}", at + 1));
        }
        field
    };
    Kind::Either(forms.iter().enumerate().map(form).collect())
}

/// Follows references within the document. One that leads nowhere is anything.
fn resolve<'a>(root: &'a Value, mut schema: &'a Value) -> &'a Value {
    for _ in 0..DEPTH {
        let Some(place) = schema.get("$ref").and_then(Value::as_str) else { return schema };
        match place.strip_prefix('#').and_then(|pointer| root.pointer(pointer)) {
            Some(found) => schema = found,
            None => return &Value::Bool(true),
        }
    }
    schema
}

/// The one type besides null.
fn type_of(schema: &Value) -> Option<&str> {
    match schema.get("type") {
        Some(Value::String(name)) => Some(name),
        Some(Value::Array(names)) => {
            let mut names = names.iter().filter_map(Value::as_str).filter(|name| *name != "null");
            names.next().filter(|_| names.next().is_none())
        }
        _ if schema.get("properties").is_some() => Some("object"),
        _ => None,
    }
}

fn format(schema: &Value) -> Format {
    match schema.get("format").and_then(Value::as_str) {
        Some("date") => Format::Date,
        Some("date-time") => Format::DateTime,
        Some("email") => Format::Email,
        Some("uri" | "url") => Format::Uri,
        _ => Format::Plain,
    }
}

fn word(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
