//! Server functions of logs.

use domain::{
    Timestamp,
    log::{LogFilter, LogPage},
};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context::signed_in;
use crate::error::AppError;

/// A page of the log, newest first, and the server's clock.
#[server(prefix = "/_fn", endpoint = "logs/list", input = server_fn::codec::GetUrl)]
pub async fn list_logs(
    project: String,
    #[server(default)] filter: LogFilter,
) -> Result<(LogPage, Timestamp), AppError> {
    let (services, caller) = signed_in()?;
    Ok((services.logs().list(&caller, &project, filter).await?, services.clock().now()))
}

#[server(prefix = "/_fn", endpoint = "logs/clear")]
pub async fn clear_logs(project: String) -> Result<(), AppError> {
    let (services, caller) = signed_in()?;
    services.logs().clear(&caller, &project).await?;
    Ok(())
}
