//! Invitations to a project and to an organization.

use axum::{
    Json,
    extract::{Path, State},
};
use domain::{
    InvitationId, OrganizationRole,
    invitation::{CreatedInvitation, Host, Invitation, NewInvitation, Offer},
};
use http::StatusCode;
use services::Services;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Answer, Body};
use crate::edge::caller::SignedIn;

pub(super) fn routes() -> OpenApiRouter<Services> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(withdraw))
        .routes(routes!(list_of_organization, create_of_organization))
        .routes(routes!(withdraw_of_organization))
        .routes(routes!(own))
}

/// List the invitations that still work.
#[utoipa::path(get, path = "/projects/{project}/invitations", tag = "members", params(("project" = String, Path)),
    responses((status = 200, body = Vec<Invitation>)))]
async fn list(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(project): Path<String>,
) -> Answer<Json<Vec<Invitation>>> {
    Ok(Json(services.invitations().list(&caller, &Host::Project(project)).await?))
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
    let host = Host::Project(project);
    Ok((StatusCode::CREATED, Json(services.invitations().create(&caller, &host, invitation).await?)))
}

/// End an invitation before anybody used it.
#[utoipa::path(delete, path = "/projects/{project}/invitations/{invitation}", tag = "members",
    params(("project" = String, Path), ("invitation" = InvitationId, Path)), responses((status = 204)))]
async fn withdraw(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path((project, invitation)): Path<(String, InvitationId)>,
) -> Answer<StatusCode> {
    services.invitations().withdraw(&caller, &Host::Project(project), invitation).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// List the invitations to an organization that still work.
#[utoipa::path(get, path = "/organizations/{organization}/invitations", tag = "organizations",
    params(("organization" = String, Path)), responses((status = 200, body = Vec<Invitation>)))]
async fn list_of_organization(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(organization): Path<String>,
) -> Answer<Json<Vec<Invitation>>> {
    Ok(Json(services.invitations().list(&caller, &Host::Organization(organization)).await?))
}

/// Invite somebody to an organization. The token is shown this once, as with a project's.
#[utoipa::path(post, path = "/organizations/{organization}/invitations", tag = "organizations",
    params(("organization" = String, Path)), responses((status = 201, body = CreatedInvitation)))]
async fn create_of_organization(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(organization): Path<String>,
    Body(invitation): Body<NewInvitation<OrganizationRole>>,
) -> Answer<(StatusCode, Json<CreatedInvitation>)> {
    let host = Host::Organization(organization);
    Ok((StatusCode::CREATED, Json(services.invitations().create(&caller, &host, invitation).await?)))
}

/// End an invitation to an organization before anybody used it.
#[utoipa::path(delete, path = "/organizations/{organization}/invitations/{invitation}", tag = "organizations",
    params(("organization" = String, Path), ("invitation" = InvitationId, Path)), responses((status = 204)))]
async fn withdraw_of_organization(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path((organization, invitation)): Path<(String, InvitationId)>,
) -> Answer<StatusCode> {
    services.invitations().withdraw(&caller, &Host::Organization(organization), invitation).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// List what you are invited to by your address and have not joined. The links went to whoever invited
/// you, or to your mailbox.
#[utoipa::path(get, path = "/me/invitations", tag = "account", responses((status = 200, body = Vec<Offer>)))]
async fn own(State(services): State<Services>, SignedIn(caller): SignedIn) -> Answer<Json<Vec<Offer>>> {
    Ok(Json(services.invitations().own(&caller).await?))
}
