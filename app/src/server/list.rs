//! The servers of a project with their live state.

use domain::{Action, server::Server};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::api::list_servers;
use crate::{
    i18n::{group, text},
    project::ProjectSource,
    ui::{
        Ago, BUTTON_CLASS, Boundary, CELL_CLASS, EmptyState, FilterBar, FilterText, Icon, LINK_CLASS,
        LinkButton, PageHead, ROW_CLASS, SHORT_CLASS, Shape, StatusBadge, Table, ViewerSource,
    },
};

/// What a server is reached by, in one line.
pub(super) fn target(server: &Server) -> String {
    if server.transport.is_remote() {
        return server.url.clone();
    }
    if server.command.is_empty() {
        return server.builtin.clone();
    }
    std::iter::once(&server.command).chain(&server.args).cloned().collect::<Vec<_>>().join(" ")
}

#[component]
pub fn ListPage() -> impl IntoView {
    let t = text();
    let (project, viewer) = (ProjectSource::current(), ViewerSource::current());
    let query = use_query_map();
    let servers = Resource::new(
        move || (project.name.get(), project.changes.get()),
        |(project, _)| list_servers(project),
    );
    view! {
        <Title text=t.servers />
        <Boundary load=move || {
            let search = query.read().get("q").unwrap_or_default();
            async move {
                let (viewer, page) = (viewer.0.await?, project.page.await?);
                let (servers, now) = servers.await?;
                let path = page.project.path();
                let may = viewer.may(Action::ManageServers, &page.project.resource());
                let buttons = {
                    let path = path.clone();
                    move || {
                        may.then(|| {
                            view! {
                                <LinkButton href=format!("/projects/{path}/servers/import")>{t.import}</LinkButton>
                                <LinkButton class=BUTTON_CLASS href=format!("/projects/{path}/servers/new")>
                                    <Icon shape=Shape::Add />
                                    {t.new_server}
                                </LinkButton>
                            }
                        })
                    }
                };
                let again = buttons.clone();
                let total = servers.len();
                let wanted = search.to_lowercase();
                let fits = |s: &Server| {
                    [s.name.clone(), s.description.clone(), target(s)].iter().any(|text| text.to_lowercase().contains(&wanted))
                };
                let found: Vec<Server> = servers.into_iter().filter(fits).collect();
                let list = format!("/projects/{path}/servers");
                let body = if total == 0 {
                    view! { <EmptyState title=t.servers_empty body=t.servers_empty_body>{again()}</EmptyState> }.into_any()
                } else {
                    let clear = (!search.is_empty()).then(|| list.clone());
                    let bar = view! {
                        <FilterBar action=list clear=clear>
                            <FilterText name="q" label=t.search value=search />
                        </FilterBar>
                    };
                    let empty = found.is_empty();
                    let rows = found
                        .into_iter()
                        .map(|server| {
                            let href = format!("/projects/{path}/servers/{}", server.name);
                            let shown = target(&server);
                            view! {
                                <tr class=ROW_CLASS>
                                    <td class=CELL_CLASS>
                                        <a class=LINK_CLASS href=href>
                                            <span class="font-medium">{server.name.clone()}</span>
                                        </a>
                                        <p class="text-ink-muted text-xs truncate max-w-[360px]">{server.description.clone()}</p>
                                    </td>
                                    <td class=SHORT_CLASS>
                                        <StatusBadge status=server.state.status />
                                    </td>
                                    <td class=SHORT_CLASS>{t.transport(server.transport)}</td>
                                    <td class=CELL_CLASS>
                                        <code class="block truncate max-w-[360px]" title=shown.clone()>{shown.clone()}</code>
                                    </td>
                                    <td class=SHORT_CLASS>{t.tools_count(server.state.tool_count)}</td>
                                    <td class=SHORT_CLASS>
                                        {server.state.observed_at.map(|at| view! { <Ago at=at now=now /> })}
                                    </td>
                                </tr>
                            }
                        })
                        .collect_view();
                    view! {
                        {bar}
                        {if empty {
                            view! { <p class="py-8 text-center text-ink-muted">{t.nothing_found}</p> }.into_any()
                        } else {
                            view! {
                                <Table label=t.servers columns=vec![t.name, t.status, t.kind, t.target, t.tools, t.observed]>
                                    {rows}
                                </Table>
                            }
                            .into_any()
                        }}
                    }
                    .into_any()
                };
                let count = group(total as u64);
                Ok(view! {
                    <PageHead title=t.servers lead=t.with(t.servers_lead, &count)>{buttons()}</PageHead>
                    {body}
                }
                .into_any())
            }
        } />
    }
}
