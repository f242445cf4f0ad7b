//! How tools are offered.

use domain::{
    Code,
    server::{ListKind, ListState, Observation, ObservedList, Status},
    tool::{OfferedTool, Tool, ToolRule},
};
use serde_json::json;

use super::fixture::{Fixture, PROJECT, on_each_database, remote};

fn hidden() -> ToolRule {
    ToolRule { hidden: true, ..ToolRule::default() }
}

fn called(alias: &str) -> ToolRule {
    ToolRule { alias: Some(alias.into()), ..ToolRule::default() }
}

/// A server `r` that listed these tools.
async fn with_tools(f: &Fixture, names: &[&str]) {
    let server = f.services.servers().create(&f.developer, PROJECT, remote("r")).await.unwrap();
    let tools: Vec<_> =
        names.iter().map(|name| Tool(json!({ "name": name, "description": "Does." }))).collect();
    let list = ObservedList {
        state: ListState {
            kind: ListKind::Tools,
            count: u32::try_from(tools.len()).unwrap(),
            version: 1,
            hash: "00".to_owned(),
            read_at: Some(f.clock.now()),
            code: None,
            detail: None,
        },
        items: Some(serde_json::to_string(&tools).unwrap()),
    };
    let seen = Observation {
        server: server.id,
        generation: 1,
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

#[test]
fn a_projects_tools_are_those_of_all_its_servers() {
    on_each_database(async |f: Fixture| {
        with_tools(&f, &["echo", "wait"]).await;
        let servers = f.services.servers();
        servers.create(&f.owner, PROJECT, remote("a-first")).await.unwrap();
        servers.set_tool_rule(&f.owner, PROJECT, "r", "echo", called("say")).await.unwrap();
        servers.set_tool_rule(&f.owner, PROJECT, "r", "later", hidden()).await.unwrap();
        servers.set_enabled(&f.owner, PROJECT, "a-first", false).await.unwrap();
        let all = servers.tools_of_project(&f.reporter, PROJECT).await.unwrap();
        let told: Vec<_> = all.iter().map(|s| (s.server.as_str(), s.enabled, s.tools.len())).collect();
        assert_eq!(told, [("a-first", false, 0), ("r", true, 3)]);
        assert_eq!(all[1].tools, servers.tools(&f.reporter, PROJECT, "r").await.unwrap());
        assert_eq!(all[1].tools[0].offered(), Some("say"));
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

        let tools = servers.tools(&f.reporter, PROJECT, "r").await.unwrap();
        let shown: Vec<_> =
            tools.iter().map(|tool| (tool.name.as_str(), tool.offered(), tool.tool.is_some())).collect();
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
        let offered: Vec<_> = servers
            .tools(&f.owner, PROJECT, "r")
            .await
            .unwrap()
            .iter()
            .filter_map(OfferedTool::offered)
            .map(str::to_owned)
            .collect();
        assert_eq!(offered, ["wait", "pause"]);
    });
}

#[test]
fn reporters_see_rules_and_change_none() {
    on_each_database(async |f: Fixture| {
        with_tools(&f, &["echo"]).await;
        let servers = f.services.servers();
        let refused = servers.set_tool_rule(&f.reporter, PROJECT, "r", "echo", hidden()).await.unwrap_err();
        assert_eq!(refused.code(), Code::Forbidden);
        assert_eq!(servers.tools(&f.reporter, PROJECT, "r").await.unwrap()[0].offered(), Some("echo"));
    });
}
