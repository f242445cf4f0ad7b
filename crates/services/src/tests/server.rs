use domain::{
    Code, SecretInput,
    server::{
        BulkAction, BulkInput, CopyInput, ListKind, ListState, Observation, ObservedList, Status, TestReport,
        VariableInput,
    },
    tool::{Tool, ToolFilter},
};
use migrations::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, Statement};
use secrecy::ExposeSecret;

use super::fixture::{Fixture, PROJECT, on_each_database, remote, stdio};
use crate::{ImportInput, snapshot::Target};

#[test]
fn a_server_lives() {
    on_each_database(async |f: Fixture| {
        let servers = f.services.servers();
        let made = servers.create(&f.developer, PROJECT, remote("Search")).await.unwrap();
        assert_eq!(made.headers, ["X-Key"]);
        assert_eq!(made.state.status, Status::Unknown);
        assert_eq!(
            servers.get(&f.reporter, PROJECT, "search").await.unwrap(),
            made,
            "names are found in any case"
        );
        assert_eq!(servers.get(&f.reporter, PROJECT, &made.id.to_string()).await.unwrap(), made);
        let taken = servers.create(&f.developer, PROJECT, remote("SEARCH")).await.unwrap_err();
        assert_eq!(taken.field_errors()[0].code, Code::ServerNameTaken);

        let disabled = servers.set_enabled(&f.developer, PROJECT, "search", false).await.unwrap();
        assert_eq!(disabled.state.status, Status::Disabled);
        servers.delete(&f.developer, PROJECT, "search").await.unwrap();
        assert_eq!(servers.get(&f.owner, PROJECT, "search").await.unwrap_err().code(), Code::NotFound);
        let actions: Vec<_> = f
            .services
            .audit()
            .list(&f.owner, PROJECT, Default::default())
            .await
            .unwrap()
            .items
            .into_iter()
            .map(|event| event.action)
            .collect();
        assert_eq!(actions[..3], ["server.delete", "server.disable", "server.create"]);
    });
}

#[test]
fn an_action_on_many_does_what_it_can_and_says_what_it_could_not() {
    on_each_database(async |f: Fixture| {
        let servers = f.services.servers();
        for name in ["one", "two", "three"] {
            servers.create(&f.developer, PROJECT, remote(name)).await.unwrap();
        }
        let input = |action: BulkAction, names: &[&str]| BulkInput {
            action,
            servers: names.iter().map(|name| (*name).to_owned()).collect(),
        };
        let disable = input(BulkAction::Disable, &["ONE", "none", "two", "one"]);
        let report = servers.bulk(&f.developer, PROJECT, disable).await.unwrap();
        let outcomes: Vec<_> = report.items.iter().map(|item| (item.server.as_str(), item.code)).collect();
        assert_eq!(outcomes, [("ONE", None), ("none", Some(Code::NotFound)), ("two", None)]);
        let enabled: Vec<_> = servers.list(&f.reporter, PROJECT).await.unwrap();
        let enabled: Vec<_> =
            enabled.iter().filter(|server| server.enabled).map(|server| server.name.as_str()).collect();
        assert_eq!(enabled, ["three"]);

        let delete = input(BulkAction::Delete, &["one", "three"]);
        let refused = servers.bulk(&f.reporter, PROJECT, delete.clone()).await.unwrap_err();
        assert_eq!(refused.code(), Code::Forbidden);
        let unknown = servers.bulk(&f.stranger, PROJECT, delete.clone()).await.unwrap_err();
        assert_eq!(unknown.code(), Code::NotFound);
        assert!(
            servers.bulk(&f.developer, PROJECT, delete).await.unwrap().items.iter().all(|item| item.done)
        );
        assert_eq!(servers.list(&f.reporter, PROJECT).await.unwrap().len(), 1);
        let events = f.services.audit().list(&f.owner, PROJECT, Default::default()).await.unwrap().items;
        let events: Vec<_> = events.iter().map(|e| (e.action.as_str(), e.target.as_str())).collect();
        assert_eq!(events[..2], [("server.delete", "three"), ("server.delete", "one")]);
        assert_eq!(events[2..4], [("server.disable", "two"), ("server.disable", "one")]);
    });
}

#[test]
fn what_is_pasted_is_read_named_and_not_started() {
    on_each_database(async |f: Fixture| {
        let servers = f.services.servers();
        servers.create(&f.admin, PROJECT, stdio("everything")).await.unwrap();
        let line = "npx -y @modelcontextprotocol/server-everything";
        let found = servers.detect(&f.developer, PROJECT, line).await.unwrap();
        let server = found.server.unwrap();
        assert_eq!(server.input.name, "everything-2", "its own name is taken");
        assert_eq!(found.report, None, "a command is not started, whoever asks");
        let refused = servers.create(&f.developer, PROJECT, server.input).await.unwrap_err();
        assert_eq!(refused.code(), Code::StdioForbidden, "reading is not approving");

        let found = servers.detect(&f.developer, PROJECT, "https://mcp.example.org/mcp").await.unwrap();
        assert!(matches!(found.report, Some(TestReport::Failure(_))), "an address is asked");
        let open = "npx mcp-remote https://mcp.example.org/mcp --header X-Key:<key>";
        let found = servers.detect(&f.developer, PROJECT, open).await.unwrap();
        assert_eq!(found.report, None, "nobody is asked without what they need");
        let found = servers.detect(&f.developer, PROJECT, r#"{"command": "npx"}"#).await.unwrap();
        assert!(found.import.is_some() && found.server.is_none());

        let faults = servers.detect(&f.developer, PROJECT, "a | b").await.unwrap_err();
        assert_eq!(faults.field_errors()[0].code, Code::ShellNeeded);
        assert_eq!(servers.detect(&f.reporter, PROJECT, line).await.unwrap_err().code(), Code::Forbidden);
        assert_eq!(servers.detect(&f.stranger, PROJECT, line).await.unwrap_err().code(), Code::NotFound);
        assert_eq!(servers.list(&f.owner, PROJECT).await.unwrap().len(), 1, "nothing was saved");
    });
}

#[test]
fn a_copy_has_everything_within_its_project_and_no_values_elsewhere() {
    on_each_database(async |f: Fixture| {
        let servers = f.services.servers();
        let into = |project: &str| CopyInput { project: Some(project.into()), name: None };
        servers.create(&f.developer, PROJECT, remote("r")).await.unwrap();
        servers.hide_tool(&f.developer, PROJECT, "r", "danger", true).await.unwrap();
        let here = servers.copy(&f.developer, PROJECT, "r", CopyInput::default()).await.unwrap();
        assert_eq!((here.server.name.as_str(), here.server.alias.as_str()), ("r-2", "r-2"));
        assert!(here.is_complete() && here.server.enabled);
        assert!(servers.tool(&f.reporter, PROJECT, "r-2", "danger").await.unwrap().rule.hidden);
        let snapshot = f.services.snapshot().await.unwrap();
        let copy = snapshot.servers.iter().find(|server| server.name == "r-2").unwrap();
        let Target::Remote { headers, .. } = &copy.target else { panic!("a remote server") };
        assert_eq!(headers[0].1.expose_secret(), "canary-header", "sealed anew, it opens");

        let hidden = servers.copy(&f.developer, PROJECT, "r", into("other.shop")).await.unwrap_err();
        assert_eq!(hidden.code(), Code::NotFound, "a project that one does not see");
        let foreign = servers.copy(&f.stranger, PROJECT, "r", into("other.shop")).await.unwrap_err();
        assert_eq!(foreign.code(), Code::NotFound);
        let away = servers.copy(&f.admin, PROJECT, "r", into("other.shop")).await.unwrap();
        assert_eq!((away.project.as_str(), away.server.name.as_str()), ("other.shop", "r"));
        assert_eq!((away.open_headers, away.server.headers), (vec!["X-Key".to_owned()], vec![]));
        assert!(!away.server.enabled, "it waits for its values");

        let taken = CopyInput { project: None, name: Some("R".into()) };
        let taken = servers.copy(&f.developer, PROJECT, "r", taken).await.unwrap_err();
        assert_eq!(taken.field_errors()[0].code, Code::ServerNameTaken);
        servers.create(&f.admin, PROJECT, stdio("s")).await.unwrap();
        let command = servers.copy(&f.developer, PROJECT, "s", CopyInput::default()).await.unwrap_err();
        assert_eq!(command.code(), Code::StdioForbidden, "a copy is one more command");
        servers.copy(&f.admin, PROJECT, "s", CopyInput::default()).await.unwrap();
        assert_eq!(
            servers.copy(&f.reporter, PROJECT, "r", CopyInput::default()).await.unwrap_err().code(),
            Code::Forbidden
        );
        let events = f.services.audit().list(&f.owner, PROJECT, Default::default()).await.unwrap().items;
        assert_eq!(events[0].action, "server.copy");
        assert_eq!(events[0].change["from"], "acme.payments/s");
    });
}

#[test]
fn a_list_shows_each_server_as_its_page_does() {
    on_each_database(async |f: Fixture| {
        let servers = f.services.servers();
        servers.create(&f.admin, PROJECT, stdio("a")).await.unwrap();
        servers.create(&f.developer, PROJECT, remote("b")).await.unwrap();
        let list = servers.list(&f.reporter, PROJECT).await.unwrap();
        for listed in &list {
            assert_eq!(*listed, servers.get(&f.reporter, PROJECT, &listed.name).await.unwrap());
        }
        assert_eq!((list[0].env.len(), list[0].headers.len()), (1, 0), "variables stay with their server");
        assert_eq!((list[1].env.len(), list[1].headers.len()), (0, 1));
    });
}

#[test]
fn only_platform_admins_register_commands() {
    on_each_database(async |f: Fixture| {
        let servers = f.services.servers();
        let file = r#"{"mcpServers": {"imported": {"command": "npx"}}}"#;
        for (name, caller) in f.members().into_iter().skip(1) {
            let expected = if name == "reporter" { Code::Forbidden } else { Code::StdioForbidden };
            let create = servers.create(caller, PROJECT, stdio("s")).await.unwrap_err();
            let test = servers.test(caller, PROJECT, None, stdio("s")).await.unwrap_err();
            let file = ImportInput { text: file.to_owned(), ..ImportInput::default() };
            let import = f.services.import(caller, PROJECT, file).await.unwrap_err();
            for error in [create, test, import] {
                assert_eq!(error.code(), expected, "{name}");
            }
        }
        servers.create(&f.admin, PROJECT, stdio("s")).await.unwrap();
        servers.create(&f.developer, PROJECT, remote("r")).await.unwrap();

        // What steers a command is as good as the command.
        let untouched = || {
            let mut input = stdio("s");
            input.env[0].value = None;
            input
        };
        let mut changes = vec![];
        changes.push({
            let mut i = untouched();
            i.command = "sh".into();
            i
        });
        changes.push({
            let mut i = untouched();
            i.args = vec!["-c".into(), "id".into()];
            i
        });
        changes.push({
            let mut i = untouched();
            i.working_directory = Some("/tmp".into());
            i
        });
        changes.push(stdio("s"));
        changes.push({
            let mut i = untouched();
            i.env.clear();
            i
        });
        for input in changes {
            let update = servers.update(&f.developer, PROJECT, "s", input.clone()).await.unwrap_err();
            let test = servers.test(&f.developer, PROJECT, Some("s"), input.clone()).await.unwrap_err();
            assert_eq!(
                (update.code(), test.code()),
                (Code::StdioForbidden, Code::StdioForbidden),
                "{input:?}"
            );
            let turned = servers.update(&f.developer, PROJECT, "r", input).await.unwrap_err();
            assert!(
                matches!(turned.code(), Code::StdioForbidden),
                "a remote server cannot be turned into a command"
            );
        }
        let mut harmless = untouched();
        harmless.description = "better".into();
        servers.update(&f.developer, PROJECT, "s", harmless).await.unwrap();
        servers.restart(&f.developer, PROJECT, "s").await.unwrap();
    });
}

#[test]
fn stored_values_stay_with_their_origin() {
    on_each_database(async |f: Fixture| {
        let servers = f.services.servers();
        servers.create(&f.developer, PROJECT, remote("r")).await.unwrap();
        let mut input = remote("r");
        input.headers[0].value = None;
        input.url = "https://mcp.example.org/other/path".into();
        servers.update(&f.developer, PROJECT, "r", input.clone()).await.unwrap();
        let report = servers.test(&f.developer, PROJECT, Some("r"), input.clone()).await.unwrap();
        assert!(matches!(report, TestReport::Failure(_)), "the same origin is tested with the stored value");

        for elsewhere in
            ["https://evil.test/mcp", "http://mcp.example.org/mcp", "https://mcp.example.org:8443/mcp"]
        {
            input.url = elsewhere.into();
            let update = servers.update(&f.developer, PROJECT, "r", input.clone()).await.unwrap_err();
            assert_eq!(update.field_errors()[0].code, Code::ValueMissing, "{elsewhere}");
            let test = servers.test(&f.developer, PROJECT, Some("r"), input.clone()).await.unwrap_err();
            assert_eq!(test.field_errors()[0].code, Code::ValueMissing, "{elsewhere}");
        }
        let snapshot = f.services.snapshot().await.unwrap();
        let Target::Remote { url, headers, .. } = &snapshot.servers[0].target else {
            panic!("a remote server")
        };
        assert_eq!(url, "https://mcp.example.org/other/path");
        assert_eq!(headers[0].1.expose_secret(), "canary-header");
    });
}

#[test]
fn a_missing_value_is_told_and_nothing_is_saved() {
    on_each_database(async |f: Fixture| {
        let servers = f.services.servers();
        let mut input = remote("r");
        input.headers.push(VariableInput { name: "X-New".into(), value: None });
        let error = servers.create(&f.developer, PROJECT, input).await.unwrap_err();
        assert_eq!(error.field_errors()[0].field, "headers[1].value");
        assert_eq!(servers.list(&f.developer, PROJECT).await.unwrap(), []);
    });
}

#[test]
fn secrets_are_in_no_row_and_no_view() {
    on_each_database(async |f: Fixture| {
        let servers = f.services.servers();
        servers.create(&f.admin, PROJECT, stdio("s")).await.unwrap();
        servers.create(&f.developer, PROJECT, remote("r")).await.unwrap();
        let views = serde_json::to_string(&servers.list(&f.owner, PROJECT).await.unwrap()).unwrap();
        let audit = serde_json::to_string(
            &f.services.audit().list(&f.owner, PROJECT, Default::default()).await.unwrap().items,
        )
        .unwrap();
        let debug = format!("{:?}", f.services.snapshot().await.unwrap());
        let database = f.services.database();
        let sql = "SELECT sealed FROM server_variable";
        let rows = database
            .query_all_raw(Statement::from_string(database.get_database_backend(), sql))
            .await
            .unwrap();
        assert_eq!(rows.len(), 2);
        let sealed: Vec<u8> =
            rows.iter().flat_map(|row| row.try_get::<Vec<u8>>("", "sealed").unwrap()).collect();
        for canary in ["canary-env", "canary-header"] {
            assert!(
                !sealed.windows(canary.len()).any(|w| w == canary.as_bytes()),
                "{canary} lies open in the database"
            );
            for text in [&views, &audit, &debug] {
                assert!(!text.contains(canary), "{canary} shows");
            }
        }
    });
}

#[test]
fn observations_of_an_old_generation_are_dropped() {
    on_each_database(async |f: Fixture| {
        let servers = f.services.servers();
        let made = servers.create(&f.developer, PROJECT, remote("r")).await.unwrap();
        let list = |kind, items: &str, count| ObservedList {
            state: ListState {
                kind,
                count,
                version: 1,
                hash: "00".to_owned(),
                read_at: Some(f.clock.now()),
                code: None,
                detail: None,
            },
            items: Some(items.to_owned()),
        };
        let seen = |generation, status, lists| Observation {
            server: made.id,
            generation,
            status,
            code: None,
            detail: None,
            info: None,
            initialize: None,
            lists,
            stderr: None,
            at: f.clock.now(),
        };
        let tool = Tool(serde_json::json!({ "name": "echo", "x-vendor": 1 }));
        let text = r#"[{"name":"echo", "x-vendor":1}]"#;
        let lists = vec![list(ListKind::Prompts, "[]", 0), list(ListKind::Tools, text, 1)];
        f.services.observe(vec![seen(1, Status::Ready, lists)]).await.unwrap();
        assert_eq!(servers.get(&f.owner, PROJECT, "r").await.unwrap().state.status, Status::Ready);
        let listed = async || -> Vec<Tool> {
            let page = servers.tools(&f.owner, PROJECT, "r", &ToolFilter::default()).await.unwrap();
            page.items.into_iter().filter_map(|listed| listed.tool.tool).collect()
        };
        assert_eq!(listed().await, std::slice::from_ref(&tool));

        let restarted = servers.restart(&f.developer, PROJECT, "r").await.unwrap();
        assert_eq!(
            restarted.state.status,
            Status::Unknown,
            "what was seen before the restart says nothing now"
        );
        assert_eq!(restarted.state.tool_count, 1, "but the tools do not vanish");
        let short = servers.statuses(&f.reporter, PROJECT).await.unwrap();
        assert_eq!((short[0].server.as_str(), short[0].status), ("r", Status::Unknown));
        f.services.observe(vec![seen(2, Status::Failed, vec![])]).await.unwrap();
        f.services.observe(vec![seen(1, Status::Ready, vec![list(ListKind::Tools, "[]", 0)])]).await.unwrap();
        let server = servers.get(&f.owner, PROJECT, "r").await.unwrap();
        assert_eq!((server.state.status, server.state.tool_count), (Status::Failed, 1));
        let short = servers.statuses(&f.reporter, PROJECT).await.unwrap();
        assert_eq!((short[0].status, short[0].observed_at), (Status::Failed, server.state.observed_at));
        assert_eq!(listed().await, [tool]);

        // A list that could not be read keeps its items, and the data plane gets them as they came.
        let mut unread = list(ListKind::Tools, "", 1);
        (unread.items, unread.state.code) = (None, Some(Code::ProtocolViolation));
        f.services.observe(vec![seen(2, Status::Ready, vec![unread])]).await.unwrap();
        let server = servers.get(&f.owner, PROJECT, "r").await.unwrap();
        let seen: Vec<_> = server.state.lists.iter().map(|list| (list.kind, list.code)).collect();
        assert_eq!(seen, [(ListKind::Tools, Some(Code::ProtocolViolation)), (ListKind::Prompts, None)]);
        let snapshot = f.services.snapshot().await.unwrap();
        let kept = snapshot.servers[0].lists.iter().find(|list| list.kind == ListKind::Tools).unwrap();
        assert_eq!((kept.items.as_str(), kept.version), (text, 1));

        // Who runs a server knows it already; the next generation of it starts from what is stored.
        let running = [(made.id, 2)].into();
        let beside = f.services.snapshot_beside(&running).await.unwrap();
        assert!(beside.servers[0].lists.is_empty());
        assert_eq!(beside.servers[0].name, "r");
        servers.restart(&f.developer, PROJECT, "r").await.unwrap();
        let beside = f.services.snapshot_beside(&running).await.unwrap();
        assert_eq!((beside.servers[0].generation, beside.servers[0].lists.len()), (3, 2));
    });
}

#[test]
fn tools_survive_the_way_back_from_lists_and_forth() {
    on_each_database(async |f: Fixture| {
        let servers = f.services.servers();
        let made = servers.create(&f.developer, PROJECT, remote("r")).await.unwrap();
        let state = ListState {
            kind: ListKind::Tools,
            count: 1,
            version: 3,
            hash: "00".to_owned(),
            read_at: Some(f.clock.now()),
            code: None,
            detail: None,
        };
        let text = r#"[{"name":"echo", "x-vendor":1.0}]"#;
        let seen = Observation {
            server: made.id,
            generation: 1,
            status: Status::Ready,
            code: None,
            detail: None,
            info: None,
            initialize: None,
            lists: vec![ObservedList { state, items: Some(text.to_owned()) }],
            stderr: None,
            at: f.clock.now(),
        };
        f.services.observe(vec![seen]).await.unwrap();
        let names: Vec<String> = Migrator::migrations().iter().map(|step| step.name().to_owned()).collect();
        let at = names.iter().position(|name| name.ends_with("create_server_list")).unwrap();
        let steps = u32::try_from(names.len() - at).unwrap();
        let writer = &f.services.inner.database.writer;
        Migrator::down(writer, Some(steps)).await.unwrap();
        Migrator::up(writer, None).await.unwrap();
        let snapshot = f.services.snapshot().await.unwrap();
        let list = &snapshot.servers[0].lists[0];
        assert_eq!((list.kind, list.items.as_str()), (ListKind::Tools, text));
        assert_eq!(servers.get(&f.owner, PROJECT, "r").await.unwrap().state.tool_count, 1);
    });
}

#[test]
fn a_changed_secret_is_seen_by_the_next_snapshot() {
    on_each_database(async |f: Fixture| {
        let servers = f.services.servers();
        servers.create(&f.developer, PROJECT, remote("r")).await.unwrap();
        let before = f.services.snapshot().await.unwrap();
        let mut input = remote("r");
        input.headers[0].value = Some(SecretInput::new("second"));
        servers.update(&f.developer, PROJECT, "r", input).await.unwrap();
        let after = f.services.snapshot().await.unwrap();
        assert!(after.revision > before.revision);
        assert!(after.servers[0].generation > before.servers[0].generation);
        let Target::Remote { headers, .. } = &after.servers[0].target else { panic!("a remote server") };
        assert_eq!(headers[0].1.expose_secret(), "second");
    });
}

#[test]
fn only_what_needs_a_restart_moves_the_generation_on() {
    on_each_database(async |f: Fixture| {
        let servers = f.services.servers();
        servers.create(&f.admin, PROJECT, stdio("s")).await.unwrap();
        let untouched = || {
            let mut input = stdio("s");
            input.env[0].value = None;
            input
        };
        let generation = async || f.services.snapshot().await.unwrap().servers[0].generation;
        let saved = async |input: domain::server::ServerInput| {
            let before = generation().await;
            servers.update(&f.admin, PROJECT, "s", input).await.unwrap();
            generation().await - before
        };
        assert_eq!(saved(untouched()).await, 0, "nothing changed");
        let mut input = untouched();
        (input.alias, input.description) = (Some("other".into()), "better".into());
        assert_eq!(saved(input.clone()).await, 0, "how it is offered");
        input.sharing = domain::server::Sharing::Session;
        assert_eq!(saved(input.clone()).await, 1, "how its process is kept");
        input.total_seconds = Some(900);
        assert_eq!(saved(input.clone()).await, 1);
        input.env.clear();
        assert_eq!(saved(input.clone()).await, 1, "a variable that went");
        assert_eq!(saved(input).await, 0);

        let server = &f.services.snapshot().await.unwrap().servers[0];
        assert_eq!((server.alias.as_str(), server.total_seconds), ("other", Some(900)));
        assert_eq!(server.sharing, domain::server::Sharing::Session);
    });
}

#[test]
fn no_two_servers_of_a_project_share_an_alias() {
    on_each_database(async |f: Fixture| {
        let servers = f.services.servers();
        let create = async |name: &str, alias: Option<&str>| {
            let mut input = remote(name);
            input.alias = alias.map(str::to_owned);
            servers.create(&f.developer, PROJECT, input).await
        };
        let long = "a-very-long-name-of-a-server";
        let aliases = [
            create("Search", None).await.unwrap().alias,
            create("find", Some("")).await.unwrap().alias,
            create("seek", Some("")).await.unwrap().alias,
            create(long, None).await.unwrap().alias,
            create(&format!("{long}-2"), None).await.unwrap().alias,
        ];
        assert_eq!(aliases, ["search", "", "", "a-very-long-name-of", "a-very-long-name-o-2"]);
        let taken = create("other", Some("search")).await.unwrap_err();
        assert_eq!(
            (taken.field_errors()[0].field.as_str(), taken.field_errors()[0].code),
            ("alias", Code::AliasTaken)
        );
        let mut elsewhere = remote("r");
        elsewhere.alias = Some("search".into());
        servers.create(&f.stranger, "other.shop", elsewhere).await.unwrap();

        servers.delete(&f.developer, PROJECT, long).await.unwrap();
        let name = format!("{long}-2");
        let kept = servers.update(&f.developer, PROJECT, &name, remote(&name)).await.unwrap();
        assert_eq!(kept.alias, "a-very-long-name-o-2", "a made alias stays while its name does");
        let renamed = servers.update(&f.developer, PROJECT, "search", remote("lookup")).await.unwrap();
        assert_eq!(renamed.alias, "lookup");
    });
}
