//! Log entries, newest first; the first page follows what happens.

use domain::{
    Timestamp,
    log::{Level, LogEntry, LogFilter},
};
use leptos::{prelude::*, tachys::view::keyed::keyed};

use super::api::list_logs;
use crate::{
    context::Preferences,
    i18n::{text, took},
    project::ProjectSource,
    ui::{
        Boundary, CELL_CLASS, CodeBlock, EmptyState, Facts, LINK_CLASS, LevelBadge, LinkButton, LiveAgo,
        OutcomeBadge, ROW_CLASS, SHORT_CLASS, Table,
    },
};

/// `base` is this list's address with its filter, to which the place in the list is added.
#[component]
pub fn LogList(#[prop(into)] filter: Signal<LogFilter>, #[prop(into)] base: Signal<String>) -> impl IntoView {
    let t = text();
    let project = ProjectSource::current();
    let entries = Resource::new(
        move || {
            let filter = filter.get();
            // Older pages stand still; new entries would only push them about.
            let changes = if filter.before.is_none() { project.changes.get() } else { 0 };
            (project.name.get(), filter, changes)
        },
        |(project, filter, _)| list_logs(project, filter),
    );
    // Kept rows are not made anew, but their times go on.
    let clock = RwSignal::new(Timestamp::UNIX_EPOCH);
    view! {
        <Boundary load=move || {
            let base = base.get();
            let old = filter.with(|filter| filter.before.is_some());
            let narrowed = filter.with(|filter| {
                // Without debug entries is how a log is shown at first.
                let level = filter.level.filter(|level| *level > Level::Info);
                LogFilter { level, limit: None, before: None, ..filter.clone() } != LogFilter::default()
            });
            async move {
                let (page, now) = entries.await?;
                clock.set(now);
                if page.items.is_empty() {
                    return Ok(if narrowed || old {
                        view! { <p class="py-8 text-center text-ink-muted">{t.nothing_found}</p> }.into_any()
                    } else {
                        view! { <EmptyState title=t.logs_empty body=t.logs_empty_body /> }.into_any()
                    });
                }
                let next = page.next.map(|id| {
                    let mark = if base.contains('?') { '&' } else { '?' };
                    format!("{base}{mark}before={id}")
                });
                let newest = old.then(|| base.clone());
                // By id, so that an entry somebody has opened stays open when new ones come.
                let rows = keyed(page.items, |entry| entry.id, move |_, entry| {
                    (|_: usize| {}, view! { <Row entry=entry now=clock /> })
                });
                Ok(view! {
                    <Table label=t.logs columns=vec![t.time, t.level, t.server, t.message, t.outcome, t.duration]>
                        {rows}
                    </Table>
                    <div class="mt-3 flex gap-2">
                        {newest.map(|href| view! { <LinkButton href=href>{t.newest}</LinkButton> })}
                        {next.map(|href| view! { <LinkButton href=href>{t.older}</LinkButton> })}
                    </div>
                }
                .into_any())
            }
        } />
    }
}

#[component]
fn Row(entry: LogEntry, now: RwSignal<Timestamp>) -> impl IntoView {
    let project = ProjectSource::current();
    let server = entry.server.clone().map(|name| {
        let href = project.path(&format!("servers/{name}"));
        view! { <a class=LINK_CLASS href=href>{name}</a> }
    });
    let headline = entry.tool.clone().or_else(|| entry.method.clone());
    view! {
        <tr class=ROW_CLASS>
            <td class=SHORT_CLASS>
                <LiveAgo at=entry.at now=now />
            </td>
            <td class=SHORT_CLASS>
                <LevelBadge level=entry.level />
            </td>
            <td class=SHORT_CLASS>{server}</td>
            <td class=CELL_CLASS>
                <details>
                    <summary class="cursor-pointer break-words">
                        {headline.map(|name| view! { <code class="mr-2 font-medium">{name}</code> })}
                        {entry.message.clone()}
                    </summary>
                    <Detail entry=entry.clone() />
                </details>
            </td>
            <td class=SHORT_CLASS>{entry.outcome.map(|outcome| view! { <OutcomeBadge outcome=outcome /> })}</td>
            <td class=SHORT_CLASS>{entry.duration_ms.map(took)}</td>
        </tr>
    }
}

#[component]
fn Detail(entry: LogEntry) -> impl IntoView {
    let t = text();
    let locale = Preferences::current().locale;
    let code = |text: String| view! { <code class="break-all">{text}</code> }.into_any();
    let mut facts = vec![
        (
            t.exact_time,
            view! { <span>{entry.at.format("%Y-%m-%d %H:%M:%S%.3f UTC").to_string()}</span> }.into_any(),
        ),
        (t.category, view! { <span>{t.category(entry.category)}</span> }.into_any()),
    ];
    let texts = [
        (t.method, entry.method),
        (t.tool, entry.tool),
        (t.key, entry.key),
        (t.session, entry.session),
        (t.request_id, entry.request_id),
    ];
    facts.extend(texts.into_iter().filter_map(|(name, value)| Some((name, code(value?)))));
    if let Some(failed) = entry.code {
        let words = format!("{} {}", locale.sentence(failed), locale.next_step(failed));
        facts.push((t.failure, view! { <span>{words}</span> }.into_any()));
    }
    let payload = |name: &'static str, value: Option<String>| {
        value.map(|value| {
            let value = serde_json::from_str::<serde_json::Value>(&value)
                .ok()
                .and_then(|value| serde_json::to_string_pretty(&value).ok())
                .unwrap_or(value);
            view! {
                <p class="mt-2 text-xs font-medium">{name}</p>
                <CodeBlock code=value label=name />
            }
        })
    };
    view! {
        <div class="mt-2 p-3 rounded-md border border-line bg-surface-sunken text-xs">
            <Facts facts=facts />
            {payload(t.arguments, entry.arguments)}
            {payload(t.result, entry.result)}
        </div>
    }
}
