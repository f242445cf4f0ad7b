//! Links between the parts of one thing.

use leptos::prelude::*;

#[component]
pub fn Tabs(#[prop(into)] label: String, children: Children) -> impl IntoView {
    view! {
        <nav class="flex gap-1 mb-5 border-b border-line overflow-x-auto" aria-label=label>
            {children()}
        </nav>
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
