//! Server functions of projects.

use std::collections::BTreeMap;

use domain::{
    Role, SecretInput, Timestamp,
    project::{Health, Project, Transfer},
    template::{Beginning, Template},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use crate::context::{go, keep, signed_in};
use crate::{error::AppError, ui::Choices};
#[cfg(feature = "ssr")]
use domain::{
    project::{NewProject, ProjectFilter, ProjectSettings, TransferInput},
    template::FromTemplate,
};

/// A project in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProjectLine {
    /// `org.project`.
    pub path: String,
    pub name: String,
    pub description: String,
    pub organization: String,
    pub role: Role,
    pub health: Health,
    pub members: u32,
    pub favorite: bool,
    pub last_used: Option<Timestamp>,
}

impl From<Project> for ProjectLine {
    fn from(project: Project) -> Self {
        Self {
            path: project.path(),
            name: project.name,
            description: project.description,
            organization: project.organization_name,
            role: project.role,
            health: project.health,
            members: project.member_count,
            favorite: project.favorite,
            last_used: project.last_used,
        }
    }
}

/// A page of the projects that fit, and what there is to choose from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Projects {
    pub items: Vec<ProjectLine>,
    /// What `after` is for the next page.
    pub next: Option<String>,
    /// Organizations to choose from: slug and name.
    pub organizations: Vec<(String, String)>,
    pub now: Timestamp,
}

/// Projects whose names or descriptions hold `q`, of the organization with the slug `org`; empty: all.
#[server(prefix = "/_fn", endpoint = "projects/list", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn list_projects(
    #[server(default)] q: String,
    #[server(default)] org: String,
    #[server(default)] after: String,
) -> Result<Projects, AppError> {
    let (services, caller) = signed_in()?;
    let filter = ProjectFilter { q: Some(q), organization: Some(org), after: Some(after) };
    let page = services.projects().list(&caller, &filter).await?;
    // One's own, and those that have brought one in.
    let own = services.organizations().list(&caller).await?.into_iter().map(|own| (own.slug, own.name));
    let others = page.items.iter().map(|p| (p.organization_slug.clone(), p.organization_name.clone()));
    let mut organizations: Vec<_> = own.chain(others).collect();
    organizations.sort();
    organizations.dedup();
    let items = page.items.into_iter().map(ProjectLine::from).collect();
    Ok(Projects { items, next: page.next, organizations, now: services.clock().now() })
}

/// Projects that are shown to choose from; digits lead to nine of them.
#[cfg(feature = "ssr")]
const SHORTCUTS: u64 = 9;

/// The project that somebody is in, and those that they are likely to go to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shortcuts {
    pub current: Option<ProjectLine>,
    pub projects: Vec<ProjectLine>,
}

#[server(prefix = "/_fn", endpoint = "projects/shortcuts", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn read_shortcuts(#[server(default)] project: String) -> Result<Shortcuts, AppError> {
    let (services, caller) = signed_in()?;
    let projects = services.projects().first(&caller, SHORTCUTS).await?;
    let projects: Vec<_> = projects.into_iter().map(ProjectLine::from).collect();
    let mut current = projects.iter().find(|line| line.path == project).cloned();
    if current.is_none() && !project.is_empty() {
        // What is not there, or not to be seen, is the page's matter.
        current = services.projects().get(&caller, &project).await.ok().map(ProjectLine::from);
    }
    Ok(Shortcuts { current, projects })
}

#[server(prefix = "/_fn", endpoint = "projects/favorite", output = crate::codec::Json)]
pub async fn set_favorite(project: String, favorite: bool) -> Result<(), AppError> {
    let (services, caller) = signed_in()?;
    services.projects().set_favorite(&caller, &project, favorite).await?;
    Ok(())
}

/// What there is to choose from for a new project.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NewProjectPage {
    /// Organizations in which the caller may create projects: slug and name.
    pub homes: Choices,
    /// What these organizations keep.
    pub templates: Vec<Template>,
    /// The template's id or name; empty for a blank project.
    pub template: String,
    /// The slug of the organization that is offered first.
    pub organization: String,
    /// What the template would make.
    pub beginning: Option<Beginning>,
}

#[server(prefix = "/_fn", endpoint = "projects/new", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn read_new_project(
    #[server(default)] template: String,
    #[server(default)] organization: String,
) -> Result<NewProjectPage, AppError> {
    let (services, caller) = signed_in()?;
    let (mut homes, more) = services.organizations().homes(&caller, "").await?;
    if !organization.is_empty() && !homes.iter().any(|home| home.slug == organization) {
        // Whoever may not see it has nothing to choose there.
        homes.extend(services.organizations().get(&caller, &organization).await.ok());
    }
    homes.retain(|home| may_create(&caller, home));
    // An administrator may create projects everywhere, and does so at home or where they come from.
    let member =
        |home: &domain::OrganizationId| caller.subject().organizations.iter().any(|(id, _)| id == home);
    let own: Vec<_> =
        homes.iter().filter(|home| member(&home.id) || home.slug == organization).cloned().collect();
    let templates = services.templates().of_all(&caller, &own).await?;
    let own = templates.iter().find(|kept| kept.id.to_string() == template);
    let asked = homes.iter().find(|home| home.slug == organization).or(homes.first());
    let organization = match own {
        Some(own) => own.organization_slug.clone(),
        None => asked.map(|home| home.slug.clone()).unwrap_or_default(),
    };
    let beginning = match template.is_empty() || organization.is_empty() {
        true => None,
        false => Some(services.templates().get(&caller, &organization, &template).await?),
    };
    let homes = choices(homes, more);
    Ok(NewProjectPage { homes, templates, template, organization, beginning })
}

/// Organizations in which the caller may create projects, those whose names hold `q`.
#[server(prefix = "/_fn", endpoint = "organizations/homes", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn find_homes(#[server(default)] q: String) -> Result<Choices, AppError> {
    let (services, caller) = signed_in()?;
    let (homes, more) = services.organizations().homes(&caller, &q).await?;
    Ok(choices(homes, more))
}

#[cfg(feature = "ssr")]
fn may_create(caller: &services::Caller, home: &domain::organization::Organization) -> bool {
    caller.may(domain::Action::CreateProject, &domain::Resource::Organization(home.id))
}

#[cfg(feature = "ssr")]
fn choices(homes: Vec<domain::organization::Organization>, more: bool) -> Choices {
    Choices { items: homes.into_iter().map(|home| (home.slug, home.name)).collect(), more }
}

/// `servers` are those of the template to create, `values` the secrets that they need.
#[server(prefix = "/_fn", endpoint = "projects/create", output = crate::codec::Json)]
pub async fn create_project(
    organization: String,
    name: String,
    slug: String,
    description: String,
    #[server(default)] template: String,
    #[server(default)] servers: Vec<String>,
    #[server(default)] values: BTreeMap<String, SecretInput>,
) -> Result<(), AppError> {
    let (services, caller) = signed_in()?;
    keep([
        ("organization", organization.as_str()),
        ("name", name.as_str()),
        ("slug", slug.as_str()),
        ("description", description.as_str()),
        ("servers", servers.join(" ").as_str()),
    ]);
    // It may be typed, so that it is not there is a matter of its field.
    let home = services.organizations().get(&caller, organization.trim()).await;
    let organization = home.map_err(|error| domain::Error::field("organization", error.code()))?.slug;
    let slug = if slug.trim().is_empty() { domain::name::to_slug(&name) } else { slug };
    let input = NewProject { organization, slug, name, description };
    let from = FromTemplate { template: Some(template), servers: Some(servers), values };
    let project = services.projects().create_from(&caller, input, from).await?;
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

#[server(prefix = "/_fn", endpoint = "projects/get", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn get_project(project: String) -> Result<ProjectPage, AppError> {
    let (services, caller) = signed_in()?;
    let project = services.projects().get(&caller, &project).await?;
    note_visit(&services, caller, &project);
    Ok(ProjectPage {
        project,
        open_access: services.settings().open_access,
        public_url: crate::context::meta().public_url.trim_end_matches('/').to_owned(),
    })
}

/// The page waits for no writing, and does not fail with it.
#[cfg(feature = "ssr")]
fn note_visit(services: &services::Services, caller: services::Caller, project: &Project) {
    let (services, project) = (services.clone(), project.clone());
    leptos::task::spawn(async move {
        if let Err(error) = services.projects().visit(&caller, &project).await {
            tracing::warn!(%error, "a visit was not written");
        }
    });
}

#[server(prefix = "/_fn", endpoint = "projects/update", output = crate::codec::Json)]
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

#[server(prefix = "/_fn", endpoint = "projects/delete", output = crate::codec::Json)]
pub async fn delete_project(project: String, confirm: String) -> Result<(), AppError> {
    let (services, caller) = signed_in()?;
    services.projects().delete(&caller, &project, confirm.trim()).await?;
    go("/projects");
    Ok(())
}

/// Where a project could go: slugs and names, and what changes if it goes to the one that is asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TransferChoice {
    pub homes: Choices,
    pub to: String,
    pub plan: Option<Result<Transfer, AppError>>,
}

#[server(prefix = "/_fn", endpoint = "projects/transfer-plan", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn read_transfer(
    project: String,
    #[server(default)] to: String,
) -> Result<TransferChoice, AppError> {
    let (services, caller) = signed_in()?;
    let project = services.projects().for_settings(&caller, &project).await?;
    let to = to.trim().to_owned();
    let (mut homes, more) = services.organizations().homes(&caller, "").await?;
    homes.retain(|home| home.id != project.organization_id);
    let plan = match to.is_empty() {
        true => None,
        false => {
            let plan = services.projects().transfer_plan(&caller, &project.path(), &to).await;
            Some(plan.map_err(AppError::from))
        }
    };
    let homes = choices(homes, more);
    Ok(TransferChoice { homes, to, plan })
}

#[server(prefix = "/_fn", endpoint = "projects/transfer", output = crate::codec::Json)]
pub async fn transfer_project(
    project: String,
    organization: String,
    confirm: String,
) -> Result<(), AppError> {
    let (services, caller) = signed_in()?;
    let input = TransferInput { organization, confirm };
    let project = services.projects().transfer(&caller, &project, input).await?;
    go(&format!("/projects/{}/settings", project.path()));
    Ok(())
}
