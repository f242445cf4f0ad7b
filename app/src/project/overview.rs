//! A project at a glance: what works, what does not, and the addresses for clients.

use domain::{
    Action, Timestamp,
    log::{Level, LogFilter},
    server::{Cause, Server, Status},
    tool::CHANGES_TOLD,
};
use leptos::prelude::*;
use leptos_meta::Title;

use super::frame::ProjectSource;
use crate::{
    i18n::{Connect, Remedy, Tools, group, text},
    log::LogList,
    server::{
        api::list_servers,
        trouble::{Place, Reason, summary},
    },
    ui::{
        Ago, BUTTON_CLASS, Badge, Boundary, Card, CopyField, EmptyState, LINK_CLASS, LinkButton, PageHead,
        StatusBadge, ViewerSource,
    },
    usage::UsagePanel,
};

/// Servers whose addresses are shown; the others have theirs on their pages.
const ADDRESSES: usize = 6;

#[component]
pub fn OverviewPage() -> impl IntoView {
    let t = text();
    let (project, viewer) = (ProjectSource::current(), ViewerSource::current());
    let servers = Resource::new(
        move || (project.name.get(), project.changes.get()),
        |(project, _)| list_servers(project),
    );
    let recent =
        Signal::derive(|| LogFilter { level: Some(Level::Info), limit: Some(8), ..LogFilter::default() });
    let logs = Signal::derive(move || project.href("logs"));
    view! {
        <Boundary load=move || async move {
            let (viewer, page) = (viewer.0.await?, project.page.await?);
            let (servers, now) = servers.await?;
            let path = page.project.path();
            let may = viewer.may(Action::ManageServers, &page.project.resource());
            let first = {
                let path = path.clone();
                may.then(|| {
                    view! {
                        <LinkButton class=BUTTON_CLASS href=format!("/projects/{path}/servers/new")>{t.new_server}</LinkButton>
                        <LinkButton href=format!("/projects/{path}/import")>{t.import}</LinkButton>
                    }
                })
            };
            let body = if servers.is_empty() {
                view! { <EmptyState title=t.servers_empty body=t.servers_empty_body>{first}</EmptyState> }.into_any()
            } else {
                view! { <Health servers=servers project=path.clone() may=may now=now /> }.into_any()
            };
            Ok(view! {
                <Title text=page.project.name.clone() />
                <PageHead title=page.project.name.clone() lead=page.project.description.clone() />
                {body}
            }
            .into_any())
        } />
        <UsagePanel />
        <Boundary load=move || async move {
            let page = project.page.await?;
            let (servers, _) = servers.await?;
            let base = format!("{}/projects/{}", page.public_url, page.project.path());
            let addresses: Vec<_> = servers
                .iter()
                .filter(|server| server.enabled)
                .take(ADDRESSES)
                .map(|server| (server.name.clone(), format!("{base}/servers/{}/mcp", server.name)))
                .collect();
            Ok((!addresses.is_empty())
                .then(|| view! { <Addresses base=base of=addresses open=page.project.open /> })
                .into_any())
        } />
        <h2 class="mb-2 font-semibold">{t.recent}</h2>
        <LogList filter=recent base=logs />
    }
}

/// Counts by state, then the servers that need somebody.
#[component]
fn Health(servers: Vec<Server>, project: String, may: bool, now: Timestamp) -> impl IntoView {
    let t = text();
    let count = |fits: fn(Status) -> bool| servers.iter().filter(|s| fits(s.state.status)).count() as u64;
    let tools: u64 = servers.iter().map(|s| u64::from(s.state.tool_count)).sum();
    let numbers = [
        (t.working, count(|s| matches!(s, Status::Ready | Status::Idle | Status::Starting))),
        (t.failed, count(|s| s == Status::Failed)),
        (t.not_running, count(|s| matches!(s, Status::Unknown | Status::Disabled))),
        (t.tools, tools),
    ];
    let numbers = numbers
        .into_iter()
        .map(|(label, n)| {
            view! {
                <div class="p-4 border border-line rounded-[10px] bg-surface-raised">
                    <dd class="text-2xl font-semibold tabular-nums">{group(n)}</dd>
                    <dt class="text-ink-muted text-xs">{label}</dt>
                </div>
            }
        })
        .collect_view();
    let failed = servers
        .iter()
        .filter(|server| server.state.status == Status::Failed)
        .map(|server| {
            let href = format!("/projects/{project}/servers/{}", server.name);
            let wrong = summary(server);
            let why = wrong.as_ref().map(|(code, _)| t.locale.sentence(*code));
            let detail = wrong.as_ref().and_then(|(_, detail)| detail.clone());
            let place = Place::of(&project, server, may);
            let remedy = wrong.map(|(code, _)| {
                let cause = Cause::of(&server.state.stderr);
                view! {
                    <details class="mt-1">
                        <summary class="text-accent cursor-pointer hover:underline">
                            {Remedy::current().what_to_do} <span class="sr-only">": " {server.name.clone()}</span>
                        </summary>
                        <div class="mt-1 text-ink-muted">
                            <Reason code=code cause=cause transport=server.transport place=place />
                        </div>
                    </details>
                }
            });
            view! {
                <li>
                    <div class="md:flex gap-3 items-baseline">
                        <span class="flex gap-3 items-baseline">
                            <StatusBadge status=server.state.status />
                            <a class=LINK_CLASS href=href>{server.name.clone()}</a>
                        </span>
                        <span class="text-ink-muted" title=detail>{why}</span>
                    </div>
                    {remedy}
                </li>
            }
        })
        .collect::<Vec<_>>();
    let changed = servers
        .iter()
        .filter_map(|server| {
            Some((server, server.state.tools_changed_at.filter(|at| now - at < CHANGES_TOLD)?))
        })
        .map(|(server, at)| {
            let href = format!("/projects/{project}/servers/{}/history", server.name);
            view! {
                <li class="flex gap-3 items-baseline flex-wrap">
                    <a class=LINK_CLASS href=href>{server.name.clone()}</a>
                    <Badge label=Tools::current().tools_changed />
                    <span class="text-ink-muted"><Ago at=at now=now /></span>
                </li>
            }
        })
        .collect::<Vec<_>>();
    view! {
        <dl class="grid grid-cols-2 md:grid-cols-4 gap-3 mb-6">{numbers}</dl>
        {(!failed.is_empty() || !changed.is_empty())
            .then(|| {
                view! {
                    <Card title=t.needs_attention>
                        <ul class="flex flex-col gap-2">{failed}{changed}</ul>
                    </Card>
                }
            })}
    }
}

/// Where clients reach all servers as one, and each by itself.
#[component]
fn Addresses(base: String, of: Vec<(String, String)>, open: bool) -> impl IntoView {
    let t = text();
    let rows =
        of.into_iter().map(|(name, address)| view! { <Address label=name value=address /> }).collect_view();
    view! {
        <Card title=t.endpoints lead=lead(open)>
            <h3 class="font-medium">{t.one_endpoint}</h3>
            <p class="text-ink-muted">{t.one_endpoint_lead}</p>
            <Address label="Streamable HTTP" value=format!("{base}/mcp") />
            <Address label="SSE" value=format!("{base}/sse") />
            <h3 class="mt-2 font-medium">{t.endpoints_each}</h3>
            {rows}
            <ConnectLink server="" />
        </Card>
    }
}

/// The addresses of one server, under `base`.
#[component]
pub fn Endpoints(#[prop(into)] base: String, open: bool) -> impl IntoView {
    let t = text();
    let server = base.rsplit('/').next().unwrap_or_default().to_owned();
    view! {
        <Card title=t.endpoints lead=lead(open)>
            <Address label="Streamable HTTP" value=format!("{base}/mcp") />
            <Address label="SSE" value=format!("{base}/sse") />
            <ConnectLink server=server />
        </Card>
    }
}

/// To what each client needs besides the address.
#[component]
fn ConnectLink(#[prop(into)] server: String) -> impl IntoView {
    let connect = ProjectSource::current().path("connect");
    let href = if server.is_empty() { connect } else { format!("{connect}?server={server}") };
    view! { <div><LinkButton href=href>{Connect::current().connect_client}</LinkButton></div> }
}

fn lead(open: bool) -> &'static str {
    if open { text().endpoints_open } else { text().endpoints_lead }
}

#[component]
fn Address(#[prop(into)] label: String, value: String) -> impl IntoView {
    view! {
        <div>
            <p class="mb-1 text-xs text-ink-muted">{label.clone()}</p>
            <CopyField label=label value=value />
        </div>
    }
}
