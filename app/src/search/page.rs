//! The search as a page: what the palette does, without WASM and with an address.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::{
    api::search,
    entry::{Entry, Group, Target, entries},
};
use crate::{
    i18n::{Shell, text},
    ui::{Boundary, Icon, LINK_CLASS, PLAIN_CLASS, PageHead, Shape},
};

#[component]
pub fn SearchPage() -> impl IntoView {
    let (t, s) = (text(), Shell::current());
    let query = use_query_map();
    let q = move || query.read().get("q").unwrap_or_default();
    let found = Resource::new(q, |q| search(q, String::new()));
    view! {
        <Title text=t.search />
        <PageHead title=t.search lead=s.search_lead />
        <form class="flex gap-2 mb-6 max-w-[560px]" method="get" action="/search" role="search">
            <input
                class="grow min-w-0 h-9 px-3 rounded-md border border-line-strong bg-surface-raised text-ink"
                type="search"
                name="q"
                value=q
                placeholder=s.search_placeholder
                aria-label=t.search
                autocomplete="off"
                data-filter=""
                autofocus=true
            />
            <button class=PLAIN_CLASS type="submit">{t.search}</button>
        </form>
        <Boundary load=move || {
            let q = q();
            async move {
                let found = entries(found.await?);
                if found.is_empty() {
                    let words = if q.is_empty() { s.search_nothing_yet.to_owned() } else { t.with(s.search_nothing, &q) };
                    return Ok(view! { <p class="py-8 text-center text-ink-muted break-words">{words}</p> }.into_any());
                }
                let groups = Group::ALL.into_iter().filter_map(|group| {
                    let entries: Vec<_> = found.iter().filter(|entry| entry.group == group).cloned().collect();
                    (!entries.is_empty()).then(|| view! { <Part group=group entries=entries /> })
                });
                Ok(groups.collect_view().into_any())
            }
        } />
    }
}

#[component]
fn Part(group: Group, entries: Vec<Entry>) -> impl IntoView {
    let s = Shell::current();
    let rows = entries.into_iter().filter_map(|entry| {
        let Target::Page(href) = entry.target else { return None };
        Some(view! {
            <li class="flex items-center gap-2 py-2 px-3 border-b border-line last:border-b-0 min-w-0">
                <span class="text-ink-faint"><Icon shape=group.shape() /></span>
                <a class=LINK_CLASS href=href>
                    <span class="break-words">{entry.label}</span>
                </a>
                {entry.failed.then(|| view! { <span class="inline-flex items-center gap-1 text-bad text-xs"><Icon shape=Shape::Warning />{s.failed}</span> })}
                <span class="ml-auto text-ink-muted text-xs truncate">{entry.detail}</span>
            </li>
        })
    });
    view! {
        <section class="mb-6 max-w-[720px]">
            <h2 class="mb-2 text-xs font-medium text-ink-muted">{group.label()}</h2>
            <ul class="border border-line rounded-[10px] bg-surface-raised">{rows.collect_view()}</ul>
        </section>
    }
}
