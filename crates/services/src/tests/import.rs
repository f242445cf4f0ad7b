//! A project made as a file says.

use std::collections::BTreeMap;

use domain::{
    Code, SecretInput,
    plan::{Choice, Deed, HoleState, Plan},
};

use super::fixture::{Fixture, PROJECT, on_each_database, remote, stdio};
use crate::ImportInput;

const FILE: &str = "
projects:
  - org: elsewhere
    slug: template
    name: Renamed
    members: [{ email: someone@else.test, role: owner }]
    servers:
      - { name: box, transport: builtin, builtin: toolbox, tools: { echo: { hidden: true } } }
      - name: web
        transport: streamable_http
        url: https://mcp.example.org/mcp
        headers: { X-Key: { env: WEB_KEY } }
";

fn file(text: &str) -> ImportInput {
    ImportInput { text: text.to_owned(), ..ImportInput::default() }
}

fn with(text: &str, name: &str, value: &str) -> ImportInput {
    ImportInput { values: BTreeMap::from([(name.to_owned(), SecretInput::new(value))]), ..file(text) }
}

fn lines(plan: &Plan) -> Vec<String> {
    let steps = plan.steps.iter().filter(|step| step.deed != Deed::Keep);
    steps.map(|step| format!("{:?} {}", step.deed, step.name)).collect()
}

#[test]
fn a_file_is_looked_at_then_applied_and_changes_nothing_the_second_time() {
    on_each_database(async |f: Fixture| {
        let s = &f.services;
        let plan = s.import_plan(&f.owner, PROJECT, file(FILE)).await.unwrap();
        assert_eq!(lines(&plan), ["Add box", "Add box/echo", "Add web"]);
        assert_eq!((plan.holes[0].name.as_str(), plan.holes[0].state), ("WEB_KEY", HoleState::Needed));
        assert!(plan.notes[0].starts_with("Members: 1."), "{:?}", plan.notes);
        assert!(s.servers().list(&f.owner, PROJECT).await.unwrap().is_empty(), "a preview changes nothing");
        let missing = s.import(&f.owner, PROJECT, file(FILE)).await.unwrap_err();
        assert_eq!(missing.field_errors()[0].field, "values[WEB_KEY]");

        let done = s.import(&f.owner, PROJECT, with(FILE, "WEB_KEY", "canary")).await.unwrap();
        assert_eq!(lines(&done), ["Add box", "Add box/echo", "Add web"]);
        assert!(!serde_json::to_string(&done).unwrap().contains("canary"));
        assert!(s.servers().tool(&f.owner, PROJECT, "box", "echo").await.unwrap().rule.hidden);
        for again in [file(FILE), with(FILE, "WEB_KEY", "canary")] {
            let again = s.import(&f.owner, PROJECT, again).await.unwrap();
            assert!(again.is_empty(), "{:?}", lines(&again));
        }
        let rotated = s.import(&f.owner, PROJECT, with(FILE, "WEB_KEY", "other")).await.unwrap();
        assert_eq!(lines(&rotated), ["Change web"]);
        let project = s.projects().get(&f.owner, PROJECT).await.unwrap();
        assert_eq!((project.name.as_str(), project.slug.as_str()), ("payments", "payments"));
        let settings = ImportInput { choice: Choice { settings: true, remove: false }, ..file(FILE) };
        s.import(&f.owner, PROJECT, settings).await.unwrap();
        let project = s.projects().get(&f.owner, PROJECT).await.unwrap();
        assert_eq!(
            (project.name.as_str(), project.slug.as_str()),
            ("Renamed", "payments"),
            "the address stays"
        );
    });
}

#[test]
fn what_is_not_in_the_file_goes_only_when_asked() {
    on_each_database(async |f: Fixture| {
        let s = &f.services;
        s.servers().create(&f.owner, PROJECT, remote("old")).await.unwrap();
        s.import(&f.owner, PROJECT, with(FILE, "WEB_KEY", "v")).await.unwrap();
        assert!(s.servers().get(&f.owner, PROJECT, "old").await.is_ok());
        let whole = ImportInput { choice: Choice { settings: false, remove: true }, ..file(FILE) };
        let plan = s.import(&f.owner, PROJECT, whole).await.unwrap();
        assert_eq!(lines(&plan), ["Remove old"]);
        assert_eq!(s.servers().get(&f.owner, PROJECT, "old").await.unwrap_err().code(), Code::NotFound);
    });
}

#[test]
fn it_is_all_or_nothing_and_a_mistake_has_a_place() {
    on_each_database(async |f: Fixture| {
        let s = &f.services;
        // Two servers of one prefix: told while the second is written.
        let clash = "projects: [{ org: a, slug: b, servers: [
            { name: one, transport: builtin, builtin: toolbox, alias: same },
            { name: two, transport: builtin, builtin: toolbox, alias: same } ] }]";
        let error = s.import(&f.owner, PROJECT, file(clash)).await.unwrap_err();
        assert!(error.public_message().contains("`two`"), "{error}");
        assert!(
            s.servers().list(&f.owner, PROJECT).await.unwrap().is_empty(),
            "the first is not there either"
        );
        let error = s.import_plan(&f.owner, PROJECT, file("projects:\n  - org: a\n    slgu: b\n")).await;
        let error = error.unwrap_err();
        assert_eq!(error.code(), Code::DocumentInvalid);
        let text = error.public_message();
        assert!(text.contains("slgu") && text.contains("line 3"), "{text}");
        let wrong = "projects: [{ org: a, slug: b, servers: [{ name: x, transport: sse, url: nowhere }] }]";
        let error = s.import_plan(&f.owner, PROJECT, file(wrong)).await.unwrap_err();
        assert!(error.public_message().contains("`x`") && error.public_message().contains("url:"), "{error}");
        for nothing in ["", "projects: []", "[]", "{}"] {
            let error = s.import_plan(&f.owner, PROJECT, file(nothing)).await.unwrap_err();
            assert!(
                matches!(error.code(), Code::DocumentInvalid | Code::ImportInvalid),
                "{nothing}: {error}"
            );
        }
    });
}

#[test]
fn a_clients_file_says_which_servers_are_there_already() {
    on_each_database(async |f: Fixture| {
        let s = &f.services;
        s.servers().create(&f.admin, PROJECT, stdio("files")).await.unwrap();
        let text = r#"{ "mcpServers": {
            "files": { "command": "npx", "args": ["-y", "server"], "env": { "TOKEN": "canary-env" } },
            "web": { "url": "https://web.test/mcp", "headers": { "X-Key": "${input:key}" } } } }"#;
        let plan = s.import_plan(&f.developer, PROJECT, file(text)).await.unwrap();
        assert_eq!(lines(&plan), ["Add web"], "the same server with the same secret stays");
        let states: Vec<_> = plan.holes.iter().map(|hole| (hole.name.as_str(), hole.state)).collect();
        assert_eq!(states, [("FILES_TOKEN", HoleState::Stored), ("WEB_X_KEY", HoleState::Needed)]);
        let other = text.replace("\"server\"", "\"another\"");
        let error = s.import_plan(&f.developer, PROJECT, file(&other)).await.unwrap_err();
        assert_eq!(error.code(), Code::StdioForbidden, "whoever may not register commands is told before");
        let plan = s.import_plan(&f.admin, PROJECT, file(&other)).await.unwrap();
        assert_eq!(lines(&plan), ["Change files", "Add web"]);
        for (caller, code) in [(&f.reporter, Code::Forbidden), (&f.stranger, Code::NotFound)] {
            assert_eq!(s.import_plan(caller, PROJECT, file(text)).await.unwrap_err().code(), code);
            assert_eq!(s.import(caller, PROJECT, file(text)).await.unwrap_err().code(), code);
        }
    });
}
