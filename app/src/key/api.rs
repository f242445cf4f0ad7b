//! Server functions of API keys.

use domain::{
    KeyId, Timestamp,
    key::{ApiKey, CreatedKey, KeyForm},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::{
    context::{go, is_plain_form, signed_in},
    draft,
};

/// Keys that fit a filter, and how many there are without one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeyList {
    pub keys: Vec<ApiKey>,
    pub total: usize,
    pub now: Timestamp,
}

#[server(prefix = "/_fn", endpoint = "keys/list", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn list_keys(
    project: String,
    #[server(default)] text: String,
    #[server(default)] state: String,
) -> Result<KeyList, AppError> {
    use domain::key::{KeyFilter, KeyState};

    let (services, caller) = signed_in()?;
    let now = services.clock().now();
    let mut keys = services.keys().list(&caller, &project).await?;
    let total = keys.len();
    let filter = KeyFilter { text: Some(text), state: KeyState::parse(&state) };
    keys.retain(|key| filter.fits(key, now));
    Ok(KeyList { keys, total, now })
}

#[server(prefix = "/_fn", endpoint = "keys/get", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn get_key(project: String, id: String) -> Result<(ApiKey, Timestamp), AppError> {
    let (services, caller) = signed_in()?;
    let id = id.parse::<KeyId>().map_err(|_| domain::Error::not_found())?;
    Ok((services.keys().get(&caller, &project, id).await?, services.clock().now()))
}

/// The form as it was sent last, with what was wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeyDraft {
    pub form: KeyForm,
    pub error: AppError,
}

/// Makes a key, or gives `key` another form. A new secret is in the answer and nowhere else.
#[server(prefix = "/_fn", endpoint = "keys/save", output = crate::codec::Json)]
pub async fn save_key(
    project: String,
    #[server(default)] key: String,
    form: KeyForm,
) -> Result<Option<CreatedKey>, AppError> {
    let (services, caller) = signed_in()?;
    let sent = form.clone();
    let outcome = async {
        let input = form.input()?;
        if key.is_empty() {
            return services.keys().create(&caller, &project, input).await.map(Some);
        }
        let id = key.parse::<KeyId>().map_err(|_| domain::Error::not_found())?;
        services.keys().update(&caller, &project, id, input).await?;
        go(&format!("/projects/{project}/keys"));
        Ok(None)
    };
    let outcome = outcome.await.map_err(|error| in_form(error.into()));
    match outcome {
        Err(error) if is_plain_form() => {
            let token = draft::put(&services, &caller, &KeyDraft { form: sent, error });
            let page = if key.is_empty() { "new" } else { &key };
            go(&format!("/projects/{project}/keys/{page}?draft={token}"));
            Ok(None)
        }
        Ok(Some(created)) => Ok(shown(&services, &caller, &project, created)),
        outcome => outcome,
    }
}

/// The same error with the names that the fields have in the form.
#[cfg(feature = "ssr")]
fn in_form(mut error: AppError) -> AppError {
    for field in &mut error.fields {
        let name = match field.field.as_str() {
            "expires_at" => "expires_on",
            "expires_in_days" => "expires",
            _ => continue,
        };
        field.field = name.to_owned();
    }
    error
}

/// Replaces a key by a successor, whose secret is in the answer and nowhere else.
#[server(prefix = "/_fn", endpoint = "keys/rotate", output = crate::codec::Json)]
pub async fn rotate_key(
    project: String,
    id: KeyId,
    #[server(default)] overlap_hours: u32,
) -> Result<Option<CreatedKey>, AppError> {
    let (services, caller) = signed_in()?;
    let rotation = domain::key::Rotation { overlap_hours, name: None };
    let created = services.keys().rotate(&caller, &project, id, rotation).await?;
    Ok(shown(&services, &caller, &project, created))
}

/// A fresh secret for the page that asked, or by way of the list, where it asked without WASM.
#[cfg(feature = "ssr")]
fn shown(
    services: &services::Services,
    caller: &services::Caller,
    project: &str,
    created: CreatedKey,
) -> Option<CreatedKey> {
    if !is_plain_form() {
        return Some(created);
    }
    let token = draft::put(services, caller, &created);
    go(&format!("/projects/{project}/keys?created={token}"));
    None
}

#[server(prefix = "/_fn", endpoint = "keys/draft", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn read_key_draft(token: String) -> Result<Option<KeyDraft>, AppError> {
    let (services, caller) = signed_in()?;
    Ok(draft::get(&services, &caller, &token))
}

/// Empty is for ever; what is no number is out of range, which the check says.
#[cfg(feature = "ssr")]
pub(crate) fn days(text: &str) -> Option<u32> {
    Some(text.trim()).filter(|text| !text.is_empty()).map(|text| text.parse().unwrap_or_default())
}

/// A key that was just created by a plain form: told once.
#[server(prefix = "/_fn", endpoint = "keys/created", output = crate::codec::Json)]
pub async fn take_created_key(token: String) -> Result<Option<CreatedKey>, AppError> {
    let (services, caller) = signed_in()?;
    Ok(draft::take(&services, &caller, &token))
}

#[server(prefix = "/_fn", endpoint = "keys/revoke", output = crate::codec::Json)]
pub async fn revoke_key(project: String, id: KeyId) -> Result<(), AppError> {
    let (services, caller) = signed_in()?;
    services.keys().revoke(&caller, &project, id).await?;
    go(&format!("/projects/{project}/keys"));
    Ok(())
}
