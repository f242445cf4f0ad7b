//! The log of a project with its filters.

use domain::{
    Action,
    log::{Category, Level, LogFilter, LogWindow, Outcome},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::{
    clean::Retention,
    filter::{FIELDS, LEVEL, api_query, filter, query as set, value},
    list::LogList,
    summary::SummaryPanel,
};
use crate::{
    i18n::{Log as Texts, text},
    project::ProjectSource,
    server::api::list_servers,
    ui::{
        Boundary, FilterBar, FilterChoice, FilterText, FilterTime, Icon, PLAIN_CLASS, PageHead, Shape,
        ViewerSource, encode,
    },
};

#[component]
pub fn LogsPage() -> impl IntoView {
    let t = text();
    let (project, viewer) = (ProjectSource::current(), ViewerSource::current());
    let query = use_query_map();
    let asked = Memo::new(move |_| filter(&query.read()));
    let time = Memo::new(move |_| {
        asked.with(|asked| LogFilter {
            within: asked.within,
            from: asked.from,
            to: asked.to,
            ..LogFilter::default()
        })
    });
    let base = Signal::derive(move || {
        let (list, set) = (project.href("logs"), set(&query.read()));
        if set.is_empty() { list } else { format!("{list}?{set}") }
    });
    let paused = RwSignal::new(false);
    view! {
        <Title text=t.logs />
        <PageHead title=t.logs lead=t.logs_lead />
        <Filters base=base />
        <SummaryPanel filter=time paused=paused />
        <div class="flex items-center gap-2 flex-wrap mb-3">
            {move || (asked.with(|asked| asked.before.is_none())).then(|| view! { <LiveSwitch paused=paused /> })}
            <span class="grow"></span>
            <Export asked=asked />
        </div>
        <LogList filter=asked base=base clear=Signal::derive(move || project.href("logs")) paused=paused />
        <Boundary load=move || async move {
            let (viewer, page) = (viewer.0.await?, project.page.await?);
            let may = viewer.may(Action::ClearLogs, &page.project.resource());
            let (days, path) = (page.project.log_retention_days, page.project.path());
            Ok(may.then(|| view! { <Retention project=path days=days /> }).into_any())
        } />
    }
}

/// What is asked for often stands in the row, the rest behind a disclosure that is open while it is used.
#[component]
fn Filters(base: Signal<String>) -> impl IntoView {
    let (t, words) = (text(), Texts::current());
    let project = ProjectSource::current();
    let query = use_query_map();
    let servers = Resource::new(move || project.name.get(), list_servers);
    view! {
        <Boundary load=move || {
            let get = |name: &str| query.with(|query| value(query, name)).unwrap_or_default();
            let level = Some(get("level")).filter(|level| !level.is_empty()).unwrap_or_else(|| LEVEL.name().to_owned());
            let [_, category, outcome, server, tool, session, key, words_asked, within, from, to] = FIELDS.map(get);
            let list = project.href("logs");
            let narrowed = base.get() != list;
            let more = [&tool, &session, &key, &from, &to].iter().any(|value| !value.is_empty());
            async move {
                let (servers, _) = servers.await?;
                let mut servers: Vec<_> =
                    servers.into_iter().map(|server| (server.name.clone(), server.name)).collect();
                // One that is gone by now is in the log still.
                if !server.is_empty() && !servers.iter().any(|(name, _)| *name == server) {
                    servers.push((server.clone(), server.clone()));
                }
                let levels = Level::ALL.iter().map(|l| (l.name().to_owned(), t.level(*l).to_owned())).collect();
                let categories = Category::ALL.iter().map(|c| (c.name().to_owned(), t.category(*c).to_owned())).collect();
                let outcomes = Outcome::ALL.iter().map(|o| (o.name().to_owned(), t.outcome(*o).to_owned())).collect();
                let any_time = (String::new(), words.any_time.to_owned());
                let windows = LogWindow::ALL.iter().map(|w| (w.name().to_owned(), words.window(*w).to_owned()));
                let windows = std::iter::once(any_time).chain(windows).collect();
                Ok(view! {
                    <FilterBar action=list.clone() clear=narrowed.then_some(list)>
                        <FilterText name="text" label=words.text value=words_asked />
                        <FilterChoice name="level" label=t.level_from value=level options=levels must=true />
                        <FilterChoice name="category" label=t.category value=category options=categories />
                        <FilterChoice name="outcome" label=t.outcome value=outcome options=outcomes />
                        <FilterChoice name="server" label=t.server value=server options=servers />
                        <FilterChoice name="within" label=words.within value=within options=windows must=true />
                        <details class="order-last basis-full" open=more>
                            <summary class="inline-flex items-center gap-1 text-xs text-accent cursor-pointer list-none">
                                <Icon shape=Shape::Down />
                                {words.more}
                            </summary>
                            <div class="mt-2 flex gap-2 flex-wrap items-end">
                                <FilterText name="tool" label=t.tool value=tool />
                                <FilterText name="session" label=t.session value=session />
                                <FilterText name="key" label=t.key value=key />
                                <FilterTime name="from" label=words.from value=from />
                                <FilterTime name="to" label=words.to value=to />
                            </div>
                        </details>
                    </FilterBar>
                }
                .into_any())
            }
        } />
    }
}

/// Follows what happens, or stands still to be read. Only WASM follows, so only it has the switch.
#[component]
fn LiveSwitch(paused: RwSignal<bool>) -> impl IntoView {
    let t = Texts::current();
    let runs = RwSignal::new(false);
    Effect::new(move |_| runs.set(true));
    view! {
        <button
            type="button"
            class=PLAIN_CLASS
            hidden=move || !runs.get()
            aria-pressed=move || if paused.get() { "false" } else { "true" }
            title=move || if paused.get() { t.paused_hint } else { t.live_hint }
            on:click=move |_| paused.update(|paused| *paused = !*paused)
        >
            <span class=move || {
                if paused.get() { "w-2 h-2 rounded-full bg-line-strong" } else { "w-2 h-2 rounded-full bg-ok" }
            }></span>
            {move || if paused.get() { t.paused } else { t.live }}
        </button>
    }
}

/// All entries that pass the filter, as a file.
#[component]
fn Export(asked: Memo<LogFilter>) -> impl IntoView {
    let t = Texts::current();
    let project = ProjectSource::current();
    let href = move |format: &str| {
        let api = format!("/api/v1/projects/{}/logs/export", encode(&project.name.get()));
        format!("{api}?format={format}&{}", asked.with(api_query))
    };
    view! {
        <a class=PLAIN_CLASS href=move || href("ndjson") rel="external" download="">{t.export_ndjson}</a>
        <a class=PLAIN_CLASS href=move || href("csv") rel="external" download="">{t.export_csv}</a>
    }
}
