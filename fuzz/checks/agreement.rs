//! Headers and body of 2026-07-28: what agrees is accepted, what differs is not.

use serde_json::value::RawValue;
use wire::edit;
use wire::modern::{Meta, agree, decode, encode, header, is_spoken, name_member};

/// The input is a method, the parameters, and up to three headers (version, method, name), each on its line.
pub(crate) fn check(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let mut lines = text.split('\n');
    let method = lines.next().unwrap_or_default();
    let params = lines.next().and_then(|line| serde_json::from_str::<&RawValue>(line).ok());
    let given: Vec<&str> = lines.collect();
    for value in &given {
        survives(value);
    }
    let meta = Meta::read(params);
    let _ = is_spoken(given.first().copied(), &meta);

    let at = |name: &str| match name {
        header::VERSION => given.first(),
        header::METHOD => given.get(1),
        header::NAME => given.get(2),
        _ => None,
    };
    let version = meta.version_text().unwrap_or_default();
    let named = params.zip(name_member(method)).and_then(|(params, member)| edit::text(params, member));
    if agree(|name| at(name).map(|value| value.as_bytes()), method, params, &meta).is_ok() {
        assert_eq!((given[0].trim(), given[1].trim()), (version.as_str(), method));
        if let Some(named) = &named {
            assert_eq!(decode(given[2].trim()).as_deref(), Some(named.as_str()));
        }
    }

    // What a client writes that takes the values from its body.
    let is_plain = |value: &str| matches!(encode(value), std::borrow::Cow::Borrowed(_));
    if is_plain(&version) && is_plain(method) && !is_sealed(&version) && !is_sealed(method) {
        let name = named.as_deref().map(|named| encode(named).into_owned());
        let right = |header: &str| match header {
            header::VERSION => Some(version.as_bytes()),
            header::METHOD => Some(method.as_bytes()),
            header::NAME => name.as_deref().map(str::as_bytes),
            _ => None,
        };
        assert_eq!(agree(right, method, params, &meta), Ok(()));
        if let Some(named) = &named {
            let other = encode(&format!("{named}x")).into_owned();
            let wrong = |header: &str| match header {
                header::NAME => Some(other.as_bytes()),
                header => right(header),
            };
            assert!(agree(wrong, method, params, &meta).is_err(), "another name");
        }
        let missing = |header: &str| right(header).filter(|_| header != header::METHOD);
        assert!(agree(missing, method, params, &meta).is_err(), "no method");
    }
}

fn is_sealed(value: &str) -> bool {
    value.starts_with("=?base64?") && value.ends_with("?=")
}

fn survives(value: &str) {
    let encoded = encode(value);
    assert!(
        encoded.bytes().all(|byte| matches!(byte, b' '..=b'~')) && encoded.trim() == encoded,
        "{encoded:?}"
    );
    assert_eq!(decode(&encoded).as_deref(), Some(value));
    let _ = decode(value);
}
