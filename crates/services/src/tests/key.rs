use std::time::Duration;

use chrono::TimeDelta;
use domain::{
    Code,
    key::{KeyFilter, KeyScope, KeyState, KeyUse, NewKey, Rotation},
};

use super::fixture::{Fixture, PROJECT, on_each_database, remote};
use crate::key::sha256;

fn key(name: &str) -> NewKey {
    NewKey { expires_in_days: Some(90), ..NewKey::named(name) }
}

#[test]
fn a_key_is_shown_once_and_known_by_its_hash() {
    on_each_database(async |f: Fixture| {
        let keys = f.services.keys();
        let created = keys.create(&f.developer, PROJECT, key("ci")).await.unwrap();
        let secret = created.secret.expose_secret();
        assert!(secret.starts_with(&created.key.prefix));
        let listed = keys.list(&f.owner, PROJECT).await.unwrap();
        assert!(!serde_json::to_string(&listed).unwrap().contains(secret));
        let snapshot = f.services.snapshot().await.unwrap();
        assert_eq!(snapshot.keys[0].hash, sha256(secret));
        assert_eq!(snapshot.keys[0].expires_at, created.key.expires_at);
        assert_eq!(
            keys.create(&f.owner, PROJECT, key("ci")).await.unwrap_err().field_errors()[0].code,
            Code::KeyNameTaken
        );
        let first =
            KeyUse { address: Some("203.0.113.7".into()), ..KeyUse::new(created.key.id, f.clock.now()) };
        let client = KeyUse { client: Some("cline 3.1".into()), ..first.clone() };
        let later = f.clock.now() + TimeDelta::minutes(1);
        keys.record_use(vec![first, client]).await.unwrap();
        keys.record_use(vec![KeyUse::new(created.key.id, later)]).await.unwrap();
        let listed = keys.list(&f.owner, PROJECT).await.unwrap().remove(0);
        assert_eq!(listed.last_used_at, Some(later));
        assert_eq!(
            (listed.last_address.as_deref(), listed.last_client.as_deref()),
            (Some("203.0.113.7"), Some("cline 3.1")),
            "what is not known stays"
        );
        keys.revoke(&f.developer, PROJECT, created.key.id).await.unwrap();
        assert!(f.services.snapshot().await.unwrap().keys.is_empty());
    });
}

#[test]
fn revoking_waits_for_the_data_plane() {
    on_each_database(async |f: Fixture| {
        let keys = f.services.keys();
        let created = keys.create(&f.developer, PROJECT, key("ci")).await.unwrap();
        let attached = f.services.changes().attach();
        let mut wake = f.services.changes().subscribe();
        let revoked = keys.revoke(&f.developer, PROJECT, created.key.id);
        let data_plane = async {
            wake.changed().await.unwrap();
            let revision = *wake.borrow();
            assert_eq!(f.services.changes().current().await.unwrap(), revision);
            // Not in force until it is said to be.
            attached.ack(revision);
        };
        let (revoked, ()) =
            tokio::time::timeout(Duration::from_secs(20), async { tokio::join!(revoked, data_plane) })
                .await
                .unwrap();
        revoked.unwrap();
    });
}

#[test]
fn given_keys_must_be_strong() {
    on_each_database(async |f: Fixture| {
        let keys = f.services.keys();
        for weak in ["", "secret", "slu_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"] {
            let error = keys.create_given(&f.owner, PROJECT, key("ci"), weak).await.unwrap_err();
            assert_eq!(error.field_errors()[0].code, Code::KeyWeak, "{weak}");
        }
        let strong = keys.create(&f.owner, PROJECT, key("made")).await.unwrap();
        keys.revoke(&f.owner, PROJECT, strong.key.id).await.unwrap();
        keys.create_given(&f.owner, PROJECT, key("ci"), strong.secret.expose_secret()).await.unwrap();
    });
}

#[test]
fn the_playgrounds_keys_are_for_an_hour_and_in_no_list() {
    on_each_database(async |f: Fixture| {
        let keys = f.services.keys();
        let first = keys.create_playground(&f.developer, PROJECT).await.unwrap();
        let second = keys.create_playground(&f.developer, PROJECT).await.unwrap();
        assert_ne!(first.key.name, second.key.name);
        assert!(domain::key::is_playground(&first.key.name));
        assert_eq!(first.key.expires_at, Some(f.clock.now() + TimeDelta::hours(1)));
        assert!(keys.list(&f.owner, PROJECT).await.unwrap().is_empty());
        let known = f.services.snapshot().await.unwrap().keys;
        assert_eq!(known.len(), 2);
        assert!(known.iter().any(|key| key.hash == sha256(first.secret.expose_secret())));
        let events = f.services.audit().list(&f.owner, PROJECT, Default::default()).await.unwrap().items;
        assert_eq!(events.iter().filter(|event| event.action == "key.playground").count(), 2);
        assert_eq!(
            keys.create_playground(&f.reporter, PROJECT).await.unwrap_err().code(),
            Code::Forbidden,
            "who may not make keys may not try tools"
        );
        keys.create(&f.developer, PROJECT, key("ci")).await.unwrap();
        f.clock.advance(TimeDelta::hours(2));
        f.services.prune().await.unwrap();
        assert_eq!(f.services.snapshot().await.unwrap().keys.len(), 1, "the client's stays");
    });
}

#[test]
fn a_key_reaches_the_servers_that_were_chosen_and_never_more() {
    on_each_database(async |f: Fixture| {
        let (keys, servers) = (f.services.keys(), f.services.servers());
        for name in ["a", "b"] {
            servers.create(&f.owner, PROJECT, remote(name)).await.unwrap();
        }
        servers.create(&f.stranger, "other.shop", remote("foreign")).await.unwrap();
        let chosen = |names: &[&str]| NewKey {
            servers: Some(names.iter().map(|name| (*name).to_owned()).collect()),
            scope: KeyScope::Read,
            calls_per_minute: Some(30),
            ..NewKey::named("ci")
        };
        for names in [&["foreign"][..], &["a", "none"]] {
            let error = keys.create(&f.owner, PROJECT, chosen(names)).await.unwrap_err();
            assert_eq!(error.field_errors()[0].code, Code::KeyServerUnknown, "{names:?}");
        }
        let created = keys.create(&f.owner, PROJECT, chosen(&["b", "a", "a"])).await.unwrap().key;
        let names: Vec<_> = created.servers.iter().flatten().map(|server| server.name.as_str()).collect();
        assert_eq!(names, ["a", "b"]);
        assert_eq!(keys.get(&f.owner, PROJECT, created.id).await.unwrap(), created);
        assert_eq!(keys.list(&f.owner, PROJECT).await.unwrap(), std::slice::from_ref(&created));
        let known = f.services.snapshot().await.unwrap().keys.remove(0);
        assert_eq!(known.servers.map(|all| all.len()), Some(2));
        assert_eq!((known.scope, known.calls_per_minute), (KeyScope::Read, Some(30)));
        for name in ["a", "b"] {
            servers.delete(&f.owner, PROJECT, name).await.unwrap();
        }
        let known = f.services.snapshot().await.unwrap().keys.remove(0);
        assert_eq!(known.servers.map(|all| all.len()), Some(0), "its servers are gone: it reaches none");
    });
}

#[test]
fn a_key_takes_another_form_and_keeps_its_secret() {
    on_each_database(async |f: Fixture| {
        let keys = f.services.keys();
        f.services.servers().create(&f.owner, PROJECT, remote("a")).await.unwrap();
        let created = keys.create(&f.owner, PROJECT, key("ci")).await.unwrap();
        keys.create(&f.owner, PROJECT, key("other")).await.unwrap();
        let taken = keys.update(&f.owner, PROJECT, created.key.id, key("other")).await.unwrap_err();
        assert_eq!(taken.field_errors()[0].code, Code::KeyNameTaken);
        let form = NewKey {
            servers: Some(vec!["a".into()]),
            scope: KeyScope::Read,
            expires_at: Some(f.clock.now() + TimeDelta::days(1)),
            ..NewKey::named("ci laptop")
        };
        let changed = keys.update(&f.developer, PROJECT, created.key.id, form.clone()).await.unwrap();
        assert_eq!((changed.name.as_str(), changed.scope), ("ci laptop", KeyScope::Read));
        assert_eq!(changed.prefix, created.key.prefix);
        let hash = sha256(created.secret.expose_secret());
        let known = f.services.snapshot().await.unwrap().keys;
        assert!(known.iter().any(|key| key.hash == hash && key.scope == KeyScope::Read));
        let refused = keys.update(&f.reporter, PROJECT, created.key.id, form.clone()).await.unwrap_err();
        assert_eq!(refused.code(), Code::Forbidden);
        let foreign = keys.update(&f.stranger, "other.shop", created.key.id, key("x")).await.unwrap_err();
        assert_eq!(foreign.code(), Code::NotFound);
        f.clock.advance(TimeDelta::days(2));
        let renamed = NewKey { name: "old".into(), ..form };
        keys.update(&f.owner, PROJECT, created.key.id, renamed).await.expect("a past end may stay");
        let events = f.services.audit().list(&f.owner, PROJECT, Default::default()).await.unwrap().items;
        let change = &events.iter().find(|event| event.target == "ci laptop").unwrap().change;
        assert_eq!(change["servers"], serde_json::json!(["all", "a"]));
        assert_eq!(change["scope"], serde_json::json!(["mcp:exec", "mcp:read"]));
    });
}

#[test]
fn a_successor_has_the_same_rules_and_the_old_key_ends_after_the_overlap() {
    on_each_database(async |f: Fixture| {
        let keys = f.services.keys();
        f.services.servers().create(&f.owner, PROJECT, remote("a")).await.unwrap();
        let form = NewKey {
            servers: Some(vec!["a".into()]),
            scope: KeyScope::Read,
            calls_per_minute: Some(5),
            expires_in_days: Some(30),
            ..NewKey::named("ci")
        };
        let old = keys.create(&f.owner, PROJECT, form).await.unwrap();
        f.clock.advance(TimeDelta::days(20));
        let now = f.clock.now();
        let overlap = Rotation { overlap_hours: 24, name: None };
        let new = keys.rotate(&f.developer, PROJECT, old.key.id, overlap).await.unwrap();
        assert_ne!(new.secret.expose_secret(), old.secret.expose_secret());
        assert_eq!(new.key.name, "ci 2");
        assert_eq!(new.key.expires_at, Some(now + TimeDelta::days(30)), "as long as the old one had");
        assert_eq!(
            (&new.key.servers, new.key.scope, new.key.calls_per_minute),
            (&old.key.servers, KeyScope::Read, Some(5))
        );
        let ended = keys.get(&f.owner, PROJECT, old.key.id).await.unwrap();
        assert_eq!(ended.expires_at, Some(now + TimeDelta::hours(24)));
        let third = keys.rotate(&f.owner, PROJECT, new.key.id, Rotation::default()).await.unwrap();
        assert_eq!(third.key.name, "ci 3");
        assert_eq!(keys.get(&f.owner, PROJECT, new.key.id).await.unwrap().expires_at, Some(now), "at once");
        let late = Rotation { overlap_hours: 168, name: Some("late".into()) };
        keys.rotate(&f.owner, PROJECT, old.key.id, late).await.unwrap();
        let ended = keys.get(&f.owner, PROJECT, old.key.id).await.unwrap();
        assert_eq!(ended.expires_at, Some(now + TimeDelta::hours(24)), "an overlap makes no key live longer");
        let long = Rotation { overlap_hours: 169, name: None };
        assert_eq!(
            keys.rotate(&f.owner, PROJECT, old.key.id, long).await.unwrap_err().field_errors()[0].code,
            Code::NumberInvalid
        );
    });
}

#[test]
fn keys_are_found_by_what_is_known_of_them() {
    on_each_database(async |f: Fixture| {
        let keys = f.services.keys();
        f.services.servers().create(&f.owner, PROJECT, remote("billing")).await.unwrap();
        let short = NewKey { expires_in_days: Some(3), ..NewKey::named("short") };
        keys.create(&f.owner, PROJECT, short).await.unwrap();
        let chosen = NewKey { servers: Some(vec!["billing".into()]), ..NewKey::named("desk") };
        keys.create(&f.developer, PROJECT, chosen).await.unwrap();
        let find = async |text: &str, state: Option<KeyState>| {
            let filter = KeyFilter { text: Some(text.into()), state };
            let found = keys.find(&f.owner, PROJECT, &filter).await.unwrap();
            found.into_iter().map(|key| key.name).collect::<Vec<_>>()
        };
        assert_eq!(find("", None).await, ["desk", "short"], "the newest first");
        assert_eq!(find("BILL", None).await, ["desk"], "by a server");
        assert_eq!(find("developer@", None).await, ["desk"], "by who made it");
        assert_eq!(find("", Some(KeyState::Ending)).await, ["short"]);
        f.clock.advance(TimeDelta::days(4));
        assert_eq!(find("", Some(KeyState::Expired)).await, ["short"]);
        assert_eq!(find("", Some(KeyState::Active)).await, ["desk"]);
    });
}
