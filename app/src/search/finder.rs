//! In the project switcher: any project, by a few letters of its name. There with WASM only.

use domain::search::Found;
use leptos::prelude::*;

use super::api::search;
use crate::{
    i18n::{Shell, text},
    ui::switcher::LINK_CLASS,
};

#[component]
pub fn Finder() -> impl IntoView {
    let (t, s) = (text(), Shell::current());
    let node = NodeRef::<leptos::html::Input>::new();
    // Into the field, as the menu opens.
    Effect::new(move |_| {
        if let Some(field) = node.get() {
            let _ = field.focus();
        }
    });
    let (typed, set_typed) = signal(String::new());
    let found = RwSignal::new(None::<Found>);
    let ask = move |q: String| {
        set_typed.set(q.clone());
        leptos::task::spawn_local(async move {
            let answer = if q.trim().is_empty() { None } else { search(q.clone(), String::new()).await.ok() };
            // Only what stands in the field counts.
            if typed.try_get_untracked() == Some(q) {
                found.set(answer);
            }
        });
    };
    let results = move || {
        let found = found.get()?;
        let none = found.projects.is_empty();
        let rows = found.projects.into_iter().map(|project| {
            view! {
                <li>
                    <a class=LINK_CLASS href=format!("/projects/{}", project.project)>
                        <span class="truncate">{project.name}</span>
                        <span class="ml-auto text-xs text-ink-muted truncate">{project.organization}</span>
                    </a>
                </li>
            }
        });
        Some(view! {
            <ul class="mb-1 border-b border-line">
                {rows.collect_view()}
                {none.then(|| view! { <li class="px-2 py-1 text-ink-muted">{s.no_project_found}</li> })}
            </ul>
        })
    };
    // Enter goes to the best.
    let pressed = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Enter" && !event.is_composing() {
            event.prevent_default();
            press_first();
        }
    };
    view! {
        <input
            class="w-full h-8 px-2 mb-1 rounded-md border border-line-strong bg-surface-raised text-ink placeholder:text-ink-faint"
            type="search"
            placeholder=s.find_project
            aria-label=s.find_project
            autocomplete="off"
            node_ref=node
            on:input=move |event| ask(event_target_value(&event))
            on:keydown=pressed
        />
        <div aria-live="polite" aria-label=t.search data-found="">{results}</div>
    }
}

#[cfg(feature = "hydrate")]
fn press_first() {
    use wasm_bindgen::JsCast;
    let link = document().query_selector("[data-found] a").ok().flatten();
    if let Some(link) = link.and_then(|link| link.dyn_into::<web_sys::HtmlElement>().ok()) {
        link.click();
    }
}

#[cfg(not(feature = "hydrate"))]
fn press_first() {}
