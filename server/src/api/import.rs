//! A project made as a file says.

use std::collections::BTreeMap;

use axum::{
    Json,
    extract::{Path, State},
};
use domain::{
    SecretInput,
    plan::{Choice, Plan},
};
use serde::Deserialize;
use services::{ImportInput, Services};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Answer, Body, Params};
use crate::edge::caller::SignedIn;

pub(super) fn routes() -> OpenApiRouter<Services> {
    OpenApiRouter::new().routes(routes!(import))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ImportBody {
    /// YAML as exported, or a client's `mcpServers` JSON.
    document: String,
    /// The secrets that the document names, by their names there.
    #[serde(default)]
    values: BTreeMap<String, SecretInput>,
}

#[derive(Deserialize, utoipa::IntoParams)]
struct How {
    /// Only tell what would change.
    #[serde(default)]
    dry_run: bool,
    /// Take over the project's name, description, logging and access too.
    #[serde(default)]
    settings: bool,
    /// Remove servers and tool rules that the document does not have.
    #[serde(default)]
    remove: bool,
}

/// Bring a project in line with a document: all of it or nothing. The answer says what changed, or would.
#[utoipa::path(post, path = "/projects/{project}/import", tag = "projects",
    params(("project" = String, Path), How), responses((status = 200, body = Plan)))]
async fn import(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(project): Path<String>,
    Params(How { dry_run, settings, remove }): Params<How>,
    Body(ImportBody { document, values }): Body<ImportBody>,
) -> Answer<Json<Plan>> {
    let input = ImportInput { text: document, values, choice: Choice { settings, remove } };
    Ok(Json(match dry_run {
        true => services.import_plan(&caller, &project, input).await?,
        false => services.import(&caller, &project, input).await?,
    }))
}
