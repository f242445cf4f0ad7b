//! All servers of a project at one address.

mod support;

use std::{collections::HashSet, time::Duration};

use domain::server::Transport;
use gateway::directory::{ServerEntry, ToolRule};
use serde_json::{Value, json};
use support::{
    Bench, SOON, builtin,
    client::{Client, Kind},
    remote, server, stdio,
};

const KINDS: [Kind; 3] = [Kind::Streamable, Kind::Sse, Kind::Modern];

fn names(list: &Value, member: &str) -> Vec<String> {
    let items = list["result"][member].as_array().unwrap_or_else(|| panic!("no {member}: {list}"));
    items.iter().map(|item| item["name"].as_str().unwrap_or_default().to_owned()).collect()
}

/// Asks until the answer is as `wanted`: servers come up in their own time.
async fn until(client: &mut Client, method: &str, params: Value, wanted: impl Fn(&Value) -> bool) -> Value {
    let asked = async {
        loop {
            let answer = client.request(method, params.clone()).await.json();
            if wanted(&answer) {
                return answer;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(SOON, asked).await.unwrap_or_else(|_| panic!("{method} is never as wanted"))
}

async fn tools_of_all(client: &mut Client, prefixes: &[&str]) -> Vec<String> {
    let all = until(client, "tools/list", json!({}), |answer| {
        let names = names(answer, "tools");
        prefixes.iter().all(|prefix| names.iter().any(|name| name.starts_with(prefix)))
    });
    names(&all.await, "tools")
}

#[tokio::test(flavor = "multi_thread")]
async fn servers_of_every_kind_are_one_for_every_kind_of_client() {
    let http = fixture::serve_http().await.expect("a port");
    let modern = fixture::Options { era: fixture::Era::Modern, ..fixture::Options::default() };
    let modern = fixture::serve_http_with(modern).await.expect("a port");
    let bench = Bench::new(vec![
        server(1, "local", stdio(&["stdio"])),
        server(2, "far", remote(Transport::StreamableHttp, &http.url)),
        server(3, "new", remote(Transport::StreamableHttp, &modern.url)),
        server(4, "box", builtin()),
    ])
    .await;
    for kind in KINDS {
        let mut client = Client::of_project(&bench, kind).await;
        let tools = tools_of_all(&mut client, &["local__", "far__", "new__", "box__"]).await;
        assert_eq!(tools[0], "sluice_status", "{kind:?}");
        for server in ["local", "far", "new"] {
            let said = client.tool(&format!("{server}__echo"), json!({ "message": server })).await;
            assert_eq!(said.content(), server, "{kind:?}");
            let roots = json!({ "roots": [{ "uri": format!("file:///{server}"), "name": "x" }] });
            let (question, answer) =
                client.tool_with_answer(&format!("{server}__roots"), json!({}), roots).await;
            assert_eq!(question["method"], "roots/list", "{kind:?}");
            assert!(answer.content().contains(&format!("file:///{server}")), "{kind:?} {}", answer.text);
        }
        let unknown = client.tool("echo", json!({})).await.json();
        assert_eq!(unknown["error"]["code"], -32_602, "{kind:?} {unknown}");
        let prompt = client.request("prompts/get", json!({ "name": "far__test_simple_prompt" })).await.json();
        assert_eq!(prompt["result"]["messages"][0]["role"], "user", "{kind:?} {prompt}");
        let read = client.request("resources/read", json!({ "uri": "test://template/7/data" })).await.json();
        assert!(read["result"]["contents"][0]["text"].as_str().expect("text").contains('7'), "{read}");
        let reference = json!({ "type": "ref/prompt", "name": "far__test_prompt_with_arguments" });
        let params = json!({ "ref": reference, "argument": { "name": "arg1", "value": "par" } });
        let completed = client.request("completion/complete", params).await.json();
        assert_eq!(completed["result"]["completion"]["values"][0], "paris", "{kind:?} {completed}");
        // All three list the same addresses; the oldest answers, and the others are told of.
        let status = client.tool("sluice_status", json!({})).await;
        assert!(status.content().contains("`test://static-text` of far is not offered: local has one"));
        let status = status.json()["result"]["structuredContent"]["servers"].clone();
        assert!(
            status.as_array().expect("a list").iter().all(|server| server["status"] == "ready"),
            "{status}"
        );
    }
    bench.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_that_is_down_delays_and_hides_nothing() {
    let silent = fixture::Options { fail: Some(fixture::HttpFail::NeverInitialize), ..Default::default() };
    let silent = fixture::serve_http_with(silent).await.expect("a port");
    let mut off = server(4, "off", builtin());
    off.enabled = false;
    let bench = Bench::new(vec![
        server(1, "dead", stdio(&["stdio", "--fail", "exit"])),
        server(2, "silent", remote(Transport::StreamableHttp, &silent.url)),
        server(3, "box", builtin()),
        off,
    ])
    .await;
    for kind in KINDS {
        let begun = std::time::Instant::now();
        let mut client = Client::of_project(&bench, kind).await;
        assert!(begun.elapsed() < Duration::from_secs(1), "{kind:?} {:?}", begun.elapsed());
        tools_of_all(&mut client, &["box__"]).await;
        let told =
            until(&mut client, "tools/call", json!({ "name": "sluice_status", "arguments": {} }), |answer| {
                answer["result"]["structuredContent"]["servers"][1]["status"] == "unavailable"
            })
            .await;
        let servers = &told["result"]["structuredContent"]["servers"];
        let of = |name: &str| {
            servers
                .as_array()
                .expect("a list")
                .iter()
                .find(|server| server["name"] == name)
                .expect("it")
                .clone()
        };
        assert_eq!(of("box")["status"], "ready");
        assert_eq!(of("silent")["status"], "starting");
        assert_eq!(of("off")["status"], "disabled");
        for name in ["dead", "silent", "off"] {
            assert!(of(name)["reason"].is_string() && of(name)["nextStep"].is_string(), "{servers}");
        }
    }
    bench.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_is_told_when_a_server_comes_or_goes_or_is_offered_in_another_way() {
    let mut bench = Bench::new(vec![server(1, "box", builtin())]).await;
    let mut client = Client::of_project(&bench, Kind::Streamable).await;
    tools_of_all(&mut client, &["box__"]).await;
    bench.servers.push(server(2, "late", stdio(&["stdio"])));
    bench.replace();
    client.next_of("notifications/tools/list_changed").await;
    tools_of_all(&mut client, &["box__", "late__"]).await;
    assert_eq!(client.tool("late__echo", json!({ "message": "hi" })).await.content(), "hi");

    bench.servers[1].alias = "other".to_owned();
    bench.replace();
    tools_of_all(&mut client, &["box__", "other__"]).await;
    assert_eq!(client.tool("other__echo", json!({ "message": "hi" })).await.content(), "hi");
    let pid = client.tool("other__pid", json!({})).await.content();

    bench.servers[1].alias = String::new();
    bench.replace();
    tools_of_all(&mut client, &["box__", "echo"]).await;
    assert_eq!(client.tool("pid", json!({})).await.content(), pid, "nothing was started anew");

    bench.servers[1].enabled = false;
    bench.replace();
    let tools = names(&client.request("tools/list", json!({})).await.json(), "tools");
    assert!(tools.iter().all(|name| name.starts_with("box__") || name == "sluice_status"), "{tools:?}");
    bench.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hidden_tool_does_not_exist_and_a_renamed_one_has_one_name() {
    let rule = |hidden, alias: Option<&str>, description: Option<&str>| ToolRule {
        hidden,
        alias: alias.map(str::to_owned),
        description: description.map(str::to_owned),
    };
    let mut bench = Bench::new(vec![server(1, "s", stdio(&["stdio"]))]).await;
    let mut one = Client::connect(&bench, Kind::Streamable, "s").await;
    let mut modern = Client::connect(&bench, Kind::Modern, "s").await;
    let mut all = Client::of_project(&bench, Kind::Streamable).await;
    tools_of_all(&mut all, &["s__"]).await;
    bench.servers[0].tools = [
        ("env".to_owned(), rule(true, None, None)),
        ("echo".to_owned(), rule(false, Some("say"), Some("Says it."))),
    ]
    .into();
    bench.replace();
    one.next_of("notifications/tools/list_changed").await;
    for (client, prefix) in [(&mut one, ""), (&mut modern, ""), (&mut all, "s__")] {
        let list = client.request("tools/list", json!({})).await;
        let tools = names(&list.json(), "tools");
        let name = |name: &str| format!("{prefix}{name}");
        assert!(tools.contains(&name("say")) && tools.contains(&name("add")), "{tools:?}");
        assert!(!tools.contains(&name("echo")) && !tools.contains(&name("env")), "{tools:?}");
        assert!(
            list.text.contains(r#""description":"Says it.""#) && list.text.contains(r#"{"keep":[1,2.50]}"#)
        );
        assert_eq!(client.tool(&name("say"), json!({ "message": "hi" })).await.content(), "hi");
        for gone in ["env", "echo"] {
            let error = client.tool(&name(gone), json!({})).await.json()["error"].clone();
            assert_eq!(error["code"], -32_602, "{error}");
            assert!(error["message"].as_str().expect("a text").starts_with("Unknown tool"), "{error}");
        }
    }
    let entry = bench.log(|entry| entry.tool.as_deref() == Some("echo")).await;
    assert!(entry.outcome.is_some(), "the log has the server's own name");
    bench.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_of_sluice_is_survived_at_the_projects_address() {
    let servers = || vec![server(1, "s", stdio(&["stdio"]))];
    let before = Bench::new(servers()).await;
    let mut client = Client::of_project(&before, Kind::Streamable).await;
    tools_of_all(&mut client, &["s__"]).await;
    before.stop().await;
    let after = Bench::new(servers()).await;
    client.url = after.project_url("mcp");
    tools_of_all(&mut client, &["s__"]).await;
    assert_eq!(client.tool("s__echo", json!({ "message": "on" })).await.content(), "on");
    let url = after.url("s", "mcp");
    let elsewhere = std::mem::replace(&mut client.url, url);
    let refused = client.request("tools/list", json!({})).await.json();
    assert_eq!(
        refused["error"]["data"]["code"], "session.unknown",
        "an address has its own sessions: {refused}"
    );
    client.url = elsewhere;
    after.stop().await;
}

/// What a tool is offered as whose name is too long, from the words of the status tool.
async fn offered_as(client: &mut Client, whole: &str) -> String {
    let status = client.tool("sluice_status", json!({})).await.content();
    let line = status.lines().find(|line| line.contains(&format!("`{whole}` is offered as `")));
    let line = line.unwrap_or_else(|| panic!("{whole} is not told: {status}"));
    line.split('`').nth(3).expect("the name").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn long_names_are_cut_to_the_same_ones_after_each_restart_and_can_be_called() {
    const LONGEST: usize = 60;
    let alias = |end: &str| format!("{}{end}", "a-department-with-a-long-name-".repeat(2));
    let servers: Vec<_> = [(1, "one"), (2, "two")]
        .map(|(n, end)| ServerEntry { alias: alias(end), ..server(n, end, stdio(&["stdio"])) })
        .to_vec();
    let mut seen = Vec::new();
    for _ in 0..2 {
        let bench = Bench::new(servers.clone()).await;
        for kind in KINDS {
            let mut client = Client::of_project(&bench, kind).await;
            let whole = [format!("{}__pid", alias("one")), format!("{}__pid", alias("two"))];
            until(&mut client, "tools/call", json!({ "name": "sluice_status" }), |status| {
                let status = status.to_string();
                whole.iter().all(|whole| status.contains(whole))
            })
            .await;
            let list = client.request("tools/list", json!({})).await.json();
            let list = names(&list, "tools");
            assert!(list.iter().all(|name| name.len() <= LONGEST), "{list:?}");
            assert_eq!(list.iter().collect::<HashSet<_>>().len(), list.len(), "each is one tool");
            let mut cut = Vec::new();
            for whole in &whole {
                let name = offered_as(&mut client, whole).await;
                assert!(list.contains(&name), "{name} {list:?}");
                let pid = client.tool(&name, json!({})).await.content();
                cut.push((name, pid));
            }
            assert_ne!(cut[0].1, cut[1].1, "each name leads to its own server");
            seen.push(cut.into_iter().map(|(name, _)| name).collect::<Vec<_>>());
        }
        bench.stop().await;
    }
    assert!(seen.windows(2).all(|pair| pair[0] == pair[1]), "{seen:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_project_needs_no_key_and_closing_it_ends_its_sessions() {
    let mut bench = Bench::new(vec![server(1, "s", builtin())]).await;
    bench.open = true;
    bench.replace();
    for address in ["mcp", "servers/s/mcp"] {
        let post = |key: Option<&str>| {
            let url = format!("{}/projects/acme.pay/{address}", bench.base);
            let request = support::client::http()
                .post(url)
                .header("content-type", "application/json")
                .header("accept", "application/json, text/event-stream")
                .body(r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#);
            match key {
                Some(key) => request.bearer_auth(key),
                None => request,
            }
        };
        assert_eq!(post(None).send().await.expect("an answer").status(), 200, "{address}");
        assert_eq!(post(Some("slu_wrong")).send().await.expect("an answer").status(), 401, "{address}");
    }
    bench.open = false;
    bench.replace();
    let closed = support::client::http().post(bench.project_url("mcp")).body("{}").send().await;
    assert_eq!(closed.expect("an answer").status(), 401);
    bench.stop().await;
}
