//! The trail of more than one project: the same rows, each with where it happened.

use domain::{
    Timestamp,
    audit::{AuditFilter, TrailPage},
};
use leptos::prelude::*;
use leptos_router::params::ParamsMap;

use super::page::{EventRow, nouns};
use crate::{
    i18n::{Activity, text},
    ui::{EmptyState, FilterBar, FilterChoice, FilterText, LinkButton, encode},
};

/// What the address asks for.
#[must_use]
pub fn asked(query: &ParamsMap) -> AuditFilter {
    let get = |name: &str| query.get(name).filter(|value| !value.is_empty());
    AuditFilter {
        person: get("person"),
        noun: get("about"),
        before: get("before").and_then(|id| id.parse().ok()),
        ..AuditFilter::default()
    }
}

#[component]
pub fn TrailFilter(list: String, filter: AuditFilter) -> impl IntoView {
    let words = Activity::current();
    let (person, about) = (filter.person.unwrap_or_default(), filter.noun.unwrap_or_default());
    let clear = (!person.is_empty() || !about.is_empty()).then(|| list.clone());
    let mut options = nouns();
    options.extend(
        [
            ("organization", words.noun_organization),
            ("organization_member", words.noun_organization_member),
            ("invitation", words.noun_invitation),
            ("team", words.noun_team),
            ("team_member", words.noun_team_member),
            ("team_project", words.noun_team_project),
            ("template", words.noun_template),
        ]
        .map(|(value, label)| (value.to_owned(), label.to_owned())),
    );
    view! {
        <FilterBar action=list clear=clear>
            <FilterText name="person" label=words.person value=person />
            <FilterChoice name="about" label=words.about value=about options=options />
        </FilterBar>
    }
}

#[component]
pub fn TrailList(page: TrailPage, now: Timestamp, list: String, filter: AuditFilter) -> impl IntoView {
    let (t, words) = (text(), Activity::current());
    if page.items.is_empty() {
        return if filter == AuditFilter::default() {
            view! { <EmptyState title=words.empty body=words.empty_body /> }.into_any()
        } else {
            view! {
                <EmptyState title=words.nothing body=words.nothing_body>
                    <LinkButton href=list>{t.clear_filter}</LinkButton>
                </EmptyState>
            }
            .into_any()
        };
    }
    let address = |before: Option<String>| {
        let set = [("person", filter.person.clone()), ("about", filter.noun.clone()), ("before", before)];
        let set = set.into_iter().filter_map(|(name, value)| Some(format!("{name}={}", encode(&value?))));
        let set = set.collect::<Vec<_>>().join("&");
        if set.is_empty() { list.clone() } else { format!("{list}?{set}") }
    };
    let next = page.next.map(|id| address(Some(id.to_string())));
    let first = filter.before.map(|_| address(None));
    let rows = page
        .items
        .into_iter()
        .map(|item| {
            let place = item.project_path.zip(item.project_name);
            let place = place.map(|(path, name)| (format!("/projects/{path}/activity"), name));
            view! { <EventRow event=item.event now=now place=place /> }
        })
        .collect_view();
    view! {
        <ol class="border border-line rounded-[10px] bg-surface-raised">{rows}</ol>
        <div class="mt-3 flex gap-2">
            {first.map(|href| view! { <LinkButton href=href>{words.newest}</LinkButton> })}
            {next.map(|href| view! { <LinkButton href=href>{words.older}</LinkButton> })}
        </div>
    }
    .into_any()
}
