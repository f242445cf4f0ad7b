//! Calls that nobody waits for any more, and whose servers learn of it.

mod support;

use domain::server::Transport;
use serde_json::{Value, json};
use support::{
    Bench, SOON,
    client::{Client, Kind},
    eras::{each, upstream},
    server,
};

/// A call that goes on for long and tells of it at once.
fn long(steps: u32) -> Value {
    json!({ "name": "wait", "arguments": { "seconds": 30, "steps": steps }, "_meta": { "progressToken": 1 } })
}

async fn count(client: &mut Client) -> String {
    client.tool("cancelled_count", json!({})).await.content()
}

/// Until the server has counted one more.
async fn counted(client: &mut Client, before: &str, name: &str) {
    let counted = async {
        while count(client).await == before {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(SOON, counted).await.unwrap_or_else(|_| panic!("{name}: not cancelled"));
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_the_stream_cancels_a_modern_call() {
    each(&[Kind::Modern], async |_, client, name| {
        let before = count(client).await;
        let call = client.begin("tools/call", long(300)).await;
        client.next_of("notifications/progress").await;
        client.hang_up(call);
        counted(client, &before, name).await;
    })
    .await;
}

/// It must not be lost on a server that goes on talking.
#[tokio::test(flavor = "multi_thread")]
async fn a_cancellation_is_heard_while_progress_comes_in() {
    let (target, _running) = upstream(Transport::StreamableHttp, fixture::Era::Modern).await;
    let bench = Bench::new(vec![server(1, "s", target)]).await;
    for kind in [Kind::Modern, Kind::Streamable] {
        let mut client = Client::connect(&bench, kind, "s").await;
        for _ in 0..30 {
            let before = count(&mut client).await;
            let call = client.begin("tools/call", long(30_000)).await;
            client.next_of("notifications/progress").await;
            cancel(&mut client, kind, call).await;
            counted(&mut client, &before, &format!("{kind:?}")).await;
        }
    }
    bench.stop().await;
}

async fn cancel(client: &mut Client, kind: Kind, call: u64) {
    if kind == Kind::Modern {
        return client.hang_up(call);
    }
    let params = json!({ "requestId": call });
    client.send(json!({ "jsonrpc": "2.0", "method": "notifications/cancelled", "params": params })).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notification_cancels_a_legacy_call() {
    for kind in [Kind::Streamable, Kind::Sse] {
        each(&[kind], async |_, client, name| {
            let before = count(client).await;
            let call = client.begin("tools/call", long(300)).await;
            client.next_of("notifications/progress").await;
            cancel(client, kind, call).await;
            counted(client, &before, name).await;
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_ends_with_the_session_that_waits_for_it() {
    each(&[Kind::Streamable, Kind::Sse], async |bench, client, name| {
        let mut other = Client::connect(bench, Kind::Streamable, "s").await;
        let before = count(&mut other).await;
        let call = client.begin("tools/call", long(300)).await;
        client.next_of("notifications/progress").await;
        if name.starts_with("Sse") {
            client.cut();
        } else {
            let ended = client.with_headers(support::client::http().delete(&client.url)).send().await;
            assert_eq!(ended.expect("an answer").status(), 204, "{name}");
            assert_eq!(client.finish(call).await.error_code(), "session.unknown", "{name}");
        }
        counted(&mut other, &before, name).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_of_the_console_ends_when_nobody_waits_for_it() {
    each(&[Kind::Streamable], async |bench, client, name| {
        let before = count(client).await;
        let body =
            json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": long(300) }).to_string();
        let path = url::Url::parse(&client.url).expect("an address").path().to_owned();
        let given_up = async {
            while count(client).await == before {
                let request = http::Request::post(&path)
                    .header("content-type", "application/json")
                    .header("accept", "application/json")
                    .body(axum::body::Body::from(body.clone()))
                    .expect("a request");
                let asked = bench.gateway.handle_as(request, "r".into(), bench.keys[0].clone());
                // As long as a server may take to be asked at all.
                let _ = tokio::time::timeout(std::time::Duration::from_millis(100), asked).await;
            }
        };
        tokio::time::timeout(SOON, given_up).await.unwrap_or_else(|_| panic!("{name}: not cancelled"));
    })
    .await;
}
