//! Server functions of projects.

use domain::{organization::Organization, project::Project};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use crate::context::{go, keep, signed_in};
use crate::error::AppError;
#[cfg(feature = "ssr")]
use domain::project::{NewProject, ProjectSettings};

#[server(prefix = "/_fn", endpoint = "projects/list", input = server_fn::codec::GetUrl)]
pub async fn list_projects() -> Result<Vec<Project>, AppError> {
    let (services, caller) = signed_in()?;
    Ok(services.projects().list(&caller).await?)
}

/// Organizations in which the caller may create projects.
#[server(prefix = "/_fn", endpoint = "projects/homes", input = server_fn::codec::GetUrl)]
pub async fn project_homes() -> Result<Vec<Organization>, AppError> {
    let (services, caller) = signed_in()?;
    let mut homes = services.organizations().list(&caller).await?;
    homes.retain(|home| caller.may(domain::Action::CreateProject, &domain::Resource::Organization(home.id)));
    Ok(homes)
}

#[server(prefix = "/_fn", endpoint = "projects/create")]
pub async fn create_project(
    organization: String,
    name: String,
    slug: String,
    description: String,
) -> Result<(), AppError> {
    let (services, caller) = signed_in()?;
    keep([
        ("organization", organization.as_str()),
        ("name", name.as_str()),
        ("slug", slug.as_str()),
        ("description", description.as_str()),
    ]);
    let slug = if slug.trim().is_empty() { domain::name::to_slug(&name) } else { slug };
    let project =
        services.projects().create(&caller, NewProject { organization, slug, name, description }).await?;
    go(&format!("/projects/{}", project.path()));
    Ok(())
}

/// A project and the address under which clients reach this installation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProjectPage {
    pub project: Project,
    pub public_url: String,
    /// Whether this installation serves open projects without a key.
    pub open_access: bool,
}

#[server(prefix = "/_fn", endpoint = "projects/get", input = server_fn::codec::GetUrl)]
pub async fn get_project(project: String) -> Result<ProjectPage, AppError> {
    let (services, caller) = signed_in()?;
    let project = services.projects().get(&caller, &project).await?;
    Ok(ProjectPage {
        project,
        open_access: services.settings().open_access,
        public_url: crate::context::meta().public_url.trim_end_matches('/').to_owned(),
    })
}

#[server(prefix = "/_fn", endpoint = "projects/update")]
pub async fn update_project(
    project: String,
    name: String,
    slug: String,
    #[server(default)] description: String,
    log_retention_days: String,
    #[server(default)] log_payloads: Option<String>,
    access: String,
) -> Result<(), AppError> {
    let (services, caller) = signed_in()?;
    keep([
        ("name", name.as_str()),
        ("slug", slug.as_str()),
        ("description", description.as_str()),
        ("log_retention_days", log_retention_days.as_str()),
    ]);
    // What is no number is outside the range too, and the check says so.
    let log_retention_days = log_retention_days.trim().parse().unwrap_or_default();
    let access = access.parse().map_err(|code| domain::Error::field("access", code))?;
    let settings = ProjectSettings {
        slug,
        name,
        description,
        log_payloads: log_payloads.is_some(),
        log_retention_days,
        access,
    };
    let project = services.projects().update(&caller, &project, settings).await?;
    go(&format!("/projects/{}", project.path()));
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "projects/delete")]
pub async fn delete_project(project: String, confirm: String) -> Result<(), AppError> {
    let (services, caller) = signed_in()?;
    services.projects().delete(&caller, &project, confirm.trim()).await?;
    go("/projects");
    Ok(())
}
