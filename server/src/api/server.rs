//! MCP servers of a project.

use axum::{
    Json,
    extract::{Path, State},
};
use domain::{
    detect::Detection,
    server::{BulkInput, BulkReport, CopiedServer, CopyInput, Server, ServerInput, TestReport},
};
use http::StatusCode;
use serde::Deserialize;
use services::Services;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Answer, Body};
use crate::edge::caller::SignedIn;

mod history;
mod offer;
mod tool;

pub(super) fn routes() -> OpenApiRouter<Services> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(get, update, delete))
        .routes(routes!(enable))
        .routes(routes!(disable))
        .routes(routes!(restart))
        .routes(routes!(copy))
        .routes(routes!(bulk))
        .routes(routes!(test_new))
        .routes(routes!(test_existing))
        .routes(routes!(detect))
        .merge(history::routes())
        .merge(offer::routes())
        .merge(tool::routes())
}

type OfProject = Path<String>;
type OfServer = Path<(String, String)>;

/// List the servers of a project.
#[utoipa::path(get, path = "/projects/{project}/servers", tag = "servers", params(("project" = String, Path)),
    responses((status = 200, body = Vec<Server>)))]
async fn list(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(project): OfProject,
) -> Answer<Json<Vec<Server>>> {
    Ok(Json(services.servers().list(&caller, &project).await?))
}

/// Create a server.
#[utoipa::path(post, path = "/projects/{project}/servers", tag = "servers", params(("project" = String, Path)),
    responses((status = 201, body = Server)))]
async fn create(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(project): OfProject,
    Body(input): Body<ServerInput>,
) -> Answer<(StatusCode, Json<Server>)> {
    Ok((StatusCode::CREATED, Json(services.servers().create(&caller, &project, input).await?)))
}

/// Get a server.
#[utoipa::path(get, path = "/projects/{project}/servers/{server}", tag = "servers",
    params(("project" = String, Path), ("server" = String, Path)), responses((status = 200, body = Server)))]
async fn get(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path((project, server)): OfServer,
) -> Answer<Json<Server>> {
    Ok(Json(services.servers().get(&caller, &project, &server).await?))
}

/// Replace a server. Variables and headers without a value keep the stored one; missing ones go.
#[utoipa::path(put, path = "/projects/{project}/servers/{server}", tag = "servers",
    params(("project" = String, Path), ("server" = String, Path)), responses((status = 200, body = Server)))]
async fn update(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path((project, server)): OfServer,
    Body(input): Body<ServerInput>,
) -> Answer<Json<Server>> {
    Ok(Json(services.servers().update(&caller, &project, &server, input).await?))
}

/// Delete a server and end its process.
#[utoipa::path(delete, path = "/projects/{project}/servers/{server}", tag = "servers",
    params(("project" = String, Path), ("server" = String, Path)), responses((status = 204)))]
async fn delete(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path((project, server)): OfServer,
) -> Answer<StatusCode> {
    services.servers().delete(&caller, &project, &server).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Enable a server.
#[utoipa::path(post, path = "/projects/{project}/servers/{server}/enable", tag = "servers",
    params(("project" = String, Path), ("server" = String, Path)), responses((status = 200, body = Server)))]
async fn enable(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path((project, server)): OfServer,
) -> Answer<Json<Server>> {
    Ok(Json(services.servers().set_enabled(&caller, &project, &server, true).await?))
}

/// Disable a server and end its process.
#[utoipa::path(post, path = "/projects/{project}/servers/{server}/disable", tag = "servers",
    params(("project" = String, Path), ("server" = String, Path)), responses((status = 200, body = Server)))]
async fn disable(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path((project, server)): OfServer,
) -> Answer<Json<Server>> {
    Ok(Json(services.servers().set_enabled(&caller, &project, &server, false).await?))
}

/// Restart a server: its process or its connection.
#[utoipa::path(post, path = "/projects/{project}/servers/{server}/restart", tag = "servers",
    params(("project" = String, Path), ("server" = String, Path)), responses((status = 200, body = Server)))]
async fn restart(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path((project, server)): OfServer,
) -> Answer<Json<Server>> {
    Ok(Json(services.servers().restart(&caller, &project, &server).await?))
}

/// Copy a server, with its stored values within the project and without them into another.
#[utoipa::path(post, path = "/projects/{project}/servers/{server}/copy", tag = "servers",
    params(("project" = String, Path), ("server" = String, Path)), responses((status = 201, body = CopiedServer)))]
async fn copy(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path((project, server)): OfServer,
    Body(input): Body<CopyInput>,
) -> Answer<(StatusCode, Json<CopiedServer>)> {
    Ok((StatusCode::CREATED, Json(services.servers().copy(&caller, &project, &server, input).await?)))
}

/// Enable, disable, restart or delete many servers. Each is done by itself: the answer says what came
/// of which.
#[utoipa::path(post, path = "/projects/{project}/servers/bulk", tag = "servers", params(("project" = String, Path)),
    responses((status = 200, body = BulkReport)))]
async fn bulk(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(project): OfProject,
    Body(input): Body<BulkInput>,
) -> Answer<Json<BulkReport>> {
    Ok(Json(services.servers().bulk(&caller, &project, input).await?))
}

/// Connect to a server that is not saved, and say what it is.
#[utoipa::path(post, path = "/projects/{project}/server-test", tag = "servers", params(("project" = String, Path)),
    responses((status = 200, body = TestReport)))]
async fn test_new(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(project): OfProject,
    Body(input): Body<ServerInput>,
) -> Answer<Json<TestReport>> {
    Ok(Json(services.servers().test(&caller, &project, None, input).await?))
}

/// Connect to a saved server with changes that are not saved; missing values are the stored ones.
#[utoipa::path(post, path = "/projects/{project}/servers/{server}/test", tag = "servers",
    params(("project" = String, Path), ("server" = String, Path)), responses((status = 200, body = TestReport)))]
async fn test_existing(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path((project, server)): OfServer,
    Body(input): Body<ServerInput>,
) -> Answer<Json<TestReport>> {
    Ok(Json(services.servers().test(&caller, &project, Some(&server), input).await?))
}

/// Whatever a manual gives to install an MCP server.
#[derive(Deserialize, ToSchema)]
pub(super) struct DetectInput {
    /// An address, a command line, a line such as `claude mcp add …`, or JSON.
    source: String,
}

/// Show which server an address or a command line describes. An address is asked what it speaks;
/// a command is not started, and nothing is saved.
#[utoipa::path(post, path = "/projects/{project}/server-detect", tag = "servers", params(("project" = String, Path)),
    responses((status = 200, body = Detection)))]
async fn detect(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(project): OfProject,
    Body(input): Body<DetectInput>,
) -> Answer<Json<Detection>> {
    Ok(Json(services.servers().detect(&caller, &project, &input.source).await?))
}
