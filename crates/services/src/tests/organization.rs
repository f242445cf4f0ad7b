//! Organizations: who is in them, what they see of their projects, and what ends with a role.

use domain::{
    Code, OrganizationRole, Role, Timestamp,
    audit::AuditFilter,
    invitation::NewInvitation,
    log::{Category, Level, NewLogEntry, Outcome},
    organization::{NewOrganizationMember, OrganizationInput},
    project::{NewProject, ProjectFilter, TransferInput},
    usage::UsageRange,
};

use super::fixture::{Fixture, PROJECT, caller_of, host, on_each_database, remote};
use crate::Caller;

/// Makes `person` a member of the organization `acme`, and gives them as they are then.
async fn join(f: &Fixture, person: &Caller, role: OrganizationRole) -> Caller {
    let input = NewOrganizationMember { email: person.email().into(), role };
    f.services.organizations().add_member(&f.admin, "acme", input).await.unwrap();
    caller_of(&f.services, person.subject().user).await
}

fn open_invitation() -> NewInvitation {
    NewInvitation { email: None, role: Role::Owner, expires_in_days: None, language: None }
}

#[test]
fn the_list_counts_projects_and_members_in_any_number_of_organizations() {
    on_each_database(async |f: Fixture| {
        join(&f, &f.owner, OrganizationRole::Owner).await;
        let member = join(&f, &f.reporter, OrganizationRole::Member).await;
        let extra = NewProject {
            organization: "acme".into(),
            slug: "second".into(),
            name: "Second".into(),
            description: String::new(),
        };
        f.services.projects().create(&f.admin, extra).await.unwrap();
        let all = f.services.organizations().search(&f.admin, Default::default()).await.unwrap().items;
        let acme = all.iter().find(|organization| organization.slug == "acme").unwrap();
        assert_eq!((acme.project_count, acme.member_count), (2, 2));
        let other = all.iter().find(|organization| organization.slug == "other").unwrap();
        assert_eq!((other.project_count, other.member_count), (1, 0));

        let own = f.services.organizations().list(&member).await.unwrap();
        let own: Vec<_> = own.iter().map(|organization| organization.slug.as_str()).collect();
        assert_eq!(own, ["acme", "reporter"], "and what came with the account");
        let projects = f
            .services
            .projects()
            .of_organization(&member, "acme", ProjectFilter::default())
            .await
            .unwrap()
            .items;
        let projects: Vec<_> = projects.iter().map(|project| project.slug.as_str()).collect();
        assert_eq!(projects, ["payments"], "those that they were added to");
        let foreign = f
            .services
            .projects()
            .of_organization(&f.stranger, "acme", ProjectFilter::default())
            .await
            .unwrap_err();
        assert_eq!(foreign.code(), Code::NotFound);
    });
}

#[test]
fn administrators_may_put_projects_anywhere_and_are_offered_the_first_of_many() {
    on_each_database(async |f: Fixture| {
        let (organizations, projects) = (f.services.organizations(), f.services.projects());
        let offered = async |caller: &Caller, q: &str| {
            let (homes, more) = organizations.homes(caller, q).await.unwrap();
            (homes.into_iter().map(|home| home.slug).collect::<Vec<_>>(), more)
        };
        let member = join(&f, &f.reporter, OrganizationRole::Member).await;
        assert_eq!(offered(&member, "").await, (vec!["reporter".to_owned()], false), "of acme only a member");
        let owner = join(&f, &f.owner, OrganizationRole::Owner).await;
        assert_eq!(offered(&owner, "").await, (vec!["acme".to_owned(), "owner".to_owned()], false));
        assert_eq!(offered(&owner, "OWN").await, (vec!["owner".to_owned()], false));

        for n in 0..60 {
            let input = OrganizationInput { slug: format!("lab-{n:02}"), name: format!("Lab {n}") };
            organizations.create(&Caller::system(), input).await.unwrap();
        }
        let (first, more) = offered(&f.admin, "").await;
        assert_eq!((first[0].as_str(), first.len(), more), ("admin", 50, true), "their own first");
        assert_eq!(offered(&f.admin, "lab 57").await, (vec!["lab-57".to_owned()], false));

        let input = NewProject {
            organization: "lab-57".into(),
            slug: "new".into(),
            name: "New".into(),
            description: String::new(),
        };
        projects.create(&f.admin, input.clone()).await.unwrap();
        let to = TransferInput { organization: "lab-58".into(), confirm: "lab-57.new".into() };
        assert_eq!(projects.transfer(&f.admin, "lab-57.new", to).await.unwrap().path(), "lab-58.new");
        assert_eq!(projects.create(&owner, input).await.unwrap_err().code(), Code::NotFound);
    });
}

#[test]
fn projects_are_told_by_what_somebody_may_do_in_them() {
    on_each_database(async |f: Fixture| {
        let projects = f.services.projects();
        let told = async |caller: &Caller, q: &str| {
            let filter = ProjectFilter { q: Some(q.into()), ..ProjectFilter::default() };
            let page = projects.list_as(caller, Role::Developer, &filter).await.unwrap();
            page.items.into_iter().map(|project| project.path()).collect::<Vec<_>>()
        };
        assert_eq!(told(&f.developer, "").await, [PROJECT]);
        assert!(told(&f.reporter, "").await.is_empty(), "who only looks adds nothing");
        assert_eq!(told(&f.admin, "shop").await, ["other.shop"]);
        assert!(told(&f.developer, "shop").await.is_empty());
    });
}

#[test]
fn members_are_told_with_their_projects() {
    on_each_database(async |f: Fixture| {
        let owner = join(&f, &f.stranger, OrganizationRole::Owner).await;
        join(&f, &f.reporter, OrganizationRole::Member).await;
        let members = f.services.organizations().members(&owner, "acme").await.unwrap();
        let told: Vec<_> =
            members.iter().map(|m| (m.email.as_str(), m.project_count, m.last_seen_at)).collect();
        assert_eq!(
            told,
            [("reporter@acme.test", 1, None), ("stranger@other.test", 1, None)],
            "an owner sees all, a member those they were added to"
        );
    });
}

#[test]
fn who_is_no_owner_any_more_has_no_open_invitations_left() {
    on_each_database(async |f: Fixture| {
        join(&f, &f.admin, OrganizationRole::Owner).await;
        let (invitations, organizations) = (f.services.invitations(), f.services.organizations());
        let former = join(&f, &f.stranger, OrganizationRole::Owner).await;
        let steady = join(&f, &f.owner, OrganizationRole::Owner).await;
        for inviter in [&former, &steady] {
            invitations.create(inviter, &host(PROJECT), open_invitation()).await.unwrap();
        }
        let key = f.services.keys().create_playground(&former, PROJECT).await.unwrap();
        let known = async || f.services.snapshot().await.unwrap().keys.iter().any(|k| k.id == key.key.id);
        assert!(known().await);

        for person in [&former, &steady] {
            let user = person.subject().user;
            organizations.set_role(&f.admin, "acme", user, OrganizationRole::Member).await.unwrap();
        }
        let left = invitations.list(&f.admin, &host(PROJECT)).await.unwrap();
        let left: Vec<_> = left.iter().map(|invitation| invitation.invited_by.as_deref()).collect();
        assert_eq!(left, [Some("owner@acme.test")], "who is Owner of the project may go on inviting");
        assert!(!known().await, "nor the key that their browser tried tools with");

        organizations.remove_member(&f.admin, "acme", steady.subject().user).await.unwrap();
        assert_eq!(
            invitations.list(&f.admin, &host(PROJECT)).await.unwrap().len(),
            1,
            "their own role is as before"
        );
    });
}

#[test]
fn an_organization_keeps_an_owner_and_its_end_is_typed() {
    on_each_database(async |f: Fixture| {
        let organizations = f.services.organizations();
        let input = OrganizationInput { slug: "lab".into(), name: "Lab".into() };
        organizations.create(&f.owner, input).await.unwrap();
        let owner = caller_of(&f.services, f.owner.subject().user).await;
        let user = owner.subject().user;
        let demoted =
            organizations.set_role(&owner, "lab", user, OrganizationRole::Member).await.unwrap_err();
        assert_eq!(demoted.code(), Code::LastOwner);
        assert_eq!(
            organizations.remove_member(&owner, "lab", user).await.unwrap_err().code(),
            Code::LastOwner
        );

        let wrong = organizations.delete(&owner, "lab", "Lab").await.unwrap_err();
        assert_eq!(wrong.field_errors()[0].code, Code::ConfirmationWrong);
        let full = organizations.delete(&f.admin, "acme", "acme").await.unwrap_err();
        assert_eq!(full.code(), Code::OrganizationNotEmpty);
        organizations.delete(&owner, "lab", "lab").await.unwrap();
        assert_eq!(organizations.get(&owner, "lab").await.unwrap_err().code(), Code::NotFound);
    });
}

#[test]
fn the_trail_of_an_organization_holds_its_projects_and_nothing_foreign() {
    on_each_database(async |f: Fixture| {
        let owner = join(&f, &f.owner, OrganizationRole::Owner).await;
        f.services.servers().create(&f.developer, PROJECT, remote("search")).await.unwrap();
        f.services.servers().create(&f.stranger, "other.shop", remote("foreign")).await.unwrap();
        let list = async |filter: AuditFilter| {
            let page = f.services.audit().of_organization(&owner, "acme", filter).await.unwrap();
            page.items
                .into_iter()
                .map(|item| (item.event.action, item.event.target, item.project_path))
                .collect::<Vec<_>>()
        };
        let all = list(AuditFilter::default()).await;
        assert_eq!(all[0], ("server.create".into(), "search".into(), Some(PROJECT.into())));
        assert_eq!(all[1], ("organization_member.add".into(), "owner@acme.test".into(), None));
        assert!(all.iter().all(|(_, target, _)| target != "foreign"));

        let servers = AuditFilter { noun: Some("server".into()), ..AuditFilter::default() };
        assert_eq!(list(servers).await.len(), 1);
        let now = f.clock.now();
        let later = AuditFilter { from: Some(now + chrono::TimeDelta::seconds(1)), ..AuditFilter::default() };
        assert!(list(later).await.is_empty());
        let earlier = AuditFilter { until: Some(now), ..AuditFilter::default() };
        assert!(list(earlier).await.is_empty());

        let member = join(&f, &f.reporter, OrganizationRole::Member).await;
        for (caller, code) in [(&member, Code::Forbidden), (&f.stranger, Code::NotFound)] {
            let refused =
                f.services.audit().of_organization(caller, "acme", AuditFilter::default()).await.unwrap_err();
            assert_eq!(refused.code(), code);
        }
    });
}

#[test]
fn usage_is_of_the_projects_that_one_sees() {
    on_each_database(async |f: Fixture| {
        let owner = join(&f, &f.owner, OrganizationRole::Owner).await;
        let quiet = NewProject {
            organization: "acme".into(),
            slug: "quiet".into(),
            name: "Quiet".into(),
            description: String::new(),
        };
        let quiet = f.services.projects().create(&f.admin, quiet).await.unwrap();
        let payments = f.services.projects().get(&f.owner, PROJECT).await.unwrap();
        let shop = f.services.projects().get(&f.stranger, "other.shop").await.unwrap();
        let mut entries = Vec::new();
        for (project, tool, outcome, times) in [
            (payments.id, "pay", Outcome::Ok, 3),
            (payments.id, "refund", Outcome::Failed, 2),
            (quiet.id, "wait", Outcome::Ok, 1),
            (shop.id, "sell", Outcome::Ok, 9),
        ] {
            for _ in 0..times {
                entries.push(call(project, f.clock.now(), tool, outcome));
            }
        }
        f.services.logs().append(entries).await.unwrap();

        let usage = f.services.usage().organization(&owner, "acme", UsageRange::Day).await.unwrap();
        assert_eq!((usage.calls, usage.errors), (6, 2));
        let projects: Vec<_> = usage.projects.iter().map(|top| (top.project.as_str(), top.calls)).collect();
        assert_eq!(projects, [(PROJECT, 5), ("acme.quiet", 1)]);
        let tools: Vec<_> =
            usage.tools.iter().map(|top| (top.tool.as_str(), top.calls, top.errors)).collect();
        assert_eq!(tools, [("pay", 3, 0), ("refund", 2, 2), ("wait", 1, 0)]);
        assert_eq!(usage.servers[0].server, "box");

        let member = join(&f, &f.reporter, OrganizationRole::Member).await;
        let part = f.services.usage().organization(&member, "acme", UsageRange::Day).await.unwrap();
        assert_eq!(part.calls, 5, "a member sees no more than their projects");
    });
}

fn call(project: domain::ProjectId, at: Timestamp, tool: &str, outcome: Outcome) -> NewLogEntry {
    let mut entry = NewLogEntry::new(project, at, Level::Info, Category::ToolExecution, "call");
    entry.server = Some(domain::ServerId::new(1, [3; 10]));
    entry.server_name = Some("box".into());
    entry.tool = Some(tool.into());
    entry.outcome = Some(outcome);
    entry
}
