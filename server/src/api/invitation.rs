//! Invitations to a project.

use axum::{
    Json,
    extract::{Path, State},
};
use domain::{
    InvitationId,
    invitation::{CreatedInvitation, Invitation, NewInvitation},
};
use http::StatusCode;
use services::Services;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Answer, Body};
use crate::edge::caller::SignedIn;

pub(super) fn routes() -> OpenApiRouter<Services> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(withdraw))
}

/// List the invitations that still work.
#[utoipa::path(get, path = "/projects/{project}/invitations", tag = "members", params(("project" = String, Path)),
    responses((status = 200, body = Vec<Invitation>)))]
async fn list(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(project): Path<String>,
) -> Answer<Json<Vec<Invitation>>> {
    Ok(Json(services.invitations().list(&caller, &project).await?))
}

/// Invite somebody. The token is shown this once; the link to pass on is `/invitation?token=` and the token.
#[utoipa::path(post, path = "/projects/{project}/invitations", tag = "members", params(("project" = String, Path)),
    responses((status = 201, body = CreatedInvitation)))]
async fn create(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(project): Path<String>,
    Body(invitation): Body<NewInvitation>,
) -> Answer<(StatusCode, Json<CreatedInvitation>)> {
    Ok((StatusCode::CREATED, Json(services.invitations().create(&caller, &project, invitation).await?)))
}

/// End an invitation before anybody used it.
#[utoipa::path(delete, path = "/projects/{project}/invitations/{invitation}", tag = "members",
    params(("project" = String, Path), ("invitation" = InvitationId, Path)), responses((status = 204)))]
async fn withdraw(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path((project, invitation)): Path<(String, InvitationId)>,
) -> Answer<StatusCode> {
    services.invitations().withdraw(&caller, &project, invitation).await?;
    Ok(StatusCode::NO_CONTENT)
}
