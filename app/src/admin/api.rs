//! Server functions for administrators.

use domain::{
    Timestamp, UserId,
    audit::{AuditFilter, TrailPage},
    platform::{
        JobName, JobStatus, OrganizationFilter, OrganizationsPage, SystemStatus, UserFilter, UsersPage,
    },
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::{
    context::{go, is_plain_form, keep, meta, signed_in},
    draft,
};

#[server(prefix = "/_fn", endpoint = "admin/users", input = server_fn::codec::GetUrl)]
pub async fn list_users(#[server(default)] filter: UserFilter) -> Result<(UsersPage, Timestamp), AppError> {
    let (services, caller) = signed_in()?;
    Ok((services.accounts().list(&caller, filter).await?, services.clock().now()))
}

/// A link that signs somebody in; it is shown this once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeLink {
    pub email: String,
    pub link: String,
}

#[server(prefix = "/_fn", endpoint = "admin/create-user")]
pub async fn create_user(email: String, name: String) -> Result<Option<MadeLink>, AppError> {
    let (services, caller) = signed_in()?;
    keep([("email", email.as_str()), ("name", name.as_str())]);
    let input = domain::platform::NewUser { email, name };
    let (_, made) = services.accounts().create_with_link(&caller, input).await?;
    Ok(tell(&services, &caller, made))
}

#[server(prefix = "/_fn", endpoint = "admin/sign-in-link")]
pub async fn make_sign_in_link(user: UserId) -> Result<Option<MadeLink>, AppError> {
    let (services, caller) = signed_in()?;
    let made = services.accounts().link_for(&caller, user).await?;
    Ok(tell(&services, &caller, made))
}

/// To WASM at once; to a plain form on the page that it is sent on to.
#[cfg(feature = "ssr")]
fn tell(
    services: &services::Services,
    caller: &services::Caller,
    made: domain::platform::SignInLink,
) -> Option<MadeLink> {
    let link = format!("{}/sign-in/link?token={}", meta().public_url, made.token.expose_secret());
    let made = MadeLink { email: made.email, link };
    if is_plain_form() {
        let token = draft::put(services, caller, &made);
        go(&format!("/admin?made={token}"));
        return None;
    }
    Some(made)
}

/// What a plain form has just made: told once.
#[server(prefix = "/_fn", endpoint = "admin/made-link")]
pub async fn take_made_link(token: String) -> Result<Option<MadeLink>, AppError> {
    let (services, caller) = signed_in()?;
    Ok(draft::take(&services, &caller, &token))
}

#[server(prefix = "/_fn", endpoint = "admin/disable-user")]
pub async fn set_user_disabled(user: UserId, disabled: bool) -> Result<(), AppError> {
    let (services, caller) = signed_in()?;
    services.accounts().set_disabled(&caller, user, disabled).await?;
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "admin/make-admin")]
pub async fn set_user_admin(user: UserId, admin: bool) -> Result<(), AppError> {
    let (services, caller) = signed_in()?;
    services.accounts().set_admin(&caller, user, admin).await?;
    // Who gave it away themselves may not see this page any more.
    if !admin && caller.subject().user == user {
        go("/");
    }
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "admin/organizations", input = server_fn::codec::GetUrl)]
pub async fn list_all_organizations(
    #[server(default)] filter: OrganizationFilter,
) -> Result<(OrganizationsPage, Timestamp), AppError> {
    let (services, caller) = signed_in()?;
    Ok((services.organizations().search(&caller, filter).await?, services.clock().now()))
}

#[server(prefix = "/_fn", endpoint = "admin/audit", input = server_fn::codec::GetUrl)]
pub async fn list_audit(
    #[server(default)] organization: Option<String>,
    #[server(default)] filter: AuditFilter,
) -> Result<(TrailPage, Timestamp), AppError> {
    let (services, caller) = signed_in()?;
    let page = services.audit().of_platform(&caller, organization.as_deref(), filter).await?;
    Ok((page, services.clock().now()))
}

#[server(prefix = "/_fn", endpoint = "admin/system", input = server_fn::codec::GetUrl)]
pub async fn read_system() -> Result<SystemStatus, AppError> {
    let (services, caller) = signed_in()?;
    Ok(services.platform().status(&caller).await?)
}

#[server(prefix = "/_fn", endpoint = "admin/jobs", input = server_fn::codec::GetUrl)]
pub async fn list_jobs() -> Result<(Vec<JobStatus>, Timestamp), AppError> {
    let (services, caller) = signed_in()?;
    Ok((services.jobs().list(&caller).await?, services.clock().now()))
}

#[server(prefix = "/_fn", endpoint = "admin/run-job")]
pub async fn run_job(job: JobName) -> Result<(), AppError> {
    let (services, caller) = signed_in()?;
    services.jobs().run(&caller, job).await?;
    Ok(())
}

/// Sends a mail to see whether mail works; the answer is to whom.
#[server(prefix = "/_fn", endpoint = "admin/test-mail")]
pub async fn send_test_mail(email: String) -> Result<String, AppError> {
    let (services, caller) = signed_in()?;
    keep([("email", email.as_str())]);
    let language = crate::context::Preferences::current().locale.name();
    services.mails().test(&caller, &email, language).await?;
    if is_plain_form() {
        go(&format!("/admin/system?mailed={}", crate::ui::encode(&email)));
    }
    Ok(email)
}
