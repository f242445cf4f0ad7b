//! Server functions of the audit trail.

use domain::{
    Timestamp,
    audit::{AuditFilter, AuditPage},
};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context::signed_in;
use crate::error::AppError;

/// A page of the trail, newest first, and the server's clock.
#[server(prefix = "/_fn", endpoint = "activity/list", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn list_activity(
    project: String,
    #[server(default)] filter: AuditFilter,
) -> Result<(AuditPage, Timestamp), AppError> {
    let (services, caller) = signed_in()?;
    Ok((services.audit().list(&caller, &project, filter).await?, services.clock().now()))
}
