//! Server functions of API keys.

use domain::{
    Timestamp,
    key::{ApiKey, CreatedKey},
};
use leptos::prelude::*;

use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::{
    context::{go, is_plain_form, keep, signed_in},
    draft,
};

#[server(prefix = "/_fn", endpoint = "keys/list", input = server_fn::codec::GetUrl)]
pub async fn list_keys(project: String) -> Result<(Vec<ApiKey>, Timestamp), AppError> {
    let (services, caller) = signed_in()?;
    Ok((services.keys().list(&caller, &project).await?, services.clock().now()))
}

/// Creates a key. Its secret is in the answer and nowhere else.
#[server(prefix = "/_fn", endpoint = "keys/create")]
pub async fn create_key(
    project: String,
    name: String,
    #[server(default)] expires_in_days: String,
) -> Result<Option<CreatedKey>, AppError> {
    let (services, caller) = signed_in()?;
    keep([("name", name.as_str()), ("expires_in_days", expires_in_days.as_str())]);
    let input = domain::key::NewKey { name, expires_in_days: days(&expires_in_days) };
    let created = services.keys().create(&caller, &project, input).await?;
    if is_plain_form() {
        let token = draft::put(&services, &caller, &created);
        go(&format!("/projects/{project}/keys?created={token}"));
        return Ok(None);
    }
    Ok(Some(created))
}

/// Empty is for ever; what is no number is out of range, which the check says.
#[cfg(feature = "ssr")]
pub(crate) fn days(text: &str) -> Option<u32> {
    Some(text.trim()).filter(|text| !text.is_empty()).map(|text| text.parse().unwrap_or_default())
}

/// A key that was just created by a plain form: told once.
#[server(prefix = "/_fn", endpoint = "keys/created")]
pub async fn take_created_key(token: String) -> Result<Option<CreatedKey>, AppError> {
    let (services, caller) = signed_in()?;
    Ok(draft::take(&services, &caller, &token))
}

#[server(prefix = "/_fn", endpoint = "keys/revoke")]
pub async fn revoke_key(project: String, id: domain::KeyId) -> Result<(), AppError> {
    let (services, caller) = signed_in()?;
    services.keys().revoke(&caller, &project, id).await?;
    Ok(())
}
