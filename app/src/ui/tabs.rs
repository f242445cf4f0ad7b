//! Links between the parts of one thing.

use leptos::prelude::*;

#[component]
pub fn Tabs(#[prop(into)] label: String, children: Children) -> impl IntoView {
    let bar = NodeRef::<leptos::html::Nav>::new();
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| bar.get().map(|bar| show_current(&bar)));
    view! {
        <nav class="flex gap-1 mb-5 border-b border-line overflow-x-auto" aria-label=label node_ref=bar>
            {children()}
        </nav>
    }
}

/// Moves a bar that is wider than the screen to the tab of the page.
#[cfg(feature = "hydrate")]
fn show_current(bar: &web_sys::HtmlElement) {
    use wasm_bindgen::JsCast;

    /// Pixels of the tab before, so that one sees that there is one.
    const BEFORE: i32 = 48;

    let current = bar.query_selector("[aria-current=page]").ok().flatten();
    if let Some(current) = current.and_then(|tab| tab.dyn_into::<web_sys::HtmlElement>().ok()) {
        bar.set_scroll_left(current.offset_left() - bar.offset_left() - BEFORE);
    }
}

/// `go` is the letter that leads here after `g`.
#[component]
pub fn Tab(
    #[prop(into)] href: String,
    #[prop(into)] label: String,
    current: bool,
    #[prop(optional)] go: Option<&'static str>,
) -> impl IntoView {
    view! {
        <a
            class="px-3 py-2 -mb-px border-b-2 border-transparent text-ink-muted no-underline whitespace-nowrap hover:text-ink aria-[current=page]:border-accent aria-[current=page]:text-ink aria-[current=page]:font-medium"
            href=href
            data-go=go
            aria-current=current.then_some("page")
        >
            {label}
        </a>
    }
}
