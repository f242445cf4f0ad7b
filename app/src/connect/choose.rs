//! A choice that stands in the address: with WASM making it goes there, without by a button.

use leptos::{ev, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::page::Choice;
use crate::{
    i18n::Connect,
    project::ProjectSource,
    ui::{PLAIN_CLASS, hydrated},
};

/// The select `name` of what is in `current`. `none` is what its emptiness means, `to` the address of
/// another choice. The rest of the address goes along: the client, and what is `beside` it.
pub(super) fn choose(
    (name, label, none): (&'static str, &'static str, &'static str),
    options: Vec<String>,
    choice: Choice,
    current: Memo<String>,
    beside: Option<(&'static str, Memo<String>)>,
    to: impl Fn(String) -> String + 'static,
) -> AnyView {
    let project = ProjectSource::current();
    let live = hydrated();
    let chosen = move |option: &str| current.with(|current| current == option);
    let options = options
        .into_iter()
        .map(|option| {
            let value = option.clone();
            view! { <option value=option.clone() selected=move || chosen(&option)>{value}</option> }
        })
        .collect_view();
    // What was made on this page stays.
    let navigate = use_navigate();
    let change = move |event: ev::Event| {
        let options = NavigateOptions { scroll: false, ..NavigateOptions::default() };
        navigate(&to(event_target_value(&event)), options);
    };
    view! {
        <form class="flex gap-2 flex-wrap items-end mb-4" method="get" action=move || project.href("connect")>
            <input type="hidden" name="client" value=move || choice.client.get().name() />
            {beside.map(|(name, value)| view! { <input type="hidden" name=name value=move || value.get() /> })}
            <label class="flex flex-col gap-0.5 text-xs text-ink-muted min-w-0">
                {label}
                <select
                    class="h-8 px-2 rounded-md border border-line-strong bg-surface-raised text-ink min-w-0 max-w-full"
                    name=name
                    aria-label=label
                    on:change=change
                >
                    <option value="" selected=move || chosen("")>
                        {none}
                    </option>
                    {options}
                </select>
            </label>
            <button class=PLAIN_CLASS type="submit" hidden=move || live.get()>
                {Connect::current().target_show}
            </button>
        </form>
    }
    .into_any()
}
