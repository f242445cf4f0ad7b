//! The trail of a project's changes.

use domain::{
    Timestamp,
    audit::{AuditEvent, AuditFilter},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::{
    api::list_activity,
    sentence::{Change, Piece, changes, sentence},
};
use crate::{
    context::Preferences,
    i18n::{Activity, text},
    project::ProjectSource,
    ui::{Ago, Boundary, EmptyState, FilterBar, FilterChoice, FilterText, LinkButton, PageHead, encode},
};

#[component]
pub fn ActivityPage() -> impl IntoView {
    let (t, words) = (text(), Activity::current());
    let project = ProjectSource::current();
    let query = use_query_map();
    let get = move |name: &str| query.read().get(name).filter(|value| !value.is_empty());
    let filter = Memo::new(move |_| AuditFilter {
        person: get("person"),
        noun: get("about"),
        before: get("before").and_then(|id| id.parse().ok()),
        ..AuditFilter::default()
    });
    let events = Resource::new(
        move || (project.name.get(), filter.get()),
        |(project, filter)| list_activity(project, filter),
    );
    view! {
        <Title text=t.activity />
        <PageHead title=t.activity lead=words.lead />
        {move || {
            let list = project.href("activity");
            let (person, about) = filter.with(|filter| {
                (filter.person.clone().unwrap_or_default(), filter.noun.clone().unwrap_or_default())
            });
            let clear = (!person.is_empty() || !about.is_empty()).then(|| list.clone());
            view! {
                <FilterBar action=list clear=clear>
                    <FilterText name="person" label=words.person value=person />
                    <FilterChoice name="about" label=words.about value=about options=nouns() />
                </FilterBar>
            }
        }}
        <Boundary load=move || {
            let list = project.href("activity");
            let filter = filter.get();
            async move {
                let (page, now) = events.await?;
                let narrowed = filter.person.is_some() || filter.noun.is_some();
                if page.items.is_empty() {
                    return Ok(if narrowed || filter.before.is_some() {
                        view! {
                            <EmptyState title=words.nothing body=words.nothing_body>
                                <LinkButton href=list>{t.clear_filter}</LinkButton>
                            </EmptyState>
                        }
                            .into_any()
                    } else {
                        view! { <EmptyState title=words.empty body=words.empty_body /> }.into_any()
                    });
                }
                let address = |before: Option<String>| {
                    let set = [("person", filter.person.clone()), ("about", filter.noun.clone()), ("before", before)];
                    let set = set.into_iter().filter_map(|(name, value)| Some(format!("{name}={}", encode(&value?))));
                    let set = set.collect::<Vec<_>>().join("&");
                    if set.is_empty() { list.clone() } else { format!("{list}?{set}") }
                };
                let next = page.next.map(|id| address(Some(id.to_string())));
                let first = filter.before.map(|_| address(None));
                let rows = page.items.into_iter().map(|event| view! { <EventRow event=event now=now /> }).collect_view();
                Ok(view! {
                    <ol class="border border-line rounded-[10px] bg-surface-raised">{rows}</ol>
                    <div class="mt-3 flex gap-2">
                        {first.map(|href| view! { <LinkButton href=href>{words.newest}</LinkButton> })}
                        {next.map(|href| view! { <LinkButton href=href>{words.older}</LinkButton> })}
                    </div>
                }
                .into_any())
            }
        } />
    }
}

/// What changes are about, as actions name it.
pub(super) fn nouns() -> Vec<(String, String)> {
    let t = Activity::current();
    let nouns = [
        ("server", t.noun_server),
        ("tool", t.noun_tool),
        ("key", t.noun_key),
        ("member", t.noun_member),
        ("log", t.noun_log),
        ("project", t.noun_project),
    ];
    nouns.into_iter().map(|(value, label)| (value.to_owned(), label.to_owned())).collect()
}

/// One event: its sentence, what was before and after, and when.
#[component]
pub fn EventRow(
    event: AuditEvent,
    now: Timestamp,
    /// Where it happened, address and name, in lists of more than one place.
    #[prop(optional_no_strip)]
    place: Option<(String, String)>,
    /// What else is told of it, below.
    #[prop(optional_no_strip)]
    more: Option<AnyView>,
) -> impl IntoView {
    let locale = Preferences::current().locale;
    let pieces = sentence(locale, &event)
        .into_iter()
        .map(|piece| match piece {
            Piece::Words(words) => view! { <span>{words}</span> }.into_any(),
            Piece::Who(name) => view! { <b class="font-semibold">{name}</b> }.into_any(),
            Piece::What(name) => view! { <code class="font-medium break-all">{name}</code> }.into_any(),
        })
        .collect::<Vec<_>>();
    let changed = changes(locale, &event);
    let at = event.at;
    view! {
        <li class="flex items-start justify-between gap-4 px-3 py-2 border-b border-line last:border-b-0">
            <div class="min-w-0">
                <p class="break-words">{pieces}</p>
                {(!changed.is_empty()).then(|| view! { <Changes of=changed /> })}
                {more}
            </div>
            <span class="shrink-0 flex flex-col items-end text-xs text-ink-muted">
                <Ago at=at now=now />
                {place.map(|(href, name)| view! {
                    <a class="block max-w-[160px] truncate text-ink-muted no-underline hover:underline" href=href>{name}</a>
                })}
            </span>
        </li>
    }
}

#[component]
fn Changes(of: Vec<Change>) -> impl IntoView {
    let t = Activity::current();
    let rows = of
        .into_iter()
        .map(|change| {
            let arrow = change.before.is_some();
            view! {
                <li class="flex gap-2 flex-wrap min-w-0">
                    <span class="text-ink-muted">{change.field}</span>
                    {change.before.map(|text| view! {
                        <del class="text-ink-muted break-all"><span class="sr-only">{t.was} " "</span>{text}</del>
                    })}
                    {arrow.then(|| view! { <span class="text-ink-faint" aria-hidden="true">"→"</span> })}
                    {change.after.map(|text| view! {
                        <span class="break-all"><span class="sr-only">{t.is_now} " "</span>{text}</span>
                    })}
                </li>
            }
        })
        .collect_view();
    view! { <ul class="mt-1 flex flex-col gap-0.5 text-xs">{rows}</ul> }
}
