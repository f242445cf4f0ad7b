use domain::{
    Code, SecretInput,
    account::SignIn,
    document::{Document, SecretReference, Verb},
};
use secrecy::SecretString;

use super::fixture::{Fixture, on_each_database};
use crate::{Caller, apply::Secrets, key::sha256};

const KEY: &str = "slu_0123456789ABCDEFGHIJKLMNOPQRSTUVXXXXXX";

fn document() -> Document {
    serde_json::from_value(serde_json::json!({
        "organizations": [{ "slug": "new", "name": "New" }],
        "users": [{ "email": "boss@new.test", "name": "Boss", "password_env": "PASSWORD", "admin": true }],
        "projects": [{
            "org": "new", "slug": "tools", "access": "open",
            "members": [{ "email": "boss@new.test", "role": "owner" }],
            "servers": [
                { "name": "local", "transport": "stdio", "command": "npx", "args": ["-y", "x"], "env": { "TOKEN": { "env": "TOKEN" } } },
                { "name": "old", "transport": "sse", "url": "http://127.0.0.1:9001/sse", "timeout_seconds": 30, "enabled": false,
                  "alias": "", "total_seconds": 90, "tools": { "drop": { "hidden": true }, "find": { "alias": "search", "description": "Finds." } } },
            ],
            "api_keys": [{ "name": "ci", "secret_file": "key" }],
        }],
    }))
    .unwrap()
}

fn secrets(document: &Document, token: &str, key: &str) -> Secrets {
    Secrets::resolve(document, |reference: &SecretReference| -> Result<SecretString, String> {
        match (reference.env.as_deref(), reference.file.as_deref()) {
            (Some("PASSWORD"), None) => Ok("a password that is long".into()),
            (Some("TOKEN"), None) => Ok(token.into()),
            (None, Some("key")) => Ok(key.into()),
            other => Err(format!("{other:?} is not known")),
        }
    })
    .unwrap()
}

fn strong_key() -> String {
    let random: Vec<u8> = (0..64).collect();
    let key = domain::key::format_secret(domain::key::SecretKind::ApiKey, &random).unwrap();
    key.expose_secret().to_owned()
}

#[test]
fn a_second_run_changes_nothing() {
    on_each_database(async |f: Fixture| {
        let (system, document, key) = (Caller::system(), document(), strong_key());
        let first = secrets(&document, "one", &key);
        let verbs = async |secrets: &Secrets, dry_run| -> Vec<(Verb, Vec<String>)> {
            let changes = f.services.apply(&system, &document, secrets, dry_run).await.unwrap();
            changes.into_iter().map(|change| (change.verb, change.fields)).collect()
        };
        let planned = verbs(&first, true).await;
        assert!(f.services.organizations().get(&system, "new").await.is_err(), "a dry run makes nothing");
        let done = verbs(&first, false).await;
        assert_eq!(planned, done);
        assert!(done.iter().all(|(verb, _)| *verb == Verb::Create) && done.len() == 9, "{done:?}");
        let again = verbs(&first, false).await;
        assert!(again.iter().all(|(verb, _)| *verb == Verb::Keep), "{again:?}");

        // A rotated secret is noticed, and named without its value.
        let rotated = secrets(&document, "two", &key);
        let changed: Vec<_> =
            verbs(&rotated, false).await.into_iter().filter(|(verb, _)| *verb != Verb::Keep).collect();
        assert_eq!(changed, [(Verb::Update, vec!["env".to_owned()])]);

        // So are changes of rules and limits.
        let mut other = document.clone();
        other.projects[0].access = domain::project::Access::Key;
        let server = &mut other.projects[0].servers[1];
        (server.alias, server.total_seconds) = (None, None);
        server.tools.get_mut("find").unwrap().alias = None;
        let changes = f.services.apply(&system, &other, &rotated, false).await.unwrap();
        let changed: Vec<_> = changes
            .into_iter()
            .filter(|change| change.verb != Verb::Keep)
            .map(|change| format!("{} {}", change.target, change.fields.join(",")))
            .collect();
        let expected = [
            "project new.tools access",
            "server new.tools/old alias,total_seconds",
            "tool new.tools/old/find alias",
        ];
        assert_eq!(changed, expected);
        let again = f.services.apply(&system, &other, &rotated, false).await.unwrap();
        assert!(again.iter().all(|change| change.verb == Verb::Keep), "{again:?}");

        let input =
            SignIn { email: "boss@new.test".into(), password: SecretInput::new("a password that is long") };
        assert!(f.services.accounts().sign_in(input, None).await.unwrap().platform_admin);
        assert_eq!(f.services.snapshot().await.unwrap().keys[0].hash, sha256(&key));
    });
}

#[test]
fn mistakes_name_their_place() {
    on_each_database(async |f: Fixture| {
        let system = Caller::system();
        let document = document();
        let error =
            f.services.apply(&system, &document, &secrets(&document, "t", KEY), false).await.unwrap_err();
        assert_eq!(error.code(), Code::DocumentInvalid);
        let text = error.public_message();
        assert!(text.contains("key new.tools/ci") && text.contains("sluice key generate"), "{text}");
        assert!(!text.contains(KEY), "a secret must not be in an error");

        let mut bad = document.clone();
        bad.projects[0].servers[0].command = "npx -y x".into();
        let error =
            f.services.apply(&system, &bad, &secrets(&bad, "t", &strong_key()), false).await.unwrap_err();
        assert!(error.public_message().contains("server new.tools/local: command:"), "{error}");

        let unread =
            Secrets::resolve(&document, |_| Err::<SecretString, _>("TOKEN is not set")).err().unwrap();
        assert!(unread.public_message().contains("users: boss@new.test: password"), "{unread}");
    });
}

#[test]
fn what_is_exported_can_be_applied_again() {
    on_each_database(async |f: Fixture| {
        let (system, document, key) = (Caller::system(), document(), strong_key());
        let filled = secrets(&document, "one", &key);
        f.services.apply(&system, &document, &filled, false).await.unwrap();
        let exported = f.services.export(&system, "new.tools").await.unwrap();
        let text = serde_json::to_string(&exported).unwrap();
        assert!(!text.contains("one\"") && !text.contains(&key), "no value is in it: {text}");
        let servers = &exported.projects[0].servers;
        assert_eq!(servers[0].env["TOKEN"].env.as_deref(), Some("LOCAL_TOKEN"));
        assert_eq!(
            exported.projects[0].mcp_servers(),
            serde_json::json!({ "mcpServers": {
                "local": { "command": "npx", "args": ["-y", "x"], "env": { "TOKEN": "${LOCAL_TOKEN}" } },
                "old": { "type": "sse", "url": "http://127.0.0.1:9001/sse" },
            } })
        );
        let read: Document = serde_json::from_str(&text).unwrap();
        assert_eq!(read, exported);
        let again = Secrets::resolve(&read, |reference: &SecretReference| match reference.env.as_deref() {
            Some("LOCAL_TOKEN") => Ok(SecretString::from("one")),
            other => Err(format!("{other:?} is not known")),
        });
        let changes = f.services.apply(&system, &read, &again.unwrap(), true).await.unwrap();
        let changed: Vec<_> = changes.iter().filter(|change| change.verb != Verb::Keep).collect();
        assert!(changed.is_empty(), "{changed:?}");
        let denied = f.services.export(&f.developer, super::fixture::PROJECT).await.unwrap_err();
        assert_eq!(denied.code(), Code::Forbidden);
    });
}
