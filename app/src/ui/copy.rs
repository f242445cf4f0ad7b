//! Something to copy: readable and selectable without WASM, one press with it.

use leptos::prelude::*;

use super::PLAIN_CLASS;
use crate::i18n::text;

#[component]
pub fn CopyField(#[prop(into)] label: String, #[prop(into)] value: String) -> impl IntoView {
    let t = text();
    let copied = RwSignal::new(false);
    // Offered once WASM runs; before, there is nothing that could copy.
    let live = RwSignal::new(false);
    Effect::new(move |_| live.set(true));
    let copy = {
        let value = value.clone();
        move |_| {
            if write_clipboard(&value) {
                copied.set(true);
                set_timeout(
                    move || {
                        copied.try_set(false);
                    },
                    std::time::Duration::from_secs(2),
                );
            }
        }
    };
    view! {
        <div class="flex gap-2 items-center min-w-0">
            <input
                class="grow min-w-0 h-8 px-2 rounded-md border border-line bg-surface-sunken text-ink font-mono text-xs"
                aria-label=label
                readonly=true
                value=value
            />
            <button type="button" class=PLAIN_CLASS hidden=move || !live.get() on:click=copy>
                {move || if copied.get() { t.copied } else { t.copy }}
            </button>
        </div>
    }
}

/// Browsers give a page the clipboard on https and loopback only.
fn write_clipboard(text: &str) -> bool {
    let window = window();
    if !window.is_secure_context() {
        return false;
    }
    let _ = window.navigator().clipboard().write_text(text);
    true
}
