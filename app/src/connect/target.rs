//! Which address a client gets: the project's one, or a server's.

use leptos::{ev, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::{api::address, page::Choice};
use crate::{
    i18n::Connect,
    project::ProjectSource,
    ui::{Callout, PLAIN_CLASS, Tone, hydrated},
};

#[component]
pub fn Target(names: Vec<String>, choice: Choice) -> impl IntoView {
    let c = Connect::current();
    let project = ProjectSource::current();
    let live = hydrated();
    let known = StoredValue::new(names.clone());
    let current = move |name: &str| choice.server.with(|server| server == name);
    let missing = move || {
        choice.server.with(|server| !server.is_empty() && known.with_value(|all| !all.contains(server)))
    };
    let options = names
        .into_iter()
        .map(|name| {
            let value = name.clone();
            view! { <option value=name.clone() selected=move || current(&name)>{value}</option> }
        })
        .collect_view();
    // With WASM the choice itself goes there, and what was made on this page stays.
    let navigate = use_navigate();
    let choose = move |event: ev::Event| {
        let to = address(
            &project.name.get_untracked(),
            choice.client.get_untracked(),
            &event_target_value(&event),
        );
        navigate(&to, NavigateOptions { scroll: false, ..NavigateOptions::default() });
    };
    view! {
        <form class="flex gap-2 flex-wrap items-end mb-6" method="get" action=move || project.href("connect")>
            <input type="hidden" name="client" value=move || choice.client.get().name() />
            <label class="flex flex-col gap-0.5 text-xs text-ink-muted min-w-0">
                {c.target}
                <select
                    class="h-8 px-2 rounded-md border border-line-strong bg-surface-raised text-ink min-w-0 max-w-full"
                    name="server"
                    aria-label=c.target
                    on:change=choose
                >
                    <option value="" selected=move || current("")>
                        {c.target_all}
                    </option>
                    {options}
                </select>
            </label>
            <button class=PLAIN_CLASS type="submit" hidden=move || live.get()>
                {c.target_show}
            </button>
        </form>
        {move || missing().then(|| view! { <div class="mb-6"><Callout tone=Tone::Warn title=c.server_gone /></div> })}
    }
}
