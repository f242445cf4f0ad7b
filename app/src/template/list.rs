//! The templates of an organization.

use domain::{Timestamp, template::Template};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::api::{DeleteTemplate, UpdateTemplate, list_templates};
use crate::{
    i18n::{Templates, text},
    organization::OrganizationSource,
    ui::{
        Ago, Boundary, CELL_CLASS, Card, DANGER_CLASS, Danger, EmptyState, FormError, LINK_CLASS, LinkButton,
        PageHead, ROW_CLASS, SHORT_CLASS, Submit, Table, TextArea, TextField, failure,
    },
};

#[component]
pub fn TemplatesPage() -> impl IntoView {
    let words = Templates::current();
    let source = OrganizationSource::current();
    let query = use_query_map();
    let (update, delete) = (ServerAction::<UpdateTemplate>::new(), ServerAction::<DeleteTemplate>::new());
    let deleted = failure(delete);
    let templates = Resource::new(
        move || (source.name.get(), update.version().get(), delete.version().get()),
        |(name, ..)| list_templates(name),
    );
    view! {
        <PageHead title=words.templates lead=words.lead />
        <FormError failure=deleted apart=true />
        <Boundary load=move || {
            let edited = query.read().get("edit");
            async move {
                let organization = source.page.await?;
                let (templates, now) = templates.await?;
                let slug = organization.slug;
                let edited = templates.iter().find(|template| Some(template.id.to_string()) == edited).cloned();
                let edit = edited.map(|template| view! { <Edit template=template update=update /> });
                let body = if templates.is_empty() {
                    let projects = format!("/orgs/{slug}");
                    view! {
                        <EmptyState title=words.empty body=words.empty_body>
                            <LinkButton href=projects>{words.see_projects}</LinkButton>
                        </EmptyState>
                    }
                    .into_any()
                } else {
                    let t = text();
                    let rows = templates.into_iter().map(|template| row(template, now, delete)).collect_view();
                    view! {
                        <Table label=words.templates columns=vec![t.name, t.servers, words.saved, t.actions]>{rows}</Table>
                    }
                    .into_any()
                };
                Ok(view! {
                    <Title text=format!("{} · {}", organization.name, words.templates) />
                    {edit}
                    {body}
                }
                .into_any())
            }
        } />
    }
}

fn row(template: Template, now: Timestamp, delete: ServerAction<DeleteTemplate>) -> AnyView {
    let (t, words) = (text(), Templates::current());
    let Template { id, organization_slug: slug, name, description, .. } = template;
    let begin = format!("/projects/new?template={id}&organization={slug}");
    let change = format!("/orgs/{slug}/templates?edit={id}");
    let pending = Signal::from(delete.pending());
    let (begin_label, change_label) = (t.with(words.begin_with, &name), t.with(words.change_named, &name));
    view! {
        <tr class=ROW_CLASS>
            <td class=CELL_CLASS>
                <span class="font-medium">{name.clone()}</span>
                {(!description.is_empty()).then(|| view! { <p class="text-ink-muted text-xs max-w-[560px]">{description}</p> })}
            </td>
            <td class=SHORT_CLASS>{t.servers_count(template.server_count)}</td>
            <td class=SHORT_CLASS data-label=words.saved>
                <Ago at=template.created_at now=now />
                {template.created_by.map(|by| view! { <span class="text-ink-muted">" · " {by}</span> })}
            </td>
            <td class=CELL_CLASS>
                <div class="flex gap-3 flex-wrap items-start">
                    <p class="flex gap-3 h-8 items-center">
                        <a class=LINK_CLASS href=begin aria-label=begin_label>{words.begin}</a>
                        <a class=LINK_CLASS href=change aria-label=change_label>{t.change}</a>
                    </p>
                    <Danger label=t.delete>
                        <p class="text-ink-muted">{t.with(words.delete_lead, &name)}</p>
                        <ActionForm action=delete>
                            <input type="hidden" name="organization" value=slug />
                            <input type="hidden" name="template" value=id.to_string() />
                            <Submit label=t.with(words.delete_named, &name) pending=pending class=DANGER_CLASS />
                        </ActionForm>
                    </Danger>
                </div>
            </td>
        </tr>
    }
    .into_any()
}

/// The template that the address names, to be called or described otherwise.
#[component]
fn Edit(template: Template, update: ServerAction<UpdateTemplate>) -> impl IntoView {
    let (t, words) = (text(), Templates::current());
    let updated = failure(update);
    let back = format!("/orgs/{}/templates", template.organization_slug);
    view! {
        <Card title=t.with(words.change_named, &template.name)>
            <ActionForm action=update>
                <div class="flex flex-col gap-4 max-w-[560px]">
                    <FormError failure=updated />
                    <input type="hidden" name="organization" value=template.organization_slug />
                    <input type="hidden" name="template" value=template.id.to_string() />
                    <TextField failure=updated name="name" label=t.name value=template.name required=true />
                    <TextArea failure=updated name="description" prose=true label=words.description hint=words.description_hint value=template.description />
                    <div class="flex gap-2">
                        <Submit label=t.save pending=updated.pending />
                        <LinkButton href=back>{t.cancel}</LinkButton>
                    </div>
                </div>
            </ActionForm>
        </Card>
    }
}
