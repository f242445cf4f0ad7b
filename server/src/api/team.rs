//! Teams of an organization.

use axum::{
    Json,
    extract::{Path, State},
};
use domain::{
    Role, UserId,
    team::{Team, TeamDetail, TeamInput},
};
use http::StatusCode;
use serde::Deserialize;
use services::Services;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Answer, Body};
use crate::edge::caller::SignedIn;

pub(super) fn routes() -> OpenApiRouter<Services> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(get, update, delete))
        .routes(routes!(add_member))
        .routes(routes!(remove_member))
        .routes(routes!(set_project, remove_project))
}

/// List the teams of an organization.
#[utoipa::path(get, path = "/organizations/{organization}/teams", tag = "teams", params(("organization" = String, Path)),
    responses((status = 200, body = Vec<Team>)))]
async fn list(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(organization): Path<String>,
) -> Answer<Json<Vec<Team>>> {
    Ok(Json(services.teams().list(&caller, &organization).await?))
}

/// Create a team.
#[utoipa::path(post, path = "/organizations/{organization}/teams", tag = "teams", params(("organization" = String, Path)),
    responses((status = 201, body = Team)))]
async fn create(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(organization): Path<String>,
    Body(input): Body<TeamInput>,
) -> Answer<(StatusCode, Json<Team>)> {
    Ok((StatusCode::CREATED, Json(services.teams().create(&caller, &organization, input).await?)))
}

/// Get a team with its members, and those of its projects that you can see.
#[utoipa::path(get, path = "/organizations/{organization}/teams/{team}", tag = "teams",
    params(("organization" = String, Path), ("team" = String, Path)), responses((status = 200, body = TeamDetail)))]
async fn get(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path((organization, team)): Path<(String, String)>,
) -> Answer<Json<TeamDetail>> {
    Ok(Json(services.teams().get(&caller, &organization, &team).await?))
}

/// Rename a team.
#[utoipa::path(put, path = "/organizations/{organization}/teams/{team}", tag = "teams",
    params(("organization" = String, Path), ("team" = String, Path)), responses((status = 200, body = Team)))]
async fn update(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path((organization, team)): Path<(String, String)>,
    Body(input): Body<TeamInput>,
) -> Answer<Json<Team>> {
    Ok(Json(services.teams().update(&caller, &organization, &team, input).await?))
}

/// Delete a team; its members lose the roles that they held through it alone.
#[utoipa::path(delete, path = "/organizations/{organization}/teams/{team}", tag = "teams",
    params(("organization" = String, Path), ("team" = String, Path)), responses((status = 204)))]
async fn delete(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path((organization, team)): Path<(String, String)>,
) -> Answer<StatusCode> {
    services.teams().delete(&caller, &organization, &team).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, ToSchema)]
struct NewTeamMember {
    /// Of a member of the organization.
    email: String,
}

/// Put a member of the organization into a team.
#[utoipa::path(post, path = "/organizations/{organization}/teams/{team}/members", tag = "teams",
    params(("organization" = String, Path), ("team" = String, Path)), responses((status = 201, body = TeamDetail)))]
async fn add_member(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path((organization, team)): Path<(String, String)>,
    Body(member): Body<NewTeamMember>,
) -> Answer<(StatusCode, Json<TeamDetail>)> {
    let detail = services.teams().add_member(&caller, &organization, &team, &member.email).await?;
    Ok((StatusCode::CREATED, Json(detail)))
}

/// Take somebody out of a team, or leave.
#[utoipa::path(delete, path = "/organizations/{organization}/teams/{team}/members/{user}", tag = "teams",
    params(("organization" = String, Path), ("team" = String, Path), ("user" = UserId, Path)), responses((status = 204)))]
async fn remove_member(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path((organization, team, user)): Path<(String, String, UserId)>,
) -> Answer<StatusCode> {
    services.teams().remove_member(&caller, &organization, &team, user).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, ToSchema)]
struct TeamRole {
    role: Role,
}

/// Give a team a role in a project of its organization, or another one.
#[utoipa::path(put, path = "/organizations/{organization}/teams/{team}/projects/{project}", tag = "teams",
    params(("organization" = String, Path), ("team" = String, Path), ("project" = String, Path)), responses((status = 204)))]
async fn set_project(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path((organization, team, project)): Path<(String, String, String)>,
    Body(change): Body<TeamRole>,
) -> Answer<StatusCode> {
    services.teams().set_project(&caller, &organization, &team, &project, change.role).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take a team's role in a project away.
#[utoipa::path(delete, path = "/organizations/{organization}/teams/{team}/projects/{project}", tag = "teams",
    params(("organization" = String, Path), ("team" = String, Path), ("project" = String, Path)), responses((status = 204)))]
async fn remove_project(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path((organization, team, project)): Path<(String, String, String)>,
) -> Answer<StatusCode> {
    services.teams().remove_project(&caller, &organization, &team, &project).await?;
    Ok(StatusCode::NO_CONTENT)
}
