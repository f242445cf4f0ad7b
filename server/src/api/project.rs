//! Projects.

use axum::{
    Json,
    extract::{Path, State},
};
use domain::{
    project::{NewProject, Project, ProjectFilter, ProjectSettings, Transfer, TransferInput},
    template::FromTemplate,
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
        .routes(routes!(transfer_plan, transfer))
        .routes(routes!(star, unstar))
}

/// List the projects that you are a member of or own through an organization: favorites first, then what
/// you used last, then by name. A header `Link` with `rel="next"` leads to the next page.
#[utoipa::path(get, path = "/projects", tag = "projects", params(ProjectFilter),
    responses((status = 200, body = Vec<Project>)))]
async fn list(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Params(filter): Params<ProjectFilter>,
) -> Answer<Page<Project>> {
    let page = services.projects().list(&caller, &filter).await?;
    Ok(Page::of(page, &filter))
}

/// A new project, and what it begins with.
#[derive(Deserialize, ToSchema)]
struct ProjectBody {
    #[serde(flatten)]
    project: NewProject,
    #[serde(flatten)]
    from: FromTemplate,
}

/// Create a project: blank, or with the servers of a template.
#[utoipa::path(post, path = "/projects", tag = "projects", responses((status = 201, body = Project)))]
async fn create(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Body(ProjectBody { project, from }): Body<ProjectBody>,
) -> Answer<(StatusCode, Json<Project>)> {
    Ok((StatusCode::CREATED, Json(services.projects().create_from(&caller, project, from).await?)))
}

/// Get a project.
#[utoipa::path(get, path = "/projects/{project}", tag = "projects", params(("project" = String, Path)),
    responses((status = 200, body = Project)))]
async fn get(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(project): Path<String>,
) -> Answer<Json<Project>> {
    Ok(Json(services.projects().get(&caller, &project).await?))
}

/// Change a project's settings.
#[utoipa::path(put, path = "/projects/{project}", tag = "projects", params(("project" = String, Path)),
    responses((status = 200, body = Project)))]
async fn update(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(project): Path<String>,
    Body(settings): Body<ProjectSettings>,
) -> Answer<Json<Project>> {
    Ok(Json(services.projects().update(&caller, &project, settings).await?))
}

#[derive(Deserialize, utoipa::IntoParams)]
struct Confirmation {
    /// The project's `organization.project`, typed again: servers, keys and logs go with it.
    confirm: String,
}

/// Delete a project with its servers, keys and logs.
#[utoipa::path(delete, path = "/projects/{project}", tag = "projects", params(("project" = String, Path), Confirmation),
    responses((status = 204)))]
async fn delete(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(project): Path<String>,
    Params(Confirmation { confirm }): Params<Confirmation>,
) -> Answer<StatusCode> {
    services.projects().delete(&caller, &project, &confirm).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, utoipa::IntoParams)]
struct Where {
    /// Slug of an organization in which you may create projects.
    organization: String,
}

/// See what giving a project to another organization would change.
#[utoipa::path(get, path = "/projects/{project}/transfer", tag = "projects", params(("project" = String, Path), Where),
    responses((status = 200, body = Transfer)))]
async fn transfer_plan(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(project): Path<String>,
    Params(Where { organization }): Params<Where>,
) -> Answer<Json<Transfer>> {
    Ok(Json(services.projects().transfer_plan(&caller, &project, &organization).await?))
}

/// Give a project to another organization: roles of teams and of the old organization end, addresses with its
/// `organization.project` change, and those with its id go on.
#[utoipa::path(post, path = "/projects/{project}/transfer", tag = "projects", params(("project" = String, Path)),
    responses((status = 200, body = Project)))]
async fn transfer(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(project): Path<String>,
    Body(input): Body<TransferInput>,
) -> Answer<Json<Project>> {
    Ok(Json(services.projects().transfer(&caller, &project, input).await?))
}

/// Put a project among your favorites.
#[utoipa::path(put, path = "/projects/{project}/favorite", tag = "projects", params(("project" = String, Path)),
    responses((status = 200, body = Project)))]
async fn star(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(project): Path<String>,
) -> Answer<Json<Project>> {
    Ok(Json(services.projects().set_favorite(&caller, &project, true).await?))
}

/// Take a project from your favorites.
#[utoipa::path(delete, path = "/projects/{project}/favorite", tag = "projects", params(("project" = String, Path)),
    responses((status = 200, body = Project)))]
async fn unstar(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(project): Path<String>,
) -> Answer<Json<Project>> {
    Ok(Json(services.projects().set_favorite(&caller, &project, false).await?))
}
