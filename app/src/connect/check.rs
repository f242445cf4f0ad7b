//! Whether the client has arrived: by itself with WASM, by a look without.

use domain::key::ApiKey;
use leptos::prelude::*;

use super::{
    api::{address, check_connection},
    choose::choose,
    page::Choice,
};
use crate::{
    i18n::{Connect, text},
    project::ProjectSource,
    ui::{Ago, Boundary, Callout, Card, Facts, LinkButton, Tone, encode, hydrated},
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
                // Whose first call is waited for.
                let to = move |key: String| {
                    let server = choice.server.get_untracked();
                    let page = address(&project.name.get_untracked(), choice.client.get_untracked(), &server);
                    format!("{page}&key={}", encode(&key))
                };
                let words = ("key", c.wait_for, c.any_key);
                let beside = Some(("server", choice.server));
                Ok((!names.is_empty()).then(|| choose(words, names, choice, choice.key, beside, to)).into_any())
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
