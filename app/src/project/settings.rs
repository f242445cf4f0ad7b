//! A project's settings and its end.

use domain::{
    Action, Resource as Target,
    project::{Access, Project},
};
use leptos::prelude::*;
use leptos_meta::Title;

use super::{
    api::{DeleteProject, UpdateProject},
    frame::ProjectSource,
};
use crate::{
    i18n::{Export, Import, TransferWords, text},
    template::SaveTemplate,
    ui::{
        Boundary, Callout, Card, CheckField, DANGER_CLASS, Danger, FormError, LINK_CLASS, PageHead,
        SelectField, Submit, TextArea, TextField, Tone, ViewerSource, encode, failure,
    },
};

#[component]
pub fn SettingsPage() -> impl IntoView {
    let t = text();
    let (source, viewer) = (ProjectSource::current(), ViewerSource::current());
    view! {
        <Title text=t.settings />
        <PageHead title=t.settings />
        <Boundary load=move || async move {
            let (viewer, page) = (viewer.0.await?, source.page.await?);
            let owner = Target::Organization(page.project.organization_id);
            let may_keep = viewer.may(Action::ManageTemplates, &owner);
            let may_open = page.open_access;
            Ok(view! { <Settings project=page.project may_open=may_open may_keep=may_keep /> }.into_any())
        } />
    }
}

#[component]
fn Settings(project: Project, may_open: bool, may_keep: bool) -> impl IntoView {
    let (t, words) = (text(), Export::current());
    let source = ProjectSource::current();
    let (update, delete) = (ServerAction::<UpdateProject>::new(), ServerAction::<DeleteProject>::new());
    let (updated, deleted) = (failure(update), failure(delete));
    // The frame around the pages shows the name and the access.
    Effect::new(move |_| {
        if update.value().with(|value| matches!(value, Some(Ok(())))) {
            source.page.refetch();
        }
    });
    let access =
        Access::ALL.iter().map(|access| (access.name().to_owned(), t.access(*access).to_owned())).collect();
    let path = project.path();
    let exported = format!("/api/v1/projects/{}/export", encode(&path));
    let file = move |format: &'static str, label: &'static str, hint: &'static str| {
        let href = format!("{exported}?format={format}");
        view! {
            <p>
                <a class=LINK_CLASS href=href rel="external" download="">{label}</a>
                <span class="block text-ink-muted text-xs">{hint}</span>
            </p>
        }
    };
    let (moves, transfer) = (TransferWords::current(), format!("/projects/{path}/transfer"));
    let (imports, import) = (Import::current(), format!("/projects/{path}/import"));
    let (own, lead, typed) = (path.clone(), t.with(t.delete_project_lead, &path), t.with(t.type_name, &path));
    let keep = may_keep.then(|| view! { <SaveTemplate project=project.clone() /> });
    view! {
        <Card title=t.general>
            <ActionForm action=update>
                <div class="flex flex-col gap-4 max-w-[560px]">
                    <FormError failure=updated />
                    <input type="hidden" name="project" value=path.clone() />
                    <TextField failure=updated name="name" label=t.name value=project.name.clone() required=true />
                    <TextField failure=updated name="slug" label=t.short_name hint=t.slug_change_hint value=project.slug.clone() required=true />
                    <TextArea failure=updated name="description" prose=true label=t.description value=project.description.clone() />
                    <TextField
                        failure=updated
                        name="log_retention_days"
                        label=t.retention
                        hint=t.retention_hint
                        kind="number"
                        value=project.log_retention_days.to_string()
                        required=true
                    />
                    <CheckField
                        failure=updated
                        name="log_payloads"
                        label=t.log_payloads
                        hint=t.log_payloads_hint
                        checked=project.log_payloads
                    />
                    <SelectField
                        failure=updated
                        name="access"
                        label=t.access
                        options=access
                        value=project.access.name()
                    />
                    <Callout tone=Tone::Warn title=t.access_warning standing=true>
                        <p>{if may_open { t.access_hint } else { t.access_ignored_hint }}</p>
                    </Callout>
                    <div>
                        <Submit label=t.save pending=updated.pending />
                    </div>
                </div>
            </ActionForm>
        </Card>
        <Card title=words.title lead=words.lead>
            {file("yaml", words.yaml, words.yaml_hint)}
            {file("mcp_servers", words.json, words.json_hint)}
        </Card>
        <Card title=imports.title>
            <p>
                <a class=LINK_CLASS href=import>{imports.export_link}</a>
                <span class="block text-ink-muted text-xs">{imports.export_hint}</span>
            </p>
        </Card>
        {keep}
        <Card title=moves.title lead=moves.lead>
            <p><a class=DANGER_CLASS href=transfer>{moves.open}</a></p>
        </Card>
        <Danger label=t.delete_project failure=deleted>
            <p>{lead}</p>
            <FormError failure=deleted />
            <ActionForm action=delete>
                <div class="flex flex-col gap-3">
                    <input type="hidden" name="project" value=own />
                    <TextField failure=deleted name="confirm" label=typed required=true />
                    <div>
                        <Submit label=t.delete_project_now pending=deleted.pending class=DANGER_CLASS />
                    </div>
                </div>
            </ActionForm>
        </Danger>
    }
}
