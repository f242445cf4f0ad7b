//! Sluice stops and comes back, and its clients go on.

mod support;

use std::time::Duration;

use domain::server::Transport;
use serde_json::json;
use support::{
    Bench, SOON,
    client::{Client, Kind},
    remote, server, stdio,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_lets_calls_finish() {
    let bench = Bench::new(vec![server(1, "s", stdio(&["stdio"]))]).await;
    let mut client = Client::connect(&bench, Kind::Streamable, "s").await;
    let params = json!({ "name": "wait", "arguments": { "seconds": 0.5, "steps": 5 }, "_meta": { "progressToken": 1 } });
    let waiting = client.begin("tools/call", params).await;
    client.next_of("notifications/progress").await;
    let gateway = bench.gateway.clone();
    let stopping = tokio::spawn(async move { gateway.shutdown(SOON).await });
    assert_eq!(client.finish(waiting).await.content(), "waited");
    stopping.await.expect("it stops");
    bench.stop().await;
}

/// A client for each server, with a call of half a second under way.
async fn calling(bench: &Bench, kinds: &[Kind], servers: &[&str]) -> Vec<(Client, u64, String)> {
    let mut calling = Vec::new();
    for name in servers {
        for kind in kinds {
            let mut client = Client::connect(bench, *kind, name).await;
            let params = json!({
                "name": "wait",
                "arguments": { "seconds": 0.5, "steps": 5 },
                "_meta": { "progressToken": 1 },
            });
            let id = client.begin("tools/call", params).await;
            calling.push((client, id, format!("{kind:?} {name}")));
        }
    }
    for (client, ..) in &mut calling {
        client.next_of("notifications/progress").await;
    }
    calling
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_loses_no_answer() {
    let http = fixture::serve_http().await.expect("a port");
    let sse = fixture::serve_sse().await.expect("a port");
    let servers = vec![
        server(1, "local", stdio(&["stdio"])),
        server(2, "far", remote(Transport::StreamableHttp, &http.url)),
        server(3, "old", remote(Transport::Sse, &sse.url)),
    ];
    let kinds = [Kind::Streamable, Kind::Sse, Kind::Single, Kind::Modern];
    let all = kinds.repeat(4);
    for announced in [true, false] {
        let bench = Bench::new(servers.clone()).await;
        let calls = calling(&bench, &all, &["local", "far", "old"]).await;
        let gateway = bench.gateway.clone();
        let leaving = tokio::spawn(async move {
            if announced {
                gateway.drain().await;
            } else {
                gateway.shutdown(SOON).await;
            }
        });
        for (mut client, id, what) in calls {
            let answered = tokio::time::timeout(SOON, client.finish(id)).await;
            let answered = answered.unwrap_or_else(|_| panic!("{what}: no answer"));
            assert_eq!(answered.content(), "waited", "{what}");
            if what.starts_with("Sse") || what.starts_with("Streamable") {
                client.stream_end().await;
            }
        }
        if announced {
            let mut late = Client::connect(&bench, Kind::Single, "far").await;
            let echo = late.tool("echo", json!({ "message": "late" })).await;
            assert_eq!(echo.content(), "late", "what still comes is served");
        }
        bench.stop().await;
        leaving.await.expect("it ends");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_of_the_older_transport_goes_on_after_a_cut_and_after_a_restart() {
    let servers = vec![server(1, "s", stdio(&["stdio"]))];
    let before = Bench::new(servers.clone()).await;
    let mut client = Client::connect(&before, Kind::Sse, "s").await;
    let address = client.url.clone();
    let (_, id) = address.split_once("sessionId=").expect("an id");
    let waiting =
        client.begin("tools/call", json!({ "name": "wait", "arguments": { "seconds": 0.5 } })).await;
    let first = client.come_back(&before.url("s", "sse"), id).await;
    assert_eq!(client.url, address, "the address stays good");
    assert_eq!(first.id.as_deref(), Some(id), "clients send it when they come back");
    assert!(first.retry.is_some_and(|millis| millis < 1_000), "{:?}", first.retry);
    assert_eq!(client.finish(waiting).await.content(), "waited", "on the new stream");
    before.stop().await;

    let after = Bench::new(servers).await;
    let early = format!("{}?sessionId={id}", after.url("s", "messages"));
    let call = json!({ "name": "echo", "arguments": { "message": "early" } });
    let message = json!({ "jsonrpc": "2.0", "id": 77, "method": "tools/call", "params": call });
    let post = client.with_headers(support::client::http().post(&early));
    let post = post.header("content-type", "application/json").body(message.to_string());
    let mut posted = tokio::spawn(post.send());
    let waits = tokio::time::timeout(Duration::from_millis(300), &mut posted).await;
    assert!(waits.is_err(), "it waits for its stream: {waits:?}");
    client.come_back(&after.url("s", "sse"), id).await;
    assert_eq!(posted.await.expect("no panic").expect("an answer").status(), 202);
    assert_eq!(client.finish(77).await.content(), "early", "without `initialize`");
    assert_eq!(client.tool("echo", json!({ "message": "late" })).await.content(), "late");

    // Nobody else's, and none that never was.
    client.key = support::OTHER_KEY.to_owned();
    let foreign = client.with_headers(support::client::http().post(&client.url)).send().await;
    assert_eq!(foreign.expect("an answer").status(), 404);
    after.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_of_sluice_is_survived() {
    let running = fixture::serve_http().await.expect("a port");
    let servers = vec![
        server(1, "local", stdio(&["stdio"])),
        server(2, "far", remote(Transport::StreamableHttp, &running.url)),
    ];
    for name in ["local", "far"] {
        let before = Bench::new(servers.clone()).await;
        let mut client = Client::connect(&before, Kind::Streamable, name).await;
        assert_eq!(client.tool("echo", json!({ "message": "one" })).await.content(), "one");
        before.stop().await;

        let mut after = Bench::new(servers.clone()).await;
        client.url = after.url(name, "mcp");
        assert_eq!(
            client.tool("echo", json!({ "message": "two" })).await.content(),
            "two",
            "without `initialize`"
        );
        after.log(|entry| entry.message == "The client's session goes on.").await;
        let (question, answer) = client.tool_with_answer("roots", json!({}), json!({ "roots": [] })).await;
        assert_eq!(question["method"], "roots/list", "what the client can do is still known");
        assert!(answer.content().contains("roots"));
        let told = client.tool("client", json!({})).await.content();
        assert_eq!(told.contains(r#""name":"test""#), name == "far", "and who it is: {told}");

        // Another key's session stays out of reach, and an ended one stays ended.
        after.keys.push(support::key(3, 1, "slu_second_of_project_a"));
        after.replace();
        client.key = "slu_second_of_project_a".to_owned();
        assert_eq!(client.tool("echo", json!({ "message": "x" })).await.error_code(), "session.unknown");
        client.key = support::KEY.to_owned();
        let deleted =
            client.with_headers(support::client::http().delete(&client.url)).send().await.expect("an answer");
        assert_eq!(deleted.status(), 204);
        assert_eq!(client.tool("echo", json!({ "message": "x" })).await.error_code(), "session.unknown");
        after.stop().await;
    }
}
