//! A project given to another organization.

use domain::{
    Code, OrganizationRole, Role,
    audit::AuditFilter,
    invitation::NewInvitation,
    key::NewKey,
    organization::NewOrganizationMember,
    project::{NewMember, NewProject, Project, TransferInput},
    team::TeamInput,
};

use super::fixture::{Fixture, PROJECT, caller_of, host, on_each_database, remote};
use crate::Caller;

fn to(organization: &str, confirm: &str) -> TransferInput {
    TransferInput { organization: organization.into(), confirm: confirm.into() }
}

async fn now(f: &Fixture, person: &Caller) -> Caller {
    caller_of(&f.services, person.subject().user).await
}

async fn own(f: &Fixture, person: &Caller, organization: &str) -> Caller {
    let member = NewOrganizationMember { email: person.email().into(), role: OrganizationRole::Owner };
    f.services.organizations().add_member(&f.admin, organization, member).await.unwrap();
    now(f, person).await
}

async fn seen(f: &Fixture, person: &Caller, project: &str) -> Option<Project> {
    f.services.projects().get(&now(f, person).await, project).await.ok()
}

#[test]
fn what_is_the_projects_own_goes_along_and_what_came_from_the_organization_ends() {
    on_each_database(async |f: Fixture| {
        let s = &f.services;
        // The reporter is an owner by the organization alone, the developer is in a team as well.
        s.projects().remove_member(&f.admin, PROJECT, f.reporter.subject().user).await.unwrap();
        let lone = own(&f, &f.reporter, "acme").await;
        let owner = own(&f, &f.owner, "other").await;
        let team = TeamInput { slug: "ops".into(), name: "Ops".into() };
        s.teams().create(&f.admin, "acme", team).await.unwrap();
        let member =
            NewOrganizationMember { email: f.developer.email().into(), role: OrganizationRole::Member };
        s.organizations().add_member(&f.admin, "acme", member).await.unwrap();
        s.teams().add_member(&f.admin, "acme", "ops", f.developer.email()).await.unwrap();
        s.teams().set_project(&f.admin, "acme", "ops", PROJECT, Role::Owner).await.unwrap();
        s.servers().create(&f.admin, PROJECT, remote("web")).await.unwrap();
        s.keys().create(&f.admin, PROJECT, NewKey::named("ci")).await.unwrap();
        let open = |role| NewInvitation { email: None, role, expires_in_days: None, language: None };
        s.invitations().create(&lone, &host(PROJECT), open(Role::Reporter)).await.unwrap();
        s.invitations().create(&owner, &host(PROJECT), open(Role::Developer)).await.unwrap();

        let plan = s.projects().transfer_plan(&owner, PROJECT, "other").await.unwrap();
        assert_eq!((plan.from.as_str(), plan.to.as_str()), (PROJECT, "other.payments"));
        assert_eq!((plan.members, plan.keys, plan.invitations), (2, 1, 2));
        assert_eq!(plan.teams, ["Ops"]);
        assert_eq!(plan.lose, [lone.name()], "who owns the organization and holds no role");
        assert!(plan.gain.is_empty(), "the new organization's owner is a member already: {:?}", plan.gain);

        let before = s.projects().get(&owner, PROJECT).await.unwrap();
        let moved = s.projects().transfer(&owner, PROJECT, to("other", PROJECT)).await.unwrap();
        assert_eq!((moved.id, moved.path()), (before.id, "other.payments".to_owned()));
        assert_eq!((moved.server_count, moved.member_count), (1, 2));
        assert!(seen(&f, &f.owner, PROJECT).await.is_none(), "the old address ends");
        assert!(seen(&f, &f.owner, &before.id.to_string()).await.is_some(), "the id goes on");
        assert!(seen(&f, &lone, &before.id.to_string()).await.is_none());
        let developer = seen(&f, &f.developer, "other.payments").await.unwrap();
        assert_eq!(developer.role, Role::Developer, "the team's role ended, their own did not");
        let snapshot = s.snapshot().await.unwrap();
        let project = snapshot.projects.iter().find(|project| project.id == before.id).unwrap();
        assert_eq!(project.path, "other.payments", "the data plane follows");
        assert_eq!(snapshot.keys.iter().filter(|key| key.project == before.id).count(), 1);
        let invitations = s.invitations().list(&f.admin, &host("other.payments")).await.unwrap();
        assert_eq!(invitations.len(), 1, "the one of who lost access is withdrawn");
    });
}

#[test]
fn both_organizations_are_told() {
    on_each_database(async |f: Fixture| {
        let s = &f.services;
        s.projects().transfer(&f.admin, PROJECT, to("other", PROJECT)).await.unwrap();
        let only = || AuditFilter { action: Some("project.transfer".into()), ..AuditFilter::default() };
        for (organization, target) in [("acme", "acme.payments"), ("other", "other.payments")] {
            let trail = s.audit().of_organization(&f.admin, organization, only()).await.unwrap();
            assert_eq!(trail.items.len(), 1, "{organization}");
            assert_eq!(trail.items[0].event.target, target);
            assert_eq!(trail.items[0].event.change["organization"], serde_json::json!(["acme", "other"]));
        }
        let own = s.audit().list(&f.admin, "other.payments", only()).await.unwrap();
        assert_eq!(own.items.len(), 1, "the project tells it once");
    });
}

#[test]
fn a_transfer_is_refused_in_words_and_changes_nothing() {
    on_each_database(async |f: Fixture| {
        let s = &f.services;
        let field =
            |error: domain::Error| (error.field_errors()[0].field.clone(), error.field_errors()[0].code);
        let refused = async |caller: &Caller, input: TransferInput| {
            s.projects().transfer(caller, PROJECT, input).await.unwrap_err()
        };
        let wrong = refused(&f.admin, to("other", "payments")).await;
        assert_eq!(field(wrong), ("confirm".into(), Code::ConfirmationWrong));
        let same = refused(&f.admin, to("acme", PROJECT)).await;
        assert_eq!(field(same), ("organization".into(), Code::TransferSame));
        // Theirs to let go of, but they may create nothing there; who they are there makes no difference.
        for organization in ["other", "nowhere"] {
            let foreign = refused(&f.owner, to(organization, PROJECT)).await;
            assert_eq!(field(foreign), ("organization".into(), Code::NotFound));
        }
        for (caller, code) in [(&f.developer, Code::Forbidden), (&f.stranger, Code::NotFound)] {
            assert_eq!(refused(caller, to("other", PROJECT)).await.code(), code);
            let plan = s.projects().transfer_plan(caller, PROJECT, "other").await;
            assert_eq!(plan.unwrap_err().code(), code);
        }
        let input = NewProject {
            organization: "other".into(),
            slug: "payments".into(),
            name: "Taken".into(),
            description: String::new(),
        };
        s.projects().create(&f.admin, input).await.unwrap();
        let taken = refused(&f.admin, to("other", PROJECT)).await;
        assert_eq!(field(taken), ("organization".into(), Code::TransferSlugTaken));
        let project = s.projects().get(&f.owner, PROJECT).await.unwrap();
        assert_eq!(project.path(), PROJECT);
        let member = NewMember { email: f.stranger.email().into(), role: Role::Reporter };
        s.projects().add_member(&f.owner, PROJECT, member).await.unwrap();
    });
}
