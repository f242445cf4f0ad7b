//! The first page tells what needs somebody, to those whose matter it is.

use chrono::TimeDelta;
use domain::{
    Code,
    home::Matter,
    key::NewKey,
    server::{Observation, Status},
};

use super::fixture::{Fixture, PROJECT, on_each_database, remote};
use crate::Caller;

async fn fail(f: &Fixture, caller: &Caller, project: &str, name: &str) {
    let server = f.services.servers().create(caller, project, remote(name)).await.unwrap();
    let seen = Observation {
        server: server.id,
        generation: 1,
        status: Status::Failed,
        code: Some(Code::CrashLoop),
        detail: None,
        info: None,
        initialize: None,
        lists: vec![],
        stderr: None,
        at: f.clock.now(),
    };
    f.services.observe(vec![seen]).await.unwrap();
}

/// What `caller` is told, in short.
async fn told(f: &Fixture, caller: &Caller) -> Vec<String> {
    let found = f.services.home().attention(caller).await.unwrap();
    let short = |matter| match matter {
        Matter::ServerFailed { server, code, .. } => {
            assert_eq!(code, Some(Code::CrashLoop));
            server
        }
        Matter::ToolsChanged { server, .. } => server,
        Matter::KeyExpires { key, .. } => key,
    };
    found.into_iter().map(|attention| short(attention.matter)).collect()
}

#[test]
fn failed_servers_are_told_until_they_are_off_or_started_anew() {
    on_each_database(async |f: Fixture| {
        for name in ["first", "second", "third"] {
            f.clock.advance(TimeDelta::seconds(1));
            fail(&f, &f.developer, PROJECT, name).await;
        }
        fail(&f, &f.stranger, "other.shop", "foreign").await;
        assert_eq!(told(&f, &f.reporter).await, ["third", "second", "first"]);
        assert_eq!(told(&f, &f.stranger).await, ["foreign"]);
        assert_eq!(told(&f, &f.admin).await.len(), 4);
        f.services.servers().set_enabled(&f.developer, PROJECT, "first", false).await.unwrap();
        f.services.servers().restart(&f.developer, PROJECT, "third").await.unwrap();
        assert_eq!(told(&f, &f.reporter).await, ["second"]);
    });
}

#[test]
fn keys_are_told_before_and_shortly_after_their_end() {
    on_each_database(async |f: Fixture| {
        for (name, days) in [("soon", Some(10)), ("later", Some(30)), ("never", None)] {
            let input = NewKey { expires_in_days: days, ..NewKey::named(name) };
            f.services.keys().create(&f.developer, PROJECT, input).await.unwrap();
        }
        assert_eq!(told(&f, &f.developer).await, ["soon"]);
        assert_eq!(told(&f, &f.admin).await, ["soon"]);
        assert!(told(&f, &f.reporter).await.is_empty(), "who may not see keys is told of none");
        assert!(told(&f, &f.stranger).await.is_empty());
        f.clock.advance(TimeDelta::days(16));
        assert_eq!(told(&f, &f.developer).await, ["soon", "later"]);
        f.clock.advance(TimeDelta::days(2));
        assert_eq!(told(&f, &f.developer).await, ["later"]);
    });
}

#[test]
fn changes_are_told_newest_first_and_of_ones_own_projects() {
    on_each_database(async |f: Fixture| {
        for name in ["a", "b"] {
            f.clock.advance(TimeDelta::seconds(1));
            f.services.servers().create(&f.developer, PROJECT, remote(name)).await.unwrap();
        }
        f.services.servers().create(&f.stranger, "other.shop", remote("foreign")).await.unwrap();
        let changes = f.services.home().changes(&f.reporter, 2).await.unwrap();
        let told: Vec<_> =
            changes.iter().map(|c| (c.event.action.as_str(), c.event.target.as_str())).collect();
        assert_eq!(told, [("server.create", "b"), ("server.create", "a")]);
        assert_eq!(
            (changes[0].project.as_str(), changes[0].event.actor_name.as_str()),
            (PROJECT, "developer@acme.test")
        );
        let all = f.services.home().changes(&f.reporter, 100).await.unwrap();
        assert!(all.iter().all(|change| change.project == PROJECT));
    });
}
