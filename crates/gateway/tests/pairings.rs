//! Every kind of client in front of every kind of upstream: three ways to ask times three ways to
//! answer, and the server inside Sluice.

mod support;

use domain::{log::Outcome, server::Transport};
use gateway::Target;
use serde_json::json;
use support::{
    Bench, builtin,
    client::{Client, Kind},
    remote, server, stdio,
};

const KINDS: [Kind; 3] = [Kind::Streamable, Kind::Sse, Kind::Single];

/// An upstream, and what must live as long as it does.
async fn upstream(transport: Transport) -> (Target, Option<fixture::Running>) {
    let options = fixture::Options {
        require_header: Some(("x-key".to_owned(), "upstream-key".to_owned())),
        ..fixture::Options::default()
    };
    match transport {
        Transport::Stdio => (stdio(&["stdio"]), None),
        Transport::Sse => {
            let running = fixture::serve_sse_with(options).await.expect("a port");
            (remote(transport, &running.url), Some(running))
        }
        Transport::StreamableHttp => {
            let running = fixture::serve_http_with(options).await.expect("a port");
            (remote(transport, &running.url), Some(running))
        }
        Transport::Builtin => (builtin(), None),
    }
}

/// All that every pairing must do.
async fn pairing(kind: Kind, transport: Transport) {
    let (target, _running) = upstream(transport).await;
    let mut bench = Bench::new(vec![server(1, "s", target)]).await;
    let mut client = Client::connect(&bench, kind, "s").await;

    let tools = client.request("tools/list", json!({})).await;
    assert!(
        tools.text.contains(r#""x-vendor":{"keep":[1,2.50]}"#),
        "unknown fields and numbers stay: {}",
        tools.text
    );
    assert_eq!(client.tool("echo", json!({ "message": "안녕" })).await.content(), "안녕");
    let vendor = client.tool("vendor", json!({})).await;
    let result = r#"{"content":[{"type":"text","text":"vendor","x-vendor":{"n":1.0}}],"x-vendor":{"keep":[1,2.50]},"_meta":{"x-vendor":{"n":1.0}}}"#;
    assert!(vendor.text.ends_with(&format!(r#""result":{result}}}"#)), "byte for byte: {}", vendor.text);
    let unknown = client.request("x-vendor/ping", json!({})).await;
    assert!(
        unknown.text.contains(r#""x-vendor":{"n":1.0}"#),
        "methods we do not know pass: {}",
        unknown.text
    );

    let error = client.tool("no-such-tool", json!({})).await;
    assert_eq!(error.json()["error"]["code"], -32_602, "an upstream's error is its own");

    // Progress comes in order, before the answer, under the client's own token.
    let params = json!({
        "name": "wait", "arguments": { "seconds": 0.2, "steps": 4 }, "_meta": { "progressToken": "mine" },
    });
    let waited = client.request("tools/call", params).await;
    let steps: Vec<_> = waited
        .before
        .iter()
        .map(|m| (m["params"]["progressToken"].clone(), m["params"]["progress"].clone()))
        .collect();
    assert_eq!(steps, (1..=4).map(|n| (json!("mine"), json!(n))).collect::<Vec<_>>());
    let silent = client.tool("wait", json!({ "seconds": 0.05, "steps": 2 })).await;
    assert_eq!(silent.before, Vec::<serde_json::Value>::new(), "no token, no progress");

    let entry = bench.log(|entry| entry.tool.as_deref() == Some("echo")).await;
    assert_eq!(entry.outcome, Some(Outcome::Ok));
    assert_eq!(entry.arguments.as_deref(), Some(r#"{"message":"안녕"}"#));
    assert_eq!((entry.duration_ms.is_some(), entry.session.is_some()), (true, kind != Kind::Single));

    drop(client);
    bench.stop().await;
}

macro_rules! pairings {
    ($($name:ident: $kind:ident, $transport:ident;)+) => {$(
        #[tokio::test(flavor = "multi_thread")]
        async fn $name() {
            pairing(Kind::$kind, Transport::$transport).await;
        }
    )+};
}

pairings! {
    streamable_to_stdio: Streamable, Stdio;
    streamable_to_sse: Streamable, Sse;
    streamable_to_streamable: Streamable, StreamableHttp;
    sse_to_stdio: Sse, Stdio;
    sse_to_sse: Sse, Sse;
    sse_to_streamable: Sse, StreamableHttp;
    single_to_stdio: Single, Stdio;
    single_to_sse: Single, Sse;
    single_to_streamable: Single, StreamableHttp;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_built_in_server_answers_every_kind_of_client() {
    let bench = Bench::new(vec![server(1, "s", builtin())]).await;
    for kind in KINDS {
        let mut client = Client::connect(&bench, kind, "s").await;
        assert_eq!(client.tool("echo", json!({ "message": "hi" })).await.content(), "hi", "{kind:?}");
        let time = client.tool("current_time", json!({ "timezone": "Asia/Seoul" })).await.content();
        assert!(time.contains("+09:00"), "{time}");
        let params =
            json!({ "name": "wait", "arguments": { "seconds": 0.3 }, "_meta": { "progressToken": 7 } });
        let waited = client.request("tools/call", params).await;
        assert!(waited.before.iter().all(|m| m["params"]["progressToken"] == 7), "{:?}", waited.before);
        assert!(!waited.before.is_empty());
    }
    bench.stop().await;
}

/// A server may ask its client; the question arrives and the answer comes back.
#[tokio::test(flavor = "multi_thread")]
async fn questions_of_servers_reach_the_client() {
    for transport in [Transport::Stdio, Transport::Sse, Transport::StreamableHttp] {
        let (target, _running) = upstream(transport).await;
        let bench = Bench::new(vec![server(1, "s", target)]).await;
        for kind in [Kind::Streamable, Kind::Sse] {
            let mut client = Client::connect(&bench, kind, "s").await;
            let roots = json!({ "roots": [{ "uri": "file:///a", "x": 1 }] });
            let (question, answer) = client.tool_with_answer("roots", json!({}), roots.clone()).await;
            assert_eq!(question["method"], "roots/list");
            assert!(
                answer.content().contains(&roots.to_string()),
                "{kind:?} {transport:?} {}",
                answer.content()
            );
            let (question, answer) = client
                .tool_with_answer("ask", json!({ "message": "Who?" }), json!({ "action": "decline" }))
                .await;
            assert_eq!(
                (&question["method"], &question["params"]["message"]),
                (&json!("elicitation/create"), &json!("Who?"))
            );
            assert!(answer.content().contains("decline"));
            let model =
                json!({ "role": "assistant", "content": { "type": "text", "text": "42" }, "model": "m" });
            let (question, answer) = client.tool_with_answer("sample", json!({ "prompt": "?" }), model).await;
            assert_eq!(question["method"], "sampling/createMessage");
            assert!(answer.content().contains("42"));
        }
        bench.stop().await;
    }
}

/// Who cannot be asked is not waited for.
#[tokio::test(flavor = "multi_thread")]
async fn a_question_that_nobody_can_answer_is_refused_at_once() {
    for transport in [Transport::Stdio, Transport::StreamableHttp] {
        let (target, _running) = upstream(transport).await;
        let bench = Bench::new(vec![server(1, "s", target)]).await;
        let mut client = Client::connect(&bench, Kind::Single, "s").await;
        let answer = client.tool("roots", json!({})).await.content();
        assert!(answer.contains("-32601"), "{transport:?}: {answer}");
        bench.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_clients_of_one_process_do_not_get_each_others_questions() {
    let bench = Bench::new(vec![server(1, "s", stdio(&["stdio"]))]).await;
    let mut busy = Client::connect(&bench, Kind::Streamable, "s").await;
    let mut asker = Client::connect(&bench, Kind::Streamable, "s").await;
    let waiting = busy.begin("tools/call", json!({ "name": "wait", "arguments": { "seconds": 1.0 } })).await;
    // The call has arrived when a later one of the same client is answered.
    busy.tool("echo", json!({ "message": "there" })).await;
    let refused = asker.tool("roots", json!({})).await.content();
    assert!(refused.contains("-32601"), "whose question it is was not certain: {refused}");
    let waited = busy.finish(waiting).await;
    assert_eq!(waited.methods(), Vec::<&str>::new());
    bench.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cancellation_reaches_the_upstream() {
    for transport in [Transport::Stdio, Transport::Sse, Transport::StreamableHttp] {
        let (target, _running) = upstream(transport).await;
        let mut bench = Bench::new(vec![server(1, "s", target)]).await;
        for kind in [Kind::Streamable, Kind::Sse] {
            let mut client = Client::connect(&bench, kind, "s").await;
            let before: u32 =
                client.tool("cancelled_count", json!({})).await.content().parse().expect("a number");
            let params = json!({ "name": "wait", "arguments": { "seconds": 60, "steps": 1000 }, "_meta": { "progressToken": 1 } });
            let waiting = client.begin("tools/call", params).await;
            assert_eq!(client.next().await["method"], "notifications/progress", "it is under way");
            client
                .send(json!({ "jsonrpc": "2.0", "method": "notifications/cancelled", "params": { "requestId": waiting } }))
                .await;
            bench.log(|entry| entry.outcome == Some(Outcome::Cancelled)).await;
            // Over HTTP the notice and the question travel on two connections.
            let mut after = before;
            while after == before {
                after = client.tool("cancelled_count", json!({})).await.content().parse().expect("a number");
            }
            assert_eq!(after, before + 1, "{kind:?} {transport:?}");
        }
        bench.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_tools_is_told_and_learnt() {
    for transport in [Transport::Stdio, Transport::Sse, Transport::StreamableHttp] {
        let (target, _running) = upstream(transport).await;
        let bench = Bench::new(vec![server(1, "s", target)]).await;
        for kind in [Kind::Streamable, Kind::Sse] {
            let mut client = Client::connect(&bench, kind, "s").await;
            // Over HTTP the upstream can tell only when our stream to it is open, which the first
            // call begins; so it is asked until it had somebody to tell.
            let told = async {
                loop {
                    let exchange = client.tool("change_tools", json!({})).await;
                    if exchange.methods().contains(&"notifications/tools/list_changed") {
                        return;
                    }
                    if let Ok(message) =
                        tokio::time::timeout(std::time::Duration::from_millis(200), client.next()).await
                    {
                        assert_eq!(message["method"], "notifications/tools/list_changed");
                        return;
                    }
                }
            };
            tokio::time::timeout(support::SOON, told)
                .await
                .unwrap_or_else(|_| panic!("{kind:?} {transport:?}"));
        }
        bench.stop().await;
    }
}

/// Log messages belong to the call in whose course they came, before its answer.
#[tokio::test(flavor = "multi_thread")]
async fn log_messages_come_before_the_answer() {
    for transport in [Transport::Stdio, Transport::StreamableHttp, Transport::Sse] {
        let (target, _running) = upstream(transport).await;
        let bench = Bench::new(vec![server(1, "s", target)]).await;
        for kind in [Kind::Streamable, Kind::Sse] {
            let mut client = Client::connect(&bench, kind, "s").await;
            let exchange = client.tool("log", json!({ "message": "hello" })).await;
            assert_eq!(exchange.methods(), ["notifications/message"], "{kind:?} {transport:?}");
            assert_eq!(exchange.before[0]["params"]["x-vendor"], 1);
        }
        bench.stop().await;
    }
}

/// Nothing of the client's request leaks upstream, and nothing of Sluice's environment to a child.
#[tokio::test(flavor = "multi_thread")]
async fn upstreams_see_only_what_is_configured() {
    for transport in [Transport::Sse, Transport::StreamableHttp] {
        let (target, _running) = upstream(transport).await;
        let bench = Bench::new(vec![server(1, "s", target)]).await;
        let mut client = Client::connect(&bench, Kind::Streamable, "s").await;
        let headers = client.tool("headers", json!({})).await.content();
        assert!(headers.contains(r#""x-key":"upstream-key""#), "{headers}");
        assert!(!headers.contains("client-secret") && !headers.contains(support::KEY), "{headers}");
        bench.stop().await;
    }
    let bench = Bench::new(vec![server(1, "s", stdio(&["stdio"]))]).await;
    let mut client = Client::connect(&bench, Kind::Streamable, "s").await;
    let environment = client.tool("env", json!({})).await.content();
    let environment: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(&environment).expect("JSON");
    assert_eq!(environment["FIXTURE_TOKEN"], "s3cret");
    let known = ["FIXTURE_TOKEN", "FIXTURE_BENCH", "PATH", "HOME", "USER", "LOGNAME", "LANG", "TMPDIR", "TZ"];
    let foreign: Vec<_> = environment.keys().filter(|name| !known.contains(&name.as_str())).collect();
    assert_eq!(foreign, Vec::<&String>::new(), "cargo sets many variables for this test; none may pass");
    bench.stop().await;
}
