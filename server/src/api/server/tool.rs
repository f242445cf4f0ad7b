//! Tools of a server, and how they are offered.

use axum::{
    Json,
    extract::{Path, State},
};
use domain::tool::{ListedTool, OfferedTool, ToolFilter, ToolRule};
use http::StatusCode;
use serde::Deserialize;
use services::Services;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::OfServer;
use crate::{
    api::{Answer, Body, Page, Params},
    edge::caller::SignedIn,
};

pub(super) fn routes() -> OpenApiRouter<Services> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(of_project)).routes(routes!(set, clear))
}

type OfTool = Path<(String, String, String)>;

/// List the tools of a server, as it last described them, with the rules by which they are offered; then
/// the rules for tools that it does not list. A header `Link` with `rel="next"` leads to the next page.
#[utoipa::path(get, path = "/projects/{project}/servers/{server}/tools", tag = "tools",
    params(("project" = String, Path), ("server" = String, Path), ToolFilter),
    responses((status = 200, body = Vec<OfferedTool>)))]
async fn list(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path((project, server)): OfServer,
    Params(filter): Params<ToolFilter>,
) -> Answer<Page<OfferedTool>> {
    let page = services.servers().tools(&caller, &project, &server, &filter).await?;
    Ok(Page::of_tools(page, &filter, None, |listed| listed.tool))
}

/// Which of a project's servers.
#[derive(Deserialize, utoipa::IntoParams)]
struct Narrowed {
    /// Only the tools of the server with this name.
    server: Option<String>,
}

/// List the tools of all servers of a project, by server. A header `Link` with `rel="next"` leads to the
/// next page.
#[utoipa::path(get, path = "/projects/{project}/tools", tag = "tools",
    params(("project" = String, Path), Narrowed, ToolFilter), responses((status = 200, body = Vec<ListedTool>)))]
async fn of_project(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(project): Path<String>,
    Params(Narrowed { server }): Params<Narrowed>,
    Params(filter): Params<ToolFilter>,
) -> Answer<Page<ListedTool>> {
    let page = services.servers().tools_of_project(&caller, &project, server.as_deref(), &filter).await?;
    Ok(Page::of_tools(page, &filter, server, |listed| listed))
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
