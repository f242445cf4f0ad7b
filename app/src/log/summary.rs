//! What the chosen time has how often, and which tools are slow or fail.

use domain::{
    log::{Category, Level, LogFilter},
    usage::ToolUsage,
};
use leptos::prelude::*;

use super::api::{Summary, read_log_summary};
use crate::{
    i18n::{Log as Texts, Usage, group, text, took},
    project::ProjectSource,
    ui::{Boundary, Icon, LINK_CLASS, LevelBadge, Shape, encode},
};

/// `filter` gives the time alone.
#[component]
pub fn SummaryPanel(filter: Memo<LogFilter>, paused: RwSignal<bool>) -> impl IntoView {
    let project = ProjectSource::current();
    let changes =
        Memo::new(
            move |last: Option<&u32>| {
                if paused.get() { last.copied().unwrap_or_default() } else { project.changes.get() }
            },
        );
    let summary = Resource::new(
        move || (project.name.get(), filter.get(), changes.get()),
        |(project, filter, _)| read_log_summary(project, filter),
    );
    // Somebody who has opened it wants it open when the numbers change.
    let open = RwSignal::new(false);
    view! {
        <Boundary load=move || {
            let list = project.href("logs");
            async move {
                let summary = summary.await?;
                Ok(view! { <Panel summary=summary list=list open=open /> }.into_any())
            }
        } />
    }
}

#[component]
fn Panel(summary: Summary, list: String, open: RwSignal<bool>) -> impl IntoView {
    let (t, words, usage) = (text(), Texts::current(), Usage::current());
    let counts = summary.counts;
    let line = words.counts(&counts.levels);
    let stopped =
        counts.counted_to.map(|at| t.with(words.counted, &at.format("%Y-%m-%d %H:%M UTC").to_string()));
    let tools_list = list.clone();
    let told = t.with(words.usage_range, usage.range_name(summary.range));
    let levels = counts.levels.into_iter().rev().map(|(level, n)| level_row(level, n, &list)).collect_view();
    let categories = counts.categories.into_iter().map(|(of, n)| category_row(of, n, &list)).collect_view();
    view! {
        <details
            class="mb-4 border border-line rounded-[10px] bg-surface-raised min-w-0"
            open=move || open.get()
            on:toggle:target=move |event| open.set(event.target().has_attribute("open"))
        >
            <summary class="flex items-center gap-3 flex-wrap px-3 py-2 cursor-pointer">
                <span class="inline-flex items-center gap-1 font-medium"><Icon shape=Shape::Down />{words.summary}</span>
                <span class="text-ink-muted tabular-nums">{line}</span>
            </summary>
            <div class="grid gap-x-8 gap-y-4 md:grid-cols-2 px-3 pt-2 pb-4 border-t border-line">
                <Part title=words.by_level><ul>{levels}</ul></Part>
                <Part title=words.by_category><ul>{categories}</ul></Part>
                <Part title=words.slowest>
                    <Tools tools=summary.slowest list=tools_list by=|tool| took(tool.mean_ms) none=words.slowest_none />
                </Part>
                <Part title=words.failing>
                    <Tools
                        tools=summary.failing
                        list=list
                        by=|tool| format!("{} / {}", group(tool.errors), group(tool.calls))
                        none=words.failing_none
                    />
                </Part>
                <p class="md:col-span-2 text-xs text-ink-muted">{told} " " {stopped}</p>
            </div>
        </details>
    }
}

#[component]
fn Part(title: &'static str, children: Children) -> impl IntoView {
    view! {
        <section class="min-w-0">
            <h2 class="mb-1 text-xs font-medium text-ink-muted">{title}</h2>
            {children()}
        </section>
    }
}

const LINE_CLASS: &str = "flex items-center justify-between gap-3 py-0.5 min-w-0";

fn level_row(level: Level, n: u64, list: &str) -> impl IntoView + use<> {
    let href = format!("{list}?level={level}");
    view! {
        <li class=LINE_CLASS>
            <a class="text-ink no-underline hover:underline" href=href><LevelBadge level=level /></a>
            <span class="tabular-nums">{group(n)}</span>
        </li>
    }
}

fn category_row(category: Category, n: u64, list: &str) -> impl IntoView + use<> {
    let href = format!("{list}?level=debug&category={category}");
    view! {
        <li class=LINE_CLASS>
            <a class=LINK_CLASS href=href>{text().category(category)}</a>
            <span class="tabular-nums">{group(n)}</span>
        </li>
    }
}

/// The worst tools with what makes them so.
#[component]
fn Tools(
    tools: Vec<ToolUsage>,
    list: String,
    by: fn(&ToolUsage) -> String,
    none: &'static str,
) -> impl IntoView {
    if tools.is_empty() {
        return view! { <p class="text-ink-muted">{none}</p> }.into_any();
    }
    let rows = tools
        .into_iter()
        .map(|tool| {
            let (name, server) = (encode(&tool.tool), encode(&tool.server));
            let href = format!("{list}?tool={name}&server={server}");
            view! {
                <li class=LINE_CLASS>
                    <span class="min-w-0 truncate">
                        <a class=LINK_CLASS href=href><code>{tool.tool.clone()}</code></a>
                        <span class="ml-2 text-xs text-ink-muted">{tool.server.clone()}</span>
                    </span>
                    <span class="shrink-0 tabular-nums">{by(&tool)}</span>
                </li>
            }
        })
        .collect_view();
    view! { <ul>{rows}</ul> }.into_any()
}
