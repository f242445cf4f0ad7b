//! A server's tools: what each is, and how it is offered to clients.

use domain::Action;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{
    tabs::server_of_page,
    tool::ToolItem,
    tool_api::{HideTool, TOOLS_SHOWN, server_tools},
};
use crate::{
    i18n::{group, text},
    project::ProjectSource,
    ui::{
        Boundary, EmptyState, FilterBar, FilterChoice, FilterText, FormError, LinkButton, ViewerSource,
        encode, failure,
    },
};

#[component]
pub fn Tools() -> impl IntoView {
    let server = server_of_page();
    let t = text();
    let (project, viewer) = (ProjectSource::current(), ViewerSource::current());
    let query = use_query_map();
    let said = move |name: &'static str| Memo::new(move |_| query.read().get(name).unwrap_or_default());
    let (search, show, edited) = (said("q"), said("show"), said("edit"));
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
            (project.name.get(), server.get(), search.get(), show.get(), number.get(), changes)
        },
        |(project, server, search, show, page, _)| server_tools(project, server, search, show, page),
    );
    view! {
        <FormError failure=hidden apart=true />
        <Boundary load=move || {
            let (search, show, number, edited) = (search.get(), show.get(), number.get(), edited.get());
            let (server, project_name) = (server.get(), project.name.get());
            let here = project.href(&format!("servers/{server}"));
            async move {
                let (viewer, project) = (viewer.0.await?, project.page.await?.project);
                let page = tools.await?;
                if page.total == 0 {
                    return Ok(view! { <EmptyState title=t.tools_empty body=t.tools_empty_body /> }.into_any());
                }
                let may = viewer.may(Action::ManageServers, &project.resource());
                let plain = format!("{here}?tab=tools");
                let list = format!("{plain}&q={}&show={}", encode(&search), encode(&show));
                let clear = (!search.is_empty() || !show.is_empty()).then(|| plain.clone());
                let turn = |n: u32| format!("{list}&page={n}");
                let previous = (number > 1).then(|| turn(number - 1));
                let next = (page.found > number.saturating_mul(TOOLS_SHOWN)).then(|| turn(number + 1));
                let count = format!("{} / {}", group(page.found.into()), group(page.total.into()));
                let options = vec![
                    ("shown".to_owned(), t.tools_shown.to_owned()),
                    ("hidden".to_owned(), t.tools_hidden.to_owned()),
                ];
                let found = page.found > 0;
                let items = page
                    .items
                    .into_iter()
                    .map(|item| {
                        let open = may && item.name == edited;
                        let mark = item.name.clone();
                        view! {
                            <ToolItem
                                item=item
                                project=project_name.clone()
                                server=server.clone()
                                prefix=page.alias.clone()
                                list=turn(number)
                                hide=may.then_some(hide)
                                edited=open
                                mark=mark
                            />
                        }
                    })
                    .collect_view();
                let body = if found {
                    view! { <ul class="border border-line rounded-[10px] bg-surface-raised">{items}</ul> }.into_any()
                } else {
                    view! { <p class="py-8 text-center text-ink-muted">{t.nothing_found}</p> }.into_any()
                };
                Ok(view! {
                    <FilterBar action=here clear=clear>
                        <input type="hidden" name="tab" value="tools" />
                        <FilterText name="q" label=t.search value=search />
                        <FilterChoice name="show" label=t.tools_offered value=show options=options />
                    </FilterBar>
                    <p class="mb-2 text-ink-muted text-xs">{count}</p>
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
