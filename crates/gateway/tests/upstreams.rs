//! Servers that are not what one hopes for, and what the others notice of them: nothing.
//!
//! What users of other gateways suffer from, and the tests which show that it does not happen here:
//!
//! | suffering | tests |
//! |---|---|
//! | a restart or a redeployment kills the tools of every agent | `restart.rs`: `a_restart_of_sluice_is_survived`, `a_client_of_the_older_transport_goes_on_after_a_cut_and_after_a_restart`, `a_stop_loses_no_answer`; `life.rs`: `a_remote_server_that_forgot_its_sessions_gets_new_ones`, `a_crash_fails_the_calls_under_way_and_the_next_call_works`, `subscriptions_outlive_the_connection_they_were_made_on`; `aggregate.rs`: `a_restart_of_sluice_is_survived_at_the_projects_address` |
//! | tools vanish while the status stays green | `a_list_that_cannot_be_read_stays_and_is_told`, `what_was_known_before_a_restart_is_compared`; `aggregate.rs`: `a_member_that_is_down_delays_and_hides_nothing` |
//! | one bad upstream breaks all | `servers_that_never_finish_starting_do_not_keep_others_from_it`, `a_hostile_remote_server_hurts_only_its_own_calls`, `a_flooding_child_is_read_slowly`, `an_endless_line_and_endless_errors_cost_little`, `a_server_that_is_down_costs_its_callers_no_time` |
//! | processes leak until memory runs out | `a_session_has_a_process_of_its_own_until_it_ends`, `a_tree_that_grows_too_large_is_ended`, `a_child_that_ignores_signals_ends_all_the_same`; `life.rs`: `the_whole_tree_ends_with_the_server`, `the_whole_tree_ends_when_the_parent_is_killed` |
//! | no reconnection when a server returns, and no word of why | `a_server_that_is_down_costs_its_callers_no_time`, `a_server_that_is_back_is_used_soon_however_long_it_was_gone`, `an_unused_process_sleeps_and_the_next_call_wakes_it`; `life.rs`: `a_command_that_keeps_ending_is_left_alone` |
//! | cold starts of packages | `a_slow_start_delays_calls_only`; `life.rs`: `initialize_is_answered_in_time_whatever_the_server_does` |
//! | tool names too long for models after prefixing | `aggregate.rs`: `long_names_are_cut_to_the_same_ones_after_each_restart_and_can_be_called` |
//! | catalogs that need a new registration | `a_burst_of_notices_is_one_reading_and_only_changes_are_told`, `all_lists_are_read_to_their_end`; `aggregate.rs`: `a_client_is_told_when_a_server_comes_or_goes_or_is_offered_in_another_way` |
//! | upstreams with sessions beside upstreams without | `aggregate.rs`: `servers_of_every_kind_are_one_for_every_kind_of_client`; `life.rs`: `a_session_has_its_own_session_upstream_and_ends_it`; `eras.rs`: `calls_lists_and_unknown_methods_pass_between_the_eras` |

mod support;

#[path = "support/raw.rs"]
mod raw;

use std::{
    collections::HashSet,
    future::Future,
    time::{Duration, Instant},
};

use axum::{
    body::{Body, to_bytes},
    http::Request,
};
use domain::{
    Code, Timestamp,
    log::Category,
    server::{ListKind, ObservedList, Status, Transport},
};
use gateway::{
    Event, Limits, Question,
    directory::{Known, KnownList, ProcessRules, ServerEntry, Sharing},
};
use raw::Way;
use serde_json::{Value, json};
use support::{
    Bench, KEY, SOON,
    client::{Client, Kind},
    gone, is_alive, remote, scripted, server, stdio,
};

const MIB: u64 = 1024 * 1024;

fn hostile() -> gateway::Target {
    stdio(&["hostile"])
}

/// A hostile child under rules.
fn under(rules: ProcessRules) -> ServerEntry {
    ServerEntry { process: rules, ..server(1, "s", hostile()) }
}

fn seen(kind: ListKind) -> impl Fn(Event) -> Option<ObservedList> {
    move |event| match event {
        Event::Observation(seen) => seen.lists.into_iter().find(|list| list.state.kind == kind),
        _ => None,
    }
}

fn is(status: Status) -> impl Fn(Event) -> Option<()> {
    move |event| match event {
        Event::Observation(seen) if seen.status == status => Some(()),
        _ => None,
    }
}

async fn pid(client: &mut Client) -> u32 {
    client.tool("pid", json!({})).await.content().parse().expect("a process id")
}

// The catalog.

#[tokio::test(flavor = "multi_thread")]
async fn all_lists_are_read_to_their_end() {
    let mut bench = Bench::new(vec![server(1, "s", hostile())]).await;
    let tools = bench.event(seen(ListKind::Tools)).await;
    let text = r#"[{"name":"count","description":"edition 0","inputSchema":{"type":"object"},"x-n":1.0}]"#;
    assert_eq!(tools.items.as_deref(), Some(text), "as it was written");
    let prompts = bench.event(seen(ListKind::Prompts)).await;
    assert_eq!((prompts.state.count, prompts.state.version, prompts.state.hash.len()), (1, 1, 64));
    let templates = bench.event(seen(ListKind::Templates)).await;
    assert_eq!((templates.state.count, templates.state.code), (0, None), "it knows of none, which is fine");
    bench.log(|entry| entry.message.contains("1 have no name")).await;
    let resources = bench.event(seen(ListKind::Resources)).await;
    assert_eq!(
        resources.items.as_deref(),
        Some(r#"[{"uri":"x://a","name":"a"},{"uri":"x://c","name":"c"}]"#)
    );
    bench.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_cannot_be_read_stays_and_is_told() {
    let mut bench = Bench::new(vec![server(1, "s", hostile())]).await;
    assert_eq!(bench.event(seen(ListKind::Tools)).await.state.version, 1);
    let mut client = Client::connect(&bench, Kind::Streamable, "s").await;
    client.tool("change", json!({ "broken": true, "times": 1 })).await;
    let entry = bench.log(|entry| entry.message.contains("could not be read")).await;
    assert!(entry.message.contains("tools") && entry.message.contains("told to fail"), "{}", entry.message);
    let unread = bench.event(seen(ListKind::Tools)).await;
    assert_eq!(
        (unread.state.count, unread.state.version, unread.state.code, unread.items),
        (1, 1, Some(Code::ProtocolViolation), None)
    );
    client.tool("change", json!({ "by": 1, "times": 1 })).await;
    let entry = bench.log(|entry| entry.category == Category::Configuration).await;
    assert_eq!(entry.message, "The server's tools changed: changed `count`.");
    assert_eq!(client.next().await["method"], "notifications/tools/list_changed");
    bench.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_burst_of_notices_is_one_reading_and_only_changes_are_told() {
    let mut bench = Bench::new(vec![server(1, "s", hostile())]).await;
    bench.event(seen(ListKind::Resources)).await;
    let mut client = Client::connect(&bench, Kind::Streamable, "s").await;
    let listed = async |client: &mut Client| -> u64 {
        client.tool("listed", json!({})).await.content().parse().expect("a number")
    };
    let before = listed(&mut client).await;
    client.tool("change", json!({ "times": 500 })).await;
    bench.event(seen(ListKind::Tools)).await;
    let exchange = client.tool("change", json!({ "by": 1, "times": 500 })).await;
    assert!(exchange.before.is_empty(), "nothing had changed: {:?}", exchange.before);
    assert_eq!(client.next().await["method"], "notifications/tools/list_changed");
    let readings = listed(&mut client).await - before;
    assert!((2..=4).contains(&readings), "{readings} readings for 1,000 notices");
    bench.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_round_reads_what_a_server_did_not_tell() {
    let mut bench = Bench::new(vec![server(1, "s", hostile())]).await;
    bench.event(seen(ListKind::Resources)).await;
    let mut client = Client::connect(&bench, Kind::Streamable, "s").await;
    client.tool("change", json!({ "by": 1, "times": 0 })).await;
    let round = bench.gateway.ask_round(Question::Read).await;
    assert_eq!((round.servers, round.failed), (1, 0));
    assert_eq!(client.next().await["method"], "notifications/tools/list_changed");
    client.tool("change", json!({ "broken": true, "times": 0 })).await;
    let round = bench.gateway.ask_round(Question::Read).await;
    assert_eq!((round.servers, round.failed), (1, 1));
    assert_eq!(bench.gateway.vitals().readings, Some(round), "the last one is remembered");
    let check = bench.gateway.ask_round(Question::Check).await;
    assert_eq!(check.servers, 0, "a process says itself when it ends");
    bench.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_round_finds_a_remote_server_that_is_gone() {
    let upstream = scripted::serve(json!({}), |_, _| json!({ "result": {} })).await;
    let mut bench = Bench::new(vec![server(1, "s", remote(Transport::StreamableHttp, &upstream.url))]).await;
    bench.event(is(Status::Ready)).await;
    let there = bench.gateway.ask_round(Question::Check).await;
    assert_eq!((there.servers, there.failed), (1, 0));
    upstream.leave();
    let gone = bench.gateway.ask_round(Question::Check).await;
    assert_eq!((gone.servers, gone.failed), (1, 1));
    bench.event(is(Status::Failed)).await;
    assert_eq!(bench.gateway.ask_round(Question::Check).await.servers, 0, "nothing is connected any more");
    bench.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_known_before_a_restart_is_compared() {
    let mut known = server(1, "s", hostile());
    let list = |kind, items: &str| KnownList {
        kind,
        items: items.to_owned(),
        version: 7,
        read_at: Timestamp::UNIX_EPOCH,
    };
    known.known = Some(Known {
        initialize: r#"{"protocolVersion":"2025-06-18","capabilities":{},"serverInfo":{"name":"x"}}"#
            .to_owned(),
        lists: vec![
            list(ListKind::Tools, r#"[{"name":"count"},{"name":"old"}]"#),
            list(ListKind::Prompts, r#"[{"name":"p"}]"#),
        ],
    });
    let mut bench = Bench::new(vec![known]).await;
    let tools = bench.event(seen(ListKind::Tools)).await;
    assert_eq!((tools.state.version, tools.items.is_some()), (8, true));
    let entry = bench.log(|entry| entry.category == Category::Configuration).await;
    assert_eq!(entry.message, "The server's tools changed: removed `old`; changed `count`.");
    let prompts = bench.event(seen(ListKind::Prompts)).await;
    assert_eq!((prompts.state.version, prompts.items), (7, None), "the same as before");
    bench.stop().await;
}

// Rules for processes.

#[tokio::test(flavor = "multi_thread")]
async fn a_session_has_a_process_of_its_own_until_it_ends() {
    let rules = ProcessRules { sharing: Sharing::Session, ..ProcessRules::default() };
    let mut bench = Bench::new(vec![under(rules)]).await;
    bench.event(is(Status::Ready)).await;
    bench.event(is(Status::Idle)).await;
    let mut one = Client::connect(&bench, Kind::Streamable, "s").await;
    let mut two = Client::connect(&bench, Kind::Sse, "s").await;
    let pids = [pid(&mut one).await, pid(&mut two).await];
    assert_ne!(pids[0], pids[1]);
    bench.event(is(Status::Ready)).await;
    for expected in ["1", "2"] {
        assert_eq!(one.tool("count", json!({})).await.content(), expected);
    }
    assert_eq!(two.tool("count", json!({})).await.content(), "1", "its state is its own");
    let deleted = one.with_headers(support::client::http().delete(&one.url)).send().await.expect("an answer");
    assert_eq!(deleted.status(), 204);
    gone(pids[0]).await;
    assert!(is_alive(pids[1]), "the other session goes on");
    two.cut();
    gone(pids[1]).await;
    bench.event(is(Status::Idle)).await;
    bench.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_has_a_process_of_its_own_until_it_is_revoked() {
    let rules = ProcessRules { sharing: Sharing::Key, ..ProcessRules::default() };
    let mut bench = Bench::new(vec![under(rules)]).await;
    bench.keys.push(support::key(3, 1, "slu_second_of_project_a"));
    bench.replace();
    let mut one = Client::connect(&bench, Kind::Streamable, "s").await;
    let mut same = Client::connect(&bench, Kind::Single, "s").await;
    let mut other = Client::new(&bench, Kind::Single, "s");
    other.key = "slu_second_of_project_a".to_owned();
    let pids = [pid(&mut one).await, pid(&mut other).await];
    assert_eq!(pid(&mut same).await, pids[0]);
    assert_ne!(pids[0], pids[1]);
    assert_eq!(same.key, KEY);
    bench.keys.retain(|key| key.name != "key-1");
    bench.replace();
    gone(pids[0]).await;
    assert_eq!(pid(&mut other).await, pids[1]);
    bench.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_proven_without_a_key_has_a_process_of_their_own_too() {
    let rules = ProcessRules { sharing: Sharing::Key, ..ProcessRules::default() };
    let bench = Bench::new(vec![under(rules)]).await;
    let somebody = support::key(9, 1, "slu_that_no_directory_has");
    let ask = async || {
        let call = json!({
            "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": { "name": "pid", "arguments": {} },
        });
        let request = Request::post(format!("/projects/{}/servers/s/mcp", bench.path))
            .header("content-type", "application/json")
            .header("accept", "application/json")
            .body(Body::from(call.to_string()))
            .expect("a request");
        let response = bench.gateway.handle_as(request, "r".into(), somebody.clone()).await;
        let bytes = to_bytes(response.into_body(), 10_000).await.expect("a body");
        let answer: Value = serde_json::from_slice(&bytes).expect("JSON");
        answer["result"]["content"][0]["text"].as_str().expect("a process id").to_owned()
    };
    let first = ask().await;
    assert_eq!(ask().await, first, "it is kept for the next call");
    let mut client = Client::connect(&bench, Kind::Streamable, "s").await;
    assert_ne!(pid(&mut client).await.to_string(), first, "nobody else has it");
    bench.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unused_process_sleeps_and_the_next_call_wakes_it() {
    let rules = ProcessRules { sleep_after: Some(Duration::from_millis(400)), ..ProcessRules::default() };
    let mut bench = Bench::new(vec![under(rules)]).await;
    let mut client = Client::connect(&bench, Kind::Streamable, "s").await;
    let first = pid(&mut client).await;
    // A call under way is use, however long it takes.
    assert_eq!(client.tool("wait", json!({ "ms": 1_200 })).await.content(), "done");
    assert_eq!(pid(&mut client).await, first);
    bench.log(|entry| entry.message.contains("stopped because nobody uses it")).await;
    bench.event(is(Status::Idle)).await;
    gone(first).await;
    let second = pid(&mut client).await;
    assert_ne!(first, second, "the same session, a new process");
    bench.event(is(Status::Ready)).await;
    bench.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tree_that_grows_too_large_is_ended() {
    for sharing in [Sharing::Shared, Sharing::Session] {
        let rules = ProcessRules { sharing, memory_bytes: Some(96 * MIB), ..ProcessRules::default() };
        let mut bench = Bench::new(vec![under(rules)]).await;
        let mut client = Client::connect(&bench, Kind::Streamable, "s").await;
        let first = pid(&mut client).await;
        let child = client.tool("grow_a_child", json!({ "mib": 150 })).await.content();
        let child: u32 = child.parse().expect("a process id");
        let failed = client.tool("wait", json!({ "ms": 60_000 })).await;
        assert_eq!(failed.error_code(), "upstream.memory", "{sharing:?}");
        assert!(failed.text.contains("96 MiB are the limit"), "{}", failed.text);
        let entry = bench.log(|entry| entry.category == Category::Error).await;
        assert_eq!(entry.code, Some(Code::MemoryExceeded));
        gone(first).await;
        gone(child).await;
        assert_ne!(pid(&mut client).await, first, "it is started again");
        bench.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_start_delays_calls_only() {
    let bench = Bench::new(vec![server(1, "slow", stdio(&["hostile", "slow"]))]).await;
    let mut client = Client::new(&bench, Kind::Streamable, "slow");
    let started = Instant::now();
    client.initialize().await;
    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
    assert_eq!(client.tool("count", json!({})).await.content(), "1", "the first call waits, and works");
    bench.stop().await;
}

// Remote servers that are gone.

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_down_costs_its_callers_no_time() {
    let running = fixture::serve_http().await.expect("a port");
    let url = running.url.clone();
    let port = url.rsplit(':').next().and_then(|rest| rest.split('/').next()).expect("a port");
    let port = port.parse().expect("a port");
    let bench = Bench::new(vec![
        server(1, "s", remote(Transport::StreamableHttp, &url)),
        server(2, "well", stdio(&["stdio"])),
    ])
    .await;
    let mut session = Client::connect(&bench, Kind::Streamable, "s").await;
    let mut single = Client::connect(&bench, Kind::Single, "s").await;
    for client in [&mut session, &mut single] {
        assert_eq!(client.tool("echo", json!({ "message": "one" })).await.content(), "one");
    }
    running.stop().await;
    beside(&bench, async {
        for client in [&mut session, &mut single] {
            let deadline = Instant::now() + SOON;
            while client.tool("echo", json!({ "message": "x" })).await.error_code() != "upstream.down" {
                assert!(Instant::now() < deadline, "calls still try");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            let started = Instant::now();
            let refused = client.tool("echo", json!({ "message": "x" })).await;
            assert_eq!(refused.error_code(), "upstream.down");
            assert!(refused.text.contains("could not be reached"), "and says why: {}", refused.text);
            assert!(started.elapsed() < Duration::from_millis(500), "{:?}", started.elapsed());
        }
    })
    .await;
    let options = fixture::Options { port, ..fixture::Options::default() };
    let _running = fixture::serve_http_with(options).await.expect("the same port");
    for client in [&mut session, &mut single] {
        let deadline = Instant::now() + SOON;
        while !client.tool("echo", json!({ "message": "back" })).await.text.contains("\"back\"") {
            assert!(Instant::now() < deadline, "nobody noticed that it is back");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    bench.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_back_is_used_soon_however_long_it_was_gone() {
    let running = fixture::serve_http().await.expect("a port");
    let url = running.url.clone();
    let port = url.rsplit(':').next().and_then(|rest| rest.split('/').next()).expect("a port");
    let port = port.parse().expect("a port");
    let mut bench = Bench::new(vec![server(1, "s", remote(Transport::StreamableHttp, &url))]).await;
    let mut session = Client::connect(&bench, Kind::Streamable, "s").await;
    let mut callers = Vec::new();
    for _ in 0..8 {
        callers.push(Client::connect(&bench, Kind::Single, "s").await);
    }
    for client in callers.iter_mut().chain([&mut session]) {
        assert_eq!(client.tool("echo", json!({ "message": "one" })).await.content(), "one");
    }
    running.stop().await;
    let calling = callers.into_iter().map(|mut client| {
        tokio::spawn(async move {
            loop {
                client.tool("echo", json!({ "message": "x" })).await;
            }
        })
    });
    let calling: Vec<_> = calling.collect();
    let tried_in_vain = |event: Event| match event {
        Event::Observation(seen) if seen.code == Some(Code::UpstreamDown) => Some(()),
        _ => None,
    };
    bench.event(tried_in_vain).await;
    for _ in 0..3 {
        let before = Instant::now();
        bench.event(tried_in_vain).await;
        assert!(before.elapsed() > Duration::from_secs(1), "callers do not make it try all the time");
    }
    calling.iter().for_each(|calls| calls.abort());
    // By now the next try that nobody asks for is more than ten seconds away.
    let options = fixture::Options { port, ..fixture::Options::default() };
    let _running = fixture::serve_http_with(options).await.expect("the same port");
    let back = Instant::now();
    while !session.tool("echo", json!({ "message": "back" })).await.text.contains("\"back\"") {
        assert!(back.elapsed() < Duration::from_secs(4), "nobody noticed that it is back");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    bench.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_takes_no_connection_fails_at_its_own_limit() {
    // A queue that is full and that nobody empties.
    let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
    socket.bind("127.0.0.1:0".parse().expect("an address")).expect("a port");
    let listener = socket.listen(1).expect("it listens");
    let address = listener.local_addr().expect("an address");
    let mut waiting = Vec::new();
    let connect =
        || tokio::time::timeout(Duration::from_millis(100), tokio::net::TcpStream::connect(address));
    while let Ok(Ok(stream)) = connect().await {
        waiting.push(stream);
    }
    let mut full = server(1, "full", remote(Transport::StreamableHttp, &format!("http://{address}/mcp")));
    full.timeouts.connect = Duration::from_secs(1);
    let bench = Bench::new(vec![full]).await;
    let mut client = Client::new(&bench, Kind::Single, "full");
    let started = Instant::now();
    let failed = client.tool("x", json!({})).await;
    assert_eq!(failed.error_code(), "upstream.connect");
    assert!(started.elapsed() < Duration::from_secs(6), "{:?}", started.elapsed());
    bench.stop().await;
}

// Bulkheads.

#[tokio::test(flavor = "multi_thread")]
async fn servers_that_never_finish_starting_do_not_keep_others_from_it() {
    let mute = |n| server(n, &format!("mute-{n}"), stdio(&["stdio", "--fail", "silent"]));
    let mut servers: Vec<ServerEntry> = (2..14).map(mute).collect();
    servers.push(server(1, "well", stdio(&["stdio"])));
    let bench = Bench::new(servers).await;
    let mut client = Client::connect(&bench, Kind::Single, "well").await;
    assert_eq!(client.tool("echo", json!({ "message": "hi" })).await.content(), "hi");
    bench.stop().await;
}

/// Longest that a call of the good neighbour may take. Undisturbed it takes milliseconds; the tests
/// share the machine.
const NORMAL: Duration = Duration::from_secs(2);
/// How much memory trouble may cost: a few messages at their limits, and what the tests beside it take.
const GROWTH: u64 = 256 * MIB;

fn limits() -> Limits {
    let limit = 4 * 1024 * 1024;
    Limits { message_bytes: limit, response_bytes: limit, ..Limits::default() }
}

fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or("0 kB");
    line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") * 1024
}

/// Calls the good neighbour for as long as `trouble` lasts.
async fn beside<T>(bench: &Bench, trouble: impl Future<Output = T>) -> T {
    let mut neighbour = Client::connect(bench, Kind::Streamable, "well").await;
    neighbour.tool("echo", json!({ "message": "ready" })).await;
    let before = resident();
    let mut call = async || {
        let started = Instant::now();
        assert_eq!(neighbour.tool("echo", json!({ "message": "hi" })).await.content(), "hi");
        assert!(started.elapsed() < NORMAL, "the neighbour waited {:?}", started.elapsed());
        let growth = resident().saturating_sub(before);
        assert!(growth < GROWTH, "{} MiB more", growth / MIB);
    };
    let outcome = {
        let calls = async {
            loop {
                call().await;
            }
        };
        tokio::select! {
            outcome = trouble => outcome,
            () = calls => unreachable!("it calls for ever"),
        }
    };
    call().await;
    outcome
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hostile_remote_server_hurts_only_its_own_calls() {
    for (way, codes) in [
        (Way::EndlessStream, &["upstream.timeout"][..]),
        (Way::EndlessEvent, &["upstream.too_large"]),
        (Way::HugeBody, &["upstream.too_large"]),
        // One alone is too large, several are too large together.
        (Way::EndlessBody, &["upstream.too_large", "upstream.busy"]),
        (Way::StalledBody, &["upstream.timeout", "upstream.busy"]),
        (Way::Deep, &["upstream.protocol"]),
        (Way::Bomb, &["upstream.protocol"]),
        (Way::SlowHeaders, &["upstream.timeout"]),
        (Way::Mute, &["upstream.initialize_timeout", "upstream.down"]),
    ] {
        let raw = raw::serve(way).await;
        let mut bad = server(1, "bad", remote(Transport::StreamableHttp, &raw.url));
        bad.timeouts.idle = Duration::from_secs(4);
        bad.timeouts.connect = Duration::from_millis(500);
        bad.timeouts.initialize = Duration::from_millis(500);
        let bench = Bench::with(vec![bad, server(2, "well", stdio(&["stdio"]))], limits(), true).await;
        let met = beside(&bench, async {
            let (mut clients, mut met) = (Vec::new(), HashSet::new());
            for _ in 0..8 {
                let mut client = Client::new(&bench, Kind::Single, "bad");
                let id = client.begin("tools/call", json!({ "name": "strike", "arguments": {} })).await;
                clients.push((client, id));
            }
            for (mut client, id) in clients {
                met.insert(client.finish(id).await.error_code());
            }
            met
        })
        .await;
        assert!(met.iter().all(|code| codes.contains(&code.as_str())), "{way:?}: {met:?}");
        assert!(
            way != Way::StalledBody || met.len() == 2,
            "eight bodies are too many, four are not: {met:?}"
        );
        bench.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flooding_child_is_read_slowly() {
    let mut bad = server(1, "bad", hostile());
    bad.timeouts.idle = Duration::from_secs(3);
    let mut bench = Bench::with(vec![bad, server(2, "well", stdio(&["stdio"]))], limits(), true).await;
    let mut client = Client::connect(&bench, Kind::Single, "bad").await;
    let failed = beside(&bench, client.tool("flood", json!({ "count": 1_000_000 }))).await;
    assert_eq!(failed.error_code(), "upstream.timeout", "at this pace it takes minutes");
    bench.log(|entry| entry.message.contains("it is read slowly")).await;
    bench.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endless_line_and_endless_errors_cost_little() {
    for tool in ["endless_line", "endless_errors"] {
        let mut bad = server(1, "bad", hostile());
        bad.timeouts.idle = Duration::from_secs(2);
        let bench = Bench::with(vec![bad, server(2, "well", stdio(&["stdio"]))], limits(), true).await;
        let mut client = Client::connect(&bench, Kind::Single, "bad").await;
        let failed = beside(&bench, client.tool(tool, json!({}))).await;
        assert_eq!(failed.error_code(), "upstream.timeout", "{tool}");
        bench.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_child_that_ignores_signals_ends_all_the_same() {
    let stubborn = server(1, "bad", stdio(&["stdio", "--fail", "stubborn"]));
    let mut bench = Bench::new(vec![stubborn, server(2, "well", stdio(&["stdio"]))]).await;
    let mut client = Client::connect(&bench, Kind::Streamable, "bad").await;
    let stubborn = pid(&mut client).await;
    bench.servers[0].enabled = false;
    bench.replace();
    beside(&bench, gone(stubborn)).await;
    bench.stop().await;
}
