use std::time::Duration;

use domain::{Code, key::NewKey};

use super::fixture::{Fixture, PROJECT, on_each_database};
use crate::key::sha256;

fn key(name: &str) -> NewKey {
    NewKey { name: name.into(), expires_in_days: Some(90) }
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
        keys.record_use(vec![(created.key.id, f.clock.now())]).await.unwrap();
        assert_eq!(keys.list(&f.owner, PROJECT).await.unwrap()[0].last_used_at, Some(f.clock.now()));
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
        assert_eq!(first.key.expires_at, Some(f.clock.now() + chrono::TimeDelta::hours(1)));
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
        f.clock.advance(chrono::TimeDelta::hours(2));
        f.services.prune().await.unwrap();
        assert_eq!(f.services.snapshot().await.unwrap().keys.len(), 1, "the client's stays");
    });
}
