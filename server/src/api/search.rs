//! Search by name.

use axum::{Json, extract::State};
use domain::search::{Found, SearchQuery};
use services::Services;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Answer, Params};
use crate::edge::caller::SignedIn;

pub(super) fn routes() -> OpenApiRouter<Services> {
    OpenApiRouter::new().routes(routes!(find))
}

/// Find projects, servers and tools by their names.
#[utoipa::path(get, path = "/search", tag = "search", params(SearchQuery), responses((status = 200, body = Found)))]
async fn find(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Params(query): Params<SearchQuery>,
) -> Answer<Json<Found>> {
    Ok(Json(services.search().find(&caller, &query).await?))
}
