//! Resources and prompts of servers.

use axum::{
    Json,
    extract::{Path, State},
};
use domain::offer::{OfferedPrompt, OfferedResource};
use services::Services;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::OfServer;
use crate::{api::Answer, edge::caller::SignedIn};

pub(super) fn routes() -> OpenApiRouter<Services> {
    OpenApiRouter::new().routes(routes!(resources)).routes(routes!(prompts))
}

/// List a server's resources and resource templates, as last read.
#[utoipa::path(get, path = "/projects/{project}/servers/{server}/resources", tag = "servers",
    params(("project" = String, Path), ("server" = String, Path)), responses((status = 200, body = Vec<OfferedResource>)))]
async fn resources(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path((project, server)): OfServer,
) -> Answer<Json<Vec<OfferedResource>>> {
    Ok(Json(services.servers().resources(&caller, &project, &server).await?))
}

/// List a server's prompts, as last read.
#[utoipa::path(get, path = "/projects/{project}/servers/{server}/prompts", tag = "servers",
    params(("project" = String, Path), ("server" = String, Path)), responses((status = 200, body = Vec<OfferedPrompt>)))]
async fn prompts(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path((project, server)): OfServer,
) -> Answer<Json<Vec<OfferedPrompt>>> {
    Ok(Json(services.servers().prompts(&caller, &project, &server).await?))
}
