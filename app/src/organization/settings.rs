//! An organization's name, and its end.

use domain::organization::Organization;
use leptos::prelude::*;
use leptos_meta::Title;

use super::{
    api::{DeleteOrganization, UpdateOrganization},
    frame::OrganizationSource,
};
use crate::{
    i18n::{Organizations, text},
    ui::{Boundary, Card, DANGER_CLASS, Danger, FormError, LINK_CLASS, PageHead, Submit, TextField, failure},
};

#[component]
pub fn SettingsPage() -> impl IntoView {
    let (t, words) = (text(), Organizations::current());
    let source = OrganizationSource::current();
    view! {
        <PageHead title=t.settings lead=words.settings_lead />
        <Boundary load=move || async move {
            let organization = source.page.await?;
            Ok(view! {
                <Title text=format!("{} · {}", organization.name, t.settings) />
                <Settings organization=organization />
            }
            .into_any())
        } />
    }
}

#[component]
fn Settings(organization: Organization) -> impl IntoView {
    let (t, words) = (text(), Organizations::current());
    let source = OrganizationSource::current();
    let (update, delete) =
        (ServerAction::<UpdateOrganization>::new(), ServerAction::<DeleteOrganization>::new());
    let (updated, deleted) = (failure(update), failure(delete));
    // The frame around the pages shows the name.
    Effect::new(move |_| {
        if update.value().with(|value| matches!(value, Some(Ok(())))) {
            source.page.refetch();
        }
    });
    let Organization { slug, name, project_count, member_count, .. } = organization;
    let end = if project_count > 0 {
        let still = t.with(words.delete_full, &t.projects_count(project_count));
        let projects = format!("/orgs/{slug}");
        view! {
            <Card title=t.delete_organization>
                <p class="text-ink-muted">{still}</p>
                <p><a class=LINK_CLASS href=projects>{words.see_projects}</a></p>
            </Card>
        }
        .into_any()
    } else {
        let (lead, typed) = (words.goes_with(&name, member_count), t.with(t.type_name, &slug));
        let slug = slug.clone();
        view! {
            <Danger label=t.delete_organization failure=deleted>
                <p>{lead}</p>
                <FormError failure=deleted />
                <ActionForm action=delete>
                    <div class="flex flex-col gap-3">
                        <input type="hidden" name="organization" value=slug />
                        <TextField failure=deleted name="confirm" label=typed required=true />
                        <div>
                            <Submit label=words.delete_now pending=deleted.pending class=DANGER_CLASS />
                        </div>
                    </div>
                </ActionForm>
            </Danger>
        }
        .into_any()
    };
    view! {
        <Card title=t.general>
            <ActionForm action=update>
                <div class="flex flex-col gap-4 max-w-[560px]">
                    <FormError failure=updated />
                    <input type="hidden" name="organization" value=slug.clone() />
                    <TextField failure=updated name="name" label=t.name value=name required=true />
                    <TextField failure=updated name="slug" label=t.short_name hint=words.slug_hint value=slug required=true />
                    <div>
                        <Submit label=t.save pending=updated.pending />
                    </div>
                </div>
            </ActionForm>
        </Card>
        {end}
    }
}
