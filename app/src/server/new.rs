//! The page of a new server.

use domain::{Action, server::ServerForm};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::{
    api::{ServerDraft, read_server_draft},
    approved::Choices,
    detect::DetectField,
    form::FormView,
    shared::shared_choices,
};
use crate::{
    admin::{command_api::command_choices, shared_api::shared_server_choices},
    error::AppError,
    i18n::{Commands, SharedServers, text},
    project::ProjectSource,
    ui::{Boundary, EmptyState, LinkButton, PageHead, ViewerSource},
};

/// What was sent last, if WASM did not keep it.
pub(crate) fn draft_source() -> Resource<Result<Option<ServerDraft>, AppError>> {
    let query = use_query_map();
    Resource::new(
        move || query.read().get("draft"),
        |token| async move {
            match token {
                Some(token) => read_server_draft(token).await,
                None => Ok(None),
            }
        },
    )
}

#[component]
pub fn NewPage() -> impl IntoView {
    let t = text();
    let (project, viewer) = (ProjectSource::current(), ViewerSource::current());
    let draft = draft_source();
    let words = Commands::current();
    let query = use_query_map();
    let choices = Resource::new(move || project.name.get(), command_choices);
    let shared = Resource::new(move || project.name.get(), shared_server_choices);
    view! {
        <Title text=t.new_server />
        <PageHead title=t.new_server>
            {move || view! { <LinkButton href=project.href("import")>{t.import}</LinkButton> }}
        </PageHead>
        <Boundary load=move || {
            let asked = query.read().get("command").unwrap_or_default();
            let wanted = query.read().get("shared").unwrap_or_default();
            async move {
                let (viewer, page, mut draft) = (viewer.0.await?, project.page.await?, draft.await?);
                let may = viewer.may(Action::RegisterCommand, &page.project.resource());
                // Who may use none gets the form, and why it is refused with it.
                let choices = choices.await.unwrap_or_default();
                let shared = shared.await.unwrap_or_default();
                let sent = draft.as_ref().map(|draft| draft.form.approved_command.clone());
                let name = sent.filter(|name| !name.is_empty()).unwrap_or(asked);
                let path = page.project.path();
                if draft.is_none() && !wanted.is_empty() {
                    let Some(choice) = shared.into_iter().find(|choice| choice.name == wanted) else {
                        let words = SharedServers::current();
                        return Ok(unknown(words.unknown, words.unknown_next, words.another, &path));
                    };
                    let form = ServerForm {
                        name: choice.name.clone(),
                        description: choice.description,
                        transport: choice.transport.name().to_owned(),
                        shared: choice.name,
                        enabled: Some("on".to_owned()),
                        ..ServerForm::default()
                    };
                    draft = Some(ServerDraft { form, tested: None, error: None, notes: None });
                    return Ok(view! { <FormView project=path server=None draft=draft may_register_command=may /> }.into_any());
                }
                if name.is_empty() {
                    let fresh = draft.is_none();
                    return Ok(view! {
                        {fresh.then(|| view! { {shared_choices(shared)} <Choices commands=choices /> <DetectField /> })}
                        <FormView project=path server=None draft=draft may_register_command=may />
                    }
                    .into_any());
                }
                let Some(command) = choices.into_iter().find(|command| command.name == name) else {
                    return Ok(unknown(words.unknown, words.unknown_next, words.another, &path));
                };
                Ok(view! { <FormView project=path server=None draft=draft may_register_command=may command=Some(command) /> }.into_any())
            }
        } />
    }
}

fn unknown(title: &'static str, body: &'static str, another: &'static str, project: &str) -> AnyView {
    let href = format!("/projects/{project}/servers/new");
    view! {
        <EmptyState title=title body=body>
            <LinkButton href=href>{another}</LinkButton>
        </EmptyState>
    }
    .into_any()
}
