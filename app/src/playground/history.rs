//! The last calls, in this tab's own storage: arguments may be private.

use super::state::Past;

const KEPT: usize = 20;

/// Puts a call before the others, once.
pub fn add(place: &str, all: &mut Vec<Past>, past: Past) {
    all.retain(|known| known.tool != past.tool || known.arguments != past.arguments);
    all.insert(0, past);
    all.truncate(KEPT);
    store(place, all);
}

#[cfg(feature = "hydrate")]
#[must_use]
pub fn load(place: &str) -> Vec<Past> {
    let stored = storage().and_then(|storage| storage.get_item(&name(place)).ok().flatten());
    stored.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
}

#[cfg(not(feature = "hydrate"))]
#[must_use]
pub fn load(_: &str) -> Vec<Past> {
    Vec::new()
}

#[cfg(feature = "hydrate")]
fn store(place: &str, all: &[Past]) {
    // A full storage loses the history of this tab, and nothing else.
    if let (Some(storage), Ok(text)) = (storage(), serde_json::to_string(all)) {
        let _ = storage.set_item(&name(place), &text);
    }
}

#[cfg(not(feature = "hydrate"))]
fn store(_: &str, _: &[Past]) {}

#[cfg(feature = "hydrate")]
fn storage() -> Option<web_sys::Storage> {
    leptos::prelude::window().session_storage().ok().flatten()
}

#[cfg(feature = "hydrate")]
fn name(place: &str) -> String {
    format!("playground {place}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_call_that_is_repeated_moves_up_and_the_oldest_goes() {
        let past = |n: usize| Past { tool: "echo".into(), arguments: json!({ "n": n }), good: true, took: 1 };
        let mut all = Vec::new();
        (0..25).for_each(|n| add("here", &mut all, past(n)));
        add("here", &mut all, past(10));
        assert_eq!((all.len(), &all[0]), (KEPT, &past(10)));
        assert_eq!(all.iter().filter(|known| **known == past(10)).count(), 1);
    }
}
