//! Keys that work on every page: `/` goes to the page's filter, `g` and a letter to another page, `?` lists
//! them, Escape closes what is open. Everything is reachable without them.

use leptos::prelude::*;

use crate::i18n::text;

/// The list of keys, which `?` opens. A native dialog: Escape closes it and gives the focus back.
#[component]
pub fn KeyHelp() -> impl IntoView {
    let t = text();
    let key = |keys: &'static str, what: &'static str| {
        view! {
            <div class="flex gap-4 py-1">
                <dt class="w-[72px] shrink-0">
                    <kbd>{keys}</kbd>
                </dt>
                <dd>{what}</dd>
            </div>
        }
    };
    view! {
        <dialog
            class="m-auto p-5 w-[360px] max-w-full rounded-[10px] border border-line bg-surface-raised text-ink"
            data-keys=""
            aria-labelledby="keys-title"
        >
            <h2 id="keys-title" class="mb-3 font-semibold">
                {t.keyboard}
            </h2>
            <dl>
                {key("/", t.keys_filter)} {key("g p", t.projects)} {key("g o", t.overview)} {key("g s", t.servers)}
                {key("g t", t.tools)} {key("g m", t.members)} {key("g k", t.keys)} {key("g l", t.logs)} {key("g e", t.settings)}
                {key("?", t.keyboard)} {key("Esc", t.keys_close)}
            </dl>
        </dialog>
    }
}

/// Listens while the frame lives.
#[cfg(feature = "hydrate")]
pub fn use_keyboard() {
    use leptos::ev;
    use leptos_router::hooks::use_location;
    use wasm_bindgen::JsCast;
    use web_sys::{HtmlDialogElement, HtmlElement};

    /// How long after `g` a letter still belongs to it, in milliseconds.
    const PAIR: f64 = 1_500.0;

    fn element(selector: &str) -> Option<HtmlElement> {
        document().query_selector(selector).ok()??.dyn_into().ok()
    }

    fn close_menu() -> bool {
        let Some(menu) = element("details[data-menu][open]") else { return false };
        let _ = menu.remove_attribute("open");
        true
    }

    let pressed_g = StoredValue::new(f64::NEG_INFINITY);
    let handle = window_event_listener(ev::keydown, move |event| {
        if event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        let typing = document()
            .active_element()
            .is_some_and(|active| matches!(active.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT"));
        let key = event.key();
        let after_g = event.time_stamp() - pressed_g.get_value() < PAIR;
        pressed_g.set_value(f64::NEG_INFINITY);
        match key.as_str() {
            letter
                if after_g && !typing && letter.len() == 1 && letter.as_bytes()[0].is_ascii_lowercase() =>
            {
                if let Some(link) = element(&format!("a[data-go={letter}]")) {
                    link.click();
                }
            }
            "g" if !typing => pressed_g.set_value(event.time_stamp()),
            "?" if !typing => {
                let keys =
                    element("dialog[data-keys]").and_then(|keys| keys.dyn_into::<HtmlDialogElement>().ok());
                if let Some(keys) = keys.filter(|keys| !keys.open()) {
                    let _ = keys.show_modal();
                }
            }
            "/" if !typing => {
                if let Some(filter) = element("[data-filter]") {
                    event.prevent_default();
                    let _ = filter.focus();
                }
            }
            "Escape" => {
                if close_menu()
                    && let Some(summary) = element("details[data-menu] summary")
                {
                    let _ = summary.focus();
                }
            }
            _ => {}
        }
    });
    on_cleanup(move || handle.remove());

    let location = use_location();
    Effect::new(move |_| {
        location.pathname.track();
        close_menu();
    });
}

#[cfg(not(feature = "hydrate"))]
pub fn use_keyboard() {}
