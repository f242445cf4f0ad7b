//! Tasks of both eras at a project's address: they lead back to the server that made them.

mod support;

use domain::server::Transport;
use gateway::directory::ServerEntry;
use serde_json::{Value, json};
use support::{
    Bench, SOON,
    client::{Client, Kind},
    remote, scripted, server, stdio,
};

const RELATED: &str = "io.modelcontextprotocol/related-task";

/// Two servers of an era, and what must live as long as they do.
async fn two(era: fixture::Era) -> (Vec<ServerEntry>, [fixture::Running; 2]) {
    let options = || fixture::Options { era, ..fixture::Options::default() };
    let a = fixture::serve_http_with(options()).await.expect("a port");
    let b = fixture::serve_http_with(options()).await.expect("a port");
    let servers = vec![
        server(1, "a", remote(Transport::StreamableHttp, &a.url)),
        server(2, "b", remote(Transport::StreamableHttp, &b.url)),
    ];
    (servers, [a, b])
}

/// Asks until the answer is as `wanted`.
async fn until(client: &mut Client, method: &str, params: Value, wanted: impl Fn(&Value) -> bool) -> Value {
    let asked = async {
        loop {
            let answer = client.request(method, params.clone()).await.json();
            if wanted(&answer) {
                return answer["result"].clone();
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(SOON, asked).await.unwrap_or_else(|_| panic!("{method} is never as wanted"))
}

async fn offered(client: &mut Client) {
    let has = |answer: &Value, name: &str| answer.to_string().contains(&format!("\"{name}\""));
    until(client, "tools/list", json!({}), |answer| has(answer, "a__greet") && has(answer, "b__greet")).await;
}

fn of(task: &Value) -> Value {
    json!({ "taskId": task["taskId"] })
}

#[tokio::test(flavor = "multi_thread")]
async fn modern_tasks_lead_back_to_their_servers_after_a_restart_too() {
    let (servers, _running) = two(fixture::Era::Modern).await;
    let bench = Bench::new(servers.clone()).await;
    let mut client = Client::of_project(&bench, Kind::Modern).await;
    client.capabilities = json!({ "elicitation": {}, "extensions": { "io.modelcontextprotocol/tasks": {} } });
    offered(&mut client).await;
    let found = client.request("server/discover", json!({})).await.json()["result"].clone();
    let extensions = &found["capabilities"]["extensions"];
    assert!(extensions["io.modelcontextprotocol/tasks"].is_object(), "{found}");
    assert!(found["capabilities"].get("tasks").is_none(), "{found}");
    let mut tasks = Vec::new();
    for name in ["a", "b"] {
        let arguments = json!({ "filename": name });
        let task = client.tool(&format!("{name}__confirm_delete"), arguments).await.json()["result"].clone();
        assert_eq!(task["resultType"], "task", "{task}");
        let asking =
            until(&mut client, "tasks/get", of(&task), |got| got["result"]["status"] == "input_required");
        let asking = asking.await;
        assert_eq!(asking["taskId"], task["taskId"]);
        let question = asking["inputRequests"]["confirm"]["params"]["message"].clone();
        assert_eq!(question, format!("Delete {name}?"), "it is that server's");
        tasks.push(task);
    }
    bench.stop().await;
    let bench = Bench::new(servers).await;
    client.url = bench.project_url("mcp");
    offered(&mut client).await;
    let mut update = of(&tasks[1]);
    update["inputResponses"] = json!({ "confirm": { "action": "accept", "content": { "confirm": true } } });
    let updated = client.request("tasks/update", update).await.json();
    assert_eq!(updated["result"]["resultType"], "complete", "{updated}");
    let done =
        until(&mut client, "tasks/get", of(&tasks[1]), |got| got["result"]["status"] == "completed").await;
    assert_eq!(done["result"]["content"][0]["text"], "deleted");
    let stopped = client.request("tasks/cancel", of(&tasks[0])).await.json();
    assert_eq!(stopped["result"]["resultType"], "complete", "{stopped}");
    until(&mut client, "tasks/get", of(&tasks[0]), |got| got["result"]["status"] == "cancelled").await;
    let foreign = tasks[0]["taskId"].as_str().expect("an id").replacen('0', "1", 1);
    for unknown in ["gate-test", foreign.as_str()] {
        let refused = client.request("tasks/get", json!({ "taskId": unknown })).await.json();
        assert_eq!(refused["error"]["code"], -32_602, "{refused}");
    }
    client.capabilities = json!({});
    for id in [json!("gate-test"), tasks[0]["taskId"].clone()] {
        let refused = client.request("tasks/get", json!({ "taskId": id })).await.json();
        assert_eq!(refused["error"]["code"], -32_021, "{refused}");
        let required = &refused["error"]["data"]["requiredCapabilities"]["extensions"];
        assert!(required["io.modelcontextprotocol/tasks"].is_object(), "{refused}");
    }
    bench.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn legacy_tasks_lead_back_to_their_servers() {
    let (servers, _running) = two(fixture::Era::Legacy).await;
    let bench = Bench::new(servers).await;
    let mut client = Client::of_project(&bench, Kind::Streamable).await;
    offered(&mut client).await;
    let mut made = Vec::new();
    for name in ["a", "b"] {
        let params = json!({
            "name": format!("{name}__confirm_delete"),
            "arguments": { "filename": name },
            "task": { "ttl": 30_000 },
        });
        let id = client.begin("tools/call", params).await;
        let task = client.finish(id).await;
        let task_of = |task: &Value| task["result"]["task"].clone();
        let mut question =
            task.before.iter().find(|message| message["method"] == "elicitation/create").cloned();
        let task = task_of(&task.json());
        while question.is_none() {
            question = Some(client.next().await).filter(|message| message["method"] == "elicitation/create");
        }
        let question = question.expect("a question");
        assert_eq!(question["params"]["message"], format!("Delete {name}?"));
        assert_eq!(question["params"]["_meta"][RELATED]["taskId"], task["taskId"], "{question}");
        made.push((task, question));
    }
    let list = client.request("tasks/list", json!({})).await.json();
    let listed = |task: &Value| {
        let tasks = list["result"]["tasks"].as_array().expect("a list");
        tasks.iter().any(|other| other["taskId"] == task["taskId"])
    };
    assert!(made.iter().all(|(task, _)| listed(task)), "{list}");
    for ((task, question), confirm) in made.iter().zip([true, false]) {
        let result = json!({
            "action": "accept", "content": { "confirm": confirm }, "_meta": { RELATED: of(task) },
        });
        client.send(json!({ "jsonrpc": "2.0", "id": question["id"], "result": result })).await;
        let done = client.request("tasks/result", of(task)).await.json()["result"].clone();
        assert_eq!(done["content"][0]["text"], if confirm { "deleted" } else { "kept" }, "{done}");
        assert_eq!(done["_meta"][RELATED]["taskId"], task["taskId"], "{done}");
        let got = client.request("tasks/get", of(task)).await.json()["result"].clone();
        assert_eq!((&got["status"], &got["taskId"]), (&json!("completed"), &task["taskId"]));
    }
    let over = client.request("tasks/cancel", of(&made[0].0)).await.json();
    assert_eq!(over["error"]["code"], -32_602, "{over}");
    bench.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_hears_of_the_tasks_that_it_follows() {
    let (servers, _running) = two(fixture::Era::Modern).await;
    let bench = Bench::new(servers).await;
    for (address, prefix) in [("servers/b/mcp", ""), ("mcp", "b__")] {
        let mut client = Client::of_project(&bench, Kind::Modern).await;
        offered(&mut client).await;
        client.url = bench.project_url(address);
        let wanted = json!({ "notifications": { "taskIds": ["x"] } });
        let refused = client.request("subscriptions/listen", wanted).await.json();
        assert_eq!(refused["error"]["code"], -32_021, "{address} {refused}");
        client.capabilities =
            json!({ "elicitation": {}, "extensions": { "io.modelcontextprotocol/tasks": {} } });
        let arguments = json!({ "filename": "x" });
        let made = client.tool(&format!("{prefix}confirm_delete"), arguments).await.json()["result"].clone();
        until(&mut client, "tasks/get", of(&made), |got| got["result"]["status"] == "input_required").await;
        let wanted = json!({ "taskIds": [made["taskId"]] });
        let stream = client.begin("subscriptions/listen", json!({ "notifications": wanted })).await;
        assert_eq!(client.next().await["params"]["notifications"], wanted, "{address}");
        let mut update = of(&made);
        update["inputResponses"] =
            json!({ "confirm": { "action": "accept", "content": { "confirm": true } } });
        let mut seen = client.request("tasks/update", update).await.before;
        let told = loop {
            let told = if seen.is_empty() { client.next().await } else { seen.remove(0) };
            assert_eq!(told["method"], "notifications/tasks", "{told}");
            let told = told["params"].clone();
            let subscription = &told["_meta"]["io.modelcontextprotocol/subscriptionId"];
            assert_eq!((&told["taskId"], subscription), (&made["taskId"], &json!(stream)), "{told}");
            if told["status"] == "completed" {
                break told;
            }
        };
        assert_eq!(told["result"]["content"][0]["text"], "deleted", "{address} {told}");
        client.hang_up(stream);
    }
    bench.stop().await;
}

/// A server may refuse to tell of a task that it does not know; what others listen for goes on.
#[tokio::test(flavor = "multi_thread")]
async fn a_task_that_a_server_refuses_to_tell_of_costs_nobody_else_their_news() {
    let capabilities =
        json!({ "tools": { "listChanged": true }, "extensions": { "io.modelcontextprotocol/tasks": {} } });
    let upstream = scripted::serve(capabilities, |_, message| match message["method"].as_str() {
        Some("tools/list") => json!({ "result": { "resultType": "complete", "tools": [] } }),
        Some("subscriptions/listen") if message["params"]["notifications"]["taskIds"].is_array() => {
            json!({ "error": { "code": -32_602, "message": "Task not found" } })
        }
        Some("subscriptions/listen") => json!({ "result": { "resultType": "complete" } }),
        _ => json!({ "error": { "code": -32_601, "message": "Method not found" } }),
    })
    .await;
    let bench = Bench::new(vec![server(1, "s", remote(Transport::StreamableHttp, &upstream.url))]).await;
    let mut client = Client::connect(&bench, Kind::Modern, "s").await;
    client.capabilities = json!({ "extensions": { "io.modelcontextprotocol/tasks": {} } });
    let wanted = json!({ "notifications": { "taskIds": ["bogus"], "toolsListChanged": true } });
    client.begin("subscriptions/listen", wanted).await;
    client.next_of("notifications/subscriptions/acknowledged").await;
    let filters = || {
        let seen = upstream.seen("subscriptions/listen");
        seen.iter().map(|message| message["params"]["notifications"].clone()).collect::<Vec<_>>()
    };
    let without = json!({ "toolsListChanged": true });
    let again = async {
        loop {
            let filters = filters();
            let refused = filters.iter().position(|filter| filter["taskIds"] == json!(["bogus"]));
            if refused.is_some_and(|at| filters[at + 1..].contains(&without)) {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(SOON, again).await.unwrap_or_else(|_| panic!("{:?}", filters()));
    bench.stop().await;
}

/// A process that everybody shares takes all its clients for one; its tasks are their makers' all the same.
#[tokio::test(flavor = "multi_thread")]
async fn tasks_of_a_shared_process_are_of_the_key_that_made_them() {
    const OTHER: &str = "slu_second_of_project_a";
    let mut bench = Bench::new(vec![server(1, "s", stdio(&["stdio"]))]).await;
    bench.keys.push(support::key(3, 1, OTHER));
    bench.replace();
    for (address, prefix) in [("servers/s/mcp", ""), ("mcp", "s__")] {
        let mut clients = Vec::new();
        for key in [support::KEY, OTHER] {
            let mut client = Client::new(&bench, Kind::Streamable, "s");
            client.key = key.to_owned();
            client.url = bench.project_url(address);
            client.initialize().await;
            let tool = format!("\"{prefix}echo\"");
            until(&mut client, "tools/list", json!({}), |answer| answer.to_string().contains(&tool)).await;
            client.tool(&format!("{prefix}echo"), json!({ "message": "here" })).await;
            clients.push(client);
        }
        let [one, other] = &mut clients[..] else { unreachable!("there are two") };
        let params = json!({
            "name": format!("{prefix}slow_compute"), "arguments": { "seconds": 0.5 }, "task": { "ttl": 30_000 },
        });
        let made = one.request("tools/call", params).await.json()["result"]["task"].clone();
        let list = one.request("tasks/list", json!({})).await.json()["result"]["tasks"].clone();
        assert!(
            list.as_array().expect("a list").iter().any(|task| task["taskId"] == made["taskId"]),
            "{list}"
        );
        let list = other.request("tasks/list", json!({})).await.json()["result"]["tasks"].clone();
        assert_eq!(list, json!([]), "{address}");
        for method in ["tasks/get", "tasks/result", "tasks/cancel"] {
            let refused = other.request(method, of(&made)).await.json();
            assert_eq!(refused["error"]["message"], "Task not found", "{address} {method} {refused}");
        }
        let done = one.request("tasks/result", of(&made)).await;
        assert_eq!(done.content(), "it took 0.5 s", "{address}");
        let mut told = done.before;
        while !told.iter().any(|message| message["params"]["status"] == "completed") {
            told.push(one.next().await);
        }
        let told = told.into_iter().find(|message| message["method"] == "notifications/tasks/status");
        assert_eq!(told.expect("it is told")["params"]["taskId"], made["taskId"], "{address}");
    }
    bench.stop().await;
}
