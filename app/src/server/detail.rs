//! One server: its state and what to do about it, its tools, its log.

use domain::{
    Action,
    log::LogFilter,
    server::{Server, Status, Transport},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::{
    api::{DeleteServer, RestartServer, SetServerEnabled, get_server},
    copy::CopyForm,
    listing::target,
    offers::{Prompts, Resources},
    report::InfoFacts,
    tabs::{ServerTabs, server_of_page},
    tools::Tools,
    trouble::{Output, PartLists, Place, Trouble},
};
use crate::{
    i18n::{Commands, Copies, SharedServers, text},
    log::LogList,
    project::{Endpoints, ProjectSource},
    ui::{
        Ago, Badge, Boundary, Callout, Card, DANGER_CLASS, Danger, Facts, FormError, LinkButton, PLAIN_CLASS,
        PageHead, StatusBadge, Submit, Tone, ViewerSource, failure,
    },
};

#[component]
pub fn DetailPage() -> impl IntoView {
    let t = text();
    let (project, viewer) = (ProjectSource::current(), ViewerSource::current());
    let query = use_query_map();
    let name = server_of_page();
    let tab = Memo::new(move |_| query.read().get("tab").unwrap_or_default());
    let toggle = ServerAction::<SetServerEnabled>::new();
    let restart = ServerAction::<RestartServer>::new();
    let server = Resource::new(
        move || {
            (
                project.name.get(),
                name.get(),
                project.changes.get(),
                toggle.version().get(),
                restart.version().get(),
            )
        },
        |(project, server, ..)| get_server(project, server),
    );
    let (toggled, restarted) = (failure(toggle), failure(restart));
    let hidden = move || {
        view! {
            <input type="hidden" name="project" value=move || project.name.get() />
            <input type="hidden" name="server" value=move || name.get() />
        }
    };
    let here = move || project.href(&format!("servers/{}", name.get()));
    // The server writes the title last, when the page's own values may be gone.
    let first = name.get_untracked();
    view! {
        <Title text=move || name.try_get().unwrap_or_else(|| first.clone()) />
        <Boundary load=move || async move {
            let (viewer, page) = (viewer.0.await?, project.page.await?);
            let (server, _) = server.await?;
            let may = viewer.may(Action::ManageServers, &page.project.resource());
            let enabled = server.enabled;
            let buttons = may.then(|| view! {
                <ActionForm action=restart>
                    {hidden()}
                    <Submit label=t.restart pending=restarted.pending class=PLAIN_CLASS />
                </ActionForm>
                <ActionForm action=toggle>
                    {hidden()}
                    <input type="hidden" name="enabled" value=if enabled { "false" } else { "true" } />
                    <Submit label=if enabled { t.disable } else { t.enable } pending=toggled.pending class=PLAIN_CLASS />
                </ActionForm>
                <LinkButton href=format!("{}?tab=copy", here())>{Copies::current().copy_to}</LinkButton>
                <LinkButton href=format!("{}/edit", here())>{t.edit}</LinkButton>
            });
            Ok(view! {
                <PageHead title=server.name.clone() lead=server.description.clone()>{buttons}</PageHead>
                <div class="flex items-center gap-3 mb-4">
                    <StatusBadge status=server.state.status />
                    <Badge label=t.transport(server.transport) />
                    <span class="text-ink-muted">{t.tools_count(server.state.tool_count)}</span>
                </div>
            }
            .into_any())
        } />
        <FormError failure=toggled apart=true />
        <FormError failure=restarted apart=true />
        {move || {
            let here = here();
            let tab = tab.get();
            view! { <ServerTabs here=here current=tab /> }
        }}
        {move || match tab.get().as_str() {
            "tools" => view! { <Tools /> }.into_any(),
            "resources" => view! { <Resources /> }.into_any(),
            "prompts" => view! { <Prompts /> }.into_any(),
            "copy" => {
                view! {
                    <Boundary load=move || async move {
                        let (server, _) = server.await?;
                        Ok(view! { <CopyForm server=server /> }.into_any())
                    } />
                }
                .into_any()
            }
            "log" => {
                let filter = Signal::derive(move || LogFilter {
                    server: Some(name.get()),
                    limit: Some(50),
                    before: query.read().get("before").and_then(|id| id.parse().ok()),
                    ..LogFilter::default()
                });
                let base = format!("{}?tab=log", here());
                view! { <LogList filter=filter base=base /> }.into_any()
            }
            _ => {
                view! {
                    <Boundary load=move || async move {
                        let (viewer, page) = (viewer.0.await?, project.page.await?);
                        let (server, now) = server.await?;
                        let may = viewer.may(Action::ManageServers, &page.project.resource());
                        let path = format!("{}/projects/{}/servers/{}", page.public_url, page.project.path(), server.name);
                        Ok(view! {
                            <Health server=server.clone() place=Place::of(&page.project.path(), &server, may) />
                            <Endpoints base=path open=page.project.open />
                            <Configuration server=server.clone() now=now />
                            {may.then(|| view! { <Removal server=server.name.clone() /> })}
                        }
                        .into_any())
                    } />
                }
                    .into_any()
            }
        }}
    }
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

#[component]
fn Removal(server: String) -> impl IntoView {
    let t = text();
    let project = ProjectSource::current();
    let delete = ServerAction::<DeleteServer>::new();
    let failed = failure(delete);
    view! {
        <Danger label=t.delete_server failure=failed>
            <p>{t.with(t.delete_server_lead, &server)}</p>
            <ActionForm action=delete>
                <input type="hidden" name="project" value=project.name.get_untracked() />
                <input type="hidden" name="server" value=server.clone() />
                <Submit label=t.with(t.delete_named, &server) pending=failed.pending class=DANGER_CLASS />
            </ActionForm>
            <FormError failure=failed />
        </Danger>
    }
}
