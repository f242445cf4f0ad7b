//! How much the projects of an organization are used.

use domain::usage::{TopUsage, UsageRange};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::{api::read_organization_usage, frame::OrganizationSource};
use crate::{
    i18n::{Organizations, Usage as Texts, group, text},
    ui::{Boundary, CELL_CLASS, LINK_CLASS, PageHead, ROW_CLASS, SHORT_CLASS, Segments, Table},
    usage::{UsageChart, range_of},
};

#[component]
pub fn UsagePage() -> impl IntoView {
    let (t, u, words) = (text(), Texts::current(), Organizations::current());
    let source = OrganizationSource::current();
    let query = use_query_map();
    let range = Memo::new(move |_| range_of(query.read().get("range")));
    let usage = Resource::new(
        move || (source.name.get(), range.get()),
        |(organization, range)| read_organization_usage(organization, range),
    );
    let choices = move || {
        let base = source.href("usage");
        let item = |choice: &UsageRange| {
            (format!("{base}?range={choice}"), u.range_name(*choice), *choice == range.get())
        };
        UsageRange::ALL.iter().map(item).collect::<Vec<_>>()
    };
    view! {
        <PageHead title=t.usage lead=words.usage_lead>
            {move || view! { <Segments label=u.range items=choices() /> }}
        </PageHead>
        <Boundary load=move || async move {
            let organization = source.page.await?;
            let usage = usage.await?;
            Ok(view! {
                <Title text=format!("{} · {}", organization.name, t.usage) />
                <section class="mb-6 p-4 border border-line rounded-[10px] bg-surface-raised min-w-0">
                    <h2 class="mb-3 font-semibold">{u.title}</h2>
                    <UsageChart points=usage.points range=usage.range />
                </section>
                {top(words.top_projects, vec![t.name, words.calls, words.errors], usage.projects)}
                {top(words.top_servers, vec![t.server, words.calls, words.errors], usage.servers)}
                {top(words.top_tools, vec![t.tool, words.calls, words.errors], usage.tools)}
            }
            .into_any())
        } />
    }
}

/// What is called most, each with a bar as long as its part of the first one.
fn top(title: &'static str, columns: Vec<&'static str>, items: Vec<TopUsage>) -> AnyView {
    let words = Organizations::current();
    let most = items.first().map_or(1, |item| item.calls).max(1);
    let none = items.is_empty();
    let rows = items.into_iter().map(|item| row(item, most)).collect_view();
    view! {
        <section class="mb-6 min-w-0">
            <h2 class="mb-2 font-semibold">{title}</h2>
            {if none {
                view! { <p class="text-ink-muted">{words.no_calls}</p> }.into_any()
            } else {
                view! { <Table label=title columns=columns>{rows}</Table> }.into_any()
            }}
        </section>
    }
    .into_any()
}

fn row(item: TopUsage, most: u64) -> AnyView {
    let words = Organizations::current();
    let project = format!("/projects/{}", item.project);
    let (name, href) = match (item.server.is_empty(), item.tool.is_empty()) {
        (true, _) => (item.project_name.clone(), project.clone()),
        (_, true) => (item.server.clone(), format!("{project}/servers/{}", item.server)),
        _ => (item.tool.clone(), format!("{project}/logs?tool={}&server={}", item.tool, item.server)),
    };
    let within = match (item.server.is_empty(), item.tool.is_empty()) {
        (true, _) => String::new(),
        (_, true) => item.project_name,
        _ => format!("{} · {}", item.project_name, item.server),
    };
    // A drawing and no style: the policy allows none in the page.
    let width = (item.calls * 100 / most).to_string();
    view! {
        <tr class=ROW_CLASS>
            <td class=CELL_CLASS>
                <a class=LINK_CLASS href=href>{name}</a>
                <span class="ml-2 text-xs text-ink-muted empty:hidden">{within}</span>
                <svg class="block mt-1 w-full max-w-[320px] h-1 text-accent" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
                    <rect width=width height="4" fill="currentColor" />
                </svg>
            </td>
            <td class=SHORT_CLASS data-label=words.calls><span class="tabular-nums">{group(item.calls)}</span></td>
            <td class=SHORT_CLASS data-label=words.errors><span class="tabular-nums">{group(item.errors)}</span></td>
        </tr>
    }
    .into_any()
}
