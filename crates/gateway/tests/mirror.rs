//! Parameters of tools that travel as headers too (2026-07-28, `x-mcp-header`).

mod support;

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use domain::server::Transport;
use serde_json::{Value, json};
use support::{
    Bench, SOON,
    client::{Client, Kind, routed},
    remote, scripted, server, stdio,
};

/// One modern call with these headers beside the usual ones: its status and its answer.
async fn call(
    client: &Client,
    name: &str,
    arguments: &Value,
    headers: &[(&str, &str)],
) -> (reqwest::StatusCode, Value) {
    let params = json!({
        "name": name,
        "arguments": arguments,
        "_meta": {
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {},
        },
    });
    let body = json!({ "jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": params });
    let post = client.with_headers(support::client::http().post(&client.url));
    let mut post = routed(post, "tools/call", &params).header("content-type", "application/json");
    for (name, value) in headers {
        post = post.header(*name, *value);
    }
    let response = post.body(body.to_string()).send().await.expect("an answer");
    (response.status(), response.json().await.expect("JSON"))
}

/// Waits until the project's address offers the tool.
async fn offered(bench: &Bench, name: &str) {
    let mut client = Client::of_project(bench, Kind::Modern).await;
    let listed = async {
        while !client.request("tools/list", json!({})).await.text.contains(&format!("\"{name}\"")) {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(SOON, listed).await.unwrap_or_else(|_| panic!("{name} is never offered"));
}

#[tokio::test(flavor = "multi_thread")]
async fn headers_of_a_call_must_say_what_its_arguments_say() {
    let modern = fixture::Options { era: fixture::Era::Modern, ..fixture::Options::default() };
    let modern = fixture::serve_http_with(modern).await.expect("a port");
    let bench = Bench::new(vec![
        server(1, "new", remote(Transport::StreamableHttp, &modern.url)),
        server(2, "pipe", stdio(&["stdio", "--era", "modern"])),
        server(3, "old", stdio(&["stdio"])),
    ])
    .await;
    for name in ["new", "pipe", "old"] {
        let tool = format!("{name}__route");
        offered(&bench, &tool).await;
        let one = Client::connect(&bench, Kind::Modern, name).await;
        let all = Client::of_project(&bench, Kind::Modern).await;
        for (client, tool) in [(&one, "route"), (&all, tool.as_str())] {
            let arguments = json!({ "region": "Hello, 世界", "limit": 42, "tenant": { "name": "a" } });
            let region = ("mcp-param-region", "=?base64?SGVsbG8sIOS4lueVjA==?=");
            let (limit, tenant) = (("Mcp-Param-Limit", "42.0"), ("mcp-param-tenant", "a"));
            let unknown = ("mcp-param-nobody-knows", "x");
            let (status, done) = call(client, tool, &arguments, &[region, limit, tenant, unknown]).await;
            assert_eq!((status.as_u16(), &done["error"]), (200, &Value::Null), "{tool} {done}");
            assert_eq!(done["result"]["content"][0]["text"], arguments.to_string(), "{tool}");
            for (headers, why) in [
                (&[region, limit][..], "`mcp-param-tenant` is missing"),
                (&[region, limit, ("mcp-param-tenant", "b")], "`mcp-param-tenant` is not"),
                (&[region, limit, tenant, tenant], "`mcp-param-tenant` stands twice"),
                (&[region, limit, tenant, ("mcp-param-dry-run", "true")], "the body has no `dry`"),
                (&[("mcp-param-region", "=?base64?x?="), limit, tenant], "broken Base64"),
            ] {
                let (status, refused) = call(client, tool, &arguments, headers).await;
                assert_eq!((status.as_u16(), &refused["error"]["code"]), (400, &json!(-32_020)), "{refused}");
                assert_eq!(refused["id"], 7, "{refused}");
                let text = refused["error"]["message"].as_str().expect("a text");
                assert!(text.contains(why), "{tool}: {text} is not: {why}");
            }
            let (status, done) = call(client, tool, &json!({ "region": null }), &[]).await;
            assert_eq!((status.as_u16(), &done["error"]), (200, &Value::Null), "{tool} {done}");
        }
    }
    bench.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_legacy_client_need_not_know_of_headers() {
    let modern = fixture::Options { era: fixture::Era::Modern, ..fixture::Options::default() };
    let modern = fixture::serve_http_with(modern).await.expect("a port");
    let bench = Bench::new(vec![server(1, "s", remote(Transport::StreamableHttp, &modern.url))]).await;
    offered(&bench, "s__route").await;
    for kind in [Kind::Streamable, Kind::Sse] {
        let mut one = Client::connect(&bench, kind, "s").await;
        let mut all = Client::of_project(&bench, kind).await;
        for (client, tool) in [(&mut one, "route"), (&mut all, "s__route")] {
            for region in ["us-west1", "Hello, 世界", " padded ", "two\r\nlines", "=?base64?literal?=", ""]
            {
                // This server refuses what does not agree.
                let arguments =
                    json!({ "region": region, "limit": -7, "dry": false, "tenant": { "name": "a" } });
                let done = client.tool(tool, arguments.clone()).await;
                assert_eq!(done.content(), arguments.to_string(), "{kind:?} {tool}");
            }
            let done = client.tool(tool, json!({ "limit": null })).await;
            assert_eq!(done.content(), r#"{"limit":null}"#, "{kind:?} {tool}");
        }
    }
    bench.stop().await;
}

fn tool(name: &str, param: &Value) -> Value {
    json!({ "name": name, "inputSchema": { "type": "object", "properties": { "p": param } } })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tool_with_wrong_marks_is_not_offered_and_said_to_be_missing() {
    let upstream = scripted::serve(json!({ "tools": {} }), |_, message| match message["method"].as_str() {
        Some("tools/list") => json!({ "result": { "resultType": "complete", "tools": [
            tool("good", &json!({ "type": "string", "x-mcp-header": "P" })),
            tool("bad", &json!({ "type": "object", "x-mcp-header": "P" })),
        ] } }),
        _ => json!({ "error": { "code": -32_601, "message": "Method not found" } }),
    })
    .await;
    let mut bench = Bench::new(vec![server(1, "s", remote(Transport::StreamableHttp, &upstream.url))]).await;
    let entry = bench.log(|entry| entry.message.contains("not offered")).await;
    assert!(entry.message.contains("`bad`: `x-mcp-header: \"P\"` is on a parameter"), "{}", entry.message);
    offered(&bench, "s__good").await;
    for kind in [Kind::Streamable, Kind::Modern] {
        let mut one = Client::connect(&bench, kind, "s").await;
        let mut all = Client::of_project(&bench, kind).await;
        for (client, prefix) in [(&mut one, ""), (&mut all, "s__")] {
            let list = client.request("tools/list", json!({})).await.text;
            assert!(list.contains(&format!("\"{prefix}good\"")), "{kind:?} {list}");
            assert!(!list.contains(&format!("\"{prefix}bad\"")), "{kind:?} {list}");
        }
        let status = all.tool("sluice_status", json!({})).await.content();
        assert!(status.contains("The tool `bad` of s is not offered: "), "{status}");
    }
    bench.stop().await;
}

/// The server's list changed and nobody was told: it refuses the call, which proves that it did not
/// look at it.
#[tokio::test(flavor = "multi_thread")]
async fn a_call_whose_headers_are_out_of_date_is_made_again() {
    let renamed = Arc::new(AtomicBool::new(false));
    let state = renamed.clone();
    let upstream = scripted::serve(json!({ "tools": {} }), move |headers, message| {
        let name = if state.load(Ordering::SeqCst) { "New" } else { "Old" };
        match message["method"].as_str() {
            Some("tools/list") => json!({ "result": {
                "resultType": "complete",
                "tools": [tool("t", &json!({ "type": "string", "x-mcp-header": name }))],
            } }),
            _ if headers.get(format!("mcp-param-{name}")).is_some_and(|value| value == "v") => {
                json!({ "result": { "resultType": "complete", "content": [{ "type": "text", "text": name }] } })
            }
            _ => json!({ "error": { "code": -32_020, "message": "Header mismatch" } }),
        }
    })
    .await;
    let bench = Bench::new(vec![server(1, "s", remote(Transport::StreamableHttp, &upstream.url))]).await;
    offered(&bench, "s__t").await;
    let mut client = Client::connect(&bench, Kind::Streamable, "s").await;
    assert_eq!(client.tool("t", json!({ "p": "v" })).await.content(), "Old");
    renamed.store(true, Ordering::SeqCst);
    assert_eq!(client.tool("t", json!({ "p": "v" })).await.content(), "New");
    let refused = client.tool("t", json!({ "p": "w" })).await.json();
    assert_eq!(refused["error"]["code"], -32_020, "once and no more: {refused}");
    assert_eq!(upstream.seen("tools/call").len(), 5);
    // A modern client has read the list anew, and Sluice follows.
    renamed.store(false, Ordering::SeqCst);
    let modern = Client::connect(&bench, Kind::Modern, "s").await;
    let headers = [("mcp-param-old", "v")];
    let followed = async {
        while call(&modern, "t", &json!({ "p": "v" }), &headers).await.0 != 200 {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(SOON, followed).await.expect("the list is read again");
    bench.stop().await;
}
