//! Servers that platform admins share with projects.

use axum::{
    Json,
    extract::{Path, State},
};
use domain::{
    server::{ServerInput, TestReport},
    shared::{SharedChoice, SharedServer, SharedServerDetail},
};
use http::StatusCode;
use services::Services;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Answer, Body};
use crate::edge::caller::SignedIn;

pub(super) fn routes() -> OpenApiRouter<Services> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(get, update, delete))
        .routes(routes!(withdraw))
        .routes(routes!(restore))
        .routes(routes!(test_new))
        .routes(routes!(test_existing))
        .routes(routes!(choices))
}

/// List all shared servers. For platform administrators.
#[utoipa::path(get, path = "/admin/servers", tag = "shared servers",
    responses((status = 200, body = Vec<SharedServer>)))]
async fn list(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
) -> Answer<Json<Vec<SharedServer>>> {
    Ok(Json(services.shared_servers().list(&caller).await?))
}

/// Share a server with all projects. Alias, `enabled`, approved command and values are no part of it. For
/// platform administrators.
#[utoipa::path(post, path = "/admin/servers", tag = "shared servers",
    responses((status = 201, body = SharedServer)))]
async fn create(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Body(input): Body<ServerInput>,
) -> Answer<(StatusCode, Json<SharedServer>)> {
    Ok((StatusCode::CREATED, Json(services.shared_servers().create(&caller, input).await?)))
}

/// Get a shared server with the servers that are of it. For platform administrators.
#[utoipa::path(get, path = "/admin/servers/{shared}", tag = "shared servers", params(("shared" = String, Path)),
    responses((status = 200, body = SharedServerDetail)))]
async fn get(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(shared): Path<String>,
) -> Answer<Json<SharedServerDetail>> {
    Ok(Json(services.shared_servers().get(&caller, &shared).await?))
}

/// Replace a shared server; projects follow at once. Variables and headers without a value keep the stored
/// one. For platform administrators.
#[utoipa::path(put, path = "/admin/servers/{shared}", tag = "shared servers", params(("shared" = String, Path)),
    responses((status = 200, body = SharedServer)))]
async fn update(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(shared): Path<String>,
    Body(input): Body<ServerInput>,
) -> Answer<Json<SharedServer>> {
    Ok(Json(services.shared_servers().update(&caller, &shared, input).await?))
}

/// Delete a shared server that no project uses. For platform administrators.
#[utoipa::path(delete, path = "/admin/servers/{shared}", tag = "shared servers", params(("shared" = String, Path)),
    responses((status = 204)))]
async fn delete(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(shared): Path<String>,
) -> Answer<StatusCode> {
    services.shared_servers().delete(&caller, &shared).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Withdraw a shared server: those of projects are stopped. For platform administrators.
#[utoipa::path(post, path = "/admin/servers/{shared}/withdraw", tag = "shared servers",
    params(("shared" = String, Path)), responses((status = 200, body = SharedServer)))]
async fn withdraw(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(shared): Path<String>,
) -> Answer<Json<SharedServer>> {
    Ok(Json(services.shared_servers().set_withdrawn(&caller, &shared, true).await?))
}

/// Bring a shared server back that was withdrawn. For platform administrators.
#[utoipa::path(post, path = "/admin/servers/{shared}/restore", tag = "shared servers",
    params(("shared" = String, Path)), responses((status = 200, body = SharedServer)))]
async fn restore(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(shared): Path<String>,
) -> Answer<Json<SharedServer>> {
    Ok(Json(services.shared_servers().set_withdrawn(&caller, &shared, false).await?))
}

/// Connect to what would be shared, without saving it. For platform administrators.
#[utoipa::path(post, path = "/admin/server-test", tag = "shared servers",
    responses((status = 200, body = TestReport)))]
async fn test_new(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Body(input): Body<ServerInput>,
) -> Answer<Json<TestReport>> {
    Ok(Json(services.shared_servers().test(&caller, None, input).await?))
}

/// Connect to what a shared server would become, without saving it; missing values are the stored ones. For
/// platform administrators.
#[utoipa::path(post, path = "/admin/servers/{shared}/test", tag = "shared servers",
    params(("shared" = String, Path)), responses((status = 200, body = TestReport)))]
async fn test_existing(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(shared): Path<String>,
    Body(input): Body<ServerInput>,
) -> Answer<Json<TestReport>> {
    Ok(Json(services.shared_servers().test(&caller, Some(&shared), input).await?))
}

/// List the shared servers that a project may use.
#[utoipa::path(get, path = "/projects/{project}/shared-servers", tag = "shared servers",
    params(("project" = String, Path)), responses((status = 200, body = Vec<SharedChoice>)))]
async fn choices(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(project): Path<String>,
) -> Answer<Json<Vec<SharedChoice>>> {
    Ok(Json(services.shared_servers().choices(&caller, &project).await?))
}
