//! Keys that work on every page: `/` goes to the page's filter, Escape closes what is open. Everything
//! is reachable without them.

/// Listens while the frame lives.
#[cfg(feature = "hydrate")]
pub fn use_keyboard() {
    use leptos::{ev, prelude::*};
    use leptos_router::hooks::use_location;
    use wasm_bindgen::JsCast;
    use web_sys::HtmlElement;

    fn element(selector: &str) -> Option<HtmlElement> {
        document().query_selector(selector).ok()??.dyn_into().ok()
    }

    fn close_menu() -> bool {
        let Some(menu) = element("details[data-menu][open]") else { return false };
        let _ = menu.remove_attribute("open");
        true
    }

    let handle = window_event_listener(ev::keydown, |event| {
        if event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        let typing = document()
            .active_element()
            .is_some_and(|active| matches!(active.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT"));
        match event.key().as_str() {
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
