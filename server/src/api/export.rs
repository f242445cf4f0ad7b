//! A project as a file.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use domain::Error;
use http::header;
use serde::Deserialize;
use services::Services;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Answer, Params};
use crate::edge::caller::SignedIn;

pub(super) fn routes() -> OpenApiRouter<Services> {
    OpenApiRouter::new().routes(routes!(export))
}

#[derive(Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Format {
    /// For `sluice apply`: settings, members, servers and the rules of their tools.
    #[default]
    Yaml,
    /// For MCP clients: the servers as `mcpServers`.
    McpServers,
}

#[derive(Deserialize, utoipa::IntoParams)]
struct As {
    #[serde(default)]
    format: Format,
}

/// Download a project as a file. It holds no secret: values of variables are named holes.
#[utoipa::path(get, path = "/projects/{project}/export", tag = "projects",
    params(("project" = String, Path), As), responses((status = 200, content_type = "application/yaml")))]
async fn export(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(project): Path<String>,
    Params(As { format }): Params<As>,
) -> Answer<Response> {
    let document = services.export(&caller, &project).await?;
    let entry = document.projects.first().ok_or_else(|| Error::internal("an export without its project"))?;
    let name = format!("{}.{}", entry.org, entry.slug);
    let (kind, ending, text) = match format {
        Format::Yaml => {
            let text = yaml_serde::to_string(&document);
            ("application/yaml", "yaml", text.map_err(|error| Error::internal(error.to_string()))?)
        }
        Format::McpServers => ("application/json", "json", format!("{:#}\n", entry.mcp_servers())),
    };
    let disposition = format!("attachment; filename=\"{name}.{ending}\"");
    Ok(([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)], text)
        .into_response())
}
