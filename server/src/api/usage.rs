//! How much the tools of a project are used.

use axum::{
    Json,
    extract::{Path, State},
};
use domain::usage::{OrganizationUsage, Usage, UsageRange};
use serde::Deserialize;
use services::Services;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Answer, Params};
use crate::edge::caller::SignedIn;

pub(super) fn routes() -> OpenApiRouter<Services> {
    OpenApiRouter::new().routes(routes!(project)).routes(routes!(organization))
}

#[derive(Deserialize, utoipa::IntoParams)]
struct Within {
    /// How far back: a day by the hour, a week by six hours, a month by the day (UTC).
    #[serde(default)]
    range: UsageRange,
}

/// Calls of tools over time, with the slowest and the most failing ones.
#[utoipa::path(get, path = "/projects/{project}/usage", tag = "logs", params(("project" = String, Path), Within),
    responses((status = 200, body = Usage)))]
async fn project(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(project): Path<String>,
    Params(Within { range }): Params<Within>,
) -> Answer<Json<Usage>> {
    Ok(Json(services.usage().project(&caller, &project, range).await?))
}

/// Calls of the projects of an organization that you can see, with what is called most.
#[utoipa::path(get, path = "/organizations/{organization}/usage", tag = "organizations",
    params(("organization" = String, Path), Within), responses((status = 200, body = OrganizationUsage)))]
async fn organization(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(organization): Path<String>,
    Params(Within { range }): Params<Within>,
) -> Answer<Json<OrganizationUsage>> {
    Ok(Json(services.usage().organization(&caller, &organization, range).await?))
}
