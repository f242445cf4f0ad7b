//! Whether the client has arrived: by itself with WASM, by a look without.

use domain::key::ApiKey;
use leptos::{ev, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::{
    api::{address, check_connection},
    page::Choice,
};
use crate::{
    i18n::{Connect, text},
    project::ProjectSource,
    ui::{Ago, Boundary, Callout, Card, Facts, LinkButton, PLAIN_CLASS, Tone, encode, hydrated},
};

/// `keys` are the names to choose from; who may not read them gets none.
#[component]
pub fn LiveCheck(choice: Choice, keys: Resource<Vec<ApiKey>>) -> impl IntoView {
    let (t, c) = (text(), Connect::current());
    let project = ProjectSource::current();
    let live = hydrated();
    let seen = Resource::new(
        move || (project.name.get(), choice.server.get(), choice.key.get(), project.changes.get()),
        |(project, server, key, _)| check_connection(project, server, key),
    );
    // The key's name goes along, so that the next look waits for the same.
    let again = move || {
        let page = address(&project.name.get(), choice.client.get(), &choice.server.get());
        choice
            .key
            .with(|key| if key.is_empty() { page.clone() } else { format!("{page}&key={}", encode(key)) })
    };
    view! {
        <Card title=c.check>
            <Boundary load=move || async move {
                let mut names: Vec<_> = keys.await.into_iter().map(|key| key.name).collect();
                names.sort_unstable();
                Ok((!names.is_empty()).then(|| view! { <KeyChoice names=names choice=choice /> }).into_any())
            } />
            <Boundary load=move || {
                let again = again();
                let waiting = choice.key.with(|key| match key.as_str() {
                    "" => c.waiting.to_owned(),
                    key => t.with(c.waiting_for, key),
                });
                async move {
                    let (seen, now) = seen.await?;
                    let Some(seen) = seen else {
                        return Ok(view! {
                            <Callout tone=Tone::Info title=waiting>
                                <p hidden=move || !live.get()>{c.waiting_lead}</p>
                                <div class="mt-2" hidden=move || live.get()>
                                    <LinkButton href=again>{c.check_now}</LinkButton>
                                </div>
                            </Callout>
                        }
                        .into_any());
                    };
                    let title = seen.client.map_or(c.connected.to_owned(), |client| t.with(c.connected_as, &client));
                    let facts = vec![
                        (t.tools, view! { <span>{t.tools_count(seen.tools)}</span> }.into_any()),
                        (c.with_key, view! { <span>{seen.key}</span> }.into_any()),
                        (c.last_seen, view! { <Ago at=seen.at now=now /> }.into_any()),
                    ];
                    Ok(view! { <Callout tone=Tone::Ok title=title><Facts facts=facts /></Callout> }.into_any())
                }
            } />
        </Card>
    }
}

/// Whose first call is waited for.
#[component]
fn KeyChoice(names: Vec<String>, choice: Choice) -> impl IntoView {
    let c = Connect::current();
    let project = ProjectSource::current();
    let live = hydrated();
    let current = move |name: &str| choice.key.with(|key| key == name);
    let options = names
        .into_iter()
        .map(|name| {
            let value = name.clone();
            view! { <option value=name.clone() selected=move || current(&name)>{value}</option> }
        })
        .collect_view();
    let navigate = use_navigate();
    let choose = move |event: ev::Event| {
        let page = address(
            &project.name.get_untracked(),
            choice.client.get_untracked(),
            &choice.server.get_untracked(),
        );
        let to = format!("{page}&key={}", encode(&event_target_value(&event)));
        navigate(&to, NavigateOptions { scroll: false, ..NavigateOptions::default() });
    };
    view! {
        <form class="flex gap-2 flex-wrap items-end mb-3" method="get" action=move || project.href("connect")>
            <input type="hidden" name="client" value=move || choice.client.get().name() />
            <input type="hidden" name="server" value=move || choice.server.get() />
            <label class="flex flex-col gap-0.5 text-xs text-ink-muted min-w-0">
                {c.wait_for}
                <select
                    class="h-8 px-2 rounded-md border border-line-strong bg-surface-raised text-ink min-w-0 max-w-full"
                    name="key"
                    aria-label=c.wait_for
                    on:change=choose
                >
                    <option value="" selected=move || current("")>
                        {c.any_key}
                    </option>
                    {options}
                </select>
            </label>
            <button class=PLAIN_CLASS type="submit" hidden=move || live.get()>
                {c.target_show}
            </button>
        </form>
    }
}
