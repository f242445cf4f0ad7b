//! A project's log.

use axum::{
    Json,
    extract::{Path, State},
};
use domain::log::{LogFilter, LogPage};
use http::StatusCode;
use services::Services;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Answer, Params};
use crate::edge::caller::SignedIn;

pub(super) fn routes() -> OpenApiRouter<Services> {
    OpenApiRouter::new().routes(routes!(list, clear))
}

/// List log entries, newest first.
#[utoipa::path(get, path = "/projects/{project}/logs", tag = "logs", params(("project" = String, Path), LogFilter),
    responses((status = 200, body = LogPage)))]
async fn list(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(project): Path<String>,
    Params(filter): Params<LogFilter>,
) -> Answer<Json<LogPage>> {
    Ok(Json(services.logs().list(&caller, &project, filter).await?))
}

/// Delete all log entries of a project.
#[utoipa::path(delete, path = "/projects/{project}/logs", tag = "logs", params(("project" = String, Path)),
    responses((status = 204)))]
async fn clear(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(project): Path<String>,
) -> Answer<StatusCode> {
    services.logs().clear(&caller, &project).await?;
    Ok(StatusCode::NO_CONTENT)
}
