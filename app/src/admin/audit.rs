//! The trail of the whole installation: filters, what was before and after, and the way to take it along.

use domain::{
    Timestamp,
    audit::{AuditFilter, TrailEvent},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{hooks::use_query_map, params::ParamsMap};

use super::{api::list_audit, frame::administrator};
use crate::{
    activity::EventRow,
    i18n::{Activity, Admin, text},
    ui::{
        Boundary, EmptyState, Facts, FilterBar, FilterText, FilterTime, LinkButton, PLAIN_CLASS, PageHead,
        ViewerSource, encode,
    },
};

const HERE: &str = "/admin/audit";
/// Fields of the filter, as they stand in the address and in the export's.
const FIELDS: [&str; 6] = ["person", "action", "noun", "organization", "from", "until"];

#[component]
pub fn AuditPage() -> impl IntoView {
    let (t, words, a) = (text(), Admin::current(), Activity::current());
    let viewer = ViewerSource::current();
    let query = use_query_map();
    let asked = Memo::new(move |_| query.with(asked));
    let events =
        Resource::new(move || asked.get(), |(organization, filter)| list_audit(organization, filter));
    view! {
        <Boundary load=move || {
            let values = FIELDS.map(|name| query.read().get(name).unwrap_or_default());
            async move {
                administrator(viewer).await?;
                let (page, now) = events.await?;
                let set: Vec<String> = FIELDS
                    .iter()
                    .zip(&values)
                    .filter(|(_, value)| !value.is_empty())
                    .map(|(name, value)| format!("{name}={}", encode(value)))
                    .collect();
                let set = set.join("&");
                let narrowed = !set.is_empty();
                let export = format!("/api/v1/audit/export?{}", exported(&values));
                let next = page.next.map(|id| format!("{HERE}?{set}&before={id}"));
                let first = query.read_untracked().get("before").map(|_| format!("{HERE}?{set}"));
                let [person, action, noun, organization, from, until] = values;
                let body = if page.items.is_empty() {
                    view! {
                        <EmptyState title=a.nothing body=a.nothing_body>
                            <LinkButton href=HERE>{t.clear_filter}</LinkButton>
                        </EmptyState>
                    }
                    .into_any()
                } else {
                    let rows = page.items.into_iter().map(|item| entry(item, now)).collect_view();
                    view! { <ol class="border border-line rounded-[10px] bg-surface-raised">{rows}</ol> }.into_any()
                };
                Ok(view! {
                    <Title text=words.audit />
                    <PageHead title=words.audit lead=words.audit_lead>
                        <a class=PLAIN_CLASS href=export rel="external" download="">{words.export}</a>
                    </PageHead>
                    <FilterBar action=HERE clear=narrowed.then(|| HERE.to_owned())>
                        <FilterText name="person" label=a.person value=person />
                        <FilterText name="noun" label=a.about value=noun />
                        <FilterText name="action" label=words.action_exact value=action />
                        <FilterText name="organization" label=words.organization_slug value=organization />
                        <FilterTime name="from" label=words.from value=from />
                        <FilterTime name="until" label=words.until value=until />
                    </FilterBar>
                    {body}
                    <div class="mt-3 flex gap-2">
                        {first.map(|href| view! { <LinkButton href=href>{a.newest}</LinkButton> })}
                        {next.map(|href| view! { <LinkButton href=href>{a.older}</LinkButton> })}
                    </div>
                }
                .into_any())
            }
        } />
    }
}

fn entry(item: TrailEvent, now: Timestamp) -> AnyView {
    let words = Admin::current();
    let place = item.project_path.clone().zip(item.project_name.clone());
    let place = place.map(|(path, name)| (format!("/projects/{path}/activity"), name));
    let place = place.or_else(|| {
        let slug = item.organization_slug.clone()?;
        Some((format!("/orgs/{slug}/activity"), slug))
    });
    let event = item.event;
    let code = |text: String| view! { <code class="break-all">{text}</code> }.into_any();
    let mut facts = vec![
        (
            words.exact_time,
            view! { <span>{event.at.format("%Y-%m-%d %H:%M:%S UTC").to_string()}</span> }.into_any(),
        ),
        (words.action, code(event.action.clone())),
    ];
    facts.extend(item.request_id.map(|id| (text().request_id, code(id))));
    facts.extend(item.ip.map(|ip| (text().address, code(ip))));
    let more = view! {
        <details class="mt-1 text-xs">
            <summary class="text-ink-muted cursor-pointer hover:text-ink">{text().details}</summary>
            <div class="mt-2"><Facts facts=facts /></div>
        </details>
    };
    view! { <EventRow event=event now=now place=place more=Some(more.into_any()) /> }.into_any()
}

fn asked(query: &ParamsMap) -> (Option<String>, AuditFilter) {
    let get = |name: &str| query.get(name).filter(|value| !value.is_empty());
    let filter = AuditFilter {
        person: get("person"),
        noun: get("noun"),
        action: get("action"),
        from: get("from").as_deref().and_then(moment),
        until: get("until").as_deref().and_then(moment),
        before: get("before").and_then(|id| id.parse().ok()),
        limit: None,
    };
    (get("organization"), filter)
}

/// A moment as browsers write the one that somebody chose, in UTC.
fn moment(text: &str) -> Option<Timestamp> {
    let text = if text.matches(':').count() == 1 { format!("{text}:00") } else { text.to_owned() };
    format!("{text}Z").parse().ok()
}

/// The same filter for the export.
fn exported(values: &[String; 6]) -> String {
    let pairs = FIELDS.iter().zip(values).filter_map(|(name, value)| {
        let value = match *name {
            _ if value.is_empty() => return None,
            "from" | "until" => moment(value)?.to_rfc3339(),
            _ => value.clone(),
        };
        Some(format!("{name}={}", encode(&value)))
    });
    pairs.collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chosen_minute_is_one_in_utc() {
        let told = moment("2026-11-21T08:05").expect("a moment");
        assert_eq!(told.to_rfc3339(), "2026-11-21T08:05:00+00:00");
        assert_eq!(moment("2026-11-21T08:05:30").map(|at| at.timestamp() % 60), Some(30));
        assert_eq!(moment("yesterday"), None);
    }
}
