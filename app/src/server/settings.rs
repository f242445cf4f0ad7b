//! A server's settings: its form, the way to a copy of it, its end.

use domain::Action;
use leptos::prelude::*;

use super::{
    api::{DeleteServer, get_server},
    form::FormView,
    frame::{ServerSource, ServerTitle},
    new::draft_source,
};
use crate::{
    admin::command_api::command_of_server,
    i18n::{Copies, text},
    project::ProjectSource,
    ui::{Boundary, DANGER_CLASS, Danger, FormError, LinkButton, Submit, ViewerSource, failure},
};

#[component]
pub fn SettingsPage() -> impl IntoView {
    let t = text();
    let (project, viewer) = (ProjectSource::current(), ViewerSource::current());
    let source = ServerSource::current();
    #[cfg(feature = "ssr")]
    lead_on(&source);
    let server = Resource::new(
        move || (project.name.get(), source.name.get()),
        |(project, server)| async move {
            let command = command_of_server(project.clone(), server.clone()).await?;
            get_server(project, server).await.map(|(server, _)| (server, command))
        },
    );
    let draft = draft_source();
    view! {
        <ServerTitle part=t.settings />
        <Boundary load=move || {
            let copy = source.href("copy");
            async move {
                if !source.is_there().await {
                    return Ok(().into_any());
                }
                let (viewer, page, draft) = (viewer.0.await?, project.page.await?, draft.await?);
                let (server, command) = server.await?;
                let may = |action| viewer.may(action, &page.project.resource());
                let name = server.name.clone();
                let ends = may(Action::ManageServers).then(|| {
                    view! {
                        <div class="mt-8 mb-6">
                            <LinkButton href=copy>{Copies::current().copy_to}</LinkButton>
                        </div>
                        <Removal server=name />
                    }
                });
                Ok(view! {
                    <FormView
                        project=page.project.path()
                        server=Some(server)
                        draft=draft
                        may_register_command=may(Action::RegisterCommand)
                        command=command
                    />
                    {ends}
                }
                .into_any())
            }
        } />
    }
}

/// The page's address ended in `edit` once.
#[cfg(feature = "ssr")]
fn lead_on(source: &ServerSource) {
    use leptos_router::hooks::{use_location, use_query_map};
    if use_location().pathname.get_untracked().ends_with("/edit") {
        let here = ProjectSource::current().path(&format!("servers/{}", source.name.get_untracked()));
        let query = use_query_map().get_untracked().to_query_string();
        crate::context::go(&format!("{here}/settings{query}"));
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
