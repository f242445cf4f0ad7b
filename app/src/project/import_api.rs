//! Server functions of importing a project's configuration.

use std::collections::BTreeMap;

use domain::{SecretInput, plan::Plan};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::{
    context::{go, is_plain_form, signed_in},
    draft,
};

/// The form of an import. Values are never sent back.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ImportForm {
    #[serde(default)]
    pub text: String,
    #[serde(default)]
    pub settings: Option<String>,
    #[serde(default)]
    pub remove: Option<String>,
    #[serde(default)]
    pub values: BTreeMap<String, SecretInput>,
}

/// What came of a form: the plan, and whether it was carried out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Imported {
    pub plan: Plan,
    pub done: bool,
}

/// The form as it was sent last, with what came of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ImportDraft {
    pub form: ImportForm,
    pub imported: Option<Imported>,
    pub error: Option<AppError>,
}

/// Tells what a file would change, or changes it: one form, two buttons.
#[server(prefix = "/_fn", endpoint = "projects/import")]
pub async fn import_project(
    project: String,
    form: ImportForm,
    #[server(default)] intent: String,
) -> Result<Option<Imported>, AppError> {
    use domain::plan::Choice;

    let (services, caller) = signed_in()?;
    let choice = Choice { settings: form.settings.is_some(), remove: form.remove.is_some() };
    let input = services::ImportInput { text: form.text.clone(), values: form.values.clone(), choice };
    let done = intent == "apply";
    let outcome = match done {
        true => services.import(&caller, &project, input.clone()).await,
        false => services.import_plan(&caller, &project, input.clone()).await,
    };
    // A refused file still shows what it would have done, so that the missing values can be typed.
    let imported = match &outcome {
        Ok(plan) => Some(Imported { plan: plan.clone(), done }),
        Err(_) if done => {
            let plan = services.import_plan(&caller, &project, input).await.ok();
            plan.map(|plan| Imported { plan, done: false })
        }
        Err(_) => None,
    };
    let error = outcome.err().map(AppError::from);
    if is_plain_form() {
        // Values are typed anew: they go back to no page.
        let form = ImportForm { values: BTreeMap::new(), ..form };
        let token = draft::put(&services, &caller, &ImportDraft { form, imported, error });
        go(&format!("/projects/{project}/import?draft={token}"));
        return Ok(None);
    }
    match error {
        Some(error) => Err(error),
        None => Ok(imported),
    }
}

/// Keeps a file with what it would change, for the page to show: the token to ask for it.
#[cfg(feature = "ssr")]
pub(crate) async fn look(
    services: &services::Services,
    caller: &services::Caller,
    project: &str,
    text: String,
) -> String {
    let form = ImportForm { text: text.clone(), ..ImportForm::default() };
    let input = services::ImportInput { text, ..services::ImportInput::default() };
    let (imported, error) = match services.import_plan(caller, project, input).await {
        Ok(plan) => (Some(Imported { plan, done: false }), None),
        Err(error) => (None, Some(AppError::from(error))),
    };
    draft::put(services, caller, &ImportDraft { form, imported, error })
}

#[server(prefix = "/_fn", endpoint = "projects/import-draft", input = server_fn::codec::GetUrl)]
pub async fn read_project_import(token: String) -> Result<Option<ImportDraft>, AppError> {
    let (services, caller) = signed_in()?;
    Ok(draft::get(&services, &caller, &token))
}
