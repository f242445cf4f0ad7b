//! What a key lets its client do, the same at every address and in both eras.

mod support;

use gateway::{
    Event,
    directory::{Reach, ServerEntry},
};
use serde_json::{Value, json};
use support::{
    Bench, KEY, builtin,
    client::{Client, Kind, http},
    server, stdio,
};

const KINDS: [Kind; 3] = [Kind::Streamable, Kind::Sse, Kind::Modern];

fn names(answer: &Value, member: &str) -> Vec<String> {
    let items = answer["result"][member].as_array().unwrap_or_else(|| panic!("no {member}: {answer}"));
    items.iter().map(|item| item["name"].as_str().unwrap_or_default().to_owned()).collect()
}

fn code(answer: &Value) -> &str {
    answer["error"]["data"]["code"].as_str().unwrap_or_default()
}

/// Waits until both servers have told what they have.
async fn ready(bench: &mut Bench, servers: usize) {
    for _ in 0..servers {
        bench.log(|entry| entry.message.starts_with("Connected to")).await;
    }
}

fn two() -> Vec<ServerEntry> {
    vec![server(1, "near", stdio(&["stdio"])), server(2, "far", stdio(&["stdio"]))]
}

#[tokio::test(flavor = "multi_thread")]
async fn servers_out_of_reach_are_neither_listed_nor_called() {
    let mut bench = Bench::new(two()).await;
    let mut all = Client::of_project(&bench, Kind::Streamable).await;
    for name in ["near__echo", "far__echo"] {
        assert_eq!(all.tool(name, json!({ "message": "in" })).await.content(), "in");
    }
    bench.keys[0].reach = Reach::only([bench.servers[0].id]);
    bench.replace();
    for kind in KINDS {
        let mut client = Client::of_project(&bench, kind).await;
        let tools = names(&client.request("tools/list", json!({})).await.json(), "tools");
        assert!(tools.iter().any(|name| name == "near__echo"), "{kind:?} {tools:?}");
        assert!(tools.iter().all(|name| !name.starts_with("far__")), "{kind:?} {tools:?}");
        assert_eq!(client.tool("near__echo", json!({ "message": "in" })).await.content(), "in", "{kind:?}");
        let refused = client.tool("far__echo", json!({ "message": "in" })).await.json();
        assert_eq!(code(&refused), "auth.key_server", "{kind:?} {refused}");
        let unknown = client.tool("far__nothing", json!({})).await.json();
        assert_eq!(unknown["error"]["code"], -32_602, "{kind:?} what nobody has is unknown");
        let prompts = names(&client.request("prompts/list", json!({})).await.json(), "prompts");
        assert!(prompts.iter().any(|name| name.starts_with("near__")), "{kind:?} {prompts:?}");
        assert!(prompts.iter().all(|name| !name.starts_with("far__")), "{kind:?} {prompts:?}");
        let params = json!({ "name": "far__test_simple_prompt" });
        let prompt = client.request("prompts/get", params).await.json();
        assert_eq!(code(&prompt), "auth.key_server", "{kind:?} {prompt}");
        let status = client.tool("sluice_status", json!({})).await.json();
        let told = status["result"]["structuredContent"]["servers"].as_array().expect("servers").clone();
        assert_eq!(told.len(), 1, "{kind:?} {status}");
        let asked = http().post(bench.url("far", "mcp")).bearer_auth(KEY);
        let asked = asked.header("accept", "application/json, text/event-stream");
        let answer = asked.json(&json!({ "jsonrpc": "2.0", "id": 1, "method": "ping" })).send().await;
        let answer = answer.expect("an answer");
        assert_eq!(answer.status(), 403);
        assert_eq!(code(&answer.json().await.expect("JSON")), "auth.key_server");
    }
    bench.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn resources_out_of_reach_are_not_read() {
    let mut bench = Bench::new(two()).await;
    ready(&mut bench, 2).await;
    bench.keys[0].reach = Reach::only([bench.servers[1].id]);
    bench.replace();
    for kind in KINDS {
        let mut client = Client::of_project(&bench, kind).await;
        // Both servers list it; the first answers for it to a key that reaches both.
        let read = client.request("resources/read", json!({ "uri": "test://static-text" })).await.json();
        assert!(read["result"]["contents"][0]["text"].is_string(), "{kind:?} {read}");
    }
    bench.keys[0].reach = Reach::only([]);
    bench.replace();
    for kind in KINDS {
        let mut client = Client::of_project(&bench, kind).await;
        let read = client.request("resources/read", json!({ "uri": "test://static-text" })).await.json();
        assert_eq!(code(&read), "auth.key_server", "{kind:?} {read}");
        let listed = client.request("resources/list", json!({})).await.json();
        assert_eq!(listed["result"]["resources"], json!([]), "{kind:?} {listed}");
    }
    bench.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reading_key_lists_and_reads_and_calls_nothing() {
    let mut bench = Bench::new(two()).await;
    ready(&mut bench, 2).await;
    bench.keys[0].read_only = true;
    bench.replace();
    for kind in KINDS {
        for mut client in
            [Client::of_project(&bench, kind).await, Client::connect(&bench, kind, "near").await]
        {
            let tools = names(&client.request("tools/list", json!({})).await.json(), "tools");
            assert!(tools.iter().any(|name| name.ends_with("echo")), "{kind:?} {tools:?}");
            let read = client.request("resources/read", json!({ "uri": "test://static-text" })).await.json();
            assert!(read["result"]["contents"][0]["text"].is_string(), "{kind:?} {read}");
            let echo = tools.iter().find(|name| name.ends_with("echo")).expect("the tool");
            for (method, params) in [
                ("tools/call", json!({ "name": echo, "arguments": { "message": "in" } })),
                ("vendor/change", json!({})),
            ] {
                let refused = client.request(method, params).await.json();
                assert_eq!(code(&refused), "auth.key_scope", "{kind:?} {method} {refused}");
                assert_eq!(refused["error"]["code"], -31_003);
            }
        }
    }
    bench.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_called_too_often_is_told_when_to_come_back() {
    let mut bench = Bench::new(vec![server(1, "box", builtin())]).await;
    bench.keys[0].calls_per_minute = Some(2);
    bench.replace();
    let mut client = Client::connect(&bench, Kind::Streamable, "box").await;
    for _ in 0..2 {
        assert_eq!(client.tool("echo", json!({ "message": "in" })).await.content(), "in");
    }
    let mut same = Client::connect(&bench, Kind::Modern, "box").await;
    let refused = same.tool("echo", json!({ "message": "in" })).await.json();
    assert_eq!(code(&refused), "auth.key_limit", "{refused}");
    assert_eq!(refused["error"]["code"], -31_007);
    let wait = refused["error"]["data"]["retry_after_seconds"].as_u64().expect("a time");
    assert!((1..=30).contains(&wait), "two a minute are one in thirty seconds: {wait}");
    let listed = client.request("tools/list", json!({})).await.json();
    assert!(listed["result"]["tools"].is_array(), "a list is no call: {listed}");
    // Another change of the directory gives nothing back; a higher limit does not either, but time.
    bench.replace();
    let refused = client.tool("echo", json!({ "message": "in" })).await.json();
    assert_eq!(code(&refused), "auth.key_limit");
    bench.keys[0].calls_per_minute = None;
    bench.replace();
    assert_eq!(client.tool("echo", json!({ "message": "in" })).await.content(), "in");
    bench.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_narrowed_key_loses_its_streams_and_a_widened_one_is_told() {
    let mut bench = Bench::new(two()).await;
    ready(&mut bench, 2).await;
    bench.keys[0].reach = Reach::only([bench.servers[0].id]);
    bench.replace();
    let mut client = Client::of_project(&bench, Kind::Sse).await;
    assert_eq!(client.tool("near__echo", json!({ "message": "in" })).await.content(), "in");
    bench.keys[0].reach = Reach::All;
    bench.replace();
    client.next_of("notifications/tools/list_changed").await;
    assert_eq!(client.tool("far__echo", json!({ "message": "in" })).await.content(), "in");
    bench.keys[0].read_only = true;
    bench.replace();
    client.stream_end().await;
    bench.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_use_names_the_program() {
    let mut bench = Bench::new(vec![server(1, "box", builtin())]).await;
    let key = bench.keys[0].id;
    for kind in KINDS {
        // Each directory starts the minute between two reports anew.
        bench.replace();
        let mut asking = Client::connect(&bench, kind, "box").await;
        asking.request("tools/list", json!({})).await;
        let client = bench
            .event(|event| match event {
                Event::KeyUsed(used) if used.key == key => used.client,
                _ => None,
            })
            .await;
        assert!(!client.is_empty() && client.contains(' '), "a name and a version: {client}");
    }
    bench.stop().await;
}
