//! What needs somebody.

use axum::{Json, extract::State};
use domain::home::Attention;
use services::Services;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::Answer;
use crate::edge::caller::SignedIn;

pub(super) fn routes() -> OpenApiRouter<Services> {
    OpenApiRouter::new().routes(routes!(attention))
}

/// List failed servers, and keys that expire within 14 days or did in the last 7, of all your projects.
#[utoipa::path(get, path = "/attention", tag = "projects", responses((status = 200, body = Vec<Attention>)))]
async fn attention(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
) -> Answer<Json<Vec<Attention>>> {
    Ok(Json(services.home().attention(&caller).await?))
}
