//! What platform administrators do with everybody's accounts and organizations.

use std::sync::Arc;

use domain::{
    Code, Role,
    audit::AuditFilter,
    invitation::NewInvitation,
    platform::{JobName, JobRun, NewUser, OrganizationFilter, UserFilter, UserState},
};
use futures_util::StreamExt;

use super::fixture::{Fixture, PROJECT, caller_of, host, on_each_database, user};

#[test]
fn only_administrators_look_at_the_installation() {
    on_each_database(async |f: Fixture| {
        let (accounts, audit) = (f.services.accounts(), f.services.audit());
        let id = f.reporter.subject().user;
        for caller in [&f.owner, &f.developer, &f.reporter, &f.stranger] {
            let new = NewUser { email: "new@acme.test".into(), name: "New".into() };
            let refused = [
                accounts.list(caller, UserFilter::default()).await.map(drop),
                accounts.create_with_link(caller, new).await.map(drop),
                accounts.link_for(caller, id).await.map(drop),
                accounts.set_admin(caller, caller.subject().user, true).await,
                accounts.set_disabled(caller, id, true).await,
                f.services.organizations().search(caller, OrganizationFilter::default()).await.map(drop),
                audit.of_platform(caller, None, AuditFilter::default()).await.map(drop),
                audit.export(caller, None, AuditFilter::default()).await.map(drop),
            ];
            for refused in refused {
                assert_eq!(refused.unwrap_err().code(), Code::AdminOnly);
            }
        }
    });
}

#[test]
fn people_are_found_by_name_address_and_state_in_pages() {
    on_each_database(async |f: Fixture| {
        let accounts = f.services.accounts();
        let find = async |filter: UserFilter| {
            let page = accounts.list(&f.admin, filter).await.unwrap();
            (page.items.into_iter().map(|entry| entry.user.email).collect::<Vec<_>>(), page.next)
        };
        accounts.set_disabled(&f.admin, f.reporter.subject().user, true).await.unwrap();
        let by = |state| UserFilter { state: Some(state), ..UserFilter::default() };
        assert_eq!(find(by(UserState::Admin)).await.0, ["admin@acme.test"]);
        assert_eq!(find(by(UserState::Disabled)).await.0, ["reporter@acme.test"]);
        assert_eq!(find(by(UserState::Active)).await.0.len(), 4);
        let text = |q: &str| UserFilter { q: Some(q.into()), ..UserFilter::default() };
        assert_eq!(find(text(" OTHER.test ")).await.0, ["stranger@other.test"]);
        assert!(find(text("%")).await.0.is_empty(), "a sign of patterns is a sign like any other");

        for n in 0..60 {
            user(&f.services, &format!("many{n:02}@acme.test"), false).await;
        }
        let (first, next) = find(text("many")).await;
        assert_eq!((first.len(), next.as_deref()), (50, Some("many49@acme.test")));
        let (rest, end) = find(UserFilter { after: next, ..text("many") }).await;
        assert_eq!((rest.len(), rest[0].as_str(), end), (10, "many50@acme.test", None));

        let page = accounts.list(&f.admin, text("stranger")).await.unwrap();
        assert_eq!(page.items[0].organizations, ["stranger"], "what came with the account");
    });
}

#[test]
fn a_link_brings_in_who_was_given_an_account() {
    on_each_database(async |f: Fixture| {
        let accounts = f.services.accounts();
        let input = NewUser { email: " Kim@Acme.test ".into(), name: "Kim".into() };
        let (kim, link) = accounts.create_with_link(&f.admin, input).await.unwrap();
        assert_eq!((kim.email.as_str(), link.email.as_str()), ("kim@acme.test", "kim@acme.test"));
        let entered = accounts.sign_in_with_link(link.token.expose_secret()).await.unwrap();
        assert_eq!(entered.id, kim.id);
        let again = accounts.sign_in_with_link(link.token.expose_secret()).await.unwrap_err();
        assert_eq!(again.code(), Code::LinkInvalid);

        let trail = f.services.audit().of_platform(&f.admin, None, AuditFilter::default()).await.unwrap();
        let told: Vec<_> = trail.items[..2].iter().map(|item| item.event.action.as_str()).collect();
        assert_eq!(told, ["user.sign_in_link", "user.create"]);
    });
}

#[test]
fn the_last_administrator_stays_one() {
    on_each_database(async |f: Fixture| {
        let (accounts, admin) = (f.services.accounts(), f.admin.subject().user);
        let second = f.owner.subject().user;
        for refused in [
            accounts.set_admin(&f.admin, admin, false).await,
            accounts.set_disabled(&f.admin, admin, true).await,
        ] {
            assert_eq!(refused.unwrap_err().code(), Code::LastAdmin);
        }
        accounts.set_admin(&f.admin, second, true).await.unwrap();
        accounts.set_disabled(&f.admin, second, true).await.unwrap();
        let disabled = accounts.set_admin(&f.admin, admin, false).await.unwrap_err();
        assert_eq!(disabled.code(), Code::LastAdmin, "one who cannot come in is none");

        accounts.set_disabled(&f.admin, second, false).await.unwrap();
        let second = caller_of(&f.services, second).await;
        let open = NewInvitation { email: None, role: Role::Owner, expires_in_days: None, language: None };
        f.services.invitations().create(&f.admin, &host(PROJECT), open).await.unwrap();
        accounts.set_admin(&second, admin, false).await.unwrap();
        let left = f.services.invitations().list(&second, &host(PROJECT)).await.unwrap();
        assert!(left.is_empty(), "who is no administrator any more has no way back in their pocket");
        let now = caller_of(&f.services, admin).await;
        assert_eq!(f.services.projects().get(&now, PROJECT).await.unwrap_err().code(), Code::NotFound);
    });
}

#[test]
fn the_trail_of_everything_is_narrowed_and_taken_along() {
    on_each_database(async |f: Fixture| {
        let audit = f.services.audit();
        let servers = || AuditFilter { noun: Some("server".into()), ..AuditFilter::default() };
        for (caller, project) in [(&f.developer, PROJECT), (&f.stranger, "other.shop")] {
            f.services.servers().create(caller, project, super::fixture::remote("s")).await.unwrap();
        }
        let places = async |organization: Option<&str>, filter: AuditFilter| {
            let page = audit.of_platform(&f.admin, organization, filter).await.unwrap();
            page.items.into_iter().map(|item| item.project_path.unwrap_or_default()).collect::<Vec<_>>()
        };
        assert_eq!(places(None, servers()).await, ["other.shop", PROJECT]);
        assert_eq!(places(Some("acme"), servers()).await, [PROJECT]);
        assert!(places(Some("nobody"), servers()).await.is_empty());
        let exact = AuditFilter { action: Some("server.create".into()), ..AuditFilter::default() };
        assert_eq!(places(None, exact).await.len(), 2);
        let part = AuditFilter { action: Some("server".into()), ..AuditFilter::default() };
        assert!(places(None, part).await.is_empty(), "exactly that action");

        let all = audit.of_platform(&f.admin, None, AuditFilter { limit: Some(200), ..Default::default() });
        let all = all.await.unwrap().items.len();
        let pieces: Vec<_> =
            audit.export(&f.admin, None, AuditFilter::default()).await.unwrap().collect().await;
        let taken: usize = pieces.into_iter().map(|piece| piece.unwrap().len()).sum();
        assert!(all > 10 && taken == all, "{taken} of {all}");
    });
}

#[test]
fn every_organization_is_listed_with_its_numbers() {
    on_each_database(async |f: Fixture| {
        let find = async |q: &str| {
            let filter = OrganizationFilter { q: Some(q.into()), after: None };
            let page = f.services.organizations().search(&f.admin, filter).await.unwrap();
            page.items.into_iter().map(|o| (o.slug, o.project_count, o.member_count)).collect::<Vec<_>>()
        };
        assert_eq!(find("ACME").await[0], ("acme".to_owned(), 1, 0));
        assert!(find("nowhere").await.is_empty());
        assert_eq!(find("").await.len(), 7, "two, and one of each account");
    });
}

#[test]
fn a_job_that_ran_is_told_to_administrators() {
    on_each_database(async |f: Fixture| {
        let jobs = f.services.jobs();
        let last = async |job| {
            let all = jobs.list(&f.admin).await.unwrap();
            all.into_iter().find(|status| status.job == job).unwrap().last
        };
        assert_eq!(last(JobName::Invitations).await, None);
        let open =
            NewInvitation { email: None, role: Role::Reporter, expires_in_days: Some(1), language: None };
        f.services.invitations().create(&f.owner, &host(PROJECT), open).await.unwrap();
        f.clock.advance(chrono::TimeDelta::days(2));
        f.services.prune().await.unwrap();
        let by_itself = last(JobName::Invitations).await.unwrap();
        assert_eq!((by_itself.items, by_itself.code, by_itself.by), (1, None, None));

        let run = jobs.run(&f.admin, JobName::Invitations).await.unwrap();
        assert_eq!((run.items, run.by.as_deref()), (0, Some("admin@acme.test")));
        assert_eq!(last(JobName::Invitations).await, Some(run), "one row a job");
        let trail = f.services.audit().of_platform(&f.admin, None, AuditFilter::default()).await.unwrap();
        let told: Vec<_> = trail.items.iter().filter(|item| item.event.action == "job.run").collect();
        assert_eq!(told.len(), 1, "what comes by itself is nobody's change");

        let refused = jobs.run(&f.owner, JobName::Logs).await.unwrap_err();
        assert_eq!(refused.code(), Code::AdminOnly);
        assert_eq!(jobs.list(&f.owner).await.unwrap_err().code(), Code::AdminOnly);
    });
}

#[test]
fn the_data_plane_asks_servers_for_administrators() {
    on_each_database(async |f: Fixture| {
        let run =
            JobRun { started_at: f.clock.now(), duration_ms: 4, items: 3, failed: 1, code: None, by: None };
        let lent = run.clone();
        let services = f.services.clone().with_rounds(Arc::new(move |job| {
            let run = JobRun { items: if job == JobName::Checks { 2 } else { 3 }, ..lent.clone() };
            Box::pin(async move { run })
        }));
        let jobs = services.jobs();
        assert_eq!(jobs.run(&f.owner, JobName::Checks).await.unwrap_err().code(), Code::AdminOnly);
        assert_eq!(jobs.run(&f.admin, JobName::Catalogs).await.unwrap(), run);
        assert_eq!(jobs.run(&f.admin, JobName::Checks).await.unwrap().items, 2);
        let trail = services.audit().of_platform(&f.admin, None, AuditFilter::default()).await.unwrap();
        let told: Vec<_> = trail.items.iter().filter(|item| item.event.action == "job.run").collect();
        assert_eq!(told.len(), 2);
        services.prune().await.unwrap();
        let all = jobs.list(&f.admin).await.unwrap();
        let schedule: Vec<_> = all.iter().map(|status| status.every_seconds).collect();
        assert_eq!(schedule, [60, 600, 600, 600, 600, 600]);
        assert_eq!(all[0].last, None, "that is the data plane's to tell");
    });
}

#[test]
fn the_database_is_measured_for_administrators() {
    on_each_database(async |f: Fixture| {
        let status = f.services.platform().status(&f.admin).await.unwrap();
        assert!(["SQLite", "PostgreSQL"].contains(&status.database.kind.as_str()));
        assert!(status.database.bytes > 10_000, "{}", status.database.bytes);
        assert_eq!((status.browsers, status.process), (0, None), "nobody lent what the process says");
        assert_eq!(f.services.platform().status(&f.owner).await.unwrap_err().code(), Code::AdminOnly);
    });
}
