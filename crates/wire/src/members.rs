//! The members of an object whose text is known to be JSON.
//!
//! A [`RawValue`] was read once already, so only its shape is followed here: reading it again as
//! JSON would cost as much as the first time, for each member that somebody asks for.

use memchr::memchr2;
use serde_json::value::RawValue;

const WHITE_SPACE: [char; 4] = [' ', '\t', '\n', '\r'];

/// Keys, with their quotes, and values, each as it was written and in its order.
pub(crate) struct Members<'a> {
    rest: &'a str,
}

/// None if it is no object.
pub(crate) fn members(object: &RawValue) -> Option<Members<'_>> {
    object.get().trim_start_matches(WHITE_SPACE).strip_prefix('{').map(|rest| Members { rest })
}

impl<'a> Iterator for Members<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.rest.trim_start_matches(|c| c == ',' || WHITE_SPACE.contains(&c));
        if !rest.starts_with('"') {
            return None;
        }
        let (key, rest) = split_value(rest);
        let (value, rest) = split_value(rest.trim_start_matches(|c| c == ':' || WHITE_SPACE.contains(&c)));
        self.rest = rest;
        Some((key, value))
    }
}

/// The value that `text` begins with, and what follows it.
fn split_value(text: &str) -> (&str, &str) {
    let bytes = text.as_bytes();
    let behind = match bytes {
        [b'"', rest @ ..] => behind_text(rest),
        [b'{' | b'[', ..] => behind_container(bytes),
        _ => {
            let is_end = |b: &u8| matches!(b, b',' | b'}' | b']' | b' ' | b'\t' | b'\n' | b'\r');
            &bytes[bytes.iter().position(is_end).unwrap_or(bytes.len())..]
        }
    };
    text.split_at(bytes.len() - behind.len())
}

fn behind_container(mut rest: &[u8]) -> &[u8] {
    let mut depth = 0_usize;
    while let [byte, after @ ..] = rest {
        rest = after;
        match byte {
            b'"' => rest = behind_text(rest),
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth -= 1;
                if depth == 0 {
                    break;
                }
            }
            _ => {}
        }
    }
    rest
}

/// What follows a text whose opening quote was just read. Nearly all of a large message is text,
/// so it is not looked at byte by byte, except where the next end or escape is near: in short keys,
/// and in JSON inside a text.
pub(crate) fn behind_text(mut text: &[u8]) -> &[u8] {
    const NEAR: usize = 16;
    loop {
        let near = text.iter().take(NEAR).position(|byte| matches!(byte, b'"' | b'\\'));
        let far = || memchr2(b'"', b'\\', text.get(NEAR..)?).map(|at| at + NEAR);
        let Some(at) = near.or_else(far) else { return &[] };
        if text[at] == b'"' {
            return &text[at + 1..];
        }
        // The byte behind a backslash belongs to it, a quote included.
        text = text.get(at + 2..).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn raw(text: &str) -> Box<RawValue> {
        RawValue::from_string(text.to_owned()).expect("JSON")
    }

    #[test]
    fn members_are_cut_out_as_they_were_written() {
        let object =
            raw("{ \"a\" :1.0 ,\n\"b\\\"}\":\"x\\\\\",\"c\": [{\"]\":\"}\"}, 2]\t,\"\":null,\"é\":{}}");
        let found: Vec<_> = members(&object).expect("an object").collect();
        assert_eq!(
            found,
            [
                ("\"a\"", "1.0"),
                ("\"b\\\"}\"", "\"x\\\\\""),
                ("\"c\"", "[{\"]\":\"}\"}, 2]"),
                ("\"\"", "null"),
                ("\"é\"", "{}"),
            ]
        );
        assert_eq!(members(&raw("{ }")).map(Iterator::count), Some(0));
        for other in ["[]", "1", "\"{\"", "null"] {
            assert!(members(&raw(other)).is_none(), "{other}");
        }
    }

    fn any_json() -> impl Strategy<Value = String> {
        let text = prop::collection::vec(
            prop::sample::select(vec!["a", "\\\"", "\\\\", "{", "}", "]", ",", ":", " ", "é", "\\u0041"]),
            0..6,
        )
        .prop_map(|parts| format!("\"{}\"", parts.concat()));
        let leaf =
            prop_oneof![text.clone(), Just("1.50e3".to_owned()), Just("-0".into()), Just("true".into())];
        let space = prop::sample::select(vec!["", " ", "\n\t"]);
        leaf.prop_recursive(4, 32, 4, move |inner| {
            let member = (text.clone(), space.clone(), inner.clone())
                .prop_map(|(key, space, value)| format!("{space}{key}{space}:{space}{value}{space}"));
            prop_oneof![
                prop::collection::vec(inner, 0..4).prop_map(|items| format!("[{}]", items.join(" ,"))),
                prop::collection::vec(member, 0..4).prop_map(|members| format!("{{{}}}", members.join(","))),
            ]
        })
    }

    proptest! {
        #[test]
        fn they_are_what_a_reader_of_json_finds(json in any_json()) {
            let object = raw(&json);
            let read: Option<BTreeMap<String, Box<RawValue>>> = serde_json::from_str(&json).ok();
            let cut = members(&object).map(|members| {
                // Of keys that stand twice the last one stays, here as there.
                members
                    .map(|(key, value)| (serde_json::from_str::<String>(key).expect("a key"), value.to_owned()))
                    .collect::<BTreeMap<_, _>>()
            });
            let read = read.map(|all| all.into_iter().map(|(key, value)| (key, value.get().to_owned())).collect());
            prop_assert_eq!(cut, read);
        }
    }
}
