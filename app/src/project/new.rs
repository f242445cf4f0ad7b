//! The form for a new project: what it begins with, and what it is called.

use domain::template::Starter;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::api::{CreateProject, NewProjectPage, find_homes, read_new_project};
use crate::{
    i18n::{Templates, text},
    template::{Choices, Contents},
    ui::{
        BUTTON_CLASS, Boundary, Callout, ChoiceField, FormError, LinkButton, PageHead, Submit, TextArea,
        TextField, Tone, failure,
    },
};

#[component]
pub fn NewPage() -> impl IntoView {
    let t = text();
    let query = use_query_map();
    let asked = move || {
        let query = query.read();
        let get = |name: &str| query.get(name).unwrap_or_default();
        (get("template"), get("organization"))
    };
    let page = Resource::new(asked, |(template, organization)| read_new_project(template, organization));
    view! {
        <PageHead title=t.new_project lead=t.projects_empty_body />
        <Boundary load=move || async move {
            let page = page.await?;
            if page.homes.items.is_empty() {
                return Ok(view! {
                    <Title text=t.new_project />
                    <Callout tone=Tone::Info title=t.no_organization />
                    <div class="mt-3">
                        <LinkButton class=BUTTON_CLASS href="/orgs">
                            {t.organizations}
                        </LinkButton>
                    </div>
                }
                .into_any());
            }
            Ok(view! { <Form page=page /> }.into_any())
        } />
    }
}

#[component]
fn Form(page: NewProjectPage) -> impl IntoView {
    let (t, words) = (text(), Templates::current());
    let action = ServerAction::<CreateProject>::new();
    let failure = failure(action);
    let NewProjectPage { homes, templates, template, organization, beginning } = page;
    let kept = templates.iter().find(|kept| kept.id.to_string() == template).map(|kept| kept.name.as_str());
    let title = match Starter::parse(&template).map(|starter| words.starter(starter).0).or(kept) {
        Some(name) => format!("{} · {name}", t.new_project),
        None => t.new_project.to_owned(),
    };
    // A saved template makes projects of its organization only.
    let saved = !template.is_empty() && Starter::parse(&template).is_none();
    let place = match homes.items.iter().find(|(slug, _)| saved && *slug == organization) {
        Some((slug, name)) => view! {
            <div class="flex flex-col gap-1">
                <input type="hidden" name="organization" value=slug.clone() />
                <p class="font-medium">{t.organization}</p>
                <p>{name.clone()}</p>
                <p class="text-ink-muted text-xs">{words.of_organization}</p>
            </div>
        }
        .into_any(),
        None => view! {
            <ChoiceField
                failure=failure
                name="organization"
                label=t.organization
                choices=homes
                find=|q| Box::pin(find_homes(q))
                value=organization.clone()
                required=true
            />
        }
        .into_any(),
    };
    view! {
        <Title text=title />
        <Choices templates=templates chosen=template.clone() organization=organization />
        <ActionForm action=action>
            <div class="flex flex-col gap-4 max-w-[720px]">
                <FormError failure=failure />
                <input type="hidden" name="template" value=template />
                {place}
                <TextField failure=failure name="name" label=t.name required=true />
                <TextField failure=failure name="slug" label=t.short_name hint=t.slug_hint />
                <TextArea failure=failure name="description" prose=true label=t.description hint=t.optional />
                {beginning.map(|beginning| view! { <Contents beginning=beginning ready=saved failure=failure /> })}
                <div class="flex gap-2">
                    <Submit label=t.create_project pending=failure.pending />
                    <LinkButton href="/projects">{t.cancel}</LinkButton>
                </div>
            </div>
        </ActionForm>
    }
}
