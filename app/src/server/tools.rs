//! A server's tools: what each is, and how it is offered to clients.

use domain::Action;
use leptos::prelude::*;

use super::{
    frame::{ServerSource, ServerTitle},
    tool::OfferForm,
    tool_api::{OfferTool, server_tools},
    tool_list::{ToolList, asked},
};
use crate::{
    i18n::text,
    project::ProjectSource,
    ui::{Boundary, EmptyState, FormError, ViewerSource, failure},
};

#[component]
pub fn ToolsPage() -> impl IntoView {
    let t = text();
    let source = ServerSource::current();
    let (project, viewer) = (ProjectSource::current(), ViewerSource::current());
    let asked = asked();
    let offer = ServerAction::<OfferTool>::new();
    let failed = failure(offer);
    let tools = Resource::new(
        move || {
            let asked = asked.get();
            // A form that is being filled in must not be made anew by what happens elsewhere.
            let seen = if asked.edit.is_empty() { project.changes.get() } else { 0 };
            (project.name.get(), source.name.get(), asked, seen, offer.version().get())
        },
        |(project, server, asked, ..)| server_tools(project, server, asked),
    );
    view! {
        <ServerTitle part=t.tools />
        <FormError failure=failed apart=true />
        <OfferForm action=offer project=project.name />
        <Boundary load=move || {
            let (asked, name, here) = (asked.get(), project.name.get(), source.href("tools"));
            async move {
                if !source.is_there().await {
                    return Ok(().into_any());
                }
                let (viewer, project) = (viewer.0.await?, project.page.await?.project);
                let page = tools.await?;
                if page.total == 0 {
                    return Ok(view! { <EmptyState title=t.tools_empty body=t.tools_empty_body /> }.into_any());
                }
                let may = viewer.may(Action::ManageServers, &project.resource());
                let pending = may.then_some(failed.pending);
                Ok(view! { <ToolList page=page asked=asked project=name here=here pending=pending choice=None /> }
                    .into_any())
            }
        } />
    }
}
