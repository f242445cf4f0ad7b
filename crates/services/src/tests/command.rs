//! Approved commands: what members may make of them, and every way around that is closed.

use std::convert::Infallible;

use domain::{
    Code, Error, SecretInput,
    command::{CommandInput, CommandVariable, Hole},
    server::{BulkAction, BulkInput, CopyInput, ServerInput, Status, TestReport, Transport, VariableInput},
};
use serde_json::json;

use super::fixture::{Fixture, PROJECT, on_each_database, stdio};
use crate::{
    ImportInput,
    apply::Secrets,
    snapshot::{SnapshotServer, Target},
};

fn files() -> CommandInput {
    let hole = |name: &str| Hole { name: name.into(), ..Hole::default() };
    CommandInput {
        name: "files".into(),
        program: "npx".into(),
        args: ["-y", "server-files", "--root={root}", "{mode}"].map(str::to_owned).to_vec(),
        holes: vec![
            Hole { pattern: "/srv/[a-z/]+".into(), ..hole("root") },
            Hole { values: vec!["fast".into(), "slow".into()], optional: true, ..hole("mode") },
        ],
        variables: vec![
            CommandVariable { name: "TOKEN".into(), secret: true, ..CommandVariable::default() },
            CommandVariable { name: "REGION".into(), optional: true, ..CommandVariable::default() },
        ],
        ..CommandInput::default()
    }
}

/// A server of the command.
fn server(name: &str, root: &str) -> ServerInput {
    ServerInput {
        name: name.into(),
        approved_command: Some("files".into()),
        values: [("root".to_owned(), root.to_owned())].into(),
        env: vec![VariableInput { name: "TOKEN".into(), value: Some(SecretInput::new("canary")) }],
        ..ServerInput::default()
    }
}

async fn running(f: &Fixture, name: &str) -> SnapshotServer {
    let snapshot = f.services.snapshot().await.unwrap();
    snapshot.servers.into_iter().find(|server| server.name == name).unwrap()
}

fn arguments(server: &SnapshotServer) -> Vec<String> {
    let Target::Stdio { command, args, .. } = &server.target else { panic!("{:?}", server.target) };
    assert_eq!(command, "npx");
    args.clone()
}

fn faults(error: &Error) -> Vec<(&str, Code)> {
    error.field_errors().iter().map(|fault| (fault.field.as_str(), fault.code)).collect()
}

#[test]
fn members_fill_what_admins_left_open() {
    on_each_database(async |f: Fixture| {
        let (commands, servers) = (f.services.commands(), f.services.servers());
        commands.create(&f.admin, files()).await.unwrap();
        let shown = commands.choices(&f.developer, PROJECT).await.unwrap();
        assert_eq!(shown.iter().map(|command| command.name.as_str()).collect::<Vec<_>>(), ["files"]);

        // Whatever stands beside the command is not what runs.
        let sent = ServerInput {
            command: "sh".into(),
            args: vec!["-c".into(), "id".into()],
            working_directory: Some("/root".into()),
            transport: Transport::Sse,
            url: "https://mcp.example.org".into(),
            ..server("mine", "/srv/data")
        };
        let made = servers.create(&f.developer, PROJECT, sent).await.unwrap();
        assert_eq!((made.transport, made.command.as_str()), (Transport::Stdio, "npx"));
        let expected = ["-y", "server-files", "--root=/srv/data"];
        assert_eq!(made.args, expected);
        assert_eq!(made.approved_command.unwrap().values["root"], "/srv/data");
        assert_eq!(
            (arguments(&running(&f, "mine").await), made.url.as_str()),
            (expected.map(str::to_owned).to_vec(), "")
        );

        // A change keeps the command, said or not, and what is stored.
        let mut change = server("mine", "/srv/other");
        change.approved_command = None;
        change.values.insert("mode".into(), "slow".into());
        change.env[0].value = None;
        let changed = servers.update(&f.developer, PROJECT, "mine", change).await.unwrap();
        assert_eq!(changed.args[2..], ["--root=/srv/other", "slow"]);
        let report =
            servers.test(&f.developer, PROJECT, Some("mine"), server("mine", "/srv/tried")).await.unwrap();
        let TestReport::Failure(failure) = report else { panic!("nothing is started") };
        assert!(failure.detail.unwrap().contains("--root=/srv/tried"));
        let copy = servers.copy(&f.developer, PROJECT, "mine", CopyInput::default()).await.unwrap().server;
        assert_eq!((copy.approved_command, copy.args), (changed.approved_command, changed.args));
        let events = f.services.audit().list(&f.owner, PROJECT, Default::default()).await.unwrap().items;
        assert_eq!(events.last().unwrap().change["approved_command"], json!(null), "of the fixture");
        assert!(events.iter().any(|event| event.change["approved_command"] == "files"));
    });
}

#[test]
fn values_that_were_not_approved_are_refused_on_every_way() {
    on_each_database(async |f: Fixture| {
        let servers = f.services.servers();
        f.services.commands().create(&f.admin, files()).await.unwrap();
        servers.create(&f.developer, PROJECT, server("mine", "/srv/data")).await.unwrap();
        let before = running(&f, "mine").await;
        for bad in ["/etc", "/srv/../etc", "-x", "/srv/a\0", "/srv/a b", ""] {
            let code = if bad.is_empty() { Code::Required } else { Code::HoleInvalid };
            let sent = || server("other", bad);
            for refused in [
                servers.create(&f.developer, PROJECT, sent()).await.map(drop),
                servers.update(&f.developer, PROJECT, "mine", sent()).await.map(drop),
                servers.test(&f.developer, PROJECT, None, sent()).await.map(drop),
                servers.test(&f.developer, PROJECT, Some("mine"), sent()).await.map(drop),
            ] {
                assert_eq!(faults(&refused.unwrap_err()), [("values.root", code)], "{bad:?}");
            }
        }
        let mut odd = server("other", "/srv/data");
        odd.values.insert("mode".into(), "slower".into());
        odd.env.push(VariableInput { name: "EXTRA".into(), value: Some(SecretInput::new("x")) });
        let refused = servers.create(&f.admin, PROJECT, odd).await.unwrap_err();
        let expected = [("values.mode", Code::HoleInvalid), ("env[1].name", Code::VariableForbidden)];
        assert_eq!(faults(&refused), expected, "of an administrator as well");
        let bare = ServerInput { env: vec![], ..server("other", "/srv/data") };
        let refused = servers.create(&f.developer, PROJECT, bare).await.unwrap_err();
        assert_eq!(faults(&refused), [("env[0].value", Code::ValueMissing)]);

        assert_eq!(arguments(&running(&f, "mine").await), arguments(&before));
        assert_eq!(servers.list(&f.reporter, PROJECT).await.unwrap().len(), 1);
    });
}

#[test]
fn an_approved_command_opens_no_other() {
    on_each_database(async |f: Fixture| {
        let servers = f.services.servers();
        let commands = f.services.commands();
        commands.create(&f.admin, files()).await.unwrap();
        commands.create(&f.admin, CommandInput { name: "other".into(), ..files() }).await.unwrap();
        servers.create(&f.developer, PROJECT, server("mine", "/srv/data")).await.unwrap();
        servers.create(&f.admin, PROJECT, stdio("free")).await.unwrap();
        let of =
            |name: &str| ServerInput { approved_command: Some(name.into()), ..server("mine", "/srv/data") };
        let unknown = servers.create(&f.developer, PROJECT, of("none")).await.unwrap_err();
        assert_eq!(faults(&unknown), [("approved_command", Code::CommandUnknown)]);
        let moved = servers.update(&f.developer, PROJECT, "mine", of("other")).await.unwrap_err();
        assert_eq!(faults(&moved), [("approved_command", Code::CommandFixed)]);
        let free = servers.update(&f.developer, PROJECT, "free", of("files")).await.unwrap_err();
        assert_eq!(faults(&free), [("approved_command", Code::CommandFixed)]);

        let own = ServerInput { name: "mine".into(), ..stdio("mine") };
        let kept = servers.update(&f.developer, PROJECT, "mine", own.clone()).await.unwrap_err();
        assert_eq!(faults(&kept)[0].0, "values.root", "a command of one's own does not take its place");
        assert_eq!(
            servers.create(&f.developer, PROJECT, own).await.unwrap_err().code(),
            Code::StdioForbidden
        );
        let copied = servers.copy(&f.developer, PROJECT, "free", CopyInput::default()).await.unwrap_err();
        assert_eq!(copied.code(), Code::StdioForbidden);
        let text = r#"{"mcpServers":{"x":{"command":"npx","approved_command":"files"}}}"#.to_owned();
        let file = ImportInput { text, ..ImportInput::default() };
        let imported = f.services.import(&f.developer, PROJECT, file).await.unwrap_err();
        assert_eq!(imported.code(), Code::StdioForbidden);

        let refused = servers.create(&f.reporter, PROJECT, server("theirs", "/srv/data")).await.unwrap_err();
        assert_eq!(refused.code(), Code::Forbidden);
        assert_eq!(commands.choices(&f.reporter, PROJECT).await.unwrap_err().code(), Code::Forbidden);
        assert_eq!(commands.choices(&f.stranger, PROJECT).await.unwrap_err().code(), Code::NotFound);
        for member in [&f.owner, &f.developer, &f.reporter] {
            for refused in [
                commands.list(member).await.map(drop),
                commands.get(member, "files").await.map(drop),
                commands.create(member, files()).await.map(drop),
                commands.update(member, "files", files()).await.map(drop),
                commands.set_withdrawn(member, "files", true).await.map(drop),
                commands.delete(member, "files").await,
            ] {
                assert_eq!(refused.unwrap_err().code(), Code::AdminOnly);
            }
        }
    });
}

#[test]
fn servers_follow_a_change_of_their_command_and_end_with_it() {
    on_each_database(async |f: Fixture| {
        let (commands, servers) = (f.services.commands(), f.services.servers());
        commands.create(&f.admin, files()).await.unwrap();
        servers.create(&f.developer, PROJECT, server("mine", "/srv/data")).await.unwrap();
        let first = running(&f, "mine").await;

        let mut changed = files();
        changed.args[1] = "server-files@2".into();
        commands.update(&f.admin, "files", changed.clone()).await.unwrap();
        let second = running(&f, "mine").await;
        assert_eq!(arguments(&second)[1], "server-files@2");
        assert!(second.generation > first.generation, "it is started anew");

        // Narrower than what was filled in.
        changed.holes[0].pattern = "/srv/public/[a-z]+".into();
        commands.update(&f.admin, "files", changed).await.unwrap();
        let state = async || servers.get(&f.reporter, PROJECT, "mine").await.unwrap().state;
        assert_eq!(running(&f, "mine").await.problem, Some(Code::CommandUnfit));
        assert_eq!((state().await.status, state().await.code), (Status::Failed, Some(Code::CommandUnfit)));
        let mut fitting = server("mine", "/srv/public/data");
        fitting.env[0].value = None;
        servers.update(&f.developer, PROJECT, "mine", fitting).await.unwrap();
        assert_eq!(running(&f, "mine").await.problem, None);

        let used = commands.delete(&f.admin, "files").await.unwrap_err();
        assert_eq!(used.code(), Code::CommandUsed);
        assert!(used.public_detail().unwrap().contains("acme.payments/mine"));
        commands.set_withdrawn(&f.admin, "files", true).await.unwrap();
        let ended = running(&f, "mine").await;
        assert_eq!(ended.problem, Some(Code::CommandWithdrawn));
        let Target::Stdio { args, env, .. } = &ended.target else { panic!("a command") };
        assert!(args.is_empty() && env.is_empty(), "nothing of it is left to start");
        assert_eq!(state().await.code, Some(Code::CommandWithdrawn));
        assert!(commands.choices(&f.developer, PROJECT).await.unwrap().is_empty());

        let (on, root) = (server("more", "/srv/public/data"), "/srv/public/data");
        let refused = servers.create(&f.admin, PROJECT, on.clone()).await.unwrap_err();
        assert_eq!(faults(&refused), [("approved_command", Code::CommandWithdrawn)]);
        let tested =
            servers.test(&f.developer, PROJECT, Some("mine"), server("mine", root)).await.unwrap_err();
        assert_eq!(tested.code(), Code::CommandWithdrawn);
        let copied = servers.copy(&f.developer, PROJECT, "mine", CopyInput::default()).await.unwrap_err();
        assert_eq!(faults(&copied), [("approved_command", Code::CommandWithdrawn)]);
        servers.set_enabled(&f.developer, PROJECT, "mine", false).await.unwrap();
        let enable = BulkInput { action: BulkAction::Enable, servers: vec!["mine".into()] };
        let report = servers.bulk(&f.owner, PROJECT, enable).await.unwrap();
        assert_eq!(report.items[0].code, Some(Code::CommandWithdrawn));

        commands.set_withdrawn(&f.admin, "files", false).await.unwrap();
        servers.set_enabled(&f.developer, PROJECT, "mine", true).await.unwrap();
        assert_eq!(running(&f, "mine").await.problem, None);
        servers.delete(&f.developer, PROJECT, "mine").await.unwrap();
        commands.delete(&f.admin, "files").await.unwrap();
        let events = f.services.audit().of_platform(&f.admin, None, Default::default()).await.unwrap().items;
        let told: Vec<_> = events
            .iter()
            .filter(|item| item.event.action.starts_with("command."))
            .map(|item| item.event.action.as_str())
            .collect();
        let expected = ["delete", "approve", "withdraw", "update", "update", "create"];
        assert_eq!(told, expected.map(|verb| format!("command.{verb}")));
        let withdrawn = events.iter().find(|item| item.event.action == "command.withdraw").unwrap();
        assert_eq!(withdrawn.event.change, json!({ "withdrawn": ["false", "true"] }));
    });
}

#[test]
fn a_file_takes_servers_of_approved_commands_along() {
    on_each_database(async |f: Fixture| {
        let (commands, servers) = (f.services.commands(), f.services.servers());
        commands.create(&f.admin, files()).await.unwrap();
        servers.create(&f.developer, PROJECT, server("mine", "/srv/data")).await.unwrap();
        let file = f.services.export(&f.owner, PROJECT).await.unwrap();
        let entry = &file.projects[0].servers[0];
        assert_eq!(
            (entry.approved_command.as_deref(), entry.values["root"].as_str()),
            (Some("files"), "/srv/data")
        );
        let text = serde_json::to_string(&file).unwrap();
        assert!(!text.contains("canary"));

        // Applied where it was, it changes nothing; where it was not, a member may add it.
        let secrets = Secrets::resolve(&file, |_| Ok::<_, Infallible>("canary".to_owned().into())).unwrap();
        let changes = f.services.apply(&f.admin, &file, &secrets, false).await.unwrap();
        assert!(changes.iter().all(|change| change.verb == domain::document::Verb::Keep), "{changes:?}");
        servers.delete(&f.developer, PROJECT, "mine").await.unwrap();
        let input = || ImportInput {
            text: text.clone(),
            values: [("MINE_TOKEN".to_owned(), SecretInput::new("canary"))].into(),
            ..ImportInput::default()
        };
        f.services.import(&f.developer, PROJECT, input()).await.unwrap();
        assert_eq!(arguments(&running(&f, "mine").await)[2], "--root=/srv/data");

        servers.delete(&f.developer, PROJECT, "mine").await.unwrap();
        commands.set_withdrawn(&f.admin, "files", true).await.unwrap();
        let refused = f.services.import(&f.developer, PROJECT, input()).await.unwrap_err();
        assert!(refused.public_detail().unwrap().contains(Code::CommandWithdrawn.sentence()), "{refused}");

        // Without the command's name it is a command like any other.
        let own = text.replace(r#""approved_command":"files""#, r#""description":"""#);
        let refused = f.services.import(&f.developer, PROJECT, ImportInput { text: own, ..input() }).await;
        assert_eq!(refused.unwrap_err().code(), Code::StdioForbidden);
    });
}
