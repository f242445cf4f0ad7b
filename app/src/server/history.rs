//! What a server changed of its tools, as a timeline with sentences first and definitions behind them.

use domain::{
    Timestamp,
    tool::{ChangeKind, Difference, HistoryFilter, HistoryPage as Page, Tool, ToolChange, hides, visible},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

#[cfg(feature = "ssr")]
use crate::context::signed_in;
use crate::{
    error::AppError,
    i18n::{History, Tools, text},
    project::ProjectSource,
    ui::{
        Ago, Boundary, Callout, CodeBlock, DiffView, EmptyState, FilterBar, FilterText, Icon, LINK_CLASS,
        LinkButton, Shape, Tone, WordDiff, encode, prose,
    },
};

use super::frame::{ServerSource, ServerTitle};

/// Opening it is what makes the changes in it known to the reader.
#[server(prefix = "/_fn", endpoint = "servers/history", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn server_history(
    project: String,
    server: String,
    #[server(default)] filter: HistoryFilter,
) -> Result<(Page, Timestamp), AppError> {
    let (services, caller) = signed_in()?;
    let page = services.servers().history(&caller, &project, &server, filter).await?;
    services.servers().visit_history(&caller, &project, &server).await?;
    Ok((page, services.clock().now()))
}

#[component]
pub fn HistoryPage() -> impl IntoView {
    let (t, words) = (text(), History::current());
    let project = ProjectSource::current();
    let query = use_query_map();
    let source = ServerSource::current();
    let server = source.name;
    let filter = Memo::new(move |_| HistoryFilter {
        tool: query.read().get("tool").filter(|tool| !tool.is_empty()),
        before: query.read().get("before").and_then(|id| id.parse().ok()),
        limit: None,
    });
    let changes = Resource::new(
        move || (project.name.get(), server.get(), filter.get()),
        |(project, server, filter)| server_history(project, server, filter),
    );
    view! {
        <ServerTitle part=Tools::current().history />
        <p class="mb-4 text-ink-muted">{words.lead}</p>
        <Boundary load=move || {
            let list = source.href("history");
            let filter = filter.get();
            async move {
                if !source.is_there().await {
                    return Ok(().into_any());
                }
                let (page, now) = changes.await?;
                let tool = filter.tool.unwrap_or_default();
                if page.items.is_empty() && tool.is_empty() {
                    return Ok(view! { <EmptyState title=words.empty body=words.empty_body /> }.into_any());
                }
                let address = |before: &str| format!("{list}?tool={}{before}", encode(&tool));
                let next = page.next.map(|id| address(&format!("&before={id}")));
                let first = filter.before.map(|_| address(""));
                let clear = (!tool.is_empty()).then(|| list.clone());
                let all = list.clone();
                let body = if page.items.is_empty() {
                    view! {
                        <EmptyState title=words.nothing body=words.nothing_body>
                            <LinkButton href=all>{t.clear_filter}</LinkButton>
                        </EmptyState>
                    }
                    .into_any()
                } else {
                    moments(page.items, now, &list, !tool.is_empty())
                };
                Ok(view! {
                    <FilterBar action=list clear=clear>
                        <FilterText name="tool" label=words.tool value=tool />
                    </FilterBar>
                    {body}
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

/// Changes that were noticed together stand together.
fn moments(items: Vec<ToolChange>, now: Timestamp, list: &str, narrowed: bool) -> AnyView {
    let moments = items.chunk_by(|a, b| a.at == b.at).map(|changes| {
        let at = changes[0].at;
        let rows = changes.iter().map(|change| entry(change.clone(), list, narrowed)).collect_view();
        view! {
            <section class="mb-6">
                <h2 class="mb-2 text-xs font-medium text-ink-muted"><Ago at=at now=now /></h2>
                <ol class="border border-line rounded-[10px] bg-surface-raised">{rows}</ol>
            </section>
        }
    });
    moments.collect_view().into_any()
}

fn entry(change: ToolChange, list: &str, narrowed: bool) -> AnyView {
    let words = History::current();
    let only = (!narrowed).then(|| format!("{list}?tool={}", encode(&change.tool)));
    let (class, shape) = match change.kind {
        ChangeKind::Added => ("inline-flex items-center gap-1 text-ok whitespace-nowrap", Shape::Add),
        ChangeKind::Removed => ("inline-flex items-center gap-1 text-bad whitespace-nowrap", Shape::Dash),
        ChangeKind::Changed => ("inline-flex items-center gap-1 text-warn whitespace-nowrap", Shape::Warning),
    };
    // What was there before was warned of then.
    let shows = |tool: &Option<Tool>| tool.as_ref().is_some_and(|tool| hides(&tool.0.to_string()));
    let warned = shows(&change.after) && !shows(&change.before);
    let news = match (&change.kind, &change.after) {
        (ChangeKind::Added, Some(tool)) => {
            let said = visible(tool.description()).into_owned();
            view! { <p class="whitespace-pre-wrap break-words text-ink-muted empty:hidden">{said}</p> }
                .into_any()
        }
        (ChangeKind::Changed, _) => differences(&change),
        _ => ().into_any(),
    };
    let definition = match (pretty(&change.before), pretty(&change.after)) {
        (Some(before), Some(after)) => {
            view! { <DiffView label=words.before_after before=before after=after /> }.into_any()
        }
        (one, other) => {
            view! { <CodeBlock code=one.or(other).unwrap_or_default() label=words.whole /> }.into_any()
        }
    };
    let summary = if change.kind == ChangeKind::Changed { words.before_after } else { words.whole };
    let tool = visible(&change.tool).into_owned();
    view! {
        <li class="flex flex-col gap-2 px-3 py-3 border-b border-line last:border-b-0 min-w-0">
            <p class="flex items-baseline gap-x-3 gap-y-1 flex-wrap">
                <span class=class><Icon shape=shape />{words.kind(change.kind)}</span>
                <code class="font-medium break-all">{tool}</code>
                {only.map(|href| view! { <a class=LINK_CLASS href=href>{words.only_this}</a> })}
            </p>
            {warned
                .then(|| {
                    view! {
                        <Callout tone=Tone::Warn title=words.hidden standing=true><p>{words.hidden_next}</p></Callout>
                    }
                })}
            {news}
            {change.cut.then(|| view! { <p class="text-xs text-ink-muted">{words.cut}</p> })}
            <details class="text-xs">
                <summary class="text-ink-muted cursor-pointer hover:text-ink">{summary}</summary>
                <div class="mt-2">{definition}</div>
            </details>
        </li>
    }
    .into_any()
}

/// Each in a sentence, and texts with their words compared.
fn differences(change: &ToolChange) -> AnyView {
    let words = History::current();
    if change.differences.is_empty() {
        return view! { <p class="text-ink-muted">{words.elsewhere}</p> }.into_any();
    }
    let said =
        |tool: &Option<Tool>| tool.as_ref().map(|tool| tool.description().to_owned()).unwrap_or_default();
    let lines = change.differences.iter().map(|difference| {
        let texts = match difference {
            Difference::Description => Some((said(&change.before), said(&change.after))),
            Difference::ArgumentDescribed { before, after, .. } => Some((before.clone(), after.clone())),
            _ => None,
        };
        let texts = texts.map(|(before, after)| {
            let (before, after) = (visible(&before).into_owned(), visible(&after).into_owned());
            view! {
                <blockquote class="mt-1 pl-3 border-l border-line text-ink-muted">
                    <WordDiff before=before after=after />
                </blockquote>
            }
        });
        view! { <li class="break-words">{prose(&words.difference(difference))}{texts}</li> }
    });
    view! { <ul class="flex flex-col gap-2">{lines.collect_view()}</ul> }.into_any()
}

fn pretty(tool: &Option<Tool>) -> Option<String> {
    let text = serde_json::to_string_pretty(&tool.as_ref()?.0).ok()?;
    Some(visible(&text).into_owned())
}
