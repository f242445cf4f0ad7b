//! Server functions of the tools of a project.

use domain::tool::OfferedTool;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use crate::context::signed_in;
use crate::error::AppError;

/// Tools a page holds.
pub const SHOWN: u32 = 50;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProjectTool {
    pub server: String,
    /// Whether clients see the server at all.
    pub enabled: bool,
    pub alias: String,
    pub tool: OfferedTool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProjectTools {
    /// Of the project.
    pub total: u32,
    /// That fit the search.
    pub found: u32,
    /// What those take of a model's context, as far as clients see them.
    pub tokens: usize,
    pub items: Vec<ProjectTool>,
    /// Names of all servers.
    pub servers: Vec<String>,
}

/// One page of a project's tools; `page` counts from 1, `show` is `hidden`, `shown`, or empty for all.
#[server(prefix = "/_fn", endpoint = "tools/list", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn list_project_tools(
    project: String,
    search: String,
    #[server(default)] server: String,
    #[server(default)] show: String,
    page: u32,
) -> Result<ProjectTools, AppError> {
    let (services, caller) = signed_in()?;
    let all = services.servers().tools_of_project(&caller, &project).await?;
    let servers = all.iter().map(|tools| tools.server.clone()).collect();
    let total = all.iter().map(|tools| tools.tools.len()).sum::<usize>();
    let wanted = search.trim().to_lowercase();
    let (mut found, mut tokens, mut items) = (0_u32, 0, Vec::new());
    let skipped = (page.max(1) - 1).saturating_mul(SHOWN);
    for tools in all.into_iter().filter(|tools| server.is_empty() || tools.server == server) {
        for tool in tools.tools {
            let is_seen = tools.enabled && !tool.rule.hidden;
            let fits = match show.as_str() {
                "hidden" => !is_seen,
                "shown" => is_seen,
                _ => true,
            };
            if !fits || !tool.contains(&wanted) {
                continue;
            }
            if is_seen {
                tokens += tool.tokens();
            }
            if (skipped..skipped.saturating_add(SHOWN)).contains(&found) {
                let (server, alias) = (tools.server.clone(), tools.alias.clone());
                items.push(ProjectTool { server, enabled: tools.enabled, alias, tool });
            }
            found += 1;
        }
    }
    Ok(ProjectTools { total: u32::try_from(total).unwrap_or(u32::MAX), found, tokens, items, servers })
}
