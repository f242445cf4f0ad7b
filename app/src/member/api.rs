//! Server functions of project members.

use domain::{Role, Timestamp, UserId, project::Member};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context::{go, signed_in};
use crate::error::AppError;

#[server(prefix = "/_fn", endpoint = "members/list", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn list_members(project: String) -> Result<(Vec<Member>, Timestamp), AppError> {
    let (services, caller) = signed_in()?;
    Ok((services.projects().members(&caller, &project).await?, services.clock().now()))
}

#[server(prefix = "/_fn", endpoint = "members/role", output = crate::codec::Json)]
pub async fn set_member_role(project: String, user: UserId, role: Role) -> Result<(), AppError> {
    let (services, caller) = signed_in()?;
    services.projects().set_role(&caller, &project, user, role).await?;
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "members/remove", output = crate::codec::Json)]
pub async fn remove_member(project: String, user: UserId) -> Result<(), AppError> {
    let (services, caller) = signed_in()?;
    services.projects().remove_member(&caller, &project, user).await?;
    // Who left may see nothing of it any more.
    if caller.subject().user == user {
        go("/projects");
    }
    Ok(())
}
