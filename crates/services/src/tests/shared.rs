//! Shared servers: projects use them, administrators hold them, and nobody else sees what is in them.

use std::convert::Infallible;

use domain::{
    Code, Error, SecretInput,
    command::CommandInput,
    document::Verb,
    server::{BulkAction, BulkInput, CopyInput, ServerInput, Status, TestReport, Transport, VariableInput},
    template::{FromTemplate, TemplateInput},
};
use sea_orm::EntityTrait;
use secrecy::ExposeSecret;
use serde_json::json;

use super::fixture::{Fixture, PROJECT, on_each_database, stdio};
use crate::{
    ImportInput,
    apply::Secrets,
    entity::shared_server,
    snapshot::{SnapshotServer, Target},
};

/// In a value, which nobody may read.
const CANARY: &str = "canary-4711";
/// In an address, which members may not read.
const DOOR: &str = "back-door";

fn variable(name: &str, value: &str) -> VariableInput {
    VariableInput { name: name.into(), value: Some(SecretInput::new(value)) }
}

fn docs() -> ServerInput {
    ServerInput {
        name: "docs".into(),
        description: "What we know".into(),
        transport: Transport::StreamableHttp,
        url: format!("https://docs.example.org/mcp?key={DOOR}"),
        headers: vec![variable("Authorization", CANARY)],
        timeout_seconds: 90,
        ..ServerInput::default()
    }
}

fn files() -> ServerInput {
    ServerInput {
        name: "files".into(),
        command: "npx".into(),
        args: vec!["-y".into(), format!("--root=/{DOOR}")],
        env: vec![variable("TOKEN", CANARY)],
        ..ServerInput::default()
    }
}

/// A project's server of a shared one.
fn of(shared: &str, name: &str) -> ServerInput {
    ServerInput { name: name.into(), shared: Some(shared.into()), ..ServerInput::default() }
}

async fn running(f: &Fixture, name: &str) -> SnapshotServer {
    let snapshot = f.services.snapshot().await.unwrap();
    snapshot.servers.into_iter().find(|server| server.name == name).unwrap()
}

fn address(server: &SnapshotServer) -> (&str, Vec<(&str, &str)>) {
    let Target::Remote { url, headers, .. } = &server.target else { panic!("{:?}", server.target) };
    (url, headers.iter().map(|(name, value)| (name.as_str(), value.expose_secret())).collect())
}

fn faults(error: &Error) -> Vec<(&str, Code)> {
    error.field_errors().iter().map(|fault| (fault.field.as_str(), fault.code)).collect()
}

/// Each has two servers of shared ones.
async fn shared(f: &Fixture) {
    let (shared, servers) = (f.services.shared_servers(), f.services.servers());
    shared.create(&f.admin, docs()).await.unwrap();
    shared.create(&f.admin, files()).await.unwrap();
    servers.create(&f.developer, PROJECT, of("docs", "library")).await.unwrap();
    servers.create(&f.developer, PROJECT, of("files", "disk")).await.unwrap();
}

#[test]
fn projects_use_what_is_shared_and_see_none_of_its_secrets() {
    on_each_database(async |f: Fixture| {
        shared(&f).await;
        let (services, servers) = (&f.services, f.services.servers());
        let library = running(&f, "library").await;
        let url = format!("https://docs.example.org/mcp?key={DOOR}");
        assert_eq!(address(&library), (url.as_str(), vec![("Authorization", CANARY)]));
        assert_eq!((library.alias.as_str(), library.timeout_seconds), ("library", 90));
        let disk = running(&f, "disk").await;
        let Target::Stdio { command, args, env, .. } = &disk.target else { panic!("a command") };
        assert_eq!((command.as_str(), args.len()), ("npx", 2));
        assert_eq!((env[0].0.as_str(), env[0].1.expose_secret()), ("TOKEN", CANARY));

        let choices = services.shared_servers().choices(&f.developer, PROJECT).await.unwrap();
        assert_eq!(choices.iter().map(|choice| choice.name.as_str()).collect::<Vec<_>>(), ["docs", "files"]);
        let list = servers.list(&f.developer, PROJECT).await.unwrap();
        assert_eq!(list[1].shared.as_ref().unwrap().name, "docs");
        assert_eq!((list[1].transport, list[1].timeout_seconds), (Transport::StreamableHttp, 90));
        let template = TemplateInput { name: "Base".into(), description: String::new() };
        services.templates().save(&f.admin, "acme", PROJECT, template).await.unwrap();
        let events = services.audit().list(&f.owner, PROJECT, Default::default()).await.unwrap().items;
        let beginnings = services.templates().list(&f.admin, "acme").await.unwrap();
        let kept = beginnings.last().unwrap().id.to_string();
        let told = json!({
            "choices": choices,
            "list": list,
            "file": services.export(&f.owner, PROJECT).await.unwrap(),
            "template": services.templates().get(&f.admin, "acme", &kept).await.unwrap(),
            "activity": events.iter().map(|event| &event.change).collect::<Vec<_>>(),
        });
        let told = told.to_string();
        assert!(told.contains("library") && !told.contains(CANARY) && !told.contains(DOOR), "{told}");

        let detail = services.shared_servers().get(&f.admin, "docs").await.unwrap();
        assert_eq!(detail.servers, ["acme.payments/library"]);
        assert_eq!((detail.shared.projects, detail.shared.definition.headers[0].value.as_ref()), (1, None));
        let events = services.audit().of_platform(&f.admin, None, Default::default()).await.unwrap().items;
        let told =
            json!([detail, services.shared_servers().list(&f.admin).await.unwrap(), events]).to_string();
        assert!(told.contains(DOOR) && !told.contains(CANARY), "administrators read no value either");
        for row in shared_server::Entity::find().all(services.database()).await.unwrap() {
            assert!(!format!("{row:?}{}", String::from_utf8_lossy(&row.sealed)).contains(CANARY));
        }
    });
}

#[test]
fn nothing_that_a_member_sends_takes_the_place_of_what_is_shared() {
    on_each_database(async |f: Fixture| {
        shared(&f).await;
        let (services, servers) = (&f.services, f.services.servers());
        let sent = ServerInput {
            transport: Transport::Stdio,
            command: "sh".into(),
            args: vec!["-c".into(), "env".into()],
            url: "https://thief.example.org".into(),
            headers: vec![VariableInput { name: "Authorization".into(), value: None }],
            env: vec![variable("LD_PRELOAD", "x")],
            shared: None,
            description: "Ours".into(),
            ..of("docs", "library")
        };
        let before = running(&f, "library").await;
        let changed = servers.update(&f.developer, PROJECT, "library", sent.clone()).await.unwrap();
        assert_eq!((changed.description.as_str(), changed.url.as_str()), ("Ours", ""));
        assert_eq!(address(&running(&f, "library").await), address(&before));
        let tested = servers.test(&f.developer, PROJECT, Some("library"), sent.clone()).await.unwrap();
        let TestReport::Failure(failure) = tested else { panic!("nothing is started") };
        assert!(failure.detail.unwrap().contains("docs.example.org"), "what is shared is tested");

        let own = servers.create(&f.admin, PROJECT, stdio("free")).await.unwrap();
        for (server, input) in
            [("free", of("docs", "free")), ("library", of("files", "library")), ("disk", of("docs", "disk"))]
        {
            let refused = servers.update(&f.developer, PROJECT, server, input).await.unwrap_err();
            assert_eq!(faults(&refused), [("shared", Code::SharedFixed)]);
        }
        assert_eq!(servers.get(&f.developer, PROJECT, "free").await.unwrap().command, own.command);
        let command = CommandInput { name: "ls".into(), program: "ls".into(), ..CommandInput::default() };
        services.commands().create(&f.admin, command).await.unwrap();
        let both = ServerInput { approved_command: Some("ls".into()), ..of("docs", "both") };
        let refused = servers.create(&f.developer, PROJECT, both).await.unwrap_err();
        assert_eq!(faults(&refused), [("shared", Code::SharedFixed)]);
        let unknown = servers.create(&f.developer, PROJECT, of("none", "x")).await.unwrap_err();
        assert_eq!(faults(&unknown), [("shared", Code::SharedUnknown)]);

        let shared = services.shared_servers();
        let refused = servers.create(&f.reporter, PROJECT, of("docs", "theirs")).await.unwrap_err();
        assert_eq!(refused.code(), Code::Forbidden);
        assert_eq!(shared.choices(&f.reporter, PROJECT).await.unwrap_err().code(), Code::Forbidden);
        assert_eq!(shared.choices(&f.stranger, PROJECT).await.unwrap_err().code(), Code::NotFound);
        for member in [&f.owner, &f.developer, &f.reporter] {
            for refused in [
                shared.list(member).await.map(drop),
                shared.get(member, "docs").await.map(drop),
                shared.create(member, docs()).await.map(drop),
                shared.update(member, "docs", docs()).await.map(drop),
                shared.set_withdrawn(member, "docs", true).await.map(drop),
                shared.test(member, Some("docs"), docs()).await.map(drop),
                shared.delete(member, "docs").await,
            ] {
                assert_eq!(refused.unwrap_err().code(), Code::AdminOnly);
            }
        }
    });
}

#[test]
fn projects_follow_a_change_and_an_end() {
    on_each_database(async |f: Fixture| {
        shared(&f).await;
        let (shared, servers) = (f.services.shared_servers(), f.services.servers());
        let first = running(&f, "library").await;
        let stored = || {
            let headers = vec![VariableInput { name: "Authorization".into(), value: None }];
            ServerInput { headers, ..docs() }
        };
        let described = ServerInput { description: "Other words".into(), ..stored() };
        shared.update(&f.admin, "docs", described).await.unwrap();
        assert_eq!(running(&f, "library").await.generation, first.generation, "words restart nothing");
        let moved =
            ServerInput { url: "https://docs.example.org/v2".into(), name: "Docs2".into(), ..stored() };
        shared.update(&f.admin, "docs", moved.clone()).await.unwrap();
        let second = running(&f, "library").await;
        assert_eq!(address(&second), ("https://docs.example.org/v2", vec![("Authorization", CANARY)]));
        assert!(second.generation > first.generation);
        let elsewhere = ServerInput { url: "https://other.example.org".into(), ..moved.clone() };
        for refused in [
            shared.update(&f.admin, "docs2", elsewhere.clone()).await.map(drop),
            shared.test(&f.admin, Some("docs2"), elsewhere).await.map(drop),
        ] {
            let expected = [("headers[0].value", Code::ValueMissing)];
            assert_eq!(faults(&refused.unwrap_err()), expected, "a value goes to no other origin");
        }
        let process = ServerInput {
            command: "uvx".into(),
            transport: Transport::Stdio,
            env: vec![variable("A", "b")],
            ..moved
        };
        shared.update(&f.admin, "docs2", process).await.unwrap();
        let third = running(&f, "library").await;
        assert!(matches!(&third.target, Target::Stdio { command, .. } if command == "uvx"));
        assert_eq!(servers.get(&f.reporter, PROJECT, "library").await.unwrap().transport, Transport::Stdio);
        let taken = shared.update(&f.admin, "docs2", files()).await.unwrap_err();
        assert_eq!(faults(&taken), [("name", Code::SharedNameTaken)]);

        let used = shared.delete(&f.admin, "files").await.unwrap_err();
        assert_eq!(used.code(), Code::SharedUsed);
        assert!(used.public_detail().unwrap().contains("acme.payments/disk"));
        shared.set_withdrawn(&f.admin, "files", true).await.unwrap();
        let ended = running(&f, "disk").await;
        assert_eq!(ended.problem, Some(Code::SharedWithdrawn));
        assert!(matches!(&ended.target, Target::Builtin { name } if name.is_empty()), "nothing to start");
        let state = servers.get(&f.reporter, PROJECT, "disk").await.unwrap().state;
        assert_eq!((state.status, state.code), (Status::Failed, Some(Code::SharedWithdrawn)));
        for refused in [
            servers.create(&f.admin, PROJECT, of("files", "more")).await.map(drop),
            servers.copy(&f.developer, PROJECT, "disk", CopyInput::default()).await.map(drop),
        ] {
            assert_eq!(faults(&refused.unwrap_err()), [("shared", Code::SharedWithdrawn)]);
        }
        let tested =
            servers.test(&f.developer, PROJECT, Some("disk"), of("files", "disk")).await.unwrap_err();
        assert_eq!(tested.code(), Code::SharedWithdrawn);
        servers.set_enabled(&f.developer, PROJECT, "disk", false).await.unwrap();
        let enable = BulkInput { action: BulkAction::Enable, servers: vec!["disk".into()] };
        let report = servers.bulk(&f.owner, PROJECT, enable).await.unwrap();
        assert_eq!(report.items[0].code, Some(Code::SharedWithdrawn));
        assert_eq!(shared.choices(&f.developer, PROJECT).await.unwrap().len(), 1);

        shared.set_withdrawn(&f.admin, "files", false).await.unwrap();
        servers.set_enabled(&f.developer, PROJECT, "disk", true).await.unwrap();
        assert_eq!(running(&f, "disk").await.problem, None);
        servers.delete(&f.developer, PROJECT, "disk").await.unwrap();
        shared.delete(&f.admin, "files").await.unwrap();
        let events = f.services.audit().of_platform(&f.admin, None, Default::default()).await.unwrap().items;
        let told: Vec<_> =
            events.iter().filter_map(|item| item.event.action.strip_prefix("shared_server.")).collect();
        let expected = ["delete", "restore", "withdraw", "update", "update", "update", "create", "create"];
        assert_eq!(told, expected);
        let update = |n: usize| {
            let updates = events.iter().filter(|item| item.event.action == "shared_server.update");
            updates.map(|item| &item.event.change).nth(n).unwrap()
        };
        assert_eq!(update(2), &json!({ "description": ["What we know", "Other words"] }));
        assert_eq!(update(0)["secrets"], json!(["••••", "•••• (A)"]));
        assert_eq!(update(0)["transport"], json!(["streamable_http", "stdio"]));
    });
}

#[test]
fn copies_files_templates_and_transfers_keep_to_the_shared_server() {
    on_each_database(async |f: Fixture| {
        shared(&f).await;
        let (services, servers) = (&f.services, f.services.servers());
        let copy = servers.copy(&f.developer, PROJECT, "library", CopyInput::default()).await.unwrap();
        assert_eq!((copy.is_complete(), copy.server.shared.unwrap().name), (true, "docs".into()));
        let there = CopyInput { project: Some("other.shop".into()), name: None };
        let copy = servers.copy(&f.admin, PROJECT, "disk", there).await.unwrap();
        assert!(copy.is_complete() && copy.server.enabled, "its values are not left behind");
        assert_eq!(services.shared_servers().list(&f.admin).await.unwrap()[1].projects, 2);

        let file = services.export(&f.owner, PROJECT).await.unwrap();
        let entry = &file.projects[0].servers[0];
        assert_eq!((entry.name.as_str(), entry.shared.as_deref()), ("disk", Some("files")));
        assert!(entry.env.is_empty() && entry.command.is_empty() && entry.timeout_seconds.is_none());
        assert_eq!(file.projects[0].mcp_servers(), json!({ "mcpServers": {} }), "no client can run them");
        let secrets = Secrets::resolve(&file, |_| Ok::<_, Infallible>("none".to_owned().into())).unwrap();
        let changes = services.apply(&f.admin, &file, &secrets, false).await.unwrap();
        assert!(changes.iter().all(|change| change.verb == Verb::Keep), "{changes:?}");

        let text = serde_json::to_string(&file).unwrap();
        let input = |text: &str| ImportInput { text: text.to_owned(), ..ImportInput::default() };
        let plan = services.import_plan(&f.developer, PROJECT, input(&text)).await.unwrap();
        assert!(plan.is_empty(), "{plan:?}");
        servers.delete(&f.developer, PROJECT, "disk").await.unwrap();
        // As a person writes it, with something that is not theirs to say.
        let written =
            "projects: [{ org: x, slug: y, servers: [{ name: disk, shared: FILES, command: sh }] }]";
        services.import(&f.developer, PROJECT, input(written)).await.unwrap();
        let Target::Stdio { command, env, .. } = running(&f, "disk").await.target else {
            panic!("a command")
        };
        assert_eq!((command.as_str(), env.len()), ("npx", 1));
        let unknown = written.replace("FILES", "nothing");
        for refused in [
            services.import_plan(&f.developer, PROJECT, input(&unknown)).await.unwrap_err(),
            services.import(&f.developer, "acme.payments", input(&unknown)).await.unwrap_err(),
        ] {
            assert!(refused.public_detail().unwrap().contains(Code::SharedUnknown.sentence()), "{refused}");
        }

        let template = TemplateInput { name: "Base".into(), description: String::new() };
        let kept = services.templates().save(&f.admin, "acme", PROJECT, template).await.unwrap();
        let new = domain::project::NewProject {
            organization: "acme".into(),
            slug: "second".into(),
            name: "Second".into(),
            description: String::new(),
        };
        let from = FromTemplate { template: Some(kept.id.to_string()), ..FromTemplate::default() };
        let begun = services.projects().create_from(&f.admin, new, from).await.unwrap();
        let moved = services.servers().get(&f.admin, &begun.path(), "disk").await.unwrap();
        assert_eq!(moved.shared.unwrap().name, "files");
    });
}
