//! Organizations and their members.

use axum::{
    Json,
    extract::{Path, State},
};
use domain::{
    OrganizationRole, UserId,
    audit::{AuditFilter, TrailPage},
    organization::{NewOrganizationMember, Organization, OrganizationInput, OrganizationMember},
    project::{Project, ProjectFilter},
};
use http::StatusCode;
use serde::Deserialize;
use services::Services;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Answer, Body, Page, Params};
use crate::edge::caller::SignedIn;

pub(super) fn routes() -> OpenApiRouter<Services> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(get, update, delete))
        .routes(routes!(projects))
        .routes(routes!(activity))
        .routes(routes!(members, add_member))
        .routes(routes!(set_role, remove_member))
}

/// List your organizations.
#[utoipa::path(get, path = "/organizations", tag = "organizations", responses((status = 200, body = Vec<Organization>)))]
async fn list(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
) -> Answer<Json<Vec<Organization>>> {
    Ok(Json(services.organizations().list(&caller).await?))
}

/// Create an organization.
#[utoipa::path(post, path = "/organizations", tag = "organizations", responses((status = 201, body = Organization)))]
async fn create(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Body(input): Body<OrganizationInput>,
) -> Answer<(StatusCode, Json<Organization>)> {
    Ok((StatusCode::CREATED, Json(services.organizations().create(&caller, input).await?)))
}

/// Get an organization.
#[utoipa::path(get, path = "/organizations/{organization}", tag = "organizations", params(("organization" = String, Path)),
    responses((status = 200, body = Organization)))]
async fn get(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(organization): Path<String>,
) -> Answer<Json<Organization>> {
    Ok(Json(services.organizations().get(&caller, &organization).await?))
}

/// Rename an organization.
#[utoipa::path(put, path = "/organizations/{organization}", tag = "organizations", params(("organization" = String, Path)),
    responses((status = 200, body = Organization)))]
async fn update(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(organization): Path<String>,
    Body(input): Body<OrganizationInput>,
) -> Answer<Json<Organization>> {
    Ok(Json(services.organizations().update(&caller, &organization, input).await?))
}

#[derive(Deserialize, utoipa::IntoParams)]
struct Confirmation {
    /// The organization's short name, typed again: its memberships go with it.
    confirm: String,
}

/// Delete an organization without projects.
#[utoipa::path(delete, path = "/organizations/{organization}", tag = "organizations", params(("organization" = String, Path), Confirmation),
    responses((status = 204)))]
async fn delete(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(organization): Path<String>,
    Params(Confirmation { confirm }): Params<Confirmation>,
) -> Answer<StatusCode> {
    services.organizations().delete(&caller, &organization, &confirm).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// List those projects of an organization that you can see, in the order and by the pages of `/projects`.
#[utoipa::path(get, path = "/organizations/{organization}/projects", tag = "organizations",
    params(("organization" = String, Path), ProjectFilter), responses((status = 200, body = Vec<Project>)))]
async fn projects(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(organization): Path<String>,
    Params(filter): Params<ProjectFilter>,
) -> Answer<Page<Project>> {
    let page = services.projects().of_organization(&caller, &organization, filter.clone()).await?;
    Ok(Page::of(page, &filter))
}

/// List who changed what in an organization and its projects, newest first.
#[utoipa::path(get, path = "/organizations/{organization}/activity", tag = "organizations", params(("organization" = String, Path), AuditFilter),
    responses((status = 200, body = TrailPage)))]
async fn activity(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(organization): Path<String>,
    Params(filter): Params<AuditFilter>,
) -> Answer<Json<TrailPage>> {
    Ok(Json(services.audit().of_organization(&caller, &organization, filter).await?))
}

/// List the members of an organization.
#[utoipa::path(get, path = "/organizations/{organization}/members", tag = "organizations", params(("organization" = String, Path)),
    responses((status = 200, body = Vec<OrganizationMember>)))]
async fn members(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(organization): Path<String>,
) -> Answer<Json<Vec<OrganizationMember>>> {
    Ok(Json(services.organizations().members(&caller, &organization).await?))
}

/// Add a member to an organization.
#[utoipa::path(post, path = "/organizations/{organization}/members", tag = "organizations", params(("organization" = String, Path)),
    responses((status = 201, body = OrganizationMember)))]
async fn add_member(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(organization): Path<String>,
    Body(member): Body<NewOrganizationMember>,
) -> Answer<(StatusCode, Json<OrganizationMember>)> {
    Ok((
        StatusCode::CREATED,
        Json(services.organizations().add_member(&caller, &organization, member).await?),
    ))
}

#[derive(Deserialize, ToSchema)]
struct OrganizationRoleChange {
    role: OrganizationRole,
}

/// Change a member's role in an organization.
#[utoipa::path(put, path = "/organizations/{organization}/members/{user}", tag = "organizations",
    params(("organization" = String, Path), ("user" = UserId, Path)), responses((status = 204)))]
async fn set_role(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path((organization, user)): Path<(String, UserId)>,
    Body(change): Body<OrganizationRoleChange>,
) -> Answer<StatusCode> {
    services.organizations().set_role(&caller, &organization, user, change.role).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Remove a member from an organization, or leave.
#[utoipa::path(delete, path = "/organizations/{organization}/members/{user}", tag = "organizations",
    params(("organization" = String, Path), ("user" = UserId, Path)), responses((status = 204)))]
async fn remove_member(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path((organization, user)): Path<(String, UserId)>,
) -> Answer<StatusCode> {
    services.organizations().remove_member(&caller, &organization, user).await?;
    Ok(StatusCode::NO_CONTENT)
}
