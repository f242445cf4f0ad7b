//! Keys that work on every page: `/` goes to the page's filter, `g` and a letter to another page, Ctrl+K
//! opens the palette, Alt and a digit a favorite, `?` lists them, Escape closes what is open. Everything is
//! reachable without them.

use leptos::prelude::*;

use crate::i18n::{Shell, text};

/// The list of keys, which `?` opens. A native dialog: Escape closes it and gives the focus back.
#[component]
pub fn KeyHelp() -> impl IntoView {
    let (t, s) = (text(), Shell::current());
    // The pages are those that this page leads to, read as the list opens.
    let (pages, set_pages) = signal(Vec::<(String, String)>::new());
    let everywhere = [
        ("Ctrl K", s.palette),
        ("Ctrl P", s.palette),
        ("Alt 1…9", s.keys_favorite),
        ("/", t.keys_filter),
        ("?", s.keys_list),
        ("Esc", t.keys_close),
    ];
    let everywhere =
        everywhere.map(|(keys, what)| view! { <KeyLine keys=keys.to_owned() what=what.to_owned() /> });
    view! {
        <dialog
            class="m-auto p-5 w-[400px] max-w-full max-h-[85vh] overflow-y-auto rounded-[10px] border border-line bg-surface-raised text-ink"
            data-keys=""
            aria-labelledby="keys-title"
            on:focusin=move |_| set_pages.set(reachable())
        >
            <div class="flex items-center justify-between gap-4 mb-3">
                <h2 id="keys-title" class="font-semibold">
                    {t.keyboard}
                </h2>
                <form method="dialog">
                    <button class="text-ink-muted text-xs cursor-pointer hover:text-ink" type="submit">{s.close}</button>
                </form>
            </div>
            <h3 class="mb-1 text-xs font-medium text-ink-muted">{s.keys_everywhere}</h3>
            <dl class="mb-4">{everywhere}</dl>
            <h3 class="mb-1 text-xs font-medium text-ink-muted">{s.keys_pages}</h3>
            <dl>
                {move || {
                    let line = |(letter, label): (String, String)| {
                        view! { <KeyLine keys=format!("g {letter}") what=label /> }
                    };
                    pages.get().into_iter().map(line).collect_view()
                }}
            </dl>
        </dialog>
    }
}

#[component]
fn KeyLine(keys: String, what: String) -> impl IntoView {
    view! {
        <div class="flex gap-4 py-1">
            <dt class="w-[72px] shrink-0">
                <kbd>{keys}</kbd>
            </dt>
            <dd>{what}</dd>
        </div>
    }
}

/// The pages that `g` and a letter lead to from here: letter and name.
#[cfg(feature = "hydrate")]
fn reachable() -> Vec<(String, String)> {
    let links = super::palette::links();
    links.into_iter().filter_map(|link| Some((link.letter?, link.label))).collect()
}

#[cfg(not(feature = "hydrate"))]
fn reachable() -> Vec<(String, String)> {
    Vec::new()
}

/// Listens while the frame lives.
#[cfg(feature = "hydrate")]
pub fn use_keyboard() {
    use leptos::ev;
    use leptos_router::hooks::use_location;
    use wasm_bindgen::JsCast;
    use web_sys::{HtmlDialogElement, HtmlElement, KeyboardEvent, Node};

    /// How long after `g` a letter still belongs to it, in milliseconds.
    const PAIR: f64 = 1_500.0;

    fn element(selector: &str) -> Option<HtmlElement> {
        document().query_selector(selector).ok()??.dyn_into().ok()
    }

    /// Closes the menu that is open and gives it back.
    fn close_menu() -> Option<HtmlElement> {
        let menu = element("details[data-menu][open]")?;
        let _ = menu.remove_attribute("open");
        Some(menu)
    }

    fn show(selector: &str) {
        let dialog = element(selector).and_then(|dialog| dialog.dyn_into::<HtmlDialogElement>().ok());
        if let Some(dialog) = dialog.filter(|dialog| !dialog.open()) {
            close_menu();
            let _ = dialog.show_modal();
        }
    }

    /// With Ctrl, ⌘ or Alt: the palette, and the favorites by their number.
    fn with_modifier(event: &KeyboardEvent) {
        let (control, alt) = (event.ctrl_key() || event.meta_key(), event.alt_key());
        if event.shift_key() || (control && alt) {
            return;
        }
        // The place of the key and not what it writes: Alt writes other signs on some systems.
        let code = event.code();
        if control && matches!(code.as_str(), "KeyK" | "KeyP") {
            event.prevent_default();
            show("dialog[data-palette]");
        } else if let Some(number) = code.strip_prefix("Digit")
            && let Some(link) = element(&format!("a[data-favorite=\"{number}\"]"))
        {
            event.prevent_default();
            link.click();
        }
    }

    let pressed_g = StoredValue::new(f64::NEG_INFINITY);
    let handle = window_event_listener(ev::keydown, move |event| {
        // A key that composes a letter, as in Korean, is not a shortcut.
        if event.is_composing() {
            return;
        }
        // The palette is there when the letter follows.
        if matches!(event.key().as_str(), "Control" | "Meta") {
            crate::part::palette::PALETTE.expect();
        }
        if event.ctrl_key() || event.alt_key() || event.meta_key() {
            return with_modifier(&event);
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
            "?" if !typing => show("dialog[data-keys]"),
            "/" if !typing => {
                if let Some(filter) = element("[data-filter]") {
                    event.prevent_default();
                    let _ = filter.focus();
                }
            }
            "Escape" => {
                let summary = close_menu().and_then(|menu| menu.query_selector("summary").ok()?);
                if let Some(summary) = summary.and_then(|summary| summary.dyn_into::<HtmlElement>().ok()) {
                    let _ = summary.focus();
                }
            }
            _ => {}
        }
    });
    on_cleanup(move || handle.remove());

    // A menu closes when something else is pressed.
    let handle = window_event_listener(ev::click, move |event| {
        let Some(menu) = element("details[data-menu][open]") else { return };
        let target = event.target().and_then(|target| target.dyn_into::<Node>().ok());
        if !menu.contains(target.as_ref()) {
            let _ = menu.remove_attribute("open");
        }
    });
    on_cleanup(move || handle.remove());

    let location = use_location();
    Effect::new(move |_| {
        location.pathname.track();
        close_menu();
        if let Some(rail) = element("[popover]:popover-open") {
            let _ = rail.hide_popover();
        }
    });
}

#[cfg(not(feature = "hydrate"))]
pub fn use_keyboard() {}
