//! Server functions of usage.

use domain::usage::{Usage, UsageRange};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context::signed_in;
use crate::error::AppError;

#[server(prefix = "/_fn", endpoint = "usage/project", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn project_usage(project: String, #[server(default)] range: UsageRange) -> Result<Usage, AppError> {
    let (services, caller) = signed_in()?;
    Ok(services.usage().project(&caller, &project, range).await?)
}
