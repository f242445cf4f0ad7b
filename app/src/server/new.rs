//! The page of a new server.

use domain::Action;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::{api::read_server_draft, approved::Choices, detect::DetectField, form::FormView};
use crate::{
    admin::command_api::command_choices,
    error::AppError,
    i18n::{Commands, text},
    project::ProjectSource,
    ui::{Boundary, EmptyState, LinkButton, PageHead, ViewerSource},
};

/// What was sent last, if WASM did not keep it.
pub(super) fn draft_source() -> Resource<Result<Option<super::api::ServerDraft>, AppError>> {
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
    view! {
        <Title text=t.new_server />
        <PageHead title=t.new_server>
            {move || view! { <LinkButton href=project.href("import")>{t.import}</LinkButton> }}
        </PageHead>
        <Boundary load=move || {
            let asked = query.read().get("command").unwrap_or_default();
            async move {
                let (viewer, page, draft) = (viewer.0.await?, project.page.await?, draft.await?);
                let may = viewer.may(Action::RegisterCommand, &page.project.resource());
                // Who may use none gets the form, and why it is refused with it.
                let choices = choices.await.unwrap_or_default();
                let sent = draft.as_ref().map(|draft| draft.form.approved_command.clone());
                let name = sent.filter(|name| !name.is_empty()).unwrap_or(asked);
                let path = page.project.path();
                if name.is_empty() {
                    let fresh = draft.is_none();
                    return Ok(view! {
                        {fresh.then(|| view! { <Choices commands=choices /> <DetectField /> })}
                        <FormView project=path server=None draft=draft may_register_command=may />
                    }
                    .into_any());
                }
                let Some(command) = choices.into_iter().find(|command| command.name == name) else {
                    return Ok(view! {
                        <EmptyState title=words.unknown body=words.unknown_next>
                            <LinkButton href=format!("/projects/{path}/servers/new")>{words.another}</LinkButton>
                        </EmptyState>
                    }
                    .into_any());
                };
                Ok(view! { <FormView project=path server=None draft=draft may_register_command=may command=Some(command) /> }.into_any())
            }
        } />
    }
}
