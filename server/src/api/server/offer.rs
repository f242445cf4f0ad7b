//! Resources and prompts of servers.

use axum::extract::{Path, State};
use domain::offer::{OfferFilter, OfferedPrompt, OfferedResource};
use services::Services;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::OfServer;
use crate::{
    api::{Answer, Page, Params},
    edge::caller::SignedIn,
};

pub(super) fn routes() -> OpenApiRouter<Services> {
    OpenApiRouter::new().routes(routes!(resources)).routes(routes!(prompts))
}

/// List a server's resources and resource templates, as last read. A header `Link` with `rel="next"` leads to
/// the next page.
#[utoipa::path(get, path = "/projects/{project}/servers/{server}/resources", tag = "servers",
    params(("project" = String, Path), ("server" = String, Path), OfferFilter),
    responses((status = 200, body = Vec<OfferedResource>)))]
async fn resources(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path((project, server)): OfServer,
    Params(filter): Params<OfferFilter>,
) -> Answer<Page<OfferedResource>> {
    let page = services.servers().resources(&caller, &project, &server, &filter).await?;
    Ok(Page::of_offers(page, &filter))
}

/// List a server's prompts, as last read. A header `Link` with `rel="next"` leads to
/// the next page.
#[utoipa::path(get, path = "/projects/{project}/servers/{server}/prompts", tag = "servers",
    params(("project" = String, Path), ("server" = String, Path), OfferFilter),
    responses((status = 200, body = Vec<OfferedPrompt>)))]
async fn prompts(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path((project, server)): OfServer,
    Params(filter): Params<OfferFilter>,
) -> Answer<Page<OfferedPrompt>> {
    let page = services.servers().prompts(&caller, &project, &server, &filter).await?;
    Ok(Page::of_offers(page, &filter))
}
