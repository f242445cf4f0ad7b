//! Server functions of the search.

use domain::search::Found;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context::signed_in;
use crate::error::AppError;

/// What `q` finds, seen from `project` (`org.project`, or empty).
#[server(prefix = "/_fn", endpoint = "search/find", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn search(
    #[server(default)] q: String,
    #[server(default)] project: String,
) -> Result<Found, AppError> {
    let (services, caller) = signed_in()?;
    let project = Some(project).filter(|project| !project.is_empty());
    Ok(services.search().find(&caller, &domain::search::SearchQuery { q, project }).await?)
}
