//! API keys of a project.

use axum::{
    Json,
    extract::{Path, State},
};
use domain::{
    KeyId,
    key::{ApiKey, CreatedKey, KeyFilter, NewKey, Rotation},
};
use http::StatusCode;
use services::Services;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Answer, Body, Params};
use crate::edge::caller::SignedIn;

pub(super) fn routes() -> OpenApiRouter<Services> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(get, update, revoke))
        .routes(routes!(rotate))
}

/// List the keys of a project by name and prefix, the newest first.
#[utoipa::path(get, path = "/projects/{project}/keys", tag = "keys",
    params(("project" = String, Path), KeyFilter), responses((status = 200, body = Vec<ApiKey>)))]
async fn list(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(project): Path<String>,
    Params(filter): Params<KeyFilter>,
) -> Answer<Json<Vec<ApiKey>>> {
    Ok(Json(services.keys().find(&caller, &project, &filter).await?))
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

/// One key, without its secret.
#[utoipa::path(get, path = "/projects/{project}/keys/{key}", tag = "keys",
    params(("project" = String, Path), ("key" = KeyId, Path)), responses((status = 200, body = ApiKey)))]
async fn get(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path((project, key)): Path<(String, KeyId)>,
) -> Answer<Json<ApiKey>> {
    Ok(Json(services.keys().get(&caller, &project, key).await?))
}

/// Change a key: its name, end, servers, scope and limit. What is left out is reset; the secret stays.
#[utoipa::path(put, path = "/projects/{project}/keys/{key}", tag = "keys",
    params(("project" = String, Path), ("key" = KeyId, Path)), responses((status = 200, body = ApiKey)))]
async fn update(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path((project, key)): Path<(String, KeyId)>,
    Body(input): Body<NewKey>,
) -> Answer<Json<ApiKey>> {
    Ok(Json(services.keys().update(&caller, &project, key, input).await?))
}

/// Replace a key: a successor of the same rules is made, and the old key ends after the overlap.
#[utoipa::path(post, path = "/projects/{project}/keys/{key}/rotate", tag = "keys",
    params(("project" = String, Path), ("key" = KeyId, Path)), responses((status = 201, body = CreatedKey)))]
async fn rotate(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path((project, key)): Path<(String, KeyId)>,
    Body(input): Body<Rotation>,
) -> Answer<(StatusCode, Json<CreatedKey>)> {
    Ok((StatusCode::CREATED, Json(services.keys().rotate(&caller, &project, key, input).await?)))
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
