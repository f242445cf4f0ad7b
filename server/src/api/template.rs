//! Templates that an organization keeps, and what they would make.

use axum::{
    Json,
    extract::{Path, State},
};
use domain::{
    TemplateId,
    template::{Beginning, Template, TemplateInput},
};
use http::StatusCode;
use serde::Deserialize;
use services::Services;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Answer, Body};
use crate::edge::caller::SignedIn;

pub(super) fn routes() -> OpenApiRouter<Services> {
    OpenApiRouter::new().routes(routes!(list, save)).routes(routes!(get, update, delete))
}

/// List the templates that an organization keeps.
#[utoipa::path(get, path = "/organizations/{organization}/templates", tag = "templates",
    params(("organization" = String, Path)), responses((status = 200, body = Vec<Template>)))]
async fn list(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(organization): Path<String>,
) -> Answer<Json<Vec<Template>>> {
    Ok(Json(services.templates().list(&caller, &organization).await?))
}

#[derive(Deserialize, ToSchema)]
struct NewTemplate {
    /// A project of the organization, by id or `organization.project`.
    project: String,
    #[serde(flatten)]
    input: TemplateInput,
}

/// Save a project as a template: its servers and the rules of their tools, without secrets, members and keys.
#[utoipa::path(post, path = "/organizations/{organization}/templates", tag = "templates",
    params(("organization" = String, Path)), responses((status = 201, body = Template)))]
async fn save(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(organization): Path<String>,
    Body(NewTemplate { project, input }): Body<NewTemplate>,
) -> Answer<(StatusCode, Json<Template>)> {
    let saved = services.templates().save(&caller, &organization, &project, input).await?;
    Ok((StatusCode::CREATED, Json(saved)))
}

/// See which servers a template would make for you, and which secrets they need. `{template}` is an id,
/// `local-tools` or `team-knowledge`.
#[utoipa::path(get, path = "/organizations/{organization}/templates/{template}", tag = "templates",
    params(("organization" = String, Path), ("template" = String, Path)), responses((status = 200, body = Beginning)))]
async fn get(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path((organization, template)): Path<(String, String)>,
) -> Answer<Json<Beginning>> {
    Ok(Json(services.templates().get(&caller, &organization, &template).await?))
}

/// Rename a template, or describe it anew.
#[utoipa::path(put, path = "/organizations/{organization}/templates/{template}", tag = "templates",
    params(("organization" = String, Path), ("template" = TemplateId, Path)), responses((status = 204)))]
async fn update(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path((organization, template)): Path<(String, TemplateId)>,
    Body(input): Body<TemplateInput>,
) -> Answer<StatusCode> {
    services.templates().update(&caller, &organization, template, input).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Delete a template. Projects that began with it stay as they are.
#[utoipa::path(delete, path = "/organizations/{organization}/templates/{template}", tag = "templates",
    params(("organization" = String, Path), ("template" = TemplateId, Path)), responses((status = 204)))]
async fn delete(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path((organization, template)): Path<(String, TemplateId)>,
) -> Answer<StatusCode> {
    services.templates().delete(&caller, &organization, template).await?;
    Ok(StatusCode::NO_CONTENT)
}
