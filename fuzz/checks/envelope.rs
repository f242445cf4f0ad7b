//! The JSON-RPC envelope: what was read is written as it was meant.

use serde_json::Value;
use wire::{Frame, Malformed, Message, parse};

pub(crate) fn check(input: &[u8]) {
    let value: Option<Value> = serde_json::from_slice(input).ok();
    match parse(input) {
        Ok(Frame::Single(message)) => same(&message, value.as_ref()),
        Ok(Frame::Batch(messages)) => {
            assert!(!messages.is_empty());
            for (at, message) in messages.iter().enumerate() {
                same(message, value.as_ref().and_then(|value| value.get(at)));
            }
        }
        Err(Malformed::Parse(why)) => assert!(value.is_none(), "it is JSON: {why}"),
        Err(Malformed::Request { id: Some(id), .. }) => {
            // In a batch it is one of several, and one with a broken escape is no value.
            if let Some(value) = value.filter(Value::is_object) {
                assert_eq!(serde_json::from_str::<Value>(id.as_json()).ok().as_ref(), Some(&value["id"]));
            }
        }
        Err(Malformed::Request { id: None, .. }) => {}
    }
}

/// `value` is what a reader that knows no raw values makes of the same bytes, if it can: numbers beyond all range
/// and broken escapes pass through us.
fn same(message: &Message, value: Option<&Value>) {
    let written = message.to_json();
    assert!(!written.contains(['\n', '\r']), "one line: {written:?}");
    let Ok(Frame::Single(again)) = parse(written.as_bytes()) else { panic!("unreadable: {written}") };
    assert_eq!(again.to_json(), written);
    assert_eq!(std::mem::discriminant(&again), std::mem::discriminant(message));
    assert_eq!(again.method(), message.method());
    let (Some(value), Ok(written)) = (value, serde_json::from_str::<Value>(&written)) else { return };
    // An answer has no parameters; some that stand there are dropped like any unknown member.
    let of_question = message.method().is_some().then_some("params");
    for name in ["id", "method", "result", "error"].into_iter().chain(of_question) {
        let is_absent = |value: &Value| match name {
            "result" => value.get(name).is_none(),
            _ => value[name].is_null(),
        };
        if let Message::OrphanError { .. } = message
            && name == "id"
        {
            // An id that is none is not repeated.
            assert!(written[name].is_null());
            continue;
        }
        assert_eq!((is_absent(&written), &written[name]), (is_absent(value), &value[name]), "{name}");
    }
}
