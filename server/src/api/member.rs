//! Members of a project.

use axum::{
    Json,
    extract::{Path, State},
};
use domain::{
    Role, UserId,
    project::{Member, NewMember},
};
use http::StatusCode;
use serde::Deserialize;
use services::Services;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Answer, Body};
use crate::edge::caller::SignedIn;

pub(super) fn routes() -> OpenApiRouter<Services> {
    OpenApiRouter::new().routes(routes!(list, add)).routes(routes!(set_role, remove))
}

/// List the members of a project.
#[utoipa::path(get, path = "/projects/{project}/members", tag = "members", params(("project" = String, Path)),
    responses((status = 200, body = Vec<Member>)))]
async fn list(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(project): Path<String>,
) -> Answer<Json<Vec<Member>>> {
    Ok(Json(services.projects().members(&caller, &project).await?))
}

/// Add somebody who has an account, of any organization.
#[utoipa::path(post, path = "/projects/{project}/members", tag = "members", params(("project" = String, Path)),
    responses((status = 201, body = Member)))]
async fn add(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(project): Path<String>,
    Body(member): Body<NewMember>,
) -> Answer<(StatusCode, Json<Member>)> {
    Ok((StatusCode::CREATED, Json(services.projects().add_member(&caller, &project, member).await?)))
}

#[derive(Deserialize, ToSchema)]
struct RoleChange {
    role: Role,
}

/// Change a member's role.
#[utoipa::path(put, path = "/projects/{project}/members/{user}", tag = "members",
    params(("project" = String, Path), ("user" = UserId, Path)), responses((status = 204)))]
async fn set_role(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path((project, user)): Path<(String, UserId)>,
    Body(change): Body<RoleChange>,
) -> Answer<StatusCode> {
    services.projects().set_role(&caller, &project, user, change.role).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Remove a member, or leave.
#[utoipa::path(delete, path = "/projects/{project}/members/{user}", tag = "members",
    params(("project" = String, Path), ("user" = UserId, Path)), responses((status = 204)))]
async fn remove(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path((project, user)): Path<(String, UserId)>,
) -> Answer<StatusCode> {
    services.projects().remove_member(&caller, &project, user).await?;
    Ok(StatusCode::NO_CONTENT)
}
