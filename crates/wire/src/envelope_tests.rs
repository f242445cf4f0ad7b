use proptest::prelude::*;

use super::*;

fn single(text: &str) -> Message {
    match parse(text.as_bytes()) {
        Ok(Frame::Single(message)) => message,
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn messages_survive_a_round_trip_byte_for_byte() {
    for text in [
        r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"z":1,"a":[2.50,1e3],"name":"x"}}"#,
        r#"{"jsonrpc":"2.0","id":"a\u0041","method":"ping"}"#,
        r#"{"jsonrpc":"2.0","method":"notifications/x-vendor","params":{}}"#,
        r#"{"jsonrpc":"2.0","id":18446744073709551616,"result":{"b":1.0,"a":null}}"#,
        r#"{"jsonrpc":"2.0","id":7,"error":{"code":-99999999999,"message":"m","data":{"x":[]}}}"#,
        r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"m"}}"#,
    ] {
        assert_eq!(single(text).to_json(), text);
    }
}

#[test]
fn kinds() {
    assert!(matches!(single(r#"{"jsonrpc":"2.0","id":1,"method":"m"}"#), Message::Request { .. }));
    assert!(matches!(
        single(r#"{"jsonrpc":"2.0","method":"m","params":null}"#),
        Message::Notification { params: None, .. }
    ));
    assert!(matches!(
        single(r#"{"jsonrpc":"2.0","id":1,"result":null,"x":{"y":1}}"#),
        Message::Response { outcome: Ok(_), .. }
    ));
    let batch = parse(br#" [{"jsonrpc":"2.0","method":"m"},{"jsonrpc":"2.0","id":1,"method":"n"}]"#);
    assert!(matches!(batch, Ok(Frame::Batch(messages)) if messages.len() == 2));
}

#[test]
fn what_is_no_message_is_refused() {
    for text in [
        "[]",
        "1",
        "null",
        r#""text""#,
        "{}",
        r#"{"jsonrpc":"1.0","id":1,"method":"m"}"#,
        r#"{"id":1,"method":"m"}"#,
        r#"{"jsonrpc":"2.0","id":1.5,"method":"m"}"#,
        r#"{"jsonrpc":"2.0","id":null,"method":"m"}"#,
        r#"{"jsonrpc":"2.0","id":1,"method":5}"#,
        r#"{"jsonrpc":"2.0","id":1,"method":"m","params":5}"#,
        r#"{"jsonrpc":"2.0","id":1,"method":"m","result":{}}"#,
        r#"{"jsonrpc":"2.0","id":1,"result":{},"error":{}}"#,
        r#"{"jsonrpc":"2.0","result":{}}"#,
        r#"{"jsonrpc":"2.0","id":1,"method":"a","method":"b"}"#,
        r#"{"jsonrpc":"2.0","id":1,"id":2,"method":"a"}"#,
        r#"{"jsonrpc":"2.0","id":1,"method":"a","params":{},"params":{}}"#,
    ] {
        assert!(matches!(parse(text.as_bytes()), Err(Malformed::Request { .. })), "{text}");
    }
    for text in ["", "{", "{\"jsonrpc\":\"2.0\",", "nope", "{'a':1}"] {
        assert!(matches!(parse(text.as_bytes()), Err(Malformed::Parse(_))), "{text}");
    }
    assert!(parse(b"\xff\xfe").is_err());
}

#[test]
fn the_id_of_a_bad_request_is_kept_for_the_answer() {
    let error = parse(br#"{"jsonrpc":"2.0","id":"x","params":{}}"#).expect_err("no method");
    assert!(matches!(error, Malformed::Request { id: Some(id), .. } if id.as_json() == "\"x\""));
}

#[test]
fn depth_is_bounded() {
    let nested =
        |n: usize| format!(r#"{{"jsonrpc":"2.0","method":"m","params":{}{}}}"#, "[".repeat(n), "]".repeat(n));
    assert!(parse(nested(MAX_DEPTH - 1).as_bytes()).is_ok());
    assert!(parse(nested(MAX_DEPTH).as_bytes()).is_err());
    assert!(parse(nested(1_000_000).as_bytes()).is_err());
    assert!(parse(br#"{"jsonrpc":"2.0","method":"[[[[{{{{\"[["}"#).is_ok(), "brackets in text do not count");
}

#[test]
fn line_breaks_between_tokens_become_spaces() {
    let text = "{\"jsonrpc\":\"2.0\",\"method\":\"m\",\"params\":{\n\"a\":\r\n\"b\\nc\"}}";
    let line = single(text).to_json();
    assert!(!line.contains(['\n', '\r']));
    assert!(line.contains(r#""b\nc""#));
}

/// The depth as it is defined, byte by byte.
fn deepest(bytes: &[u8]) -> usize {
    let (mut depth, mut deepest, mut in_text, mut escaped) = (0_usize, 0, false, false);
    for byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'{' | b'[' if !in_text => depth += 1,
            b'}' | b']' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

proptest! {
    #[test]
    fn depth_is_counted_outside_of_texts_only(
        parts in proptest::collection::vec(
            proptest::sample::select(vec!["[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "{", "}", "]", "\"", "\\", "\\\"", "\\\\", "a", "\"[[", "é", ","]),
            0..60,
        ),
    ) {
        let bytes = parts.concat().into_bytes();
        prop_assert_eq!(too_deep(&bytes), deepest(&bytes) > MAX_DEPTH);
    }

    #[test]
    fn a_line_never_breaks(parts in proptest::collection::vec(proptest::sample::select(vec!["\n", "\r", " ", "1,", "\"a\\n\","]), 0..20)) {
        let params = raw(format!("[{}0]", parts.concat()));
        let line = one_line(&params);
        prop_assert_eq!(line.as_ref(), params.get().replace(['\n', '\r'], " "));
    }

    #[test]
    fn reading_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse(&bytes);
    }

    #[test]
    fn any_method_survives(method in ".{1,40}") {
        let text = notification(&method, None);
        let message = single(&text);
        prop_assert_eq!(message.method(), Some(method.as_str()));
    }
}
