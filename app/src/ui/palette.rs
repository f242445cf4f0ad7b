//! The command palette's dialog. There with WASM only; the button that opens it is a link to the search
//! page otherwise. What is in it comes when it opens first: `search::PaletteList`.

use leptos::prelude::*;

use crate::{i18n::Shell, part::palette::PALETTE};

/// Of a link that a page shows: where it leads and how it is reached by keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageLink {
    pub label: String,
    pub path: String,
    pub letter: Option<String>,
}

/// The links of the rail and of the tabs, as they stand on this page.
#[cfg(feature = "hydrate")]
#[must_use]
pub fn links() -> Vec<PageLink> {
    use wasm_bindgen::JsCast;
    let Ok(nodes) = document().query_selector_all("a[data-go], a[data-page]") else { return Vec::new() };
    let elements = (0..nodes.length()).filter_map(|at| nodes.get(at)?.dyn_into::<web_sys::Element>().ok());
    elements
        .filter_map(|element| {
            Some(PageLink {
                label: element.text_content()?.trim().to_owned(),
                path: element.get_attribute("href")?,
                letter: element.get_attribute("data-go").filter(|letter| !letter.is_empty()),
            })
        })
        .collect()
}

#[cfg(not(feature = "hydrate"))]
#[must_use]
pub fn links() -> Vec<PageLink> {
    Vec::new()
}

/// The project of an address, or nothing.
#[must_use]
pub fn project_of(path: &str) -> &str {
    let mut parts = path.trim_start_matches('/').split('/');
    match (parts.next(), parts.next()) {
        (Some("projects"), Some(project)) if project != "new" => project,
        _ => "",
    }
}

#[component]
pub fn Palette() -> impl IntoView {
    let inside = RwSignal::new(None::<fn() -> AnyView>);
    // It begins anew each time. The dialog itself has the focus while it is empty.
    let opened = move |_| {
        if inside.with_untracked(Option::is_none) {
            leptos::task::spawn_local(async move {
                let list = PALETTE.load().await;
                inside.try_set(Some(list));
            });
        }
    };
    view! {
        <dialog
            class="mx-auto mt-[12vh] mb-auto p-0 w-[600px] max-w-[calc(100vw-24px)] rounded-[10px] border border-line bg-surface-raised text-ink shadow-[var(--shadow)] overflow-hidden"
            data-palette=""
            aria-label=Shell::current().palette
            on:click=close_outside
            on:focusin=opened
            on:close=move |_| inside.set(None)
        >
            {move || inside.get().map(|list| list())}
        </dialog>
    }
}

#[cfg(feature = "hydrate")]
mod browser {
    use leptos::prelude::document;
    use wasm_bindgen::JsCast;
    use web_sys::{Element, HtmlDialogElement, MouseEvent};

    fn dialog() -> Option<HtmlDialogElement> {
        document().query_selector("dialog[data-palette]").ok()??.dyn_into().ok()
    }

    pub(crate) fn close() {
        if let Some(dialog) = dialog() {
            dialog.close();
        }
    }

    /// A press on the dialog itself is one beside what is in it.
    pub(super) fn close_outside(event: MouseEvent) {
        let pressed = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if pressed.is_some_and(|pressed| pressed.has_attribute("data-palette")) {
            close();
        }
    }

    /// Opens the palette from the rail's button.
    pub(crate) fn open_palette(event: MouseEvent) {
        // A link that is asked for in a new tab opens there.
        if event.ctrl_key() || event.meta_key() || event.shift_key() {
            return;
        }
        if let Some(dialog) = dialog().filter(|dialog| !dialog.open()) {
            event.prevent_default();
            let _ = dialog.show_modal();
        }
    }
}

#[cfg(not(feature = "hydrate"))]
mod browser {
    use leptos::ev::MouseEvent;

    pub(crate) fn close() {}
    pub(super) fn close_outside(_: MouseEvent) {}
    pub(crate) fn open_palette(_: MouseEvent) {}
}

use browser::close_outside;
pub(crate) use browser::{close, open_palette};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_project_of_an_address() {
        for (path, project) in [
            ("/projects/acme.pay", "acme.pay"),
            ("/projects/acme.pay/servers/x", "acme.pay"),
            ("/projects/new", ""),
            ("/projects", ""),
            ("/orgs/acme", ""),
            ("/", ""),
        ] {
            assert_eq!(project_of(path), project, "{path}");
        }
    }
}
