//! Server functions of logs.

use domain::{
    LogId, Timestamp,
    log::{LogDetail, LogFilter, LogPage, LogSummary},
    usage::{ToolUsage, UsageRange},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use crate::context::signed_in;
use crate::error::AppError;

/// A page of the log, newest first, and the server's clock. Arguments and results stay behind: lists
/// do not show them, and they are most of what there is.
#[server(prefix = "/_fn", endpoint = "logs/list", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn list_logs(
    project: String,
    #[server(default)] filter: LogFilter,
) -> Result<(LogPage, Timestamp), AppError> {
    let (services, caller) = signed_in()?;
    let mut page = services.logs().list(&caller, &project, filter).await?;
    page.items = page.items.into_iter().map(domain::log::LogEntry::without_payload).collect();
    Ok((page, services.clock().now()))
}

/// One entry with its surroundings, and the server's clock.
#[server(prefix = "/_fn", endpoint = "logs/get", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn get_log(project: String, id: LogId) -> Result<(LogDetail, Timestamp), AppError> {
    let (services, caller) = signed_in()?;
    Ok((services.logs().get(&caller, &project, id).await?, services.clock().now()))
}

/// What a time has how often, and its worst tools.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    pub counts: LogSummary,
    pub range: UsageRange,
    pub slowest: Vec<ToolUsage>,
    pub failing: Vec<ToolUsage>,
}

#[server(prefix = "/_fn", endpoint = "logs/summary", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn read_log_summary(
    project: String,
    #[server(default)] filter: LogFilter,
) -> Result<Summary, AppError> {
    let (services, caller) = signed_in()?;
    // Usage is kept by hour and told for whole ranges: the one that holds the log's.
    let range = match filter.within {
        Some(domain::log::LogWindow::Hour | domain::log::LogWindow::Day) => UsageRange::Day,
        Some(domain::log::LogWindow::Week) | None => UsageRange::Week,
    };
    let counts = services.logs().summary(&caller, &project, filter).await?;
    let usage = services.usage().project(&caller, &project, range).await?;
    Ok(Summary { counts, range, slowest: usage.slowest, failing: usage.failing })
}
