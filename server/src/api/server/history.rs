//! What servers changed of their tools.

use axum::{
    Json,
    extract::{Path, State},
};
use domain::tool::{HistoryFilter, HistoryPage};
use services::Services;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::OfServer;
use crate::{
    api::{Answer, Params},
    edge::caller::SignedIn,
};

pub(super) fn routes() -> OpenApiRouter<Services> {
    OpenApiRouter::new().routes(routes!(history))
}

/// List what a server changed of its tools, newest first. The newest 200 changes are kept.
#[utoipa::path(get, path = "/projects/{project}/servers/{server}/history", tag = "servers",
    params(("project" = String, Path), ("server" = String, Path), HistoryFilter),
    responses((status = 200, body = HistoryPage)))]
async fn history(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path((project, server)): OfServer,
    Params(filter): Params<HistoryFilter>,
) -> Answer<Json<HistoryPage>> {
    Ok(Json(services.servers().history(&caller, &project, &server, filter).await?))
}
