//! Calls and errors over time as a chart, with the switch of its range.

use domain::usage::{UsagePoint, UsageRange};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::api::project_usage;
use crate::{
    i18n::Usage as Texts,
    project::ProjectSource,
    ui::{Bar, BarChart, Boundary, ChartWords, Segments},
};

/// The range that the address asks for.
#[must_use]
pub fn range_of(query: Option<String>) -> UsageRange {
    query.and_then(|name| name.parse().ok()).unwrap_or_default()
}

/// The chart of the frame's project. `page` is the page of the project that shows it.
#[component]
pub fn UsagePanel(#[prop(default = "")] page: &'static str) -> impl IntoView {
    let t = Texts::current();
    let project = ProjectSource::current();
    let query = use_query_map();
    let range = Memo::new(move |_| range_of(query.read().get("range")));
    let usage = Resource::new(
        move || (project.name.get(), range.get(), project.changes.get()),
        |(project, range, _)| project_usage(project, range),
    );
    let choices = move || {
        let base =
            if page.is_empty() { format!("/projects/{}", project.name.get()) } else { project.href(page) };
        let item = |choice: &UsageRange| {
            (format!("{base}?range={choice}"), t.range_name(*choice), *choice == range.get())
        };
        UsageRange::ALL.iter().map(item).collect::<Vec<_>>()
    };
    view! {
        <section class="mb-6 p-4 border border-line rounded-[10px] bg-surface-raised min-w-0">
            <div class="flex items-start justify-between gap-2 flex-wrap mb-3">
                <h2 class="font-semibold">{t.title}</h2>
                {move || view! { <Segments label=t.range items=choices() /> }}
            </div>
            <Boundary load=move || async move {
                let usage = usage.await?;
                Ok(view! { <UsageChart points=usage.points range=usage.range /> }.into_any())
            } />
        </section>
    }
}

/// The chart of any points.
#[component]
pub fn UsageChart(points: Vec<UsagePoint>, range: UsageRange) -> impl IntoView {
    view! { <BarChart bars=bars(points, range) words=words() /> }
}

/// What a chart of calls says.
#[must_use]
pub fn words() -> ChartWords {
    let t = Texts::current();
    ChartWords { label: t.title, when: t.time, total: t.calls, bad: t.errors, most: t.most, none: t.none }
}

/// Points as bars, with the times of their range: hours of a day, days of a month.
#[must_use]
pub fn bars(points: Vec<UsagePoint>, range: UsageRange) -> Vec<Bar> {
    let (long, short) = match range {
        UsageRange::Day => ("%Y-%m-%d %H:%M UTC", "%H:%M"),
        UsageRange::Week => ("%Y-%m-%d %H:%M UTC", "%m-%d"),
        UsageRange::Month => ("%Y-%m-%d", "%m-%d"),
    };
    let bar = |point: UsagePoint| Bar {
        label: point.at.format(long).to_string(),
        short: point.at.format(short).to_string(),
        total: point.calls,
        bad: point.errors,
    };
    points.into_iter().map(bar).collect()
}
