//! Shared servers where servers are made: to choose one, and what a project decides of it.

use domain::shared::SharedChoice;
use leptos::prelude::*;

use crate::{
    i18n::{SharedServers, text},
    ui::{Badge, Card, Failure, LinkButton, encode},
};

/// What administrators share, each with the way to its form.
pub fn shared_choices(choices: Vec<SharedChoice>) -> AnyView {
    let (t, words) = (text(), SharedServers::current());
    if choices.is_empty() {
        return ().into_any();
    }
    let rows = choices.into_iter().map(|choice| {
        let href = format!("?shared={}", encode(&choice.name));
        let label = t.with(words.choose, &choice.name);
        view! {
            <li class="flex items-center gap-3 py-2 border-b border-line last:border-b-0 flex-wrap">
                <div class="grow min-w-0">
                    <p class="font-medium">
                        {choice.name} " " <Badge label=t.transport(choice.transport) />
                    </p>
                    <p class="text-ink-muted text-xs break-words empty:hidden">{choice.description}</p>
                </div>
                <LinkButton href=href>{label}</LinkButton>
            </li>
        }
    });
    view! {
        <div class="max-w-[680px]">
            <Card title=words.choices lead=words.choices_lead>
                <ul>{rows.collect_view()}</ul>
            </Card>
        </div>
    }
    .into_any()
}

/// In place of the fields of a server that one describes oneself.
#[component]
pub fn Shared(failure: Failure, shared: String, transport: String) -> impl IntoView {
    let words = SharedServers::current();
    view! {
        <input type="hidden" name=failure.name("transport") value=transport />
        <input type="hidden" name=failure.name("shared") value=shared.clone() />
        <div class="flex flex-col gap-1">
            <p class="font-medium">{words.of} ": " {shared}</p>
            <p class="text-ink-muted text-xs">{words.of_lead}</p>
        </div>
    }
}
