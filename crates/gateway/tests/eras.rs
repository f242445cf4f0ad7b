//! Clients and servers of either era, in every pairing.

mod support;

use domain::server::Transport;
use serde_json::{Value, json};
use support::{
    Bench, SOON,
    client::{Client, Kind},
    eras::{UPSTREAMS, each, upstream},
    remote, server, stdio,
};

const BOTH: [Kind; 2] = [Kind::Streamable, Kind::Modern];

#[tokio::test(flavor = "multi_thread")]
async fn a_modern_client_discovers_a_server_of_either_era() {
    each(&[Kind::Modern], async |_, client, name| {
        let found = client.request("server/discover", json!({})).await.json()["result"].clone();
        assert_eq!(found["supportedVersions"][0], "2026-07-28", "{name}");
        assert_eq!(found["_meta"]["io.modelcontextprotocol/serverInfo"]["name"], "fixture", "{name}");
        assert!(found["capabilities"]["tools"].is_object(), "{name} {found}");
        assert_eq!((&found["resultType"], &found["ttlMs"]), (&json!("complete"), &json!(0)), "{name}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_lists_and_unknown_methods_pass_between_the_eras() {
    each(&BOTH, async |_, client, name| {
        let tools = client.request("tools/list", json!({})).await;
        assert!(tools.text.contains(r#""x-vendor":{"keep":[1,2.50]}"#), "{name}: {}", tools.text);
        let is_modern = name.starts_with("Modern");
        let result = tools.json()["result"].clone();
        assert_eq!(result.get("resultType").is_some(), is_modern, "{name}");
        assert_eq!(result.get("cacheScope").is_some(), is_modern, "{name}");
        assert_eq!(client.tool("echo", json!({ "message": "안녕" })).await.content(), "안녕", "{name}");
        let read = client.request("resources/read", json!({ "uri": "test://static-text" })).await.json();
        assert_eq!(read["result"]["contents"][0]["mimeType"], "text/plain", "{name} {read}");
        let prompt = client.request("prompts/get", json!({ "name": "test_simple_prompt" })).await.json();
        assert_eq!(prompt["result"]["messages"][0]["role"], "user", "{name} {prompt}");
        let error = client.tool("no-such-tool", json!({})).await.json();
        assert_eq!(error["error"]["code"], -32_602, "{name} {error}");
        let unknown = client.request("x-vendor/none", json!({})).await.json();
        assert_eq!(unknown["error"]["code"], -32_601, "{name} {unknown}");
        let params = json!({
            "name": "wait", "arguments": { "seconds": 0.2, "steps": 3 }, "_meta": { "progressToken": "mine" },
        });
        let waited = client.request("tools/call", params).await;
        let steps = waited.before.iter().filter(|m| m["method"] == "notifications/progress");
        let steps: Vec<Value> =
            steps.map(|m| json!([m["params"]["progressToken"], m["params"]["progress"]])).collect();
        assert_eq!(steps, [json!(["mine", 1]), json!(["mine", 2]), json!(["mine", 3])], "{name}");
    })
    .await;
}

/// In the course of a call a legacy server asks, and a modern one answers with questions; either way
/// its client learns of them in its own way, and the call goes on.
#[tokio::test(flavor = "multi_thread")]
async fn questions_cross_the_eras() {
    each(&BOTH, async |_, client, name| {
        let roots = json!({ "roots": [{ "uri": "file:///a", "name": "x" }] });
        let (question, answer) = client.tool_with_answer("roots", json!({}), roots).await;
        assert_eq!(question["method"], "roots/list", "{name}");
        assert!(answer.content().contains("file:///a"), "{name} {}", answer.text);
        let (question, answer) = client
            .tool_with_answer("ask", json!({ "message": "Who?" }), json!({ "action": "decline" }))
            .await;
        assert_eq!(question["params"]["message"], "Who?", "{name}");
        assert!(answer.content().contains("decline"), "{name} {}", answer.text);
        let model = json!({ "role": "assistant", "content": { "type": "text", "text": "42" }, "model": "m" });
        let (question, answer) = client.tool_with_answer("sample", json!({ "prompt": "?" }), model).await;
        assert_eq!(question["method"], "sampling/createMessage", "{name}");
        assert!(answer.content().contains("42"), "{name} {}", answer.text);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_client_cannot_do_it_is_not_asked() {
    each(&[Kind::Modern], async |_, client, name| {
        client.capabilities = json!({});
        let answer = client.tool("ask", json!({ "message": "Who?" })).await.json();
        assert_eq!(answer["error"]["code"], -32_021, "{name} {answer}");
        assert!(
            answer["error"]["data"]["requiredCapabilities"]["elicitation"].is_object(),
            "{name} {answer}"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_legacy_client_cannot_do_it_is_not_asked() {
    for (transport, era) in UPSTREAMS {
        let (target, _running) = upstream(transport, era).await;
        let bench = Bench::new(vec![server(1, "s", target)]).await;
        for kind in [Kind::Streamable, Kind::Sse] {
            let mut client = Client::new(&bench, kind, "s");
            client.capabilities = json!({});
            client.open().await;
            client.initialize().await;
            let answer = client.tool("ask", json!({ "message": "Who?" })).await;
            let name = format!("{kind:?} in front of {transport:?}, {era:?}");
            assert_eq!(answer.methods(), [""; 0], "{name}");
            assert!(answer.text.contains("elicitation"), "{name}: {}", answer.text);
        }
        bench.stop().await;
    }
}

/// The next try must be the same call of the same key, brings back what it was given, and counts once.
#[tokio::test(flavor = "multi_thread")]
async fn a_parked_call_resumes_once_and_for_its_own_client_only() {
    let (target, _running) = upstream(Transport::Stdio, fixture::Era::Legacy).await;
    let bench = Bench::new(vec![server(1, "s", target)]).await;
    let mut client = Client::connect(&bench, Kind::Modern, "s").await;
    let arguments = json!({ "message": "Who?" });
    let first = client.tool("ask", arguments.clone()).await.json()["result"].clone();
    let state = first["requestState"].clone();
    let responses = json!({ "q1": { "action": "decline" }, "other": { "action": "accept" } });
    let retry = |name: &str, arguments: &Value, state: &Value, responses: &Value| json!({ "name": name, "arguments": arguments, "requestState": state, "inputResponses": responses });
    for (params, why) in [
        (retry("echo", &arguments, &state, &responses), "another tool"),
        (retry("ask", &json!({ "message": "What?" }), &state, &responses), "other arguments"),
        (retry("ask", &arguments, &json!("forged"), &responses), "another state"),
    ] {
        let refused = client.request("tools/call", params).await.json();
        assert_eq!(refused["error"]["code"], -32_602, "{why} {refused}");
    }
    // An answer that is missing is asked for again.
    let again = client.request("tools/call", retry("ask", &arguments, &state, &json!({}))).await.json();
    assert_eq!(again["result"]["resultType"], "input_required", "{again}");
    assert!(again["result"]["inputRequests"]["q1"].is_object(), "{again}");
    let state = again["result"]["requestState"].clone();
    let done = client.request("tools/call", retry("ask", &arguments, &state, &responses)).await;
    assert!(done.content().contains("decline"), "{}", done.text);
    let twice = client.request("tools/call", retry("ask", &arguments, &state, &responses)).await.json();
    assert_eq!(twice["error"]["code"], -32_602, "{twice}");
    bench.stop().await;
}

/// A process that many share does not say in whose call it asks: while one call is parked, another
/// key's might get the question that belongs to it. A client that never comes back must not keep
/// others with its own key from being asked, though.
#[tokio::test(flavor = "multi_thread")]
async fn a_question_that_may_be_of_a_parked_call_goes_to_no_other_key() {
    let (target, _running) = upstream(Transport::Stdio, fixture::Era::Legacy).await;
    let mut bench = Bench::new(vec![server(1, "s", target)]).await;
    bench.keys.push(support::key(3, 1, "slu_second_of_project_a"));
    bench.replace();
    let mut first = Client::connect(&bench, Kind::Modern, "s").await;
    let mut same = Client::connect(&bench, Kind::Modern, "s").await;
    let mut second = Client::new(&bench, Kind::Streamable, "s");
    second.key = "slu_second_of_project_a".to_owned();
    second.initialize().await;
    let arguments = json!({ "message": "Who?" });
    let parked = first.tool("ask", arguments.clone()).await.json()["result"].clone();
    assert_eq!(parked["resultType"], "input_required", "{parked}");
    let asked = same.tool("ask", arguments.clone()).await.json();
    assert_eq!(asked["result"]["resultType"], "input_required", "{asked}");
    let refused = second.tool("ask", arguments.clone()).await;
    assert!(!refused.methods().contains(&"elicitation/create"), "{:?}", refused.before);
    assert!(refused.text.contains("not certain"), "{}", refused.text);
    let state = parked["requestState"].clone();
    let responses = json!({ "q1": { "action": "decline" } });
    let retry =
        json!({ "name": "ask", "arguments": arguments, "requestState": state, "inputResponses": responses });
    let done = first.request("tools/call", retry).await;
    assert!(done.content().contains("decline"), "{}", done.text);
    bench.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_modern_client_listens_to_a_server_of_either_era() {
    each(&[Kind::Modern], async |_, client, name| {
        let wanted =
            json!({ "toolsListChanged": true, "resourceSubscriptions": ["test://watched-resource"] });
        let stream = client.begin("subscriptions/listen", json!({ "notifications": wanted })).await;
        let first = client.next().await;
        assert_eq!(first["method"], "notifications/subscriptions/acknowledged", "{name}");
        assert_eq!(first["params"]["notifications"], wanted, "{name}");
        let id =
            |message: &Value| message["params"]["_meta"]["io.modelcontextprotocol/subscriptionId"].clone();
        assert_eq!(id(&first), stream, "{name}");
        let touched = client.tool("touch", json!({ "uri": "test://watched-resource" })).await;
        let mut seen = touched.before;
        while !seen.iter().any(|m| m["method"] == "notifications/resources/updated") {
            seen.push(client.next().await);
        }
        client.tool("change_tools", json!({})).await.before.into_iter().for_each(|m| seen.push(m));
        while !seen.iter().any(|m| m["method"] == "notifications/tools/list_changed") {
            seen.push(client.next().await);
        }
        assert!(seen.iter().all(|message| id(message) == stream), "{name} {seen:?}");
        client.hang_up(stream);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_client_may_wait_for_is_bounded() {
    let (target, _running) = upstream(Transport::Stdio, fixture::Era::Legacy).await;
    let bench = Bench::new(vec![server(1, "s", target)]).await;
    let uris: Vec<String> = (0..1_001).map(|n| format!("test://template/{n}/data")).collect();
    let mut modern = Client::connect(&bench, Kind::Modern, "s").await;
    let wanted = json!({ "notifications": { "resourceSubscriptions": uris } });
    let refused = modern.request("subscriptions/listen", wanted).await.json();
    assert_eq!(refused["error"]["code"], -32_602, "{refused}");
    let mut legacy = Client::connect(&bench, Kind::Sse, "s").await;
    for uri in &uris[..1_000] {
        let done = legacy.request("resources/subscribe", json!({ "uri": uri })).await.json();
        assert_eq!(done["result"], json!({}), "{done}");
    }
    let last = legacy.request("resources/subscribe", json!({ "uri": uris[1_000] })).await;
    assert_eq!(last.error_code(), "upstream.busy");
    bench.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_legacy_client_subscribes_at_a_server_of_either_era() {
    each(&[Kind::Streamable, Kind::Sse], async |_, client, name| {
        let uri = json!({ "uri": "test://watched-resource" });
        let done = client.request("resources/subscribe", uri.clone()).await.json();
        assert_eq!(done["result"], json!({}), "{name} {done}");
        let mut seen = client.tool("touch", uri.clone()).await.before;
        while !seen.iter().any(|m| m["method"] == "notifications/resources/updated") {
            seen.push(client.next().await);
        }
        let updated = seen.iter().find(|m| m["method"] == "notifications/resources/updated").expect("it");
        assert_eq!(updated["params"], uri, "{name}: nothing of the modern era");
        let done = client.request("resources/unsubscribe", uri).await.json();
        assert_eq!(done["result"], json!({}), "{name} {done}");
        let level = client.request("logging/setLevel", json!({ "level": "debug" })).await.json();
        assert_eq!(level["result"], json!({}), "{name} {level}");
        let logged = client.tool("log", json!({ "message": "said" })).await;
        let mut seen = logged.before;
        while !seen.iter().any(|m| m["method"] == "notifications/message") {
            seen.push(client.next().await);
        }
    })
    .await;
}

/// The texts of log messages that came before an answer.
fn logged(exchange: &support::client::Exchange) -> Vec<Value> {
    let logs = exchange.before.iter().filter(|message| message["method"] == "notifications/message");
    logs.map(|message| message["params"]["data"].clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_modern_client_gets_log_messages_from_the_level_of_its_call() {
    each(&[Kind::Modern], async |bench, client, name| {
        let mut other = Client::connect(bench, Kind::Streamable, "s").await;
        other.request("logging/setLevel", json!({ "level": "emergency" })).await;
        for (level, wanted) in [
            (json!(null), vec![]),
            (json!("error"), vec![]),
            (json!("debug"), vec![json!("said")]),
            (json!("info"), vec![json!("said")]),
            (json!("notice"), vec![]),
        ] {
            let mut params = json!({ "name": "log", "arguments": { "message": "said" }, "_meta": {} });
            if level.is_string() {
                params["_meta"]["io.modelcontextprotocol/logLevel"] = level.clone();
            }
            let done = client.request("tools/call", params).await;
            assert_eq!(logged(&done), wanted, "{name}: {level}");
        }
    })
    .await;
}

/// Over HTTP a server can tell only who listens: this client does from the beginning.
#[tokio::test(flavor = "multi_thread")]
async fn a_legacy_client_hears_of_changed_lists_of_a_server_of_either_era() {
    each(&[Kind::Sse], async |_, client, name| {
        let told = async {
            loop {
                // Until the upstream's own stream to Sluice stands, it has nobody to tell.
                let changed = client.tool("change_tools", json!({})).await;
                if changed.methods().contains(&"notifications/tools/list_changed") {
                    return;
                }
                let later = std::time::Duration::from_millis(200);
                if let Ok(message) = tokio::time::timeout(later, client.next()).await {
                    assert_eq!(message["method"], "notifications/tools/list_changed", "{name}");
                    return;
                }
            }
        };
        tokio::time::timeout(SOON, told).await.unwrap_or_else(|_| panic!("{name}: not told"));
    })
    .await;
}

/// A process has one level for all; none of its clients gets less than it asked for, or more.
#[tokio::test(flavor = "multi_thread")]
async fn clients_of_one_process_have_levels_of_their_own() {
    let bench = Bench::new(vec![server(1, "s", stdio(&["stdio"]))]).await;
    let mut chatty = Client::connect(&bench, Kind::Streamable, "s").await;
    let mut quiet = Client::connect(&bench, Kind::Streamable, "s").await;
    let mut all = Client::of_project(&bench, Kind::Streamable).await;
    for (client, level) in [(&mut chatty, "debug"), (&mut quiet, "error"), (&mut all, "alert")] {
        let done = client.request("logging/setLevel", json!({ "level": level })).await.json();
        assert_eq!(done["result"], json!({}), "{done}");
    }
    let offered = async {
        while !all.request("tools/list", json!({})).await.text.contains("\"s__log\"") {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(SOON, offered).await.expect("the tool is offered");
    for (client, tool, wanted) in [(&mut quiet, "log", 0), (&mut all, "s__log", 0), (&mut chatty, "log", 1)] {
        let done = client.tool(tool, json!({ "message": "said" })).await;
        assert_eq!(done.content(), "logged");
        assert_eq!(logged(&done).len(), wanted);
    }
    chatty.request("logging/setLevel", json!({ "level": "emergency" })).await;
    assert_eq!(logged(&chatty.tool("log", json!({ "message": "said" })).await).len(), 0);
    let wrong = chatty.request("logging/setLevel", json!({ "level": "loud" })).await.json();
    assert!(wrong["error"]["code"].is_number(), "it is the server that refuses: {wrong}");
    bench.stop().await;
}

/// One that hangs is greeted in the legacy way as well; its late answer to the first question counts.
#[tokio::test(flavor = "multi_thread")]
async fn a_modern_server_that_answers_late_is_spoken_to_as_one() {
    let upstream =
        support::scripted::serve(json!({ "tools": {} }), |headers, message| match &message["method"] {
            method if method == "tools/list" && headers.contains_key("mcp-protocol-version") => {
                json!({ "result": { "resultType": "complete", "tools": [] } })
            }
            method if method == "tools/list" => {
                json!({ "error": { "code": -32_020, "message": "no header" } })
            }
            _ => json!({ "error": { "code": -32_601, "message": "Method not found" } }),
        })
        .await;
    upstream.hold_discovery();
    let bench = Bench::new(vec![server(1, "s", remote(Transport::StreamableHttp, &upstream.url))]).await;
    let mut client = Client::connect(&bench, Kind::Modern, "s").await;
    let listed = client.request("tools/list", json!({})).await.json();
    assert_eq!(listed["result"]["tools"], json!([]), "{listed}");
    assert_eq!(upstream.seen("initialize").len(), 1, "it was greeted in both ways");
    bench.stop().await;
}

/// It may have spoken too soon after its start, and the revision wants such a client to try again.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_names_our_revision_while_it_refuses_it_is_asked_again() {
    let upstream = support::scripted::serve(json!({ "tools": {} }), |_, message| match &message["method"] {
        method if method == "tools/list" => json!({ "result": { "resultType": "complete", "tools": [] } }),
        _ => json!({ "error": { "code": -32_601, "message": "Method not found" } }),
    })
    .await;
    upstream.refuse_once();
    let bench = Bench::new(vec![server(1, "s", remote(Transport::StreamableHttp, &upstream.url))]).await;
    let mut client = Client::connect(&bench, Kind::Modern, "s").await;
    let listed = client.request("tools/list", json!({})).await.json();
    assert_eq!(listed["result"]["tools"], json!([]), "{listed}");
    assert_eq!((upstream.seen("server/discover").len(), upstream.seen("initialize").len()), (2, 0));
    bench.stop().await;
}

/// The revisions have tasks with other methods and other states, so only peers of one era share them.
#[tokio::test(flavor = "multi_thread")]
async fn tasks_pass_between_peers_of_one_era() {
    let arguments = json!({ "seconds": 0.1, "label": "work" });
    let call = json!({ "name": "slow_compute", "arguments": arguments, "task": { "ttl": 60_000 } });
    for (transport, era) in UPSTREAMS {
        let (target, _running) = upstream(transport, era).await;
        let bench = Bench::new(vec![server(1, "s", target)]).await;
        let kinds =
            if era == fixture::Era::Modern { &[Kind::Modern][..] } else { &[Kind::Streamable, Kind::Sse] };
        for kind in kinds {
            let name = format!("{kind:?} in front of {transport:?}, {era:?}");
            let mut client = Client::new(&bench, *kind, "s");
            client.open().await;
            if era == fixture::Era::Modern {
                client.capabilities = json!({ "extensions": { "io.modelcontextprotocol/tasks": {} } });
                let created = client.tool("slow_compute", arguments.clone()).await.json()["result"].clone();
                assert_eq!(created["resultType"], "task", "{name} {created}");
                let id = json!({ "taskId": created["taskId"] });
                let mut task = created;
                while task["status"] == "working" {
                    task = client.request("tasks/get", id.clone()).await.json()["result"].clone();
                }
                assert_eq!(task["result"]["content"][0]["text"], "work took 0.1 s", "{name} {task}");
                continue;
            }
            let hello = json!({
                "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": { "name": "test", "version": "1" },
            });
            client.request("initialize", hello).await;
            client.send(json!({ "jsonrpc": "2.0", "method": "notifications/initialized" })).await;
            let created = client.request("tools/call", call.clone()).await.json()["result"].clone();
            let id = json!({ "taskId": created["task"]["taskId"] });
            let result = client.request("tasks/result", id.clone()).await;
            assert_eq!(result.content(), "work took 0.1 s", "{name} {created}");
            let task = client.request("tasks/get", id).await.json()["result"].clone();
            assert_eq!(task["status"], "completed", "{name} {task}");
        }
        bench.stop().await;
    }
}
