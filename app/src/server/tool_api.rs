//! Server functions of tools: their lists, and how they are offered.

use domain::tool::{ListedTool, ToolsPage};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use crate::context::{go, keep, safe_path, signed_in};
use crate::error::AppError;

/// Tools that a page holds.
#[cfg(feature = "ssr")]
const SHOWN: u32 = 50;
/// Characters of a description in a list.
#[cfg(feature = "ssr")]
const GLANCE: usize = 160;

/// What the address of a list of tools asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Asked {
    pub search: String,
    /// `hidden`, `shown`, or empty for all.
    pub show: String,
    /// Counts from 1.
    pub page: u32,
    /// The tool that is shown whole, and the one whose form is open, by what marks them in the list.
    pub open: String,
    pub edit: String,
}

/// What marks a tool in a list: `server/tool`, or its name alone where all are of one server.
#[must_use]
pub fn mark(item: &ListedTool, of_one: bool) -> String {
    if of_one { item.tool.name.clone() } else { format!("{}/{}", item.server, item.tool.name) }
}

#[cfg(feature = "ssr")]
impl Asked {
    fn filter(&self) -> domain::tool::ToolFilter {
        use domain::tool::Shown;
        domain::tool::ToolFilter {
            q: Some(self.search.clone()),
            show: match self.show.as_str() {
                "hidden" => Some(Shown::Hidden),
                "shown" => Some(Shown::Shown),
                _ => None,
            },
            page: Some(self.page),
            limit: Some(SHOWN),
        }
    }

    /// Leaves of each definition what its line in the list says: schemas are large, and there are many.
    fn glance(&self, page: ToolsPage, of_one: bool) -> ToolsPage {
        let cut = |item: ListedTool| {
            let marked = mark(&item, of_one);
            match marked == self.open || marked == self.edit {
                true => item,
                false => ListedTool { tool: item.tool.glance(GLANCE), ..item },
            }
        };
        ToolsPage { items: page.items.into_iter().map(cut).collect(), ..page }
    }
}

/// One page of a server's tools, of which there may be thousands.
#[server(prefix = "/_fn", endpoint = "servers/tools", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn server_tools(
    project: String,
    server: String,
    #[server(default)] asked: Asked,
) -> Result<ToolsPage, AppError> {
    let (services, caller) = signed_in()?;
    let page = services.servers().tools(&caller, &project, &server, &asked.filter()).await?;
    Ok(asked.glance(page, true))
}

/// One page of a project's tools, with the names of all its servers.
#[server(prefix = "/_fn", endpoint = "tools/list", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn list_project_tools(
    project: String,
    #[server(default)] server: String,
    #[server(default)] asked: Asked,
) -> Result<(ToolsPage, Vec<String>), AppError> {
    let (services, caller) = signed_in()?;
    let (servers, filter) = (services.servers(), asked.filter());
    let of = Some(server.as_str()).filter(|server| !server.is_empty());
    let page = servers.tools_of_project(&caller, &project, of, &filter).await?;
    let names = servers.names(&caller, &project).await?;
    Ok((asked.glance(page, false), names))
}

/// Shows a tool to clients, or hides it: one form for all of a list, so that each has a button only.
/// `show` or `hide` is `server/tool`.
#[server(prefix = "/_fn", endpoint = "tools/offer", output = crate::codec::Json)]
pub async fn offer_tool(
    project: String,
    #[server(default)] show: String,
    #[server(default)] hide: String,
) -> Result<(), AppError> {
    let (services, caller) = signed_in()?;
    let hidden = !hide.is_empty();
    let which = if hidden { hide } else { show };
    let (server, tool) = which.split_once('/').ok_or_else(domain::Error::not_found)?;
    services.servers().hide_tool(&caller, &project, server, tool, hidden).await?;
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
