//! Log entries, newest first; the first page follows what happens.

use domain::{
    LogId, Timestamp,
    log::{Level, LogEntry, LogFilter},
};
use leptos::{prelude::*, tachys::view::keyed::keyed};

use super::{api::list_logs, filter::LEVEL};
use crate::{
    i18n::{Log as Texts, text, took},
    project::ProjectSource,
    ui::{
        Boundary, CELL_CLASS, Callout, EmptyState, LINK_CLASS, LevelBadge, LinkButton, LiveAgo, OutcomeBadge,
        ROW_CLASS, SHORT_CLASS, Table, Tone,
    },
};

/// `base` is this list's address with its filter, to which the place in the list is added; `clear` is
/// where it is without the filter.
#[component]
pub fn LogList(
    #[prop(into)] filter: Signal<LogFilter>,
    #[prop(into)] base: Signal<String>,
    #[prop(optional, into)] clear: Option<Signal<String>>,
    /// While it holds, the list stands still.
    #[prop(optional, into)]
    paused: Signal<bool>,
) -> impl IntoView {
    let (t, words) = (text(), Texts::current());
    let project = ProjectSource::current();
    let changes =
        Memo::new(
            move |last: Option<&u32>| {
                if paused.get() { last.copied().unwrap_or_default() } else { project.changes.get() }
            },
        );
    let entries = Resource::new(
        move || {
            let filter = filter.get();
            // Older pages stand still; new entries would only push them about.
            let changes = if filter.before.is_none() { changes.get() } else { 0 };
            (project.name.get(), filter, changes)
        },
        |(project, filter, _)| list_logs(project, filter),
    );
    // Kept rows are not made anew, but their times go on.
    let clock = RwSignal::new(Timestamp::UNIX_EPOCH);
    let newest = StoredValue::new(None::<LogId>);
    // An entry's page leads back to the list with its filter, where the list has one.
    let filtered = clear.is_some();
    let asked = Memo::new(move |_| {
        let before = filter.with(|filter| filter.before.map(|id| format!("before={id}")));
        let query = base.with(|base| base.split_once('?').map(|(_, query)| query.to_owned()));
        let parts: Vec<_> = query.into_iter().chain(before).filter(|part| !part.is_empty()).collect();
        if filtered && !parts.is_empty() { format!("?{}", parts.join("&")) } else { String::new() }
    });
    view! {
        <Boundary load=move || {
            let base = base.get();
            let clear = clear.map(|clear| clear.get());
            let old = filter.with(|filter| filter.before.is_some());
            let narrowed = filter.with(is_narrowed);
            async move {
                let (page, now) = entries.await?;
                clock.set(now);
                let mark = if base.contains('?') { '&' } else { '?' };
                let next = page.next.map(|id| format!("{base}{mark}before={id}"));
                let stopped = page.searched_to.map(|at| view! { <Stopped at=at older=next.clone() /> });
                if page.items.is_empty() && stopped.is_none() {
                    return Ok(if narrowed || old {
                        view! {
                            <EmptyState title=words.empty body=words.empty_body>
                                {clear.map(|href| view! { <LinkButton href=href>{t.clear_filter}</LinkButton> })}
                            </EmptyState>
                        }
                            .into_any()
                    } else {
                        view! { <EmptyState title=t.logs_empty body=t.logs_empty_body /> }.into_any()
                    });
                }
                let next = next.filter(|_| stopped.is_none());
                let first = old.then(|| base.clone());
                let seen = newest.get_value();
                newest.set_value(page.items.first().map(|entry| entry.id).max(seen));
                // By id, so that a row that somebody points at stays when new ones come.
                let table = (!page.items.is_empty()).then(|| {
                    let rows = keyed(page.items, |entry| entry.id, move |_, entry| {
                        let fresh = !old && seen.is_some_and(|seen| entry.id > seen);
                        (|_: usize| {}, view! { <Row entry=entry now=clock fresh=fresh asked=asked /> })
                    });
                    view! {
                        <Table label=t.logs columns=vec![t.time, t.level, t.server, t.message, t.outcome, t.duration]>
                            {rows}
                        </Table>
                    }
                });
                Ok(view! {
                    {table}
                    {stopped}
                    <div class="mt-3 flex gap-2">
                        {first.map(|href| view! { <LinkButton href=href>{t.newest}</LinkButton> })}
                        {next.map(|href| view! { <LinkButton href=href>{t.older}</LinkButton> })}
                    </div>
                }
                .into_any())
            }
        } />
    }
}

/// Whether somebody asked for less than a log shows at first.
fn is_narrowed(filter: &LogFilter) -> bool {
    let level = filter.level.filter(|level| *level > LEVEL);
    LogFilter { level, limit: None, before: None, ..filter.clone() } != LogFilter::default()
}

/// Not all was searched: how far it went, and how to go on.
#[component]
fn Stopped(at: Timestamp, older: Option<String>) -> impl IntoView {
    let (t, words) = (text(), Texts::current());
    let title = t.with(words.searched, &at.format("%Y-%m-%d %H:%M UTC").to_string());
    view! {
        <div class="mt-3">
            <Callout tone=Tone::Info title=title standing=true>
                <p class="mb-2">{words.searched_lead}</p>
                {older.map(|href| view! { <LinkButton href=href>{words.search_older}</LinkButton> })}
            </Callout>
        </div>
    }
}

/// The message leads to the entry's own page.
#[component]
fn Row(entry: LogEntry, now: RwSignal<Timestamp>, fresh: bool, asked: Memo<String>) -> impl IntoView {
    let project = ProjectSource::current();
    let server = entry.server.clone().map(|name| {
        let href = project.path(&format!("servers/{name}"));
        view! { <a class=LINK_CLASS href=href>{name}</a> }
    });
    let headline = entry.tool.clone().or_else(|| entry.method.clone());
    let page = project.path(&format!("logs/{}", entry.id));
    // The row stays when the filter changes.
    let href = move || format!("{page}{}", asked.try_get().unwrap_or_default());
    let quiet = entry.level == Level::Debug;
    let message = if quiet { "text-ink-muted" } else { "text-ink" };
    view! {
        <tr class=ROW_CLASS data-fresh=fresh.then_some("")>
            <td class=SHORT_CLASS>
                <LiveAgo at=entry.at now=now />
            </td>
            <td class=SHORT_CLASS>
                <LevelBadge level=entry.level />
            </td>
            <td class=SHORT_CLASS>{server}</td>
            <td class=CELL_CLASS>
                <a class="block no-underline text-ink hover:underline" href=href>
                    {headline.map(|name| view! { <code class="mr-2 font-medium break-all">{name}</code> })}
                    <span class=message>{entry.message.clone()}</span>
                </a>
            </td>
            <td class=SHORT_CLASS>{entry.outcome.map(|outcome| view! { <OutcomeBadge outcome=outcome /> })}</td>
            <td class=SHORT_CLASS>{entry.duration_ms.map(took)}</td>
        </tr>
    }
}
