//! Edits of raw objects that leave everything else as it was written.

use std::borrow::Cow;

use serde_json::value::RawValue;

use crate::{envelope::raw, members::members};

fn is_named(key: &str, name: &str) -> bool {
    // Most keys are written without escapes; only the others are worth decoding.
    key.get(1..key.len().saturating_sub(1)) == Some(name)
        || (key.contains('\\') && serde_json::from_str::<String>(key).is_ok_and(|key| key == name))
}

/// A member of an object; none if it is no object or has no such member. Of members that stand
/// twice the last counts, as for most readers.
#[must_use]
pub fn member<'a>(object: &'a RawValue, name: &str) -> Option<&'a RawValue> {
    let (_, value) = members(object)?.filter(|(key, _)| is_named(key, name)).last()?;
    serde_json::from_str(value).ok()
}

/// A text member of an object, decoded.
#[must_use]
pub fn text(object: &RawValue, name: &str) -> Option<String> {
    serde_json::from_str(member(object, name)?.get()).ok()
}

/// The object with a member set: replaced where it stands, else added at the end. Later members of
/// the same name go, so that no reader sees another value. Something that is no object is returned
/// as it is.
#[must_use]
pub fn set(object: &RawValue, name: &str, value: &RawValue) -> Box<RawValue> {
    change(object, name, Some(value))
}

/// The object without a member.
#[must_use]
pub fn remove(object: &RawValue, name: &str) -> Box<RawValue> {
    change(object, name, None)
}

/// Calls `visit` with each member's decoded name and raw value.
pub fn each<'a>(object: &'a RawValue, mut visit: impl FnMut(&str, &'a RawValue)) {
    for (key, value) in members(object).into_iter().flatten() {
        let name = serde_json::from_str::<Cow<'_, str>>(key);
        if let (Ok(name), Ok(value)) = (name, serde_json::from_str(value)) {
            visit(&name, value);
        }
    }
}

/// The object with each of `added` at its end that it does not have yet.
#[must_use]
pub fn add_missing(object: &RawValue, added: &[(&str, &RawValue)]) -> Box<RawValue> {
    let Some(members) = members(object) else { return object.to_owned() };
    let members: Vec<_> = members.collect();
    let mut json = object.get().trim_end().to_owned();
    json.pop();
    let mut is_empty = members.is_empty();
    for (name, value) in added {
        if members.iter().any(|(key, _)| is_named(key, name)) {
            continue;
        }
        if !std::mem::take(&mut is_empty) {
            json.push(',');
        }
        json.push_str(&serde_json::Value::from(*name).to_string());
        json.push(':');
        json.push_str(value.get());
    }
    json.push('}');
    raw(json)
}

/// The object without several members.
#[must_use]
pub fn without(object: &RawValue, names: &[&str]) -> Box<RawValue> {
    let Some(members) = members(object) else { return object.to_owned() };
    let goes = |key: &str| names.iter().any(|name| is_named(key, name));
    let members: Vec<_> = members.collect();
    if !members.iter().any(|(key, _)| goes(key)) {
        return object.to_owned();
    }
    let mut json = String::with_capacity(object.get().len());
    json.push('{');
    for (key, value) in members {
        if goes(key) {
            continue;
        }
        if json.len() > 1 {
            json.push(',');
        }
        json.push_str(key);
        json.push(':');
        json.push_str(value);
    }
    json.push('}');
    raw(json)
}

/// The elements of an array; none if it is no array.
#[must_use]
pub fn elements(array: &RawValue) -> Option<Vec<&RawValue>> {
    serde_json::from_str(array.get()).ok()
}

fn change(object: &RawValue, name: &str, value: Option<&RawValue>) -> Box<RawValue> {
    let Some(members) = members(object) else { return object.to_owned() };
    let mut json =
        String::with_capacity(object.get().len() + value.map_or(0, |v| v.get().len()) + name.len() + 4);
    json.push('{');
    let mut write = |key: &str, value: &str| {
        if json.len() > 1 {
            json.push(',');
        }
        json.push_str(key);
        json.push(':');
        json.push_str(value);
    };
    let mut placed = false;
    for (key, old) in members {
        if !is_named(key, name) {
            write(key, old);
        } else if !placed {
            placed = true;
            if let Some(value) = value {
                write(key, value.get());
            }
        }
    }
    if let (false, Some(value)) = (placed, value) {
        write(&serde_json::Value::from(name).to_string(), value.get());
    }
    json.push('}');
    raw(json)
}

/// `_meta.progressToken` of a request's parameters.
#[must_use]
pub fn progress_token(params: &RawValue) -> Option<&RawValue> {
    member(member(params, "_meta")?, "progressToken")
}

/// The parameters with another `_meta.progressToken`; unchanged where there is none, because a
/// server must not be told that somebody listens when nobody does.
#[must_use]
pub fn with_progress_token<'a>(params: &'a RawValue, token: &RawValue) -> Cow<'a, RawValue> {
    match member(params, "_meta") {
        Some(meta) if member(meta, "progressToken").is_some() => {
            Cow::Owned(set(params, "_meta", &set(meta, "progressToken", token)))
        }
        _ => Cow::Borrowed(params),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Box<RawValue> {
        RawValue::from_string(text.to_owned()).expect("JSON")
    }

    #[test]
    fn everything_else_stays_as_it_was_written() {
        let object = json(r#"{"z":1.0,"name":"a","a":{"n": 1e3,"":[]},"é":"\u00e9"}"#);
        assert_eq!(
            set(&object, "name", &json("\"b\"")).get(),
            r#"{"z":1.0,"name":"b","a":{"n": 1e3,"":[]},"é":"\u00e9"}"#
        );
        assert_eq!(remove(&object, "name").get(), r#"{"z":1.0,"a":{"n": 1e3,"":[]},"é":"\u00e9"}"#);
        assert_eq!(set(&json("{}"), "x", &json("1")).get(), r#"{"x":1}"#);
        assert_eq!(remove(&json("{}"), "x").get(), "{}");
        assert_eq!(set(&json("[1]"), "x", &json("1")).get(), "[1]");
    }

    #[test]
    fn several_members_at_once() {
        let object = json(r#"{"a":1.0,"b":{"c":2}}"#);
        let (one, two) = (json("1"), json("\"2\""));
        assert_eq!(
            add_missing(&object, &[("a", &two), ("x", &one), ("y", &two)]).get(),
            r#"{"a":1.0,"b":{"c":2},"x":1,"y":"2"}"#
        );
        assert_eq!(add_missing(&json("{ }"), &[("x", &one), ("y", &one)]).get(), r#"{ "x":1,"y":1}"#);
        assert_eq!(add_missing(&json("[]"), &[("x", &one)]).get(), "[]");
        assert_eq!(without(&object, &["a", "z"]).get(), r#"{"b":{"c":2}}"#);
        assert_eq!(without(&object, &["a", "b"]).get(), "{}");
        assert_eq!(without(&object, &["z"]).get(), object.get());
        assert_eq!(elements(&json("[1, {}]")).map(|all| all.len()), Some(2));
        let mut names = Vec::new();
        each(&json(r#"{"a":1,"\u0062":2}"#), |name, value| names.push(format!("{name}={value}")));
        assert_eq!(names, ["a=1", "b=2"]);
    }

    #[test]
    fn a_member_that_stands_twice_becomes_one() {
        let object = json(r#"{"name":"a","x":1,"name":"b"}"#);
        assert_eq!(member(&object, "name").map(RawValue::get), Some("\"b\""));
        assert_eq!(set(&object, "name", &json("\"c\"")).get(), r#"{"name":"c","x":1}"#);
    }

    #[test]
    fn escaped_keys_are_the_same_keys() {
        let object = json(r#"{"na\u006de":"a"}"#);
        assert_eq!(text(&object, "name").as_deref(), Some("a"));
        assert_eq!(remove(&object, "name").get(), "{}");
    }

    #[test]
    fn progress_tokens_are_replaced_and_never_invented() {
        let params = json(
            r#"{"name":"t","_meta":{"x":1,"progressToken":"p"},"arguments":{"_meta":{"progressToken":2}}}"#,
        );
        assert_eq!(progress_token(&params).map(RawValue::get), Some("\"p\""));
        assert_eq!(
            with_progress_token(&params, &json("7")).get(),
            r#"{"name":"t","_meta":{"x":1,"progressToken":7},"arguments":{"_meta":{"progressToken":2}}}"#
        );
        for none in ["{}", r#"{"_meta":{}}"#, r#"{"_meta":null}"#, "[]"] {
            assert_eq!(with_progress_token(&json(none), &json("7")).get(), none);
        }
    }
}
