//! Server functions of organizations.

use domain::{
    OrganizationRole, Timestamp, UserId,
    audit::{AuditFilter, TrailPage},
    organization::{Organization, OrganizationMember},
    usage::{OrganizationUsage, UsageRange},
};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context::{go, keep, signed_in};
use crate::{error::AppError, project::api::ProjectLine};

#[server(prefix = "/_fn", endpoint = "organizations/list", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn list_organizations() -> Result<Vec<Organization>, AppError> {
    let (services, caller) = signed_in()?;
    Ok(services.organizations().list(&caller).await?)
}

#[server(prefix = "/_fn", endpoint = "organizations/get", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn get_organization(organization: String) -> Result<Organization, AppError> {
    let (services, caller) = signed_in()?;
    Ok(services.organizations().get(&caller, &organization).await?)
}

/// Its projects, where the next page of them begins, and the server's clock.
#[server(prefix = "/_fn", endpoint = "organizations/projects", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn organization_projects(
    organization: String,
) -> Result<(Vec<ProjectLine>, Option<String>, Timestamp), AppError> {
    let (services, caller) = signed_in()?;
    let filter = domain::project::ProjectFilter::default();
    let page = services.projects().of_organization(&caller, &organization, filter).await?;
    let items = page.items.into_iter().map(ProjectLine::from).collect();
    Ok((items, page.next, services.clock().now()))
}

#[server(prefix = "/_fn", endpoint = "organizations/members", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn organization_members(
    organization: String,
) -> Result<(Vec<OrganizationMember>, Timestamp), AppError> {
    let (services, caller) = signed_in()?;
    Ok((services.organizations().members(&caller, &organization).await?, services.clock().now()))
}

#[server(prefix = "/_fn", endpoint = "organizations/activity", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn organization_activity(
    organization: String,
    #[server(default)] filter: AuditFilter,
) -> Result<(TrailPage, Timestamp), AppError> {
    let (services, caller) = signed_in()?;
    Ok((services.audit().of_organization(&caller, &organization, filter).await?, services.clock().now()))
}

#[server(prefix = "/_fn", endpoint = "organizations/usage", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn read_organization_usage(
    organization: String,
    #[server(default)] range: UsageRange,
) -> Result<OrganizationUsage, AppError> {
    let (services, caller) = signed_in()?;
    Ok(services.usage().organization(&caller, &organization, range).await?)
}

#[server(prefix = "/_fn", endpoint = "organizations/create", output = crate::codec::Json)]
pub async fn create_organization(name: String, #[server(default)] slug: String) -> Result<(), AppError> {
    let (services, caller) = signed_in()?;
    keep([("name", name.as_str()), ("slug", slug.as_str())]);
    let slug = if slug.trim().is_empty() { domain::name::to_slug(&name) } else { slug };
    let input = domain::organization::OrganizationInput { slug, name };
    let organization = services.organizations().create(&caller, input).await?;
    go(&format!("/orgs/{}", organization.slug));
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "organizations/update", output = crate::codec::Json)]
pub async fn update_organization(organization: String, name: String, slug: String) -> Result<(), AppError> {
    let (services, caller) = signed_in()?;
    keep([("name", name.as_str()), ("slug", slug.as_str())]);
    let input = domain::organization::OrganizationInput { slug, name };
    let organization = services.organizations().update(&caller, &organization, input).await?;
    go(&format!("/orgs/{}/settings", organization.slug));
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "organizations/delete", output = crate::codec::Json)]
pub async fn delete_organization(organization: String, confirm: String) -> Result<(), AppError> {
    let (services, caller) = signed_in()?;
    services.organizations().delete(&caller, &organization, confirm.trim()).await?;
    go("/orgs");
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "organizations/role", output = crate::codec::Json)]
pub async fn set_organization_role(
    organization: String,
    user: UserId,
    role: OrganizationRole,
) -> Result<(), AppError> {
    let (services, caller) = signed_in()?;
    services.organizations().set_role(&caller, &organization, user, role).await?;
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "organizations/remove-member", output = crate::codec::Json)]
pub async fn remove_organization_member(organization: String, user: UserId) -> Result<(), AppError> {
    let (services, caller) = signed_in()?;
    services.organizations().remove_member(&caller, &organization, user).await?;
    // Who left may see nothing of it any more.
    if caller.subject().user == user {
        go("/orgs");
    }
    Ok(())
}
