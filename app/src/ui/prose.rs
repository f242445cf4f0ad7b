//! Sentences with names in them: what stands between back quotes is a name.

use leptos::prelude::*;

/// The sentence with its names as code.
#[must_use]
pub fn prose(sentence: &str) -> AnyView {
    let parts = sentence.split('`').enumerate().filter(|(_, part)| !part.is_empty());
    parts
        .map(|(i, part)| {
            let part = part.to_owned();
            if i % 2 == 1 {
                view! { <code class="break-all text-ink">{part}</code> }.into_any()
            } else {
                part.into_any()
            }
        })
        .collect::<Vec<_>>()
        .into_any()
}
