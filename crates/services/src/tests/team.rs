//! Teams: roles that people hold together, and what ends with them.

use domain::{
    Code, OrganizationRole, Role,
    invitation::NewInvitation,
    organization::NewOrganizationMember,
    project::{NewMember, NewProject, ProjectFilter},
    team::TeamInput,
};

use super::fixture::{Fixture, PROJECT, caller_of, host, on_each_database, user};
use crate::Caller;

const TEAM: &str = "ops";

/// Makes a team of `acme` that is `role` of the project, with the stranger in it, who has no other role there.
async fn team_of_stranger(f: &Fixture, role: Role) -> Caller {
    let teams = f.services.teams();
    teams.create(&f.admin, "acme", TeamInput { slug: TEAM.into(), name: "Ops".into() }).await.unwrap();
    let member = NewOrganizationMember { email: f.stranger.email().into(), role: OrganizationRole::Member };
    f.services.organizations().add_member(&f.admin, "acme", member).await.unwrap();
    teams.add_member(&f.admin, "acme", TEAM, f.stranger.email()).await.unwrap();
    teams.set_project(&f.admin, "acme", TEAM, PROJECT, role).await.unwrap();
    now(f, &f.stranger).await
}

async fn now(f: &Fixture, person: &Caller) -> Caller {
    caller_of(&f.services, person.subject().user).await
}

/// What they are in the project; none where they do not see it.
async fn role(f: &Fixture, person: &Caller) -> Option<Role> {
    f.services.projects().get(&now(f, person).await, PROJECT).await.ok().map(|project| project.role)
}

fn open_invitation() -> NewInvitation {
    NewInvitation { email: None, role: Role::Reporter, expires_in_days: None, language: None }
}

#[test]
fn the_strongest_of_all_roles_counts() {
    on_each_database(async |f: Fixture| {
        assert_eq!(role(&f, &f.stranger).await, None);
        team_of_stranger(&f, Role::Developer).await;
        assert_eq!(role(&f, &f.stranger).await, Some(Role::Developer));

        let own = NewMember { email: f.stranger.email().into(), role: Role::Reporter };
        f.services.projects().add_member(&f.admin, PROJECT, own).await.unwrap();
        assert_eq!(role(&f, &f.stranger).await, Some(Role::Developer), "the team's is stronger");
        let teams = f.services.teams();
        teams.set_project(&f.admin, "acme", TEAM, PROJECT, Role::Reporter).await.unwrap();
        let user = f.stranger.subject().user;
        f.services.projects().set_role(&f.admin, PROJECT, user, Role::Owner).await.unwrap();
        assert_eq!(role(&f, &f.stranger).await, Some(Role::Owner), "their own is stronger");

        let listed = f
            .services
            .projects()
            .list(&now(&f, &f.stranger).await, &ProjectFilter::default())
            .await
            .unwrap()
            .items;
        let listed: Vec<_> = listed.iter().map(domain::project::Project::path).collect();
        assert_eq!(listed.len(), 2, "each project once: {listed:?}");
    });
}

#[test]
fn the_projects_members_are_told_with_their_team() {
    on_each_database(async |f: Fixture| {
        team_of_stranger(&f, Role::Developer).await;
        let members = f.services.projects().members(&f.owner, PROJECT).await.unwrap();
        let through: Vec<_> = members
            .iter()
            .filter_map(|m| Some((m.email.as_str(), m.role, m.team.as_ref()?.slug.as_str())))
            .collect();
        assert_eq!(through, [("stranger@other.test", Role::Developer, TEAM)]);
        let count = f.services.projects().get(&f.owner, PROJECT).await.unwrap().member_count;
        assert_eq!(count, 4, "three with a role of their own, one by a team");
        let document = f.services.export(&f.owner, PROJECT).await.unwrap();
        assert_eq!(document.projects[0].members.len(), 3, "a file holds people's own roles");

        let user = f.stranger.subject().user;
        let refused = f.services.projects().remove_member(&f.owner, PROJECT, user).await.unwrap_err();
        assert_eq!(refused.code(), Code::NotFound, "what the team gives is taken there");
        let members = f.services.organizations().members(&f.admin, "acme").await.unwrap();
        assert_eq!(members[0].project_count, 1, "a team's project counts");
    });
}

#[test]
fn who_loses_a_teams_role_loses_what_they_made_by_it() {
    on_each_database(async |f: Fixture| {
        let (teams, user) = (f.services.teams(), f.stranger.subject().user);
        team_of_stranger(&f, Role::Owner).await;
        let known = async |key| f.services.snapshot().await.unwrap().keys.iter().any(|k| k.id == key);
        let invited = async || f.services.invitations().list(&f.admin, &host(PROJECT)).await.unwrap().len();
        for end in ["weaker role", "grant", "member", "organization", "team"] {
            let caller = now(&f, &f.stranger).await;
            f.services.invitations().create(&caller, &host(PROJECT), open_invitation()).await.unwrap();
            let key = f.services.keys().create_playground(&caller, PROJECT).await.unwrap().key.id;
            assert!(known(key).await && invited().await == 1, "{end}");
            match end {
                "weaker role" => teams.set_project(&f.admin, "acme", TEAM, PROJECT, Role::Reporter).await,
                "grant" => teams.remove_project(&f.admin, "acme", TEAM, PROJECT).await,
                "member" => teams.remove_member(&f.admin, "acme", TEAM, user).await,
                "organization" => {
                    let owner = NewOrganizationMember {
                        email: f.owner.email().into(),
                        role: OrganizationRole::Owner,
                    };
                    f.services.organizations().add_member(&f.admin, "acme", owner).await.unwrap();
                    f.services.organizations().remove_member(&f.admin, "acme", user).await
                }
                _ => teams.delete(&f.admin, "acme", TEAM).await,
            }
            .unwrap();
            assert!(!known(key).await && invited().await == 0, "{end}");
            let left = role(&f, &f.stranger).await;
            assert_eq!(left, (end == "weaker role").then_some(Role::Reporter), "{end}");
            // And back, for the next one.
            match end {
                "member" | "organization" => {
                    if end == "organization" {
                        let email = f.stranger.email().into();
                        let member = NewOrganizationMember { email, role: OrganizationRole::Member };
                        f.services.organizations().add_member(&f.admin, "acme", member).await.unwrap();
                        assert_eq!(
                            role(&f, &f.stranger).await,
                            None,
                            "nobody comes back into a team by that"
                        );
                    }
                    teams.add_member(&f.admin, "acme", TEAM, f.stranger.email()).await.map(drop).unwrap();
                }
                "team" => {}
                _ => teams.set_project(&f.admin, "acme", TEAM, PROJECT, Role::Owner).await.unwrap(),
            }
        }
    });
}

#[test]
fn what_another_role_still_allows_stays() {
    on_each_database(async |f: Fixture| {
        let caller = team_of_stranger(&f, Role::Owner).await;
        let own = NewMember { email: f.stranger.email().into(), role: Role::Owner };
        f.services.projects().add_member(&f.admin, PROJECT, own).await.unwrap();
        f.services.invitations().create(&caller, &host(PROJECT), open_invitation()).await.unwrap();
        f.services.teams().delete(&f.admin, "acme", TEAM).await.unwrap();
        assert_eq!(f.services.invitations().list(&f.admin, &host(PROJECT)).await.unwrap().len(), 1);
    });
}

#[test]
fn teams_are_seen_by_members_and_managed_by_owners_of_their_organization() {
    on_each_database(async |f: Fixture| {
        let (teams, member) = (f.services.teams(), team_of_stranger(&f, Role::Reporter).await);
        let secret = NewProject {
            organization: "acme".into(),
            slug: "secret".into(),
            name: "Secret".into(),
            description: String::new(),
        };
        f.services.projects().create(&f.admin, secret).await.unwrap();
        let other = TeamInput { slug: "other".into(), name: "Other".into() };
        teams.create(&f.admin, "acme", other).await.unwrap();
        teams.set_project(&f.admin, "acme", "other", "acme.secret", Role::Owner).await.unwrap();
        let listed = teams.list(&member, "acme").await.unwrap();
        let listed: Vec<_> =
            listed.iter().map(|t| (t.slug.as_str(), t.member_count, t.project_count)).collect();
        assert_eq!(listed, [("ops", 1, 1), ("other", 0, 1)]);
        let detail = teams.get(&member, "acme", "other").await.unwrap();
        assert!(detail.projects.is_empty(), "not the names of projects that they cannot see");

        let rename = || TeamInput { slug: TEAM.into(), name: "Renamed".into() };
        let user = f.stranger.subject().user;
        // Whoever is in no way of this organization learns nothing; its members may look.
        for (caller, code) in [(&member, Code::Forbidden), (&f.reporter, Code::NotFound)] {
            let refused = [
                teams.create(caller, "acme", rename()).await.map(drop),
                teams.update(caller, "acme", TEAM, rename()).await.map(drop),
                teams.delete(caller, "acme", TEAM).await,
                teams.add_member(caller, "acme", TEAM, f.owner.email()).await.map(drop),
                teams.remove_member(caller, "acme", TEAM, f.owner.subject().user).await,
                teams.set_project(caller, "acme", TEAM, PROJECT, Role::Owner).await,
                teams.remove_project(caller, "acme", TEAM, PROJECT).await,
            ];
            for refused in refused {
                assert_eq!(refused.unwrap_err().code(), code);
            }
        }
        assert_eq!(teams.list(&f.reporter, "acme").await.unwrap_err().code(), Code::NotFound);
        assert_eq!(teams.get(&f.admin, "other", TEAM).await.unwrap_err().code(), Code::NotFound);
        let foreign = teams.set_project(&f.admin, "acme", TEAM, "other.shop", Role::Owner).await.unwrap_err();
        assert_eq!(foreign.code(), Code::NotFound, "a project of another organization");
        let outside = user_outside(&f).await;
        let refused = teams.add_member(&f.admin, "acme", TEAM, &outside).await.unwrap_err();
        assert_eq!(refused.field_errors()[0].code, Code::NotInOrganization);
        let taken = TeamInput { slug: "other".into(), name: "Ops".into() };
        let refused = teams.update(&f.admin, "acme", TEAM, taken).await.unwrap_err();
        assert_eq!(refused.field_errors()[0].code, Code::SlugTaken);

        teams.remove_member(&member, "acme", TEAM, user).await.unwrap();
        assert_eq!(role(&f, &member).await, None, "everybody may leave");
    });
}

async fn user_outside(f: &Fixture) -> String {
    user(&f.services, "outside@nowhere.test", false).await.email
}
