//! Who changed what.

use axum::{
    Json,
    extract::{Path, State},
};
use domain::audit::{AuditFilter, AuditPage};
use services::Services;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Answer, Params};
use crate::edge::caller::SignedIn;

pub(super) fn routes() -> OpenApiRouter<Services> {
    OpenApiRouter::new().routes(routes!(list))
}

/// List who changed what in a project, newest first.
#[utoipa::path(get, path = "/projects/{project}/activity", tag = "projects", params(("project" = String, Path), AuditFilter),
    responses((status = 200, body = AuditPage)))]
async fn list(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(project): Path<String>,
    Params(filter): Params<AuditFilter>,
) -> Answer<Json<AuditPage>> {
    Ok(Json(services.audit().list(&caller, &project, filter).await?))
}
