//! Servers that start slowly, end early, come back, or were never there.

mod support;

use std::{
    io::{BufRead, BufReader, Write},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use domain::{
    Code,
    log::Category,
    server::{Status, TestReport, Transport},
};
use gateway::{Event, Limits, Target, directory::Known};
use serde_json::{Value, json};
use support::{
    Bench, SOON, builtin,
    client::{Client, Kind},
    gone, is_alive, remote, server, stdio,
};

fn status(event: Event) -> Option<(Status, Option<Code>)> {
    match event {
        Event::Observation(seen) => Some((seen.status, seen.code)),
        _ => None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_fails_the_calls_under_way_and_the_next_call_works() {
    let mut bench = Bench::new(vec![server(1, "s", stdio(&["stdio"]))]).await;
    let mut client = Client::connect(&bench, Kind::Streamable, "s").await;
    let first = client.tool("pid", json!({})).await.content();
    let waiting = client.begin("tools/call", json!({ "name": "wait", "arguments": { "seconds": 60 } })).await;
    client.tool("echo", json!({ "message": "there" })).await;
    let crashed = client.tool("crash", json!({})).await;
    assert_eq!(crashed.error_code(), "upstream.exited");
    assert!(crashed.text.contains("Exit status 3."), "{}", crashed.text);
    assert_eq!(client.finish(waiting).await.error_code(), "upstream.exited");
    let entry = bench.log(|entry| entry.category == Category::Error).await;
    assert_eq!(entry.code, Some(Code::ProcessExited));
    let second = client.tool("pid", json!({})).await.content();
    assert_ne!(first, second, "the same session, a new process");
    bench.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_dead_server_does_not_touch_another() {
    let dead = stdio(&["stdio", "--fail", "silent"]);
    let bench = Bench::new(vec![server(1, "dead", dead), server(2, "well", stdio(&["stdio"]))]).await;
    let mut stuck = Client::new(&bench, Kind::Single, "dead");
    stuck.begin("tools/list", json!({})).await;
    let mut client = Client::connect(&bench, Kind::Streamable, "well").await;
    assert_eq!(client.tool("echo", json!({ "message": "hi" })).await.content(), "hi");
    bench.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_keeps_ending_is_left_alone() {
    let mut bench = Bench::new(vec![server(1, "s", stdio(&["stdio", "--fail", "exit"]))]).await;
    let mut client = Client::connect(&bench, Kind::Single, "s").await;
    let mut codes = Vec::new();
    let deadline = Instant::now() + SOON;
    while codes.last().is_none_or(|code| code != "upstream.crash_loop") {
        assert!(Instant::now() < deadline, "{codes:?}");
        codes.push(client.request("tools/list", json!({})).await.error_code());
    }
    assert!(codes.len() >= 2 && codes[0] == "upstream.exited", "{codes:?}");
    let seen = bench
        .event(|event| match event {
            Event::Observation(seen) if seen.status == Status::Failed && seen.stderr.is_some() => Some(seen),
            _ => None,
        })
        .await;
    assert_eq!(
        seen.stderr.as_deref(),
        Some(&["fixture: starting".to_owned(), "fixture: cannot start: told to fail".to_owned()][..])
    );
    // A change or a restart tries anew.
    bench.servers[0].generation += 1;
    bench.servers[0].target = stdio(&["stdio"]);
    bench.replace();
    assert_eq!(client.tool("echo", json!({ "message": "well" })).await.content(), "well");
    bench.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn text_on_standard_output_is_tolerated_and_logged() {
    let mut bench = Bench::new(vec![server(1, "s", stdio(&["stdio", "--fail", "garbage"]))]).await;
    let mut client = Client::connect(&bench, Kind::Streamable, "s").await;
    assert_eq!(client.tool("echo", json!({ "message": "hi" })).await.content(), "hi");
    client.tool("stderr", json!({ "line": "careful" })).await;
    bench.log(|entry| entry.message.contains("Welcome to fixture!")).await;
    bench.log(|entry| entry.message == "stderr: careful").await;
    bench.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_tree_ends_with_the_server() {
    let mut bench =
        Bench::new(vec![server(1, "s", stdio(&["stdio"])), server(2, "t", stdio(&["stdio"]))]).await;
    let mut pids = Vec::new();
    for name in ["s", "t"] {
        let mut client = Client::connect(&bench, Kind::Streamable, name).await;
        for tool in ["pid", "spawn"] {
            pids.push(client.tool(tool, json!({})).await.content().parse::<u32>().expect("a process id"));
        }
    }
    assert!(pids.iter().all(|pid| is_alive(*pid)), "{pids:?}");
    bench.servers[0].enabled = false;
    bench.replace();
    gone(pids[0]).await;
    gone(pids[1]).await;
    assert!(is_alive(pids[2]) && is_alive(pids[3]), "the other one goes on");
    let mut client = Client::new(&bench, Kind::Single, "s");
    assert_eq!(client.request("tools/list", json!({})).await.error_code(), "server.disabled");
    bench.servers.clear();
    bench.replace();
    gone(pids[2]).await;
    gone(pids[3]).await;
    bench.stop().await;
}

#[test]
fn the_whole_tree_ends_when_the_parent_is_killed() {
    // What a child sees of a parent that was killed is that its end of the pipe is gone.
    let mut supervisor = Command::new(support::peer())
        .args(["supervise", "--"])
        .arg(support::peer())
        .arg("stdio")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the supervisor starts");
    let mut stdin = supervisor.stdin.take().expect("a pipe");
    let mut lines = BufReader::new(supervisor.stdout.take().expect("a pipe")).lines();
    let mut pids = vec![];
    for tool in ["pid", "spawn"] {
        let call = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": { "name": tool, "arguments": {} } });
        writeln!(stdin, "{call}").expect("it reads");
        let answer: Value =
            serde_json::from_str(&lines.next().expect("a line").expect("text")).expect("JSON");
        pids.push(
            answer["result"]["content"][0]["text"].as_str().expect("a text").parse::<u32>().expect("an id"),
        );
    }
    drop(stdin);
    supervisor.wait().expect("it ends");
    assert!(pids.iter().all(|pid| !is_alive(*pid)), "{pids:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn initialize_is_answered_in_time_whatever_the_server_does() {
    let slow =
        fixture::Options { fail: Some(fixture::HttpFail::NeverInitialize), ..fixture::Options::default() };
    let running = fixture::serve_http_with(slow).await.expect("a port");
    let target = remote(Transport::StreamableHttp, &running.url);
    let mut known = server(1, "known", target.clone());
    known.known = Some(Known {
        initialize: r#"{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"seen before","version":"1"},"x":1}"#.to_owned(),
        lists: vec![],
    });
    let bench = Bench::new(vec![
        known,
        server(2, "unknown", target),
        server(3, "silent", stdio(&["stdio", "--fail", "silent"])),
    ])
    .await;
    for (name, expected) in [("known", "seen before"), ("unknown", "unknown"), ("silent", "silent")] {
        for kind in [Kind::Streamable, Kind::Sse] {
            let mut client = Client::new(&bench, kind, name);
            client.open().await;
            let started = Instant::now();
            let answer = client.initialize().await.json();
            assert!(started.elapsed() < Duration::from_secs(2), "{name} {:?}", started.elapsed());
            assert_eq!(answer["result"]["serverInfo"]["name"], expected);
            assert_eq!(answer["result"]["protocolVersion"], "2025-06-18", "the client's own");
        }
    }
    bench.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_stream_is_taken_up_without_a_new_handshake() {
    let running = fixture::serve_http().await.expect("a port");
    let servers = vec![
        server(1, "local", stdio(&["stdio"])),
        server(2, "far", remote(Transport::StreamableHttp, &running.url)),
    ];
    let bench = Bench::new(servers).await;
    for name in ["local", "far"] {
        let mut client = Client::connect(&bench, Kind::Sse, name).await;
        client.tool("echo", json!({ "message": "one" })).await;
        client.cut();
        client.url = bench.url(name, "sse");
        client.open().await;
        assert_eq!(client.tool("echo", json!({ "message": "two" })).await.content(), "two");
    }
    bench.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_remote_server_that_forgot_its_sessions_gets_new_ones() {
    let running = fixture::serve_http().await.expect("a port");
    let bench = Bench::new(vec![server(1, "s", remote(Transport::StreamableHttp, &running.url))]).await;
    for kind in [Kind::Streamable, Kind::Sse, Kind::Single] {
        let mut client = Client::connect(&bench, kind, "s").await;
        assert_eq!(client.tool("echo", json!({ "message": "one" })).await.content(), "one");
        running.forget_sessions();
        // 404 is proof that the call was not looked at, so it is sent again: once.
        assert_eq!(client.tool("echo", json!({ "message": "two" })).await.content(), "two", "{kind:?}");
    }
    bench.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_has_its_own_session_upstream_and_ends_it() {
    let running = fixture::serve_http().await.expect("a port");
    let mut bench = Bench::new(vec![server(1, "s", remote(Transport::StreamableHttp, &running.url))]).await;
    bench.event(|event| status(event).filter(|(status, _)| *status == Status::Ready)).await;
    assert_eq!(running.sessions(), 1, "one for the catalog");
    let mut client = Client::connect(&bench, Kind::Streamable, "s").await;
    assert_eq!(running.sessions(), 1, "opening a session starts nothing");
    let told = client.tool("client", json!({})).await.content();
    assert!(told.contains(r#""name":"test""#), "the upstream learns who the client is: {told}");
    assert_eq!(running.sessions(), 2);
    let deleted =
        client.with_headers(support::client::http().delete(&client.url)).send().await.expect("an answer");
    assert_eq!(deleted.status(), 204);
    let ended = async {
        while running.sessions() != 1 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(SOON, ended).await.expect("the upstream's session ends with it");
    bench.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn failures_have_names() {
    let refused = remote(Transport::StreamableHttp, "http://127.0.0.1:9/mcp");
    let with_status = |status| fixture::Options { status: Some(status), ..fixture::Options::default() };
    let teapot = fixture::serve_http_with(with_status(418)).await.expect("a port");
    let moved = fixture::serve_http_with(with_status(307)).await.expect("a port");
    let locked = fixture::Options {
        require_header: Some(("x-key".into(), "another".into())),
        ..fixture::Options::default()
    };
    let locked = fixture::serve_http_with(locked).await.expect("a port");
    let elsewhere = fixture::serve_http_with(with_status(404)).await.expect("a port");
    let missing = Target::Stdio {
        command: "no-such-program".into(),
        args: vec![],
        working_directory: None,
        env: vec![],
    };
    let directory = Target::Stdio {
        command: "cat".into(),
        args: vec![],
        working_directory: Some("/no/such/place".into()),
        env: vec![],
    };
    let cases = [
        (refused, Code::ConnectFailed),
        (remote(Transport::StreamableHttp, &teapot.url), Code::HttpStatus),
        (remote(Transport::StreamableHttp, &moved.url), Code::HttpStatus),
        (remote(Transport::StreamableHttp, &locked.url), Code::UpstreamUnauthorized),
        (remote(Transport::StreamableHttp, &elsewhere.url), Code::WrongTransport),
        (remote(Transport::Sse, &teapot.url), Code::HttpStatus),
        (remote(Transport::StreamableHttp, "http://169.254.169.254/mcp"), Code::AddressForbidden),
        (remote(Transport::Sse, "http://10.0.0.1/sse"), Code::AddressForbidden),
        (missing, Code::SpawnFailed),
        (directory, Code::SpawnFailed),
        (stdio(&["stdio", "--fail", "exit"]), Code::ProcessExited),
    ];
    let bench = Bench::new(vec![]).await;
    for (target, code) in cases {
        let shown = format!("{target:?}");
        match bench.gateway.probe(target, SOON).await {
            TestReport::Failure(failure) => {
                assert_eq!(failure.code, code, "{shown}: {failure:?}");
                if code == Code::ProcessExited {
                    assert_eq!(failure.stderr, ["fixture: starting", "fixture: cannot start: told to fail"]);
                }
                if code == Code::AddressForbidden {
                    assert!(
                        failure.detail.as_deref().is_some_and(|detail| detail.contains("outbound.allow"))
                    );
                }
            }
            TestReport::Success(_) => panic!("{shown} worked"),
        }
    }
    match bench.gateway.probe(stdio(&["stdio", "--fail", "silent"]), Duration::from_millis(300)).await {
        TestReport::Failure(failure) => assert_eq!(failure.code, Code::InitializeTimeout),
        TestReport::Success(_) => panic!("it never answers"),
    }
    bench.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_shows_what_the_server_is() {
    let bench = Bench::new(vec![]).await;
    let running = fixture::serve_http().await.expect("a port");
    for target in [stdio(&["stdio"]), remote(Transport::StreamableHttp, &running.url)] {
        match bench.gateway.probe(target, SOON).await {
            TestReport::Success(success) => {
                assert_eq!(
                    (success.info.name.as_str(), success.info.protocol.as_str()),
                    ("fixture", "2025-11-25")
                );
                assert!(success.info.capabilities.contains(&"tools".to_owned()));
                assert!(success.tools.iter().any(|tool| tool.name() == "echo"));
            }
            TestReport::Failure(failure) => panic!("{failure:?}"),
        }
    }
    match bench.gateway.probe(builtin(), SOON).await {
        TestReport::Success(success) => assert_eq!(success.tools.len(), 3),
        TestReport::Failure(failure) => panic!("{failure:?}"),
    }
    bench.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_server_is_found_at_an_address_of_streamable_http() {
    let running = fixture::serve_sse().await.expect("a port");
    let target = remote(Transport::StreamableHttp, &running.url);
    let mut bench = Bench::new(vec![server(1, "s", target.clone())]).await;
    let info = bench
        .event(|event| match event {
            Event::Observation(seen) => seen.info,
            _ => None,
        })
        .await;
    assert_eq!(info.transport, Some(Transport::Sse), "it is shown");
    bench.log(|entry| entry.message.contains(" over sse)")).await;
    for kind in [Kind::Streamable, Kind::Sse, Kind::Modern] {
        let mut client = Client::connect(&bench, kind, "s").await;
        assert_eq!(client.tool("echo", json!({ "message": "hi" })).await.content(), "hi", "{kind:?}");
    }
    match bench.gateway.probe(target, SOON).await {
        TestReport::Success(success) => assert_eq!(success.info.transport, Some(Transport::Sse)),
        TestReport::Failure(failure) => panic!("{failure:?}"),
    }
    bench.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn loopback_is_closed_unless_allowed() {
    let running = fixture::serve_http().await.expect("a port");
    let port = running.url.split(':').next_back().expect("a port").to_owned();
    let bench = Bench::with(vec![], Limits::default(), false).await;
    for host in ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "0"] {
        match bench
            .gateway
            .probe(remote(Transport::StreamableHttp, &format!("http://{host}:{port}")), SOON)
            .await
        {
            TestReport::Failure(failure) => {
                assert_eq!(failure.code, Code::AddressForbidden, "{host}: {failure:?}")
            }
            TestReport::Success(_) => panic!("{host} was reached"),
        }
    }
    bench.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_call_ends_at_its_time_limit() {
    let mut slow = server(1, "s", stdio(&["stdio"]));
    slow.timeouts.idle = Duration::from_millis(700);
    let bench = Bench::new(vec![slow]).await;
    let mut client = Client::connect(&bench, Kind::Streamable, "s").await;
    assert_eq!(client.tool("wait", json!({ "seconds": 60 })).await.error_code(), "upstream.timeout");
    assert_eq!(client.tool("cancelled_count", json!({})).await.content(), "1", "the upstream was told");
    // Signs of life move the limit.
    let params = json!({ "name": "wait", "arguments": { "seconds": 1.4, "steps": 14 }, "_meta": { "progressToken": 1 } });
    assert_eq!(client.request("tools/call", params).await.content(), "waited");
    bench.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_and_sessions_are_bounded() {
    let limits = Limits { calls_per_session: 2, sessions_per_key: 2, ..Limits::default() };
    let bench = Bench::with(vec![server(1, "s", stdio(&["stdio"]))], limits, true).await;
    let mut client = Client::connect(&bench, Kind::Streamable, "s").await;
    let call = |token: u64| {
        json!({
            "name": "wait", "arguments": { "seconds": 1.0, "steps": 50 }, "_meta": { "progressToken": token },
        })
    };
    let first = client.begin("tools/call", call(1)).await;
    assert_eq!(client.next().await["params"]["progressToken"], 1);
    let second = client.begin("tools/call", call(2)).await;
    while client.next().await["params"]["progressToken"] != 2 {}
    let refused = client.tool("echo", json!({ "message": "x" })).await;
    assert_eq!(refused.error_code(), "upstream.busy");
    assert_eq!(client.finish(first).await.content(), "waited");
    assert_eq!(client.finish(second).await.content(), "waited");
    // The session that is idle longest makes room, and is there again when its client comes back.
    let mut second = Client::connect(&bench, Kind::Streamable, "s").await;
    second.tool("echo", json!({ "message": "x" })).await;
    let mut third = Client::connect(&bench, Kind::Streamable, "s").await;
    third.tool("echo", json!({ "message": "x" })).await;
    client.stream_end().await;
    assert_eq!(client.tool("echo", json!({ "message": "back" })).await.content(), "back");
    bench.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn large_messages_pass_or_fail_with_a_reason() {
    let limits = Limits { message_bytes: 300_000, sse_event_bytes: 200_000, ..Limits::default() };
    let bench = Bench::with(vec![server(1, "s", stdio(&["stdio"]))], limits, true).await;
    let mut client = Client::connect(&bench, Kind::Streamable, "s").await;
    assert_eq!(client.tool("big", json!({ "bytes": 250_000 })).await.content().len(), 250_000);
    assert_eq!(client.tool("big", json!({ "bytes": 400_000 })).await.error_code(), "upstream.too_large");
    let mut client = Client::connect(&bench, Kind::Sse, "s").await;
    assert_eq!(client.tool("big", json!({ "bytes": 150_000 })).await.content().len(), 150_000);
    assert_eq!(client.tool("big", json!({ "bytes": 250_000 })).await.error_code(), "upstream.too_large");
    assert_eq!(client.tool("echo", json!({ "message": "on" })).await.content(), "on", "the session goes on");
    bench.stop().await;
}

/// Waits until a fixture has so many sessions.
async fn sessions(running: &fixture::Running, count: usize) {
    let reached = async {
        while running.sessions() != count {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(SOON, reached)
        .await
        .unwrap_or_else(|_| panic!("{} sessions, not {count}", running.sessions()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_address_counts_at_once_for_open_sessions_too() {
    let before = fixture::serve_http().await.expect("a port");
    let after = fixture::serve_http().await.expect("a port");
    let mut bench = Bench::new(vec![server(1, "s", remote(Transport::StreamableHttp, &before.url))]).await;
    let mut client = Client::connect(&bench, Kind::Streamable, "s").await;
    client.tool("echo", json!({ "message": "one" })).await;
    sessions(&before, 2).await;

    bench.servers[0].generation += 1;
    bench.servers[0].target = remote(Transport::StreamableHttp, &after.url);
    bench.replace();
    assert_eq!(client.tool("echo", json!({ "message": "two" })).await.content(), "two");
    assert_eq!(after.sessions(), 2, "the catalog's and the client's");
    sessions(&before, 0).await;

    bench.servers[0].enabled = false;
    bench.replace();
    sessions(&after, 0).await;
    assert_eq!(client.tool("echo", json!({ "message": "x" })).await.error_code(), "server.disabled");
    bench.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_child_prints_of_its_secrets_is_not_logged() {
    let mut bench = Bench::new(vec![server(1, "s", stdio(&["stdio"]))]).await;
    let mut client = Client::connect(&bench, Kind::Streamable, "s").await;
    client.tool("stderr", json!({ "line": "the token s3cret is wrong" })).await;
    let entry = bench.log(|entry| entry.message.starts_with("stderr: the token")).await;
    assert_eq!(entry.message, "stderr: the token [redacted] is wrong");
    bench.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn subscriptions_outlive_the_connection_they_were_made_on() {
    let running = fixture::serve_http().await.expect("a port");
    for target in [stdio(&["stdio"]), remote(Transport::StreamableHttp, &running.url)] {
        let bench = Bench::new(vec![server(1, "s", target)]).await;
        let mut client = Client::connect(&bench, Kind::Streamable, "s").await;
        let uri = json!({ "uri": "test://watched-resource" });
        let done = client.request("resources/subscribe", uri.clone()).await.json();
        assert_eq!(done["result"], json!({}), "{done}");
        // A process ends; a remote server forgets its sessions.
        client.tool("crash", json!({})).await;
        running.forget_sessions();
        let told = async {
            loop {
                let touched = client.tool("touch", uri.clone()).await;
                if touched.methods().contains(&"notifications/resources/updated") {
                    return;
                }
                let next = tokio::time::timeout(Duration::from_millis(200), client.next()).await;
                if next.is_ok_and(|message| message["method"] == "notifications/resources/updated") {
                    return;
                }
            }
        };
        tokio::time::timeout(SOON, told).await.expect("the client is told again");
        bench.stop().await;
    }
}
