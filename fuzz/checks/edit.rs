//! Edits of raw objects: what was to change changed, and nothing else did.

use serde_json::value::RawValue;
use wire::edit::{add_missing, each, member, remove, set, without};

/// The input is the name of a member and an object, on two lines.
pub(crate) fn check(input: &[u8]) {
    let Some((name, object)) = std::str::from_utf8(input).ok().and_then(|text| text.split_once('\n')) else {
        return;
    };
    let Ok(object) = serde_json::from_str::<&RawValue>(object) else { return };
    let value = RawValue::from_string("[2.50]".to_owned()).expect("JSON");
    let others = |object: &RawValue| {
        let mut all = Vec::new();
        each(object, |member, value| all.push((member.to_owned(), value.get().to_owned())));
        all.retain(|(member, _)| member != name);
        all
    };
    let before = others(object);
    let is_object = object.get().starts_with('{');

    let with = set(object, name, &value);
    let gone = remove(object, name);
    let added = add_missing(object, &[(name, &value)]);
    if is_object && !is_readable(object) {
        return;
    }
    if !is_object {
        assert_eq!([with.get(), gone.get()], [object.get(); 2], "what is no object stays");
        return;
    }
    assert_eq!(member(&with, name).map(RawValue::get), Some("[2.50]"));
    assert!(member(&gone, name).is_none());
    assert!(member(&without(object, &[name]), name).is_none());
    let kept = member(object, name).map_or("[2.50]", RawValue::get);
    assert_eq!(member(&added, name).map(RawValue::get), Some(kept));
    for changed in [&with, &gone, &added, &without(object, &[name])] {
        assert_eq!(others(changed), before);
    }
    assert_eq!(set(&with, name, &value).get(), with.get(), "twice is once");
}

/// Whether its members can be read: a name may hold an escape that stands for nothing.
fn is_readable(object: &RawValue) -> bool {
    serde_json::from_str::<std::collections::BTreeMap<String, &RawValue>>(object.get()).is_ok()
}
