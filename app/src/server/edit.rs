//! Pages around the form: a new server, an existing one.

use domain::Action;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

use super::{
    api::{get_server, read_server_draft},
    detect::DetectField,
    form::FormView,
};
use crate::{
    error::AppError,
    i18n::text,
    project::ProjectSource,
    ui::{Boundary, LinkButton, PageHead, ViewerSource},
};

/// What was sent last, if WASM did not keep it.
fn draft_source() -> Resource<Result<Option<super::api::ServerDraft>, AppError>> {
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
    view! {
        <Title text=t.new_server />
        <PageHead title=t.new_server>
            {move || view! { <LinkButton href=project.href("import")>{t.import}</LinkButton> }}
        </PageHead>
        <Boundary load=move || async move {
            let (viewer, page, draft) = (viewer.0.await?, project.page.await?, draft.await?);
            let may = viewer.may(Action::RegisterCommand, &page.project.resource());
            let fresh = draft.is_none();
            Ok(view! {
                {fresh.then(|| view! { <DetectField /> })}
                <FormView project=page.project.path() server=None draft=draft may_register_command=may />
            }
            .into_any())
        } />
    }
}

#[component]
pub fn EditPage() -> impl IntoView {
    let t = text();
    let (project, viewer) = (ProjectSource::current(), ViewerSource::current());
    let params = use_params_map();
    let server = Resource::new(
        move || (project.name.get(), params.read().get("server").unwrap_or_default()),
        |(project, server)| get_server(project, server),
    );
    let draft = draft_source();
    view! {
        <Title text=t.edit_server />
        <Boundary load=move || async move {
            let (viewer, page, draft) = (viewer.0.await?, project.page.await?, draft.await?);
            let (server, _) = server.await?;
            let may = viewer.may(Action::RegisterCommand, &page.project.resource());
            Ok(view! {
                <PageHead title=format!("{}: {}", t.edit_server, server.name) />
                <FormView project=page.project.path() server=Some(server) draft=draft may_register_command=may />
            }
            .into_any())
        } />
    }
}
