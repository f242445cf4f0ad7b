//! Server functions of trying tools.

use domain::{key::CreatedKey, tool::OfferedTool};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context::signed_in;
use crate::error::AppError;

/// A key for this page alone: for an hour, and in no list.
#[server(prefix = "/_fn", endpoint = "playground/key", output = crate::codec::Json)]
pub async fn create_playground_key(project: String) -> Result<CreatedKey, AppError> {
    let (services, caller) = signed_in()?;
    Ok(services.keys().create_playground(&caller, &project).await?)
}

/// One tool by the server's own name for it.
#[server(prefix = "/_fn", endpoint = "playground/tool", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn get_tool(project: String, server: String, tool: String) -> Result<OfferedTool, AppError> {
    let (services, caller) = signed_in()?;
    Ok(services.servers().tool(&caller, &project, &server, &tool).await?)
}
