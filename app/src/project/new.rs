//! The form for a new project.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::api::{CreateProject, project_homes};
use crate::{
    i18n::text,
    ui::{
        BUTTON_CLASS, Boundary, Callout, FormError, LinkButton, PageHead, SelectField, Submit, TextArea,
        TextField, Tone, failure,
    },
};

#[component]
pub fn NewPage() -> impl IntoView {
    let t = text();
    let query = use_query_map();
    let homes = Resource::new(move || query.read().get("organization").unwrap_or_default(), project_homes);
    let action = ServerAction::<CreateProject>::new();
    let failure = failure(action);
    view! {
        <Title text=t.new_project />
        <PageHead title=t.new_project lead=t.projects_empty_body />
        <Boundary load=move || async move {
            let homes = homes.await?;
            if homes.is_empty() {
                return Ok(view! {
                    <Callout tone=Tone::Info title=t.no_organization />
                    <div class="mt-3">
                        <LinkButton class=BUTTON_CLASS href="/orgs">
                            {t.organizations}
                        </LinkButton>
                    </div>
                }
                .into_any());
            }
            let options: Vec<_> = homes.into_iter().map(|home| (home.slug, home.name)).collect();
            let wanted = query.read_untracked().get("organization").unwrap_or_default();
            Ok(view! {
                <ActionForm action=action>
                    <div class="flex flex-col gap-4 max-w-[560px]">
                        <FormError failure=failure />
                        <SelectField failure=failure name="organization" label=t.organization options=options value=wanted />
                        <TextField failure=failure name="name" label=t.name required=true />
                        <TextField failure=failure name="slug" label=t.short_name hint=t.slug_hint />
                        <TextArea failure=failure name="description" label=t.description hint=t.optional />
                        <div class="flex gap-2">
                            <Submit label=t.create_project pending=failure.pending />
                            <LinkButton href="/projects">{t.cancel}</LinkButton>
                        </div>
                    </div>
                </ActionForm>
            }
            .into_any())
        } />
    }
}
