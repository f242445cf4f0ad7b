use serde_json::json;

use super::*;

fn project(servers: serde_json::Value) -> ProjectEntry {
    serde_json::from_value(json!({ "org": "acme", "slug": "pay", "name": "Pay", "servers": servers }))
        .expect("a project")
}

fn lines(plan: &Plan) -> Vec<String> {
    let line = |step: &Step| {
        let sides = |side: &Option<String>| side.clone().unwrap_or_else(|| "-".to_owned());
        let differences: Vec<_> = step
            .differences
            .iter()
            .map(|d| format!("{}: {} > {}", d.field, sides(&d.before), sides(&d.after)))
            .collect();
        format!("{:?} {:?} {} [{}]", step.deed, step.thing, step.name, differences.join("; "))
    };
    plan.steps.iter().map(line).collect()
}

fn made(current: &ProjectEntry, wanted: &ProjectEntry, choice: Choice) -> Plan {
    plan(current, wanted, &BTreeSet::new(), choice)
}

#[test]
fn what_is_the_same_stays() {
    let same = project(json!([
        { "name": "files", "transport": "stdio", "command": "npx", "args": ["-y", "x"], "alias": "files",
          "env": { "TOKEN": { "env": "FILES_TOKEN" } }, "tools": { "drop": { "hidden": true } } },
    ]));
    let mut wanted = same.clone();
    wanted.servers[0].alias = None;
    wanted.servers[0].timeout_seconds = Some(TIMEOUT);
    wanted.servers[0].name = "Files".to_owned();
    let all = Choice { settings: true, remove: true };
    let plan = made(&same, &wanted, all);
    assert!(plan.is_empty(), "{:?}", lines(&plan));
    assert_eq!((plan.count(Deed::Keep), plan.holes[0].state), (2, HoleState::Stored));
}

const TIMEOUT: u32 = crate::server::TIMEOUT_SECONDS;

#[test]
fn each_difference_is_told_with_both_sides_and_secrets_by_name() {
    let current = project(json!([
        { "name": "files", "transport": "stdio", "command": "npx", "args": ["-y", "x"], "alias": "files",
          "env": { "TOKEN": { "env": "FILES_TOKEN" } }, "tools": { "drop": { "hidden": true }, "find": { "alias": "f" } } },
        { "name": "old", "transport": "builtin", "builtin": "toolbox", "alias": "old" },
    ]));
    let wanted = project(json!([
        { "name": "files", "transport": "stdio", "command": "npx", "args": ["-y", "y"], "enabled": false,
          "env": { "TOKEN": { "env": "T" }, "REGION": { "env": "R" } }, "tools": { "drop": { "alias": "remove" } } },
        { "name": "web", "transport": "sse", "url": "https://a.test/sse", "headers": { "Authorization": { "env": "T" } } },
    ]));
    let add = made(&current, &wanted, Choice::default());
    assert_eq!(
        lines(&add),
        [
            "Change Server files [args: -y x > -y y; env: TOKEN > REGION = ••••, TOKEN; enabled: true > false]",
            "Change Tool files/drop [hidden: true > false; alias: - > remove]",
            "Add Server web [transport: - > sse; url: - > https://a.test/sse; headers: - > Authorization; \
             timeout_seconds: - > 30; alias: - > web; sharing: - > shared; enabled: - > true]"
                .replace("> 30", &format!("> {TIMEOUT}"))
                .as_str(),
        ]
    );
    let states: Vec<_> = add.holes.iter().map(|hole| (hole.name.as_str(), hole.state)).collect();
    assert_eq!(
        states,
        [("R", HoleState::Needed), ("T", HoleState::Needed)],
        "one of its places has no value"
    );
    assert_eq!(add.holes[1].places, ["files/TOKEN", "web/Authorization"]);
    let given = plan(&current, &wanted, &["R".to_owned(), "T".to_owned()].into(), Choice::default());
    assert!(given.missing().is_empty());
    assert!(lines(&given)[0].contains("REGION = ••••, TOKEN = ••••"));
    let whole = made(&current, &wanted, Choice { remove: true, settings: true });
    let removed: Vec<_> = lines(&whole).into_iter().filter(|line| line.starts_with("Remove")).collect();
    assert_eq!(removed, ["Remove Server old []", "Remove Tool files/find []"]);
}

#[test]
fn a_stored_secret_does_not_follow_to_another_address() {
    let at = |url: &str| {
        project(json!([{ "name": "web", "transport": "streamable_http", "url": url, "alias": "web",
            "headers": { "X-Key": { "env": "K" } } }]))
    };
    let state = |to: &str| made(&at("https://a.test/mcp"), &at(to), Choice::default()).holes[0].state;
    assert_eq!(state("https://a.test/other"), HoleState::Stored);
    assert_eq!(state("https://evil.test/mcp"), HoleState::Needed);
}
