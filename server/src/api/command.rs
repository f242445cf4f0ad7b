//! Commands that platform admins approve for the servers of projects.

use axum::{
    Json,
    extract::{Path, State},
};
use domain::command::{ApprovedCommand, CommandDetail, CommandInput};
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
        .routes(routes!(approve))
        .routes(routes!(choices))
}

/// List all approved commands. For platform administrators.
#[utoipa::path(get, path = "/commands", tag = "commands", responses((status = 200, body = Vec<ApprovedCommand>)))]
async fn list(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
) -> Answer<Json<Vec<ApprovedCommand>>> {
    Ok(Json(services.commands().list(&caller).await?))
}

/// Approve a command. For platform administrators.
#[utoipa::path(post, path = "/commands", tag = "commands", responses((status = 201, body = ApprovedCommand)))]
async fn create(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Body(input): Body<CommandInput>,
) -> Answer<(StatusCode, Json<ApprovedCommand>)> {
    Ok((StatusCode::CREATED, Json(services.commands().create(&caller, input).await?)))
}

/// Get an approved command with the servers that are of it. For platform administrators.
#[utoipa::path(get, path = "/commands/{command}", tag = "commands", params(("command" = String, Path)),
    responses((status = 200, body = CommandDetail)))]
async fn get(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(command): Path<String>,
) -> Answer<Json<CommandDetail>> {
    Ok(Json(services.commands().get(&caller, &command).await?))
}

/// Replace an approved command; its servers are started anew with it. For platform administrators.
#[utoipa::path(put, path = "/commands/{command}", tag = "commands", params(("command" = String, Path)),
    responses((status = 200, body = ApprovedCommand)))]
async fn update(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(command): Path<String>,
    Body(input): Body<CommandInput>,
) -> Answer<Json<ApprovedCommand>> {
    Ok(Json(services.commands().update(&caller, &command, input).await?))
}

/// Delete an approved command that no server is of. For platform administrators.
#[utoipa::path(delete, path = "/commands/{command}", tag = "commands", params(("command" = String, Path)),
    responses((status = 204)))]
async fn delete(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(command): Path<String>,
) -> Answer<StatusCode> {
    services.commands().delete(&caller, &command).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Withdraw a command: its servers are stopped. For platform administrators.
#[utoipa::path(post, path = "/commands/{command}/withdraw", tag = "commands", params(("command" = String, Path)),
    responses((status = 200, body = ApprovedCommand)))]
async fn withdraw(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(command): Path<String>,
) -> Answer<Json<ApprovedCommand>> {
    Ok(Json(services.commands().set_withdrawn(&caller, &command, true).await?))
}

/// Approve a command again that was withdrawn. For platform administrators.
#[utoipa::path(post, path = "/commands/{command}/approve", tag = "commands", params(("command" = String, Path)),
    responses((status = 200, body = ApprovedCommand)))]
async fn approve(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(command): Path<String>,
) -> Answer<Json<ApprovedCommand>> {
    Ok(Json(services.commands().set_withdrawn(&caller, &command, false).await?))
}

/// List the approved commands that the servers of a project may be of.
#[utoipa::path(get, path = "/projects/{project}/commands", tag = "commands", params(("project" = String, Path)),
    responses((status = 200, body = Vec<ApprovedCommand>)))]
async fn choices(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(project): Path<String>,
) -> Answer<Json<Vec<ApprovedCommand>>> {
    Ok(Json(services.commands().choices(&caller, &project).await?))
}
