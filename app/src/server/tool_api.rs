//! Server functions of a server's tools.

use domain::tool::OfferedTool;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use crate::context::{go, keep, safe_path, signed_in};
use crate::error::AppError;

/// Tools a page holds.
pub const TOOLS_SHOWN: u32 = 50;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ToolsPage {
    /// Of the server.
    pub total: u32,
    /// That fit the search.
    pub found: u32,
    pub items: Vec<OfferedTool>,
    /// What stands before the tools on the project's own endpoint.
    pub alias: String,
}

/// One page of a server's tools, of which there may be thousands; `page` counts from 1. `show` is
/// `hidden`, `shown`, or empty for all.
#[server(prefix = "/_fn", endpoint = "servers/tools", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn server_tools(
    project: String,
    server: String,
    search: String,
    #[server(default)] show: String,
    page: u32,
) -> Result<ToolsPage, AppError> {
    let (services, caller) = signed_in()?;
    let alias = services.servers().get(&caller, &project, &server).await?.alias;
    let tools = services.servers().tools(&caller, &project, &server).await?;
    let total = u32::try_from(tools.len()).unwrap_or(u32::MAX);
    let wanted = search.to_lowercase();
    let fits = |item: &OfferedTool| {
        let shown = match show.as_str() {
            "hidden" => item.rule.hidden,
            "shown" => !item.rule.hidden,
            _ => true,
        };
        shown && item.contains(&wanted)
    };
    let found: Vec<OfferedTool> = tools.into_iter().filter(fits).collect();
    let skipped = (page.max(1) - 1).saturating_mul(TOOLS_SHOWN) as usize;
    Ok(ToolsPage {
        total,
        found: u32::try_from(found.len()).unwrap_or(u32::MAX),
        items: found.into_iter().skip(skipped).take(TOOLS_SHOWN as usize).collect(),
        alias,
    })
}

/// Hides a tool from clients, or shows it again.
#[server(prefix = "/_fn", endpoint = "servers/hide-tool", output = crate::codec::Json)]
pub async fn hide_tool(project: String, server: String, tool: String, hidden: bool) -> Result<(), AppError> {
    let (services, caller) = signed_in()?;
    services.servers().hide_tool(&caller, &project, &server, &tool, hidden).await?;
    Ok(())
}

/// Changes a tool's name and description to clients, or drops all rules of it: one form, two
/// buttons. `back` is the list that the form stands in.
#[server(prefix = "/_fn", endpoint = "servers/rename-tool", output = crate::codec::Json)]
pub async fn rename_tool(
    project: String,
    server: String,
    tool: String,
    #[server(default)] alias: String,
    #[server(default)] description: String,
    #[server(default)] intent: String,
    #[server(default)] back: String,
) -> Result<(), AppError> {
    let (services, caller) = signed_in()?;
    keep([("alias", alias.as_str()), ("description", description.as_str())]);
    let servers = services.servers();
    if intent == "reset" {
        servers.clear_tool_rule(&caller, &project, &server, &tool).await?;
    } else {
        servers.rename_tool(&caller, &project, &server, &tool, Some(alias), Some(description)).await?;
    }
    if !back.is_empty() {
        go(safe_path(&back));
    }
    Ok(())
}
