//! One log entry: all that is known of it, and what its session did around it.

use domain::{
    LogId,
    log::{Category, LogDetail, LogEntry},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

use super::{api::get_log, filter::place, timing::Timing};
use crate::{
    context::Preferences,
    error::failed,
    i18n::{Log as Texts, text, took},
    project::ProjectSource,
    ui::{
        Ago, Boundary, Callout, Card, CodeBlock, Facts, LINK_CLASS, LevelBadge, LinkButton, OutcomeBadge,
        PageHead, Tone, encode,
    },
};

#[component]
pub fn DetailPage() -> impl IntoView {
    let t = Texts::current();
    let project = ProjectSource::current();
    let (params, query) = (use_params_map(), use_query_map());
    let id = Memo::new(move |_| params.read().get("id").and_then(|id| id.parse::<LogId>().ok()));
    let detail = Resource::new(
        move || (project.name.get(), id.get()),
        |(project, id)| async move {
            match id {
                Some(id) => get_log(project, id).await,
                None => Err(failed!(NotFound)),
            }
        },
    );
    view! {
        <Title text=t.entry />
        <Boundary load=move || {
            let asked = query.with(place);
            async move {
            let (detail, now) = detail.await?;
            let title = detail.entry.tool.clone().or_else(|| detail.entry.method.clone());
            let title = title.unwrap_or_else(|| t.entry.to_owned());
            let entry = detail.entry.clone();
            let bare = LogDetail { entry: detail.entry.clone().without_payload(), ..detail.clone() };
            let timed = detail.entry.duration_ms.is_some();
                let back = format!("{}{asked}", project.path("logs"));
            Ok(view! {
                <PageHead title=title lead=detail.entry.message.clone()>
                    <LinkButton href=back>{t.back}</LinkButton>
                </PageHead>
                <Trouble entry=detail.entry.clone() />
                <Card title=t.entry>
                    <EntryFacts entry=detail.entry.clone() now=now />
                </Card>
                {timed.then(|| view! { <Card title=t.timing><Timing detail=bare asked=asked /></Card> })}
                <Payloads entry=entry />
            }
            .into_any())
            }
        } />
    }
}

/// What went wrong and what to do, where it is known.
#[component]
fn Trouble(entry: LogEntry) -> impl IntoView {
    let locale = Preferences::current().locale;
    entry.code.map(|code| {
        view! {
            <div class="mb-6">
                <Callout tone=Tone::Bad title=locale.sentence(code) standing=true>
                    <p>{locale.next_step(code)}</p>
                    <p class="mt-1"><code>{code.name()}</code></p>
                </Callout>
            </div>
        }
    })
}

#[component]
fn EntryFacts(entry: LogEntry, now: domain::Timestamp) -> impl IntoView {
    let (t, words) = (text(), Texts::current());
    let project = ProjectSource::current();
    let exact = |at: domain::Timestamp| at.format("%Y-%m-%d %H:%M:%S%.3f UTC").to_string();
    let with = move |field: &'static str, value: String, more: &'static str| {
        let href = format!("{}?level=debug&{field}={}", project.path("logs"), encode(&value));
        view! {
            <code class="mr-3 break-all">{value}</code>
            <a class=LINK_CLASS href=href>{more}</a>
        }
        .into_any()
    };
    let mut facts = vec![
        (t.exact_time, view! { <span>{exact(entry.at)} " · " <Ago at=entry.at now=now /></span> }.into_any()),
        (t.level, view! { <LevelBadge level=entry.level /> }.into_any()),
        (t.category, view! { <span>{t.category(entry.category)}</span> }.into_any()),
    ];
    if let Some(outcome) = entry.outcome {
        facts.push((t.outcome, view! { <OutcomeBadge outcome=outcome /> }.into_any()));
    }
    if let Some(ms) = entry.duration_ms {
        let start = entry.at - chrono::TimeDelta::milliseconds(i64::try_from(ms).unwrap_or_default());
        facts.push((t.duration, view! { <span>{took(ms)}</span> }.into_any()));
        facts.push((words.started, view! { <span>{exact(start)}</span> }.into_any()));
    }
    if let Some(server) = entry.server {
        let href = project.path(&format!("servers/{server}"));
        facts.push((t.server, view! { <a class=LINK_CLASS href=href>{server}</a> }.into_any()));
    }
    if let Some(method) = entry.method {
        facts.push((t.method, view! { <code>{method}</code> }.into_any()));
    }
    let linked = [
        (t.tool, "tool", entry.tool, words.same_tool),
        (t.session, "session", entry.session, words.same_session),
        (t.key, "key", entry.key, words.same_key),
    ];
    for (name, field, value, more) in linked {
        if let Some(value) = value {
            facts.push((name, with(field, value, more)));
        }
    }
    if let Some(id) = entry.request_id {
        facts.push((t.request_id, view! { <code class="break-all">{id}</code> }.into_any()));
    }
    view! { <Facts facts=facts /> }
}

#[component]
fn Payloads(entry: LogEntry) -> impl IntoView {
    let (t, words) = (text(), Texts::current());
    let kept = entry.arguments.is_some() || entry.result.is_some();
    let is_call = entry.category == Category::ToolExecution;
    let payload = |name: &'static str, value: Option<String>| {
        value.map(|value| {
            view! { <Card title=name><CodeBlock code=pretty(value) label=name /></Card> }
        })
    };
    view! {
        {payload(t.arguments, entry.arguments)}
        {payload(t.result, entry.result)}
        {(is_call && !kept).then(|| view! { <p class="text-ink-muted">{words.not_kept}</p> })}
    }
}

/// JSON laid out for reading; what was cut off and is none any more stays as it is.
fn pretty(text: String) -> String {
    let value = serde_json::from_str::<serde_json::Value>(&text).ok();
    value.and_then(|value| serde_json::to_string_pretty(&value).ok()).unwrap_or(text)
}
