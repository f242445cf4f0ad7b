//! All tools of a project: find one, see what it costs, say how it is offered.

use domain::Action;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    i18n::{Tools, text},
    project::ProjectSource,
    server::{
        tool::OfferForm,
        tool_api::{OfferTool, list_project_tools},
        tool_list::{Choice, ToolList, asked},
    },
    ui::{BUTTON_CLASS, Boundary, EmptyState, FormError, LinkButton, PageHead, ViewerSource, failure},
};

#[component]
pub fn ToolsPage() -> impl IntoView {
    let (t, words) = (text(), Tools::current());
    let (project, viewer) = (ProjectSource::current(), ViewerSource::current());
    let query = use_query_map();
    let server = Memo::new(move |_| query.read().get("server").unwrap_or_default());
    let asked = asked();
    let offer = ServerAction::<OfferTool>::new();
    let failed = failure(offer);
    let tools = Resource::new(
        move || {
            let asked = asked.get();
            // A form that is being filled in must not be made anew by what happens elsewhere.
            let seen = if asked.edit.is_empty() { project.changes.get() } else { 0 };
            (project.name.get(), server.get(), asked, seen, offer.version().get())
        },
        |(project, server, asked, ..)| list_project_tools(project, server, asked),
    );
    view! {
        <Title text=t.tools />
        <PageHead title=t.tools lead=words.lead />
        <FormError failure=failed apart=true />
        <OfferForm action=offer project=project.name />
        <Boundary load=move || {
            let (asked, server, name) = (asked.get(), server.get(), project.name.get());
            let here = project.href("tools");
            async move {
                let (viewer, project) = (viewer.0.await?, project.page.await?.project);
                let (page, servers) = tools.await?;
                let may = viewer.may(Action::ManageServers, &project.resource());
                if page.total == 0 {
                    let add = may.then(|| view! {
                        <LinkButton class=BUTTON_CLASS href=format!("/projects/{name}/servers/new")>{words.add_server}</LinkButton>
                    });
                    return Ok(view! { <EmptyState title=words.empty body=words.empty_body>{add}</EmptyState> }.into_any());
                }
                let choice = Some(Choice { server, servers });
                let pending = may.then_some(failed.pending);
                Ok(view! { <ToolList page=page asked=asked project=name here=here pending=pending choice=choice /> }
                    .into_any())
            }
        } />
    }
}
