//! What a new project begins with: the templates to choose from, and what the chosen one holds.

use domain::template::{Beginning, BeginningServer, Starter, Template};
use leptos::prelude::*;

use crate::{
    context::Preferences,
    i18n::{Templates, text},
    project::hole_field,
    ui::{Badge, Card, Failure},
};

const CHOICE_CLASS: &str = "block h-full p-3 rounded-md border border-line bg-surface-raised text-ink no-underline hover:bg-surface-sunken";
const CHOSEN_CLASS: &str =
    "block h-full p-3 rounded-md border border-accent bg-accent-soft text-ink no-underline";

/// Links, so that the choice is in the address and works without WASM. `chosen` is the template's id or
/// name, empty for a blank project.
#[component]
pub fn Choices(templates: Vec<Template>, chosen: String, organization: String) -> impl IntoView {
    let (t, words) = (text(), Templates::current());
    let starters = Starter::ALL.map(|starter| {
        let (name, body) = words.starter(starter);
        (starter.name().to_owned(), name.to_owned(), body.to_owned(), None)
    });
    let saved = templates.into_iter().map(|template| {
        (
            template.id.to_string(),
            template.name,
            template.description,
            Some((template.organization_slug, template.server_count)),
        )
    });
    let blank = (String::new(), words.blank.to_owned(), words.blank_body.to_owned(), None);
    let links = std::iter::once(blank)
        .chain(starters)
        .chain(saved)
        .map(|(id, name, body, own)| {
            let here = id == chosen;
            let home = own.as_ref().map_or(organization.as_str(), |(slug, _)| slug.as_str());
            let href = match id.is_empty() {
                true => format!("/projects/new?organization={home}"),
                false => format!("/projects/new?template={id}&organization={home}"),
            };
            let facts = own.map(|(slug, servers)| format!("{slug} · {}", t.servers_count(servers)));
            view! {
                <li class="min-w-0">
                    <a class=if here { CHOSEN_CLASS } else { CHOICE_CLASS } href=href aria-current=here.then_some("true")>
                        <span class="block font-medium break-words">{name}</span>
                        {(!body.is_empty()).then(|| view! { <span class="block text-ink-muted text-xs break-words">{body}</span> })}
                        {facts.map(|facts| view! { <span class="block mt-1 text-ink-muted text-xs">{facts}</span> })}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <nav class="mb-6" aria-label=words.begin_label>
            <h2 class="mb-2 font-semibold">{words.begin_label}</h2>
            <ul class="grid gap-2 md:grid-cols-3">{links}</ul>
        </nav>
    }
}

/// The servers of a template as fields of a form: which to create, and the secrets that they need.
#[component]
pub fn Contents(beginning: Beginning, ready: bool, failure: Failure) -> impl IntoView {
    let words = Templates::current();
    let Beginning { servers, mut holes } = beginning;
    if servers.is_empty() {
        return view! { <p class="text-ink-muted">{words.no_servers}</p> }.into_any();
    }
    // What was sent last, where the page had to be loaded anew.
    let sent = failure.value("servers", String::new());
    let sent: Vec<&str> = sent.split(' ').filter(|name| !name.is_empty()).collect();
    let items = servers
        .into_iter()
        .map(|server| {
            let place = format!("{}/", server.name);
            // A secret of several servers is asked for at the first of them.
            let (own, rest): (Vec<_>, Vec<_>) = std::mem::take(&mut holes)
                .into_iter()
                .partition(|hole| hole.places.iter().any(|at| at.starts_with(&place)));
            holes = rest;
            let wanted = match sent.is_empty() {
                true => ready || own.is_empty(),
                false => sent.contains(&server.name.as_str()),
            };
            let refused = server.refused.is_some();
            let fields = (!refused && !own.is_empty()).then(|| {
                let fields = own.into_iter().map(|hole| hole_field(hole, failure)).collect_view();
                view! { <div class="mt-3 ml-6 flex flex-col gap-3 max-w-[480px]">{fields}</div> }
            });
            view! {
                <li class="py-3 border-b border-line last:border-b-0 min-w-0">
                    {choice(server, wanted, failure)}
                    {fields}
                </li>
            }
        })
        .collect_view();
    view! {
        <Card title=words.servers lead=words.servers_lead>
            <ul class="flex flex-col">{items}</ul>
        </Card>
    }
    .into_any()
}

fn choice(server: BeginningServer, wanted: bool, failure: Failure) -> AnyView {
    let (t, words, locale) = (text(), Templates::current(), Preferences::current().locale);
    let id = failure.id(&format!("servers-{}", server.name));
    let why = server.refused.map(|code| {
        view! {
            <p class="text-warn text-xs">
                {words.left_out} " " {locale.sentence(code)} " " {locale.next_step(code)}
            </p>
        }
    });
    view! {
        <div class="flex gap-2 items-start min-w-0">
            <input
                class="mt-0.5 w-4 h-4 accent-accent"
                id=id.clone()
                type="checkbox"
                name="servers[]"
                value=server.name.clone()
                checked=wanted && server.refused.is_none()
                disabled=server.refused.is_some()
            />
            <div class="min-w-0">
                <label class="flex gap-2 items-center flex-wrap" for=id>
                    <span class="font-medium font-mono break-all">{server.name}</span>
                    <Badge label=t.transport(server.transport) />
                </label>
                {(!server.description.is_empty()).then(|| view! { <p class="text-ink-muted text-xs break-words">{server.description}</p> })}
                <code class="text-xs break-all">{server.target}</code>
                {why}
            </div>
        </div>
    }
    .into_any()
}
