//! Something to copy or to keep: readable and selectable without WASM, one press with it.

use leptos::prelude::*;

use super::PLAIN_CLASS;
use crate::i18n::text;

/// Whether WASM has taken over: before, there is nothing that could act by itself.
#[must_use]
pub fn hydrated() -> RwSignal<bool> {
    let live = RwSignal::new(false);
    Effect::new(move |_| live.set(true));
    live
}

#[component]
pub fn CopyField(#[prop(into)] label: String, #[prop(into)] value: String) -> impl IntoView {
    view! {
        <div class="flex gap-2 items-center min-w-0">
            <input
                class="grow min-w-0 h-8 px-2 rounded-md border border-line bg-surface-sunken text-ink font-mono text-xs"
                aria-label=label
                readonly=true
                value=value.clone()
            />
            <CopyButton value=value />
        </div>
    }
}

#[component]
pub fn CopyButton(#[prop(into)] value: String) -> impl IntoView {
    let t = text();
    let copied = RwSignal::new(false);
    let live = hydrated();
    let copy = move |_| {
        if write_clipboard(&value) {
            copied.set(true);
            set_timeout(
                move || {
                    copied.try_set(false);
                },
                std::time::Duration::from_secs(2),
            );
        }
    };
    view! {
        <button type="button" class=PLAIN_CLASS hidden=move || !live.get() on:click=copy>
            {move || if copied.get() { t.copied } else { t.copy }}
        </button>
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

/// Saves text as a file. Without WASM by a link that carries it, so never for what holds a `secret`.
#[component]
pub fn Download(name: String, text: String, secret: bool, label: &'static str) -> impl IntoView {
    let live = hydrated();
    let link = (!secret).then(|| {
        let href = format!("data:text/plain;charset=utf-8,{}", super::encode(&text));
        view! { <a class=PLAIN_CLASS hidden=move || live.get() href=href download=name.clone()>{label}</a> }
    });
    view! {
        {link}
        <button type="button" class=PLAIN_CLASS hidden=move || !live.get() on:click=move |_| save(&name, &text)>
            {label}
        </button>
    }
}

#[cfg(feature = "hydrate")]
fn save(name: &str, text: &str) {
    use wasm_bindgen::{JsCast, JsValue};
    use web_sys::{Blob, HtmlAnchorElement, Url};

    let parts = js_sys::Array::of1(&JsValue::from_str(text));
    let Ok(blob) = Blob::new_with_str_sequence(&parts) else { return };
    let Ok(url) = Url::create_object_url_with_blob(&blob) else { return };
    if let Ok(link) = document().create_element("a") {
        let link: HtmlAnchorElement = link.unchecked_into();
        link.set_href(&url);
        link.set_download(name);
        link.click();
    }
    let _ = Url::revoke_object_url(&url);
}

#[cfg(not(feature = "hydrate"))]
fn save(_: &str, _: &str) {}
