//! API keys of a project.

use axum::{
    Json,
    extract::{Path, State},
};
use domain::{
    KeyId,
    key::{ApiKey, CreatedKey, NewKey},
};
use http::StatusCode;
use services::Services;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Answer, Body};
use crate::edge::caller::SignedIn;

pub(super) fn routes() -> OpenApiRouter<Services> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(revoke))
}

/// List the keys of a project by name and prefix.
#[utoipa::path(get, path = "/projects/{project}/keys", tag = "keys", params(("project" = String, Path)),
    responses((status = 200, body = Vec<ApiKey>)))]
async fn list(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(project): Path<String>,
) -> Answer<Json<Vec<ApiKey>>> {
    Ok(Json(services.keys().list(&caller, &project).await?))
}

/// Create a key. Its secret is in this answer and never shown again.
#[utoipa::path(post, path = "/projects/{project}/keys", tag = "keys", params(("project" = String, Path)),
    responses((status = 201, body = CreatedKey)))]
async fn create(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(project): Path<String>,
    Body(input): Body<NewKey>,
) -> Answer<(StatusCode, Json<CreatedKey>)> {
    Ok((StatusCode::CREATED, Json(services.keys().create(&caller, &project, input).await?)))
}

/// Revoke a key; the next request with it is refused.
#[utoipa::path(delete, path = "/projects/{project}/keys/{key}", tag = "keys",
    params(("project" = String, Path), ("key" = KeyId, Path)), responses((status = 204)))]
async fn revoke(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path((project, key)): Path<(String, KeyId)>,
) -> Answer<StatusCode> {
    services.keys().revoke(&caller, &project, key).await?;
    Ok(StatusCode::NO_CONTENT)
}
