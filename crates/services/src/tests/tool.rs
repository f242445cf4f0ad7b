//! How tools are offered.

use domain::{
    Code,
    offer::OfferFilter,
    server::{ListKind, ListState, Observation, ObservedList, Status},
    tool::{Shown, ToolFilter, ToolRule, ToolsPage},
};
use serde_json::{Value, json};

use super::fixture::{Fixture, PROJECT, on_each_database, remote};

fn hidden() -> ToolRule {
    ToolRule { hidden: true, ..ToolRule::default() }
}

fn called(alias: &str) -> ToolRule {
    ToolRule { alias: Some(alias.into()), ..ToolRule::default() }
}

/// A server `r` that listed these tools.
async fn with_tools(f: &Fixture, names: &[&str]) {
    f.services.servers().create(&f.developer, PROJECT, remote("r")).await.unwrap();
    listed(f, "r", names).await;
}

async fn listed(f: &Fixture, server: &str, names: &[&str]) {
    let tools: Vec<_> = names.iter().map(|name| json!({ "name": name, "description": "Does." })).collect();
    read(f, server, ListKind::Tools, &Value::from(tools)).await;
}

/// What the data plane tells of one list of a server.
async fn read(f: &Fixture, server: &str, kind: ListKind, items: &Value) {
    let server = f.services.servers().get(&f.reporter, PROJECT, server).await.unwrap().id;
    let list = ObservedList {
        state: ListState {
            kind,
            count: u32::try_from(items.as_array().unwrap().len()).unwrap(),
            version: 1,
            hash: "00".to_owned(),
            read_at: Some(f.clock.now()),
            code: None,
            detail: None,
        },
        items: Some(items.to_string()),
    };
    let seen = Observation {
        server,
        generation: u64::MAX,
        status: Status::Ready,
        code: None,
        detail: None,
        info: None,
        initialize: None,
        lists: vec![list],
        stderr: None,
        at: f.clock.now(),
    };
    f.services.observe(vec![seen]).await.unwrap();
}

async fn of_project(f: &Fixture, server: Option<&str>, filter: ToolFilter) -> ToolsPage {
    f.services.servers().tools_of_project(&f.reporter, PROJECT, server, &filter).await.unwrap()
}

fn names(page: &ToolsPage) -> Vec<String> {
    page.items.iter().map(|item| format!("{}/{}", item.server, item.tool.name)).collect()
}

#[test]
fn a_projects_tools_are_those_of_all_its_servers() {
    on_each_database(async |f: Fixture| {
        with_tools(&f, &["echo", "wait"]).await;
        let servers = f.services.servers();
        servers.create(&f.owner, PROJECT, remote("a-first")).await.unwrap();
        servers.set_tool_rule(&f.owner, PROJECT, "r", "echo", called("say")).await.unwrap();
        servers.set_tool_rule(&f.owner, PROJECT, "r", "later", hidden()).await.unwrap();
        servers.set_enabled(&f.owner, PROJECT, "a-first", false).await.unwrap();
        listed(&f, "a-first", &["wait"]).await;
        let all = of_project(&f, None, ToolFilter::default()).await;
        assert_eq!(names(&all), ["a-first/wait", "r/echo", "r/wait", "r/later"], "what waits comes last");
        assert!(!all.items[0].enabled);
        assert_eq!(all.items[1].tool.offered(), Some("say"));
        let own = servers.tools(&f.reporter, PROJECT, "r", &ToolFilter::default()).await.unwrap();
        assert_eq!(own.items, all.items[1..]);
        assert_eq!((all.total, all.found, own.total), (4, 4, 3));
        assert_eq!(of_project(&f, Some("R"), ToolFilter::default()).await.items, own.items);
        let nobody = of_project(&f, Some("none"), ToolFilter::default()).await;
        assert_eq!((nobody.total, nobody.found), (4, 0));
    });
}

#[test]
fn tools_are_found_by_all_that_is_said_of_them_and_counted() {
    on_each_database(async |f: Fixture| {
        let servers = f.services.servers();
        servers.create(&f.developer, PROJECT, remote("r")).await.unwrap();
        let schema = json!({ "type": "object" });
        let tools = json!([
            { "name": "search_issues", "title": "Find 100% of it", "description": "Looks.", "inputSchema": schema },
            { "name": "drop", "description": "Ends \u{0} all.", "annotations": { "title": "Löschen" } },
            { "name": "drop", "description": "Said twice." },
            { "name": "wait" },
        ]);
        read(&f, "r", ListKind::Tools, &tools).await;
        let rule = ToolRule { description: Some("Stands still.".into()), ..called("pause") };
        servers.set_tool_rule(&f.owner, PROJECT, "r", "wait", rule).await.unwrap();
        servers.set_tool_rule(&f.owner, PROJECT, "r", "drop", hidden()).await.unwrap();
        servers.set_tool_rule(&f.owner, PROJECT, "r", "later", hidden()).await.unwrap();
        let found = async |q: &str, show| {
            let page =
                of_project(&f, None, ToolFilter { q: Some(q.into()), show, ..Default::default() }).await;
            assert_eq!(page.total, 5);
            assert_eq!(page.found, page.items.len() as u64);
            page.items.iter().map(|item| item.tool.name.clone()).collect::<Vec<_>>()
        };
        assert_eq!(found("ISSUES", None).await, ["search_issues"]);
        assert_eq!(found("100%", None).await, ["search_issues"], "a pattern's signs stand for themselves");
        assert_eq!(found("h_i", None).await, ["search_issues"]);
        assert_eq!(found("löschen", None).await, ["drop"]);
        assert_eq!(found(" PAUSE ", None).await, ["wait"], "its name to clients");
        assert_eq!(found("stands", None).await, ["wait"]);
        assert_eq!(found("late", None).await, ["later"]);
        assert_eq!(found("", Some(Shown::Shown)).await, ["search_issues", "wait"]);
        assert_eq!(found("", Some(Shown::Hidden)).await, ["drop", "drop", "later"]);
        assert_eq!(found("nothing", None).await, [""; 0]);
        let all = of_project(&f, None, ToolFilter::default()).await;
        let each: u64 = all.items.iter().map(|item| item.tokens).sum();
        // 13 of the name, 6 of the description, 17 of the schema; 5 and 13.
        assert_eq!((all.tokens, each), (9 + 5, 9 + 5));
        servers.set_enabled(&f.owner, PROJECT, "r", false).await.unwrap();
        assert_eq!(of_project(&f, None, ToolFilter::default()).await.tokens, 0, "clients see none of them");
        let own = ToolFilter { show: Some(Shown::Shown), ..Default::default() };
        assert_eq!(servers.tools(&f.reporter, PROJECT, "r", &own).await.unwrap().found, 2);
    });
}

#[test]
fn pages_of_tools_meet_where_rules_wait() {
    on_each_database(async |f: Fixture| {
        let names: Vec<String> = (0..450).map(|n| format!("tool_{n}")).collect();
        with_tools(&f, &names.iter().map(String::as_str).collect::<Vec<_>>()).await;
        for later in ["later_a", "later_b", "later_c"] {
            f.services.servers().set_tool_rule(&f.owner, PROJECT, "r", later, hidden()).await.unwrap();
        }
        let mut seen = Vec::new();
        let mut next = Some(1);
        while let Some(page) = next {
            let filter = ToolFilter { page: Some(page), limit: Some(151), ..ToolFilter::default() };
            let page = of_project(&f, None, filter).await;
            assert_eq!((page.total, page.found), (453, 453));
            next = page.next;
            seen.extend(page.items.into_iter().map(|item| item.tool.name));
        }
        let all: Vec<String> =
            names.into_iter().chain(["a", "b", "c"].map(|n| format!("later_{n}"))).collect();
        assert_eq!(seen, all, "each once, in the server's order");
        let beyond = ToolFilter { page: Some(9), ..ToolFilter::default() };
        let beyond = of_project(&f, None, beyond).await;
        assert_eq!((beyond.found, beyond.items.len(), beyond.next), (453, 0, None));
    });
}

#[test]
fn one_tool_is_found_by_its_whole_name() {
    on_each_database(async |f: Fixture| {
        let servers = f.services.servers();
        let long = |end: &str| format!("{}{end}", "x".repeat(300));
        with_tools(&f, &["echo", &long("a"), &long("b")]).await;
        servers.set_tool_rule(&f.owner, PROJECT, "r", "later", hidden()).await.unwrap();
        let get = async |name: &str| servers.tool(&f.reporter, PROJECT, "r", name).await;
        for name in ["echo", &long("a"), &long("b")] {
            let tool = get(name).await.unwrap();
            assert_eq!((tool.name.as_str(), tool.tool.as_ref().unwrap().name()), (name, name));
        }
        assert_eq!(get("later").await.unwrap().tool, None);
        for nothing in [long("c"), long(""), "Echo".to_owned(), "ec\0ho".to_owned()] {
            assert_eq!(get(&nothing).await.unwrap_err().code(), Code::NotFound, "{nothing}");
        }
    });
}

#[test]
fn resources_and_prompts_come_in_pages() {
    on_each_database(async |f: Fixture| {
        let servers = f.services.servers();
        servers.create(&f.developer, PROJECT, remote("r")).await.unwrap();
        let resources: Vec<_> =
            (0..130).map(|n| json!({ "uri": format!("file:///{n}"), "name": "A" })).collect();
        read(&f, "r", ListKind::Resources, &json!(resources)).await;
        let templates =
            json!([{ "uriTemplate": "db://{table}", "name": "Tables" }, { "name": "no address" }]);
        read(&f, "r", ListKind::Templates, &templates).await;
        let prompts =
            json!([{ "name": "review", "description": "Code.", "arguments": [{ "name": "path" }] }]);
        read(&f, "r", ListKind::Prompts, &prompts).await;

        let list =
            async |filter: OfferFilter| servers.resources(&f.reporter, PROJECT, "r", &filter).await.unwrap();
        let first = list(OfferFilter::default()).await;
        assert_eq!((first.total, first.found, first.items.len(), first.next), (131, 131, 100, Some(2)));
        let last = list(OfferFilter { page: first.next, ..OfferFilter::default() }).await;
        assert_eq!((last.items.len(), last.next), (31, None));
        assert_eq!(last.items[30].uri, "db://{table}", "templates come after");
        let found = list(OfferFilter { q: Some("DB://".into()), ..OfferFilter::default() }).await;
        assert_eq!((found.total, found.found, found.items[0].is_template), (131, 1, true));
        let one = servers.resource(&f.reporter, PROJECT, "r", "db://{table}").await.unwrap();
        assert_eq!(one.unwrap().name, "Tables");
        assert_eq!(servers.resource(&f.reporter, PROJECT, "r", "file:///130").await.unwrap(), None);
        let prompts = servers.prompts(&f.reporter, PROJECT, "r", &OfferFilter::default()).await.unwrap();
        let one = servers.prompt(&f.reporter, PROJECT, "r", "review").await.unwrap();
        assert_eq!(prompts.items, [one.unwrap()]);

        read(&f, "r", ListKind::Resources, &json!([])).await;
        assert_eq!(list(OfferFilter::default()).await.total, 1, "an emptied list is empty");
    });
}

#[test]
fn a_rule_is_kept_shown_and_handed_to_the_data_plane() {
    on_each_database(async |f: Fixture| {
        with_tools(&f, &["echo", "wait"]).await;
        let servers = f.services.servers();
        let before = f.services.snapshot().await.unwrap();
        let rule = ToolRule { description: Some("Says it again.".into()), ..called("say") };
        servers.set_tool_rule(&f.developer, PROJECT, "r", "echo", rule.clone()).await.unwrap();
        servers.set_tool_rule(&f.owner, PROJECT, "r", "later", hidden()).await.unwrap();

        let tools = servers.tools(&f.reporter, PROJECT, "r", &ToolFilter::default()).await.unwrap().items;
        let shown: Vec<_> = tools
            .iter()
            .map(|listed| &listed.tool)
            .map(|tool| (tool.name.as_str(), tool.offered(), tool.tool.is_some()))
            .collect();
        assert_eq!(
            shown,
            [("echo", Some("say"), true), ("wait", Some("wait"), true), ("later", None, false)],
            "a rule waits for a tool that is not there"
        );

        let after = f.services.snapshot().await.unwrap();
        assert!(after.revision > before.revision);
        assert_eq!(after.servers[0].generation, before.servers[0].generation, "nothing restarts");
        assert_eq!(after.servers[0].tool_rules["echo"], rule);
        assert_eq!(after.servers[0].tool_rules["later"], hidden());

        let both = servers.hide_tool(&f.developer, PROJECT, "r", "echo", true).await.unwrap();
        assert_eq!(both, ToolRule { hidden: true, ..rule.clone() }, "one switch leaves the rest");
        let moved = servers.rename_tool(&f.developer, PROJECT, "r", "echo", Some("tell".into()), None).await;
        assert_eq!(moved.unwrap(), ToolRule { hidden: true, ..called("tell") });

        servers.clear_tool_rule(&f.developer, PROJECT, "r", "later").await.unwrap();
        servers.set_tool_rule(&f.developer, PROJECT, "r", "echo", ToolRule::default()).await.unwrap();
        servers.clear_tool_rule(&f.developer, PROJECT, "r", "never").await.unwrap();
        let rules = &f.services.snapshot().await.unwrap().servers[0].tool_rules;
        assert!(rules.is_empty(), "a rule that says nothing is none: {rules:?}");

        let events = f.services.audit().list(&f.owner, PROJECT, Default::default()).await.unwrap().items;
        let told: Vec<_> = events
            .iter()
            .filter(|event| event.action == "tool.update")
            .map(|event| event.target.as_str())
            .collect();
        assert_eq!(told, ["r/echo", "r/later", "r/echo", "r/echo", "r/later", "r/echo"]);
        assert_eq!(events[0].change["alias"], json!(["tell", null]));
    });
}

#[test]
fn two_tools_are_never_offered_under_one_name() {
    on_each_database(async |f: Fixture| {
        with_tools(&f, &["echo", "wait"]).await;
        let servers = f.services.servers();
        let set =
            async |tool: &str, rule| servers.set_tool_rule(&f.developer, PROJECT, "r", tool, rule).await;
        let refused = set("echo", called("wait")).await.unwrap_err();
        let fault = &refused.field_errors()[0];
        assert_eq!((fault.field.as_str(), fault.code), ("alias", Code::ToolNameTaken));
        set("wait", hidden()).await.unwrap();
        set("echo", called("wait")).await.unwrap();
        let refused = set("wait", ToolRule::default()).await.unwrap_err();
        assert_eq!(refused.field_errors()[0].code, Code::ToolNameTaken, "it cannot come back under it");
        set("wait", called("pause")).await.unwrap();
        let page = servers.tools(&f.owner, PROJECT, "r", &ToolFilter::default()).await.unwrap();
        let offered: Vec<_> = page.items.iter().filter_map(|listed| listed.tool.offered()).collect();
        assert_eq!(offered, ["wait", "pause"]);
        let refused = set("later", called("pause")).await.unwrap_err();
        assert_eq!(refused.field_errors()[0].code, Code::ToolNameTaken, "by a rule");
    });
}

#[test]
fn reporters_see_rules_and_change_none() {
    on_each_database(async |f: Fixture| {
        with_tools(&f, &["echo"]).await;
        let servers = f.services.servers();
        let refused = servers.set_tool_rule(&f.reporter, PROJECT, "r", "echo", hidden()).await.unwrap_err();
        assert_eq!(refused.code(), Code::Forbidden);
        assert_eq!(servers.tool(&f.reporter, PROJECT, "r", "echo").await.unwrap().offered(), Some("echo"));
    });
}
