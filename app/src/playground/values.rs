//! The arguments that a form stands for. They are one JSON value from the start; fields change their places
//! in it, so the form and the raw view never differ.

use serde_json::{Map, Number, Value};

use super::schema::{Field, Format, Kind};

/// A place in the arguments: names of members and numbers of items.
pub type Path = Vec<String>;

/// What the form begins with: defaults, and what can only be one thing.
#[must_use]
pub fn initial(fields: &[Field]) -> Value {
    let given = fields.iter().filter_map(|field| Some((field.name.clone(), start(field)?)));
    Value::Object(given.collect::<Map<_, _>>())
}

/// None for what is better left out until somebody fills it in.
#[must_use]
pub fn start(field: &Field) -> Option<Value> {
    if let Some(default) = &field.default {
        return Some(default.clone());
    }
    match &field.kind {
        Kind::Object(fields) if field.required => Some(initial(fields)),
        Kind::Choice(values) if field.required => values.first().map(|(value, _)| value.clone()),
        Kind::Boolean if field.required => Some(false.into()),
        Kind::List(_) if field.required => Some(Value::Array(Vec::new())),
        Kind::Either(forms) if field.required => forms.first().and_then(start),
        _ => None,
    }
}

/// A value of the right kind to put into a list or an alternative that was just chosen.
#[must_use]
pub fn blank(field: &Field) -> Value {
    let needed = Field { required: true, ..field.clone() };
    start(&needed).unwrap_or_else(|| match &field.kind {
        Kind::Text { .. } => "".into(),
        Kind::Number { min, .. } => min.and_then(number).unwrap_or_else(|| 0.into()),
        _ => Value::Null,
    })
}

/// What was typed, as the field's value; none for nothing, and for what is no number or JSON.
#[must_use]
pub fn read(field: &Field, text: &str) -> Option<Value> {
    match &field.kind {
        Kind::Text { format, .. } => match (text, format) {
            ("", _) => field.required.then(|| "".into()),
            // Browsers leave out the zone, which RFC 3339 asks for, and seconds that are zero.
            (text, Format::DateTime) if !text.ends_with('Z') => {
                let seconds = if text.len() == 16 { ":00" } else { "" };
                Some(format!("{text}{seconds}Z").into())
            }
            (text, _) => Some(text.into()),
        },
        Kind::Number { whole: true, .. } => text.trim().parse::<i64>().ok().map(Into::into),
        Kind::Number { .. } => text.trim().parse().ok().and_then(number),
        Kind::Choice(values) => values.get(text.parse::<usize>().ok()?).map(|(value, _)| value.clone()),
        Kind::Boolean => match text {
            "true" => Some(true.into()),
            "false" => Some(false.into()),
            _ => None,
        },
        Kind::Json => serde_json::from_str(text).ok(),
        Kind::Object(_) | Kind::List(_) | Kind::Either(_) => None,
    }
}

/// The value as its control shows it.
#[must_use]
pub fn shown(field: &Field, value: Option<&Value>) -> String {
    match (&field.kind, value) {
        (_, None) => String::new(),
        (Kind::Choice(values), Some(value)) => {
            values.iter().position(|(known, _)| known == value).map(|at| at.to_string()).unwrap_or_default()
        }
        (Kind::Text { format: Format::DateTime, .. }, Some(Value::String(text))) => {
            text.trim_end_matches('Z').to_owned()
        }
        (Kind::Json, Some(value)) => serde_json::to_string_pretty(value).unwrap_or_default(),
        (_, Some(Value::String(text))) => text.clone(),
        (_, Some(value)) => value.to_string(),
    }
}

fn number(n: f64) -> Option<Value> {
    // 2.0 is 2 to whoever typed 2.
    if n.fract() == 0.0 && n.abs() < 9e15 {
        return Some((n as i64).into());
    }
    Number::from_f64(n).map(Value::Number)
}

#[must_use]
pub fn get<'a>(value: &'a Value, path: &[String]) -> Option<&'a Value> {
    path.iter().try_fold(value, |value, step| match value {
        Value::Object(members) => members.get(step),
        Value::Array(items) => items.get(step.parse::<usize>().ok()?),
        _ => None,
    })
}

/// Puts `new` at a place, making what leads to it; none takes the member or item out.
pub fn set(value: &mut Value, path: &[String], new: Option<Value>) {
    let Some((step, rest)) = path.split_first() else {
        *value = new.unwrap_or_default();
        return;
    };
    if let Value::Array(items) = value {
        let Ok(at) = step.parse::<usize>() else { return };
        match (new, rest.is_empty()) {
            (None, true) if at < items.len() => drop(items.remove(at)),
            (new, _) => {
                if at == items.len() {
                    items.push(Value::Null);
                }
                if let Some(item) = items.get_mut(at) {
                    set(item, rest, new);
                }
            }
        }
        return;
    }
    if !value.is_object() {
        *value = Value::Object(Map::new());
    }
    if let Value::Object(members) = value {
        match (new, rest.is_empty()) {
            (None, true) => drop(members.shift_remove(step)),
            // Nothing is made to take something out of it.
            (None, false) if !members.contains_key(step) => {}
            (new, _) => set(members.entry(step.clone()).or_insert(Value::Null), rest, new),
        }
    }
}

/// Which of several forms the value has, the first that could be.
#[must_use]
pub fn fits(field: &Field, value: &Value) -> bool {
    match (&field.kind, value) {
        (Kind::Text { .. }, Value::String(_)) | (Kind::Boolean, Value::Bool(_)) | (Kind::Json, _) => true,
        (Kind::Number { whole, .. }, Value::Number(n)) => !whole || n.is_i64() || n.is_u64(),
        (Kind::Choice(values), value) => values.iter().any(|(known, _)| known == value),
        (Kind::Object(fields), Value::Object(members)) => {
            let known = |name: &String| fields.iter().any(|field| field.name == *name);
            let right = |field: &Field| match members.get(&field.name) {
                Some(value) => fits(field, value),
                None => !field.required || start(field).is_none(),
            };
            members.keys().all(known) && fields.iter().all(right)
        }
        (Kind::List(item), Value::Array(items)) => items.iter().all(|value| fits(item, value)),
        (Kind::Either(forms), value) => forms.iter().any(|form| fits(form, value)),
        _ => false,
    }
}
