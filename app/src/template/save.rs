//! A project kept as a template.

use domain::project::Project;
use leptos::prelude::*;

use super::api::SaveTemplate as Save;
use crate::{
    i18n::{Templates, text},
    ui::{Card, FormError, PLAIN_CLASS, Submit, TextArea, TextField, failure},
};

#[component]
pub fn SaveTemplate(project: Project) -> impl IntoView {
    let (t, words) = (text(), Templates::current());
    let save = ServerAction::<Save>::new();
    let saved = failure(save);
    let path = project.path();
    view! {
        <Card title=words.save_title lead=words.save_lead>
            <ActionForm action=save>
                <div class="flex flex-col gap-4 max-w-[560px]">
                    <FormError failure=saved />
                    <input type="hidden" name="organization" value=project.organization_slug />
                    <input type="hidden" name="project" value=path />
                    <TextField failure=saved name="name" label=t.name value=project.name required=true />
                    <TextArea failure=saved name="description" prose=true label=words.description hint=words.description_hint />
                    <div>
                        <Submit label=words.save pending=saved.pending class=PLAIN_CLASS />
                    </div>
                </div>
            </ActionForm>
        </Card>
    }
}
