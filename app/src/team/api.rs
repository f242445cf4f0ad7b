//! Server functions of teams.

use domain::{
    Role, Timestamp, UserId,
    team::{Team, TeamDetail},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use crate::context::{go, keep, signed_in};
use crate::error::AppError;

#[server(prefix = "/_fn", endpoint = "teams/list", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn list_teams(organization: String) -> Result<(Vec<Team>, Timestamp), AppError> {
    let (services, caller) = signed_in()?;
    Ok((services.teams().list(&caller, &organization).await?, services.clock().now()))
}

/// A team, and for those who manage it whom and what could be added: values of a choice with their labels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TeamView {
    pub detail: TeamDetail,
    pub may: bool,
    /// E-mail addresses of members of the organization who are not in the team.
    pub people: Vec<(String, String)>,
    /// Projects of the organization in which the team has no role.
    pub projects: Vec<(String, String)>,
    pub now: Timestamp,
}

#[server(prefix = "/_fn", endpoint = "teams/get", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn get_team(organization: String, team: String) -> Result<TeamView, AppError> {
    let (services, caller) = signed_in()?;
    let detail = services.teams().get(&caller, &organization, &team).await?;
    let owner = services.organizations().get(&caller, &organization).await?;
    let may = caller.may(domain::Action::ManageOrganization, &domain::Resource::Organization(owner.id));
    let mut view = TeamView { detail, may, people: vec![], projects: vec![], now: services.clock().now() };
    if may {
        let members = services.organizations().members(&caller, &organization).await?;
        view.people = members
            .into_iter()
            .filter(|person| view.detail.members.iter().all(|member| member.user_id != person.user_id))
            .map(|person| (person.email.clone(), format!("{} · {}", person.name, person.email)))
            .collect();
        let filter = domain::project::ProjectFilter::default();
        let projects = services.projects().of_organization(&caller, &organization, filter).await?;
        view.projects = projects
            .items
            .into_iter()
            .map(|project| (project.path(), project.name))
            .filter(|(path, _)| view.detail.projects.iter().all(|held| held.project != *path))
            .collect();
    }
    Ok(view)
}

#[server(prefix = "/_fn", endpoint = "teams/create", output = crate::codec::Json)]
pub async fn create_team(
    organization: String,
    name: String,
    #[server(default)] slug: String,
) -> Result<(), AppError> {
    let (services, caller) = signed_in()?;
    keep([("name", name.as_str()), ("slug", slug.as_str())]);
    let slug = if slug.trim().is_empty() { domain::name::to_slug(&name) } else { slug };
    let input = domain::team::TeamInput { slug, name };
    let team = services.teams().create(&caller, &organization, input).await?;
    go(&format!("/orgs/{organization}/teams/{}", team.slug));
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "teams/update", output = crate::codec::Json)]
pub async fn update_team(
    organization: String,
    team: String,
    name: String,
    slug: String,
) -> Result<(), AppError> {
    let (services, caller) = signed_in()?;
    keep([("name", name.as_str()), ("slug", slug.as_str())]);
    let input = domain::team::TeamInput { slug, name };
    let team = services.teams().update(&caller, &organization, &team, input).await?;
    go(&format!("/orgs/{organization}/teams/{}", team.slug));
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "teams/delete", output = crate::codec::Json)]
pub async fn delete_team(organization: String, team: String) -> Result<(), AppError> {
    let (services, caller) = signed_in()?;
    services.teams().delete(&caller, &organization, &team).await?;
    go(&format!("/orgs/{organization}/teams"));
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "teams/add-member", output = crate::codec::Json)]
pub async fn add_team_member(organization: String, team: String, email: String) -> Result<(), AppError> {
    let (services, caller) = signed_in()?;
    services.teams().add_member(&caller, &organization, &team, &email).await?;
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "teams/remove-member", output = crate::codec::Json)]
pub async fn remove_team_member(organization: String, team: String, user: UserId) -> Result<(), AppError> {
    let (services, caller) = signed_in()?;
    services.teams().remove_member(&caller, &organization, &team, user).await?;
    // Who left may see less of the projects around it.
    if caller.subject().user == user {
        go(&format!("/orgs/{organization}/teams"));
    }
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "teams/set-project", output = crate::codec::Json)]
pub async fn set_team_project(
    organization: String,
    team: String,
    project: String,
    role: Role,
) -> Result<(), AppError> {
    let (services, caller) = signed_in()?;
    services.teams().set_project(&caller, &organization, &team, &project, role).await?;
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "teams/remove-project", output = crate::codec::Json)]
pub async fn remove_team_project(
    organization: String,
    team: String,
    project: String,
) -> Result<(), AppError> {
    let (services, caller) = signed_in()?;
    services.teams().remove_project(&caller, &organization, &team, &project).await?;
    Ok(())
}
