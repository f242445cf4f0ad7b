//! The projects of a person: which they keep at hand, which they used, and how they are.

use std::sync::atomic::{AtomicU32, Ordering};

use chrono::TimeDelta;
use domain::{
    Code,
    project::{Health, NewProject, Project, ProjectFilter},
    server::{Observation, Status},
};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult, Statement};

use super::fixture::{Fixture, PROJECT, on_each_database, remote};
use crate::Caller;

async fn create(f: &Fixture, slug: &str) -> Project {
    let input = NewProject {
        organization: "acme".into(),
        slug: slug.into(),
        name: slug.into(),
        description: String::new(),
    };
    f.services.projects().create(&f.admin, input).await.unwrap()
}

async fn names(f: &Fixture, caller: &Caller) -> Vec<String> {
    let page = f.services.projects().list(caller, &ProjectFilter::default()).await.unwrap();
    page.items.into_iter().map(|project| project.slug).collect()
}

async fn visit(f: &Fixture, caller: &Caller, project: &str) {
    let project = f.services.projects().get(caller, project).await.unwrap();
    f.services.projects().visit(caller, &project).await.unwrap();
}

#[test]
fn favorites_come_first_then_what_was_used_last_then_names() {
    on_each_database(async |f: Fixture| {
        for slug in ["beta", "alpha", "gamma"] {
            create(&f, slug).await;
        }
        let projects = f.services.projects();
        assert_eq!(names(&f, &f.admin).await, ["alpha", "beta", "gamma", "payments", "shop"]);
        visit(&f, &f.admin, "acme.gamma").await;
        f.clock.advance(TimeDelta::minutes(2));
        visit(&f, &f.admin, "acme.beta").await;
        for slug in ["acme.payments", "acme.alpha"] {
            f.clock.advance(TimeDelta::seconds(1));
            let starred = projects.set_favorite(&f.admin, slug, true).await.unwrap();
            assert!(starred.favorite);
        }
        // Once more changes nothing, not even the order.
        f.clock.advance(TimeDelta::seconds(1));
        projects.set_favorite(&f.admin, "acme.payments", true).await.unwrap();
        assert_eq!(names(&f, &f.admin).await, ["payments", "alpha", "beta", "gamma", "shop"]);
        let first = projects.first(&f.admin, 2).await.unwrap();
        assert_eq!(first, projects.list(&f.admin, &ProjectFilter::default()).await.unwrap().items[..2]);
        assert!(!projects.set_favorite(&f.admin, "acme.payments", false).await.unwrap().favorite);
        assert_eq!(names(&f, &f.admin).await, ["alpha", "beta", "gamma", "payments", "shop"]);
    });
}

#[test]
fn what_is_ones_own_shows_to_nobody_else() {
    on_each_database(async |f: Fixture| {
        let projects = f.services.projects();
        projects.set_favorite(&f.reporter, PROJECT, true).await.unwrap();
        visit(&f, &f.reporter, PROJECT).await;
        let own = projects.get(&f.reporter, PROJECT).await.unwrap();
        assert_eq!((own.favorite, own.last_used), (true, Some(f.clock.now())));
        for (name, other) in f.members().into_iter().filter(|(name, _)| *name != "reporter") {
            let seen = projects.get(other, PROJECT).await.unwrap();
            assert_eq!((seen.favorite, seen.last_used), (false, None), "{name}");
        }
        let foreign = projects.visit(&f.stranger, &own).await.unwrap_err();
        assert_eq!(foreign.code(), Code::NotFound);
        projects.delete(&f.owner, PROJECT, PROJECT).await.unwrap();
        assert!(names(&f, &f.reporter).await.is_empty());
    });
}

#[test]
fn a_visit_is_written_once_a_minute_at_most() {
    on_each_database(async |f: Fixture| {
        let projects = f.services.projects();
        let last = async || projects.get(&f.owner, PROJECT).await.unwrap();
        let first_look = last().await;
        let start = f.clock.now();
        projects.visit(&f.owner, &first_look).await.unwrap();
        f.clock.advance(TimeDelta::seconds(40));
        // Also of a page that was read before the first visit was written.
        projects.visit(&f.owner, &first_look).await.unwrap();
        visit(&f, &f.owner, PROJECT).await;
        assert_eq!(last().await.last_used, Some(start));
        f.clock.advance(TimeDelta::seconds(40));
        visit(&f, &f.owner, PROJECT).await;
        assert_eq!(last().await.last_used, Some(f.clock.now()));
    });
}

#[test]
fn servers_are_counted_by_how_they_are() {
    on_each_database(async |f: Fixture| {
        let servers = f.services.servers();
        let mut seen = Vec::new();
        for (name, status) in
            [("a", Status::Ready), ("b", Status::Idle), ("c", Status::Failed), ("d", Status::Failed)]
        {
            let server = servers.create(&f.developer, PROJECT, remote(name)).await.unwrap();
            seen.push(Observation {
                server: server.id,
                generation: 1,
                status,
                code: None,
                detail: None,
                info: None,
                initialize: None,
                lists: vec![],
                stderr: None,
                at: f.clock.now(),
            });
        }
        servers.create(&f.developer, PROJECT, remote("new")).await.unwrap();
        f.services.observe(seen).await.unwrap();
        // What was seen of a server before it was changed says nothing any more.
        servers.restart(&f.developer, PROJECT, "d").await.unwrap();
        servers.set_enabled(&f.developer, PROJECT, "a", false).await.unwrap();
        let listed = f.services.projects().list(&f.reporter, &ProjectFilter::default()).await.unwrap().items;
        assert_eq!(listed[0].health, Health { working: 1, failed: 1, off: 3 });
        assert_eq!((listed[0].server_count, listed[0].member_count), (5, 3));
        assert_eq!(f.services.projects().get(&f.reporter, PROJECT).await.unwrap(), listed[0]);
    });
}

/// A connection that counts what it is asked.
struct Counted<'a>(&'a DatabaseConnection, AtomicU32);

#[async_trait::async_trait]
impl ConnectionTrait for Counted<'_> {
    fn get_database_backend(&self) -> DbBackend {
        self.0.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.1.fetch_add(1, Ordering::Relaxed);
        self.0.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.1.fetch_add(1, Ordering::Relaxed);
        self.0.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.1.fetch_add(1, Ordering::Relaxed);
        self.0.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.1.fetch_add(1, Ordering::Relaxed);
        self.0.query_all_raw(statement).await
    }
}

#[test]
fn more_projects_take_no_more_queries() {
    on_each_database(async |f: Fixture| {
        let asked = async || {
            let connection = Counted(&f.services.inner.database.reader, AtomicU32::new(0));
            let all = ProjectFilter::default();
            let page = f.services.projects().read(&connection, &f.admin, &all, 100).await.unwrap();
            (page.items.len(), connection.1.into_inner())
        };
        let (few, queries) = asked().await;
        for n in 0..10 {
            create(&f, &format!("p{n}")).await;
        }
        let (many, as_many) = asked().await;
        assert_eq!(many, few + 10);
        assert_eq!(as_many, queries);
        assert!(queries <= 8, "{queries}");
    });
}

#[test]
fn a_list_goes_on_where_its_page_ended() {
    on_each_database(async |f: Fixture| {
        // Many of one name: the id tells them apart.
        for n in 0..7 {
            let input = NewProject {
                organization: "acme".into(),
                slug: format!("p{n}"),
                name: "Same".into(),
                description: String::new(),
            };
            f.services.projects().create(&f.admin, input).await.unwrap();
        }
        f.services.projects().set_favorite(&f.admin, "acme.p5", true).await.unwrap();
        let reader = &f.services.inner.database.reader;
        let (mut seen, mut filter) = (Vec::new(), ProjectFilter::default());
        loop {
            let page = f.services.projects().read(reader, &f.admin, &filter, 2).await.unwrap();
            assert!(page.items.len() <= 2);
            seen.extend(page.items.into_iter().map(|project| project.slug));
            let Some(next) = page.next else { break };
            filter.after = Some(next);
        }
        assert_eq!(seen[0], "p5", "what was chosen comes first, and once");
        seen.sort_unstable();
        assert_eq!(seen, ["p0", "p1", "p2", "p3", "p4", "p5", "p6", "payments", "shop"]);

        let filter = ProjectFilter { q: Some("PAY".into()), ..ProjectFilter::default() };
        let found = f.services.projects().list(&f.admin, &filter).await.unwrap().items;
        assert_eq!(found.iter().map(|project| &project.slug).collect::<Vec<_>>(), ["payments"]);
        let filter = ProjectFilter { after: Some("nonsense".into()), ..ProjectFilter::default() };
        let refused = f.services.projects().list(&f.admin, &filter).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidInput);
    });
}
