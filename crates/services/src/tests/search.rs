//! Search finds what a caller may see, best first, and nothing else.

use domain::{
    ServerId,
    search::{Found, SearchQuery},
    server::{ListKind, ListState, Observation, ObservedList, Status},
};
use migrations::{Migrator, MigratorTrait};

use super::fixture::{Fixture, PROJECT, on_each_database, remote};
use crate::Caller;

/// A server's list of tools, read anew.
async fn list(f: &Fixture, server: ServerId, tools: &[&str]) {
    let items: Vec<_> = tools.iter().map(|name| serde_json::json!({ "name": name })).collect();
    let state = ListState {
        kind: ListKind::Tools,
        count: u32::try_from(tools.len()).unwrap(),
        version: 1,
        hash: tools.concat(),
        read_at: Some(f.clock.now()),
        code: None,
        detail: None,
    };
    let seen = Observation {
        server,
        generation: 1,
        status: Status::Ready,
        code: None,
        detail: None,
        info: None,
        initialize: None,
        lists: vec![ObservedList { state, items: Some(serde_json::json!(items).to_string()) }],
        stderr: None,
        at: f.clock.now(),
    };
    f.services.observe(vec![seen]).await.unwrap();
}

async fn find(f: &Fixture, caller: &Caller, q: &str) -> Found {
    let query = SearchQuery { q: q.into(), project: Some("other.shop".into()) };
    f.services.search().find(caller, &query).await.unwrap()
}

fn tools(found: &Found) -> Vec<&str> {
    found.tools.iter().map(|tool| tool.name.as_str()).collect()
}

#[test]
fn names_are_found_by_their_letters_best_first() {
    on_each_database(async |f: Fixture| {
        let servers = f.services.servers();
        let clock = servers.create(&f.developer, PROJECT, remote("clock")).await.unwrap();
        list(&f, clock.id, &["exact", "Current_Time", "timeout", "time", "100%", "time"]).await;
        assert_eq!(tools(&find(&f, &f.reporter, "TIME").await), ["time", "timeout", "Current_Time"]);
        assert_eq!(tools(&find(&f, &f.reporter, "ct").await), ["Current_Time", "exact"]);
        assert_eq!(tools(&find(&f, &f.reporter, "%").await), ["100%"], "signs stand for themselves");
        assert!(find(&f, &f.reporter, "nothing like it").await.is_empty());
        let found = find(&f, &f.reporter, "clock").await;
        assert_eq!((found.servers[0].project.as_str(), found.servers[0].status), (PROJECT, Status::Ready));
        assert_eq!(find(&f, &f.reporter, "pay").await.projects[0].project, PROJECT);
        // A newer list takes the place of the older one.
        list(&f, clock.id, &["date"]).await;
        assert!(find(&f, &f.reporter, "time").await.tools.is_empty());
        assert_eq!(find(&f, &f.reporter, "date").await.tools[0].server, "clock");
    });
}

#[test]
fn nobody_finds_what_they_may_not_see() {
    on_each_database(async |f: Fixture| {
        for (caller, project, name) in
            [(&f.developer, PROJECT, "shared-ours"), (&f.stranger, "other.shop", "shared-theirs")]
        {
            let server = f.services.servers().create(caller, project, remote(name)).await.unwrap();
            list(&f, server.id, &["lookup"]).await;
        }
        let names = |found: &Found| -> Vec<String> {
            let servers = found.servers.iter().map(|server| server.name.clone());
            let projects = found.projects.iter().map(|project| project.project.clone());
            servers.chain(projects).chain(found.tools.iter().map(|tool| tool.project.clone())).collect()
        };
        for (caller, query, expected) in [
            (&f.reporter, "shared", vec!["shared-ours"]),
            (&f.stranger, "shared", vec!["shared-theirs"]),
            (&f.reporter, "lookup", vec![PROJECT]),
            (&f.reporter, "shop", vec![]),
            // From where they search: what is there comes first.
            (&f.admin, "shared", vec!["shared-theirs", "shared-ours"]),
            (&f.stranger, "", vec!["shared-theirs", "other.shop"]),
            (&f.reporter, "", vec![PROJECT]),
        ] {
            assert_eq!(names(&find(&f, caller, query).await), expected, "{} {query:?}", caller.email());
        }
    });
}

#[test]
fn no_kind_takes_more_than_its_share() {
    on_each_database(async |f: Fixture| {
        for n in 0..12 {
            let name = format!("alike-{n}");
            let server = f.services.servers().create(&f.developer, PROJECT, remote(&name)).await.unwrap();
            list(&f, server.id, &[&name, &"x".repeat(300)]).await;
        }
        let found = find(&f, &f.reporter, "alike").await;
        assert_eq!((found.servers.len(), found.tools.len()), (8, 8));
        assert!(find(&f, &f.reporter, &"x".repeat(100)).await.is_empty(), "no index takes such a name");
    });
}

#[test]
fn lists_of_before_are_searched_too() {
    on_each_database(async |f: Fixture| {
        let server = f.services.servers().create(&f.developer, PROJECT, remote("old")).await.unwrap();
        list(&f, server.id, &["vintage", "vintage"]).await;
        let migrations = Migrator::migrations();
        let after = migrations.iter().rev().position(|m| m.name().ends_with("000023_create_tool")).unwrap();
        let steps = Some(u32::try_from(after + 1).unwrap());
        Migrator::down(f.services.database(), steps).await.unwrap();
        Migrator::up(f.services.database(), None).await.unwrap();
        assert_eq!(tools(&find(&f, &f.reporter, "vintage").await), ["vintage"]);
    });
}
