//! One server at a glance: what it says of itself, or what is wrong and what to do, and how it is set up.

use domain::{
    Action,
    server::{Server, Status, Transport},
};
use leptos::prelude::*;

use super::{
    api::{RunServer, get_server},
    frame::{ServerSource, ServerTitle},
    listing::target,
    report::InfoFacts,
    trouble::{Output, PartLists, Place, Trouble},
};
use crate::{
    i18n::{Commands, Servers, SharedServers, text},
    project::{Endpoints, ProjectSource},
    ui::{
        Ago, Badge, Boundary, Callout, Card, Facts, FormError, PLAIN_CLASS, Submit, Tone, ViewerSource,
        failure,
    },
};

#[component]
pub fn OverviewPage() -> impl IntoView {
    let t = text();
    let (project, viewer) = (ProjectSource::current(), ViewerSource::current());
    let source = ServerSource::current();
    #[cfg(feature = "ssr")]
    lead_on(&source);
    let run = ServerAction::<RunServer>::new();
    let failed = failure(run);
    let done = run.version();
    Effect::new(move |_| {
        if done.get() > 0 {
            source.runs.update(|runs| *runs += 1);
        }
    });
    let server = Resource::new(
        move || (project.name.get(), source.name.get(), project.changes.get(), source.runs.get()),
        |(project, server, ..)| get_server(project, server),
    );
    view! {
        <ServerTitle />
        <FormError failure=failed apart=true />
        <Boundary load=move || async move {
            if !source.is_there().await {
                return Ok(().into_any());
            }
            let (viewer, page) = (viewer.0.await?, project.page.await?);
            let (server, now) = server.await?;
            let may = viewer.may(Action::ManageServers, &page.project.resource());
            let path = format!("{}/projects/{}/servers/{}", page.public_url, page.project.path(), server.name);
            let switch = if server.enabled { ("disable", t.disable) } else { ("enable", t.enable) };
            let seen = server.state.observed_at.map(|at| {
                view! { <p class="text-ink-muted text-xs">{Servers::current().last_seen} " " <Ago at=at now=now /></p> }
            });
            let (project, name) = (page.project.path(), server.name.clone());
            let buttons = may.then(|| {
                view! {
                    <ActionForm action=run attr:class="ml-auto flex gap-2">
                        <input type="hidden" name="project" value=project />
                        <input type="hidden" name="server" value=name />
                        <Submit label=t.restart pending=failed.pending class=PLAIN_CLASS name="run" value="restart" />
                        <Submit label=switch.1 pending=failed.pending class=PLAIN_CLASS name="run" value=switch.0 />
                    </ActionForm>
                }
            });
            Ok(view! {
                <div class="mb-4 flex items-center gap-3 flex-wrap empty:hidden">{seen}{buttons}</div>
                <Health server=server.clone() place=Place::of(&page.project.path(), &server, may) />
                <Endpoints base=path open=page.project.open />
                <Configuration server=server now=now />
            }
            .into_any())
        } />
    }
}

/// The tabs were parts of one page once, and `tab` told which.
#[cfg(feature = "ssr")]
fn lead_on(source: &ServerSource) {
    let query = leptos_router::hooks::use_query_map().get_untracked();
    let part = match query.get("tab").as_deref() {
        Some("log") => "logs",
        Some("tools") => "tools",
        Some("resources") => "resources",
        Some("prompts") => "prompts",
        Some("copy") => "copy",
        _ => return,
    };
    let mut rest = query;
    rest.remove("tab");
    let here = ProjectSource::current().path(&format!("servers/{}", source.name.get_untracked()));
    crate::context::go(&format!("{here}/{part}{}", rest.to_query_string()));
}

/// What the server told of itself, or what is wrong with it and what to do.
#[component]
fn Health(server: Server, place: Place) -> impl IntoView {
    let t = text();
    let state = server.state;
    let lines = state.stderr.clone();
    let trouble = state.code.filter(|_| state.status == Status::Failed);
    view! {
        <div class="flex flex-col">
            {match (trouble, state.status) {
                (Some(code), _) => {
                    view! {
                        <div class="mb-6">
                            <Trouble
                                code=code
                                detail=state.detail.clone()
                                stderr=lines.clone()
                                transport=server.transport
                                place=place.clone()
                            />
                        </div>
                    }
                    .into_any()
                }
                (None, Status::Disabled) => view! { <div class="mb-6"><Callout tone=Tone::Info title=t.disabled_note /></div> }.into_any(),
                (None, Status::Unknown) => view! { <div class="mb-6"><Callout tone=Tone::Info title=t.unknown_note /></div> }.into_any(),
                _ => ().into_any(),
            }}
            {trouble.is_none().then(|| view! { <PartLists lists=state.lists transport=server.transport place=place /> })}
            {state
                .info
                .map(|info| {
                    let instructions = info.instructions.clone();
                    view! {
                        <Card title=t.server_says>
                            <InfoFacts info=info tool_count=state.tool_count transport=server.transport />
                            {instructions
                                .map(|text| {
                                    view! {
                                        <p class="font-medium">{t.instructions}</p>
                                        <p class="whitespace-pre-wrap break-words text-ink-muted">{text}</p>
                                    }
                                })}
                        </Card>
                    }
                })}
            {(trouble.is_none() && !lines.is_empty())
                .then(|| {
                    view! {
                        <details class="mb-6">
                            <summary class="cursor-pointer text-ink-muted">{t.stderr}</summary>
                            <Output lines=lines />
                        </details>
                    }
                })}
        </div>
    }
}

#[component]
fn Configuration(server: Server, now: domain::Timestamp) -> impl IntoView {
    let t = text();
    let names =
        |names: &[String]| names.iter().map(|name| view! { <Badge label=name.clone() /> }).collect_view();
    let of = if server.shared.is_some() { SharedServers::current().of } else { t.target };
    let mut facts = vec![
        (t.kind, view! { <span>{t.transport(server.transport)}</span> }.into_any()),
        (of, view! { <code class="break-all">{target(&server)}</code> }.into_any()),
    ];
    if let Some(used) = server.approved_command.clone() {
        let words = Commands::current();
        facts.push((words.of, view! { <span>{used.name}</span> }.into_any()));
    }
    if let Some(directory) = server.working_directory.clone() {
        facts.push((t.working_directory, view! { <code class="break-all">{directory}</code> }.into_any()));
    }
    if !server.env.is_empty() {
        facts.push((
            t.env,
            view! { <span class="flex gap-1 flex-wrap">{names(&server.env)}</span> }.into_any(),
        ));
    }
    if !server.headers.is_empty() {
        facts.push((
            t.headers,
            view! { <span class="flex gap-1 flex-wrap">{names(&server.headers)}</span> }.into_any(),
        ));
    }
    let prefix = if server.alias.is_empty() { t.none.to_owned() } else { format!("{}__", server.alias) };
    facts.push((t.alias, view! { <code>{prefix}</code> }.into_any()));
    if server.transport == Transport::Stdio {
        facts.push((t.process, view! { <span>{t.process_rules(&server)}</span> }.into_any()));
    }
    facts.push((t.limits, view! { <span>{t.time_limits(&server)}</span> }.into_any()));
    facts.push((t.created, view! { <Ago at=server.created_at now=now /> }.into_any()));
    facts.push((t.updated, view! { <Ago at=server.updated_at now=now /> }.into_any()));
    view! {
        <Card title=t.configuration>
            <Facts facts=facts />
        </Card>
    }
}
