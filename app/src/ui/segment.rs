//! One choice out of few that stand side by side: links, so the address says which.

use leptos::prelude::*;

/// Addresses with their labels, and whether each is the present one.
#[component]
pub fn Segments(#[prop(into)] label: String, items: Vec<(String, &'static str, bool)>) -> impl IntoView {
    let items = items
        .into_iter()
        .map(|(href, name, current)| {
            view! {
                <a
                    class="inline-flex items-center h-6 px-2 rounded-md text-xs text-ink-muted whitespace-nowrap no-underline hover:text-ink aria-[current=true]:bg-surface-raised aria-[current=true]:text-ink aria-[current=true]:font-medium"
                    href=href
                    aria-current=current.then_some("true")
                >
                    {name}
                </a>
            }
        })
        .collect_view();
    view! {
        <nav class="inline-flex items-center gap-0.5 p-0.5 rounded-md border border-line bg-surface-sunken" aria-label=label>
            {items}
        </nav>
    }
}
