//! JSON to read: objects and lists fold, without WASM too.

use leptos::prelude::*;
use serde_json::Value;

/// Members and items that are shown of one value; the rest is counted.
const SHOWN: usize = 200;
/// Levels that stand open.
const OPEN: usize = 2;

#[component]
pub fn JsonTree(value: Value, #[prop(into)] label: String) -> impl IntoView {
    view! {
        <div
            class="p-3 rounded-md border border-line bg-surface-sunken text-xs font-mono overflow-auto max-h-[480px]"
            role="group"
            tabindex="0"
            aria-label=label
        >
            {node(None, &value, 0)}
        </div>
    }
}

fn node(name: Option<String>, value: &Value, depth: usize) -> AnyView {
    let name = name.map(|name| view! { <span class="text-ink-muted">{name} ": "</span> });
    let (parts, marks): (Vec<(Option<String>, &Value)>, [&str; 2]) = match value {
        Value::Object(members) => {
            (members.iter().map(|(name, value)| (Some(name.clone()), value)).collect(), ["{", "}"])
        }
        Value::Array(items) => (items.iter().map(|item| (None, item)).collect(), ["[", "]"]),
        plain => {
            let class = if plain.is_string() { "text-ok" } else { "text-info" };
            return view! {
                <div class="break-words whitespace-pre-wrap">{name} <span class=class>{plain.to_string()}</span></div>
            }
            .into_any();
        }
    };
    let count = parts.len();
    if count == 0 {
        return view! { <div>{name} {marks.concat()}</div> }.into_any();
    }
    let more =
        (count > SHOWN).then(|| view! { <div class="text-ink-muted">{format!("… {}", count - SHOWN)}</div> });
    let inner: Vec<AnyView> =
        parts.into_iter().take(SHOWN).map(|(name, value)| node(name, value, depth + 1)).collect();
    view! {
        <details open=depth < OPEN>
            <summary class="cursor-pointer">{name} {marks[0]} <span class="text-ink-muted">{count}</span> {marks[1]}</summary>
            <div class="pl-4 border-l border-line">{inner} {more}</div>
        </details>
    }
    .into_any()
}
