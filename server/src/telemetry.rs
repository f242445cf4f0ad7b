//! What the process writes about itself.

use anyhow::{Context, Result};
use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt, util::SubscriberInitExt};

use crate::config::{Log, LogFormat};

/// Starts logging to standard error. Standard output belongs to what a command prints.
pub(crate) fn start(log: &Log) -> Result<()> {
    // rmcp and sqlx write whole messages and statements at info and debug.
    let filter: EnvFilter = format!("{},rmcp=warn,sqlx=warn,sea_orm=warn", log.level)
        .parse()
        .with_context(|| format!("`log.level` is not a filter: {}", log.level))?;
    let registry = tracing_subscriber::registry().with(filter);
    let lines = fmt::layer().with_writer(std::io::stderr);
    match log.format {
        LogFormat::Text => registry.with(lines).try_init(),
        LogFormat::Json => registry.with(lines.json().flatten_event(true)).try_init(),
    }
    .context("logging is started already")
}
