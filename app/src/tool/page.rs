//! All tools of a project: find one, see what it costs, say how it is offered.

use domain::Action;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::api::{ProjectTool, SHOWN, list_project_tools};
use crate::{
    i18n::{Tools, group, text},
    project::ProjectSource,
    server::{tool::ToolItem, tool_api::HideTool},
    ui::{
        BUTTON_CLASS, Boundary, EmptyState, FilterBar, FilterChoice, FilterText, FormError, LinkButton,
        PageHead, ViewerSource, encode, failure,
    },
};

#[component]
pub fn ToolsPage() -> impl IntoView {
    let (t, words) = (text(), Tools::current());
    let (project, viewer) = (ProjectSource::current(), ViewerSource::current());
    let query = use_query_map();
    let said = move |name: &'static str| Memo::new(move |_| query.read().get(name).unwrap_or_default());
    let (search, server, show, edited) = (said("q"), said("server"), said("show"), said("edit"));
    let number =
        Memo::new(move |_| query.read().get("page").and_then(|n| n.parse().ok()).unwrap_or(1_u32).max(1));
    let hide = ServerAction::<HideTool>::new();
    let hidden = failure(hide);
    let tools = Resource::new(
        move || {
            let edited = edited.get();
            // A form that is being filled in must not be made anew by what happens elsewhere.
            let seen = if edited.is_empty() { project.changes.get() } else { 0 };
            let changes = (seen, hide.version().get(), edited);
            (project.name.get(), search.get(), server.get(), show.get(), number.get(), changes)
        },
        |(project, search, server, show, page, _)| list_project_tools(project, search, server, show, page),
    );
    view! {
        <Title text=t.tools />
        <PageHead title=t.tools lead=words.lead />
        <FormError failure=hidden apart=true />
        <Boundary load=move || {
            let (search, server, show) = (search.get(), server.get(), show.get());
            let (number, edited, name) = (number.get(), edited.get(), project.name.get());
            let here = project.href("tools");
            async move {
                let (viewer, project) = (viewer.0.await?, project.page.await?.project);
                let page = tools.await?;
                let may = viewer.may(Action::ManageServers, &project.resource());
                if page.total == 0 {
                    let add = may.then(|| view! {
                        <LinkButton class=BUTTON_CLASS href=format!("/projects/{name}/servers/new")>{words.add_server}</LinkButton>
                    });
                    return Ok(view! { <EmptyState title=words.empty body=words.empty_body>{add}</EmptyState> }.into_any());
                }
                let list = format!("{here}?q={}&server={}&show={}", encode(&search), encode(&server), encode(&show));
                let clear = [&search, &server, &show].iter().any(|said| !said.is_empty()).then(|| here.clone());
                let turn = |n: u32| format!("{list}&page={n}");
                let previous = (number > 1).then(|| turn(number - 1));
                let next = (page.found > number.saturating_mul(SHOWN)).then(|| turn(number + 1));
                let count = format!("{} / {} · {}", group(page.found.into()), group(page.total.into()), words.tokens(page.tokens));
                let servers = page.servers.into_iter().map(|name| (name.clone(), name)).collect();
                let shows = vec![
                    ("shown".to_owned(), t.tools_shown.to_owned()),
                    ("hidden".to_owned(), t.tools_hidden.to_owned()),
                ];
                let body = if page.found == 0 {
                    view! { <p class="py-8 text-center text-ink-muted">{t.nothing_found}</p> }.into_any()
                } else {
                    let items = page
                        .items
                        .into_iter()
                        .map(|item| entry(item, &name, turn(number), may.then_some(hide), &edited))
                        .collect_view();
                    view! { <ul class="border border-line rounded-[10px] bg-surface-raised">{items}</ul> }.into_any()
                };
                Ok(view! {
                    <FilterBar action=here clear=clear>
                        <FilterText name="q" label=t.search value=search />
                        <FilterChoice name="server" label=t.server value=server options=servers />
                        <FilterChoice name="show" label=t.tools_offered value=show options=shows />
                    </FilterBar>
                    <p class="mb-2 text-ink-muted text-xs" title=words.tokens_hint>{count}</p>
                    {body}
                    <div class="mt-3 flex gap-2">
                        {previous.map(|href| view! { <LinkButton href=href>{t.previous}</LinkButton> })}
                        {next.map(|href| view! { <LinkButton href=href>{t.next}</LinkButton> })}
                    </div>
                }
                .into_any())
            }
        } />
    }
}

fn entry(
    item: ProjectTool,
    project: &str,
    list: String,
    hide: Option<ServerAction<HideTool>>,
    edited: &str,
) -> AnyView {
    let ProjectTool { server, enabled, alias, tool } = item;
    let mark = format!("{server}/{}", tool.name);
    let open = hide.is_some() && mark == edited;
    let origin = format!("/projects/{project}/servers/{server}");
    let label = if enabled { server.clone() } else { format!("{server} · {}", Tools::current().server_off) };
    view! {
        <ToolItem
            item=tool
            project=project.to_owned()
            server=server
            prefix=alias
            list=list
            hide=hide
            edited=open
            mark=mark
            origin=Some((label, origin))
        />
    }
    .into_any()
}
