//! Tools of a server, and how they are offered.

use axum::{
    Json,
    extract::{Path, State},
};
use domain::tool::{OfferedTool, ServerTools, ToolRule};
use http::StatusCode;
use services::Services;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::OfServer;
use crate::{
    api::{Answer, Body},
    edge::caller::SignedIn,
};

pub(super) fn routes() -> OpenApiRouter<Services> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(of_project)).routes(routes!(set, clear))
}

type OfTool = Path<(String, String, String)>;

/// List the tools of a server, as it last described them, with the rules by which they are offered.
#[utoipa::path(get, path = "/projects/{project}/servers/{server}/tools", tag = "tools",
    params(("project" = String, Path), ("server" = String, Path)),
    responses((status = 200, body = Vec<OfferedTool>)))]
async fn list(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path((project, server)): OfServer,
) -> Answer<Json<Vec<OfferedTool>>> {
    Ok(Json(services.servers().tools(&caller, &project, &server).await?))
}

/// List the tools of all servers of a project.
#[utoipa::path(get, path = "/projects/{project}/tools", tag = "tools", params(("project" = String, Path)),
    responses((status = 200, body = Vec<ServerTools>)))]
async fn of_project(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(project): Path<String>,
) -> Answer<Json<Vec<ServerTools>>> {
    Ok(Json(services.servers().tools_of_project(&caller, &project).await?))
}

/// Set how a tool is offered: hidden, under another name, with another description. Nothing restarts.
#[utoipa::path(put, path = "/projects/{project}/servers/{server}/tools/{tool}", tag = "tools",
    params(("project" = String, Path), ("server" = String, Path), ("tool" = String, Path)),
    responses((status = 200, body = ToolRule)))]
async fn set(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path((project, server, tool)): OfTool,
    Body(rule): Body<ToolRule>,
) -> Answer<Json<ToolRule>> {
    Ok(Json(services.servers().set_tool_rule(&caller, &project, &server, &tool, rule).await?))
}

/// Offer a tool as its server says again.
#[utoipa::path(delete, path = "/projects/{project}/servers/{server}/tools/{tool}", tag = "tools",
    params(("project" = String, Path), ("server" = String, Path), ("tool" = String, Path)),
    responses((status = 204)))]
async fn clear(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path((project, server, tool)): OfTool,
) -> Answer<StatusCode> {
    services.servers().clear_tool_rule(&caller, &project, &server, &tool).await?;
    Ok(StatusCode::NO_CONTENT)
}
