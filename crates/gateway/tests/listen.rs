//! What modern servers say outside of any call.

mod support;

use domain::server::Transport;
use gateway::directory::{ProcessRules, Sharing};
use serde_json::{Value, json};
use support::{
    Bench, SOON,
    client::{Client, Kind},
    remote, scripted, server, stdio,
};

const UPDATED: &str = "notifications/resources/updated";

/// A modern server with a process for each session or key.
async fn bench(sharing: Sharing) -> Bench {
    let mut server = server(1, "s", stdio(&["stdio", "--era", "modern"]));
    server.process = ProcessRules { sharing, ..ProcessRules::default() };
    Bench::new(vec![server]).await
}

fn watched() -> Value {
    json!({ "uri": "test://watched-resource" })
}

async fn pid(client: &mut Client) -> String {
    client.tool("pid", json!({})).await.content()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_hears_of_what_its_own_process_says() {
    for kind in [Kind::Streamable, Kind::Sse] {
        let bench = bench(Sharing::Session).await;
        let mut one = Client::connect(&bench, kind, "s").await;
        let mut other = Client::connect(&bench, kind, "s").await;
        assert_ne!(pid(&mut one).await, pid(&mut other).await);
        for client in [&mut one, &mut other] {
            let done = client.request("resources/subscribe", watched()).await.json();
            assert_eq!(done["result"], json!({}), "{kind:?} {done}");
        }
        let told = one.tool("touch", watched()).await;
        assert_eq!(told.content(), "1", "{kind:?}: its process has one listener");
        let mut seen = told.before;
        while !seen.iter().any(|message| message["method"] == UPDATED) {
            seen.push(one.next().await);
        }
        let other_heard = other.tool("echo", json!({ "message": "on" })).await;
        assert!(!other_heard.methods().contains(&UPDATED), "{kind:?} {:?}", other_heard.before);
        // The stream follows what is subscribed to.
        let done = one.request("resources/unsubscribe", watched()).await.json();
        assert_eq!(done["result"], json!({}), "{kind:?} {done}");
        let nobody = async {
            while one.tool("touch", watched()).await.content() != "0" {
                tokio::time::sleep(std::time::Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(SOON, nobody).await.expect("the process is told to stop");
        bench.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_sessions_of_a_key_hear_of_what_its_process_says() {
    for sharing in [Sharing::Key, Sharing::Session] {
        let bench = bench(sharing).await;
        let mut modern = Client::connect(&bench, Kind::Modern, "s").await;
        let wanted =
            json!({ "resourceSubscriptions": ["test://watched-resource"], "toolsListChanged": true });
        let stream = modern.begin("subscriptions/listen", json!({ "notifications": wanted })).await;
        let first = modern.next().await;
        assert_eq!(first["method"], "notifications/subscriptions/acknowledged", "{sharing:?}");
        let mut others = Vec::new();
        if sharing == Sharing::Key {
            let mut legacy = Client::connect(&bench, Kind::Streamable, "s").await;
            legacy.request("resources/subscribe", watched()).await;
            others.push(legacy);
        }
        let mut caller = Client::connect(&bench, Kind::Modern, "s").await;
        caller.tool("touch", watched()).await;
        let updated = modern.next_of(UPDATED).await;
        let id = &updated["params"]["_meta"]["io.modelcontextprotocol/subscriptionId"];
        assert_eq!(id, &json!(stream), "{sharing:?} {updated}");
        for other in &mut others {
            assert_eq!(other.next_of(UPDATED).await["params"], watched(), "{sharing:?}");
        }
        caller.tool("change_tools", json!({})).await;
        modern.next_of("notifications/tools/list_changed").await;
        modern.hang_up(stream);
        bench.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_has_nothing_to_tell_at_first_is_listened_to_later() {
    let capabilities = json!({ "resources": { "subscribe": true } });
    let upstream = scripted::serve(capabilities, |_, message| match message["method"].as_str() {
        Some("resources/list") => json!({ "result": { "resultType": "complete", "resources": [] } }),
        Some("subscriptions/listen") => json!({ "result": { "resultType": "complete" } }),
        _ => json!({ "error": { "code": -32_601, "message": "Method not found" } }),
    })
    .await;
    let bench = Bench::new(vec![server(1, "s", remote(Transport::StreamableHttp, &upstream.url))]).await;
    let mut client = Client::connect(&bench, Kind::Streamable, "s").await;
    client.request("resources/list", json!({})).await;
    assert_eq!(upstream.seen("subscriptions/listen"), Vec::<Value>::new());
    client.begin("resources/subscribe", watched()).await;
    let listened = async {
        while upstream.seen("subscriptions/listen").is_empty() {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(SOON, listened).await.expect("it is listened to");
    let filter = upstream.seen("subscriptions/listen")[0]["params"]["notifications"].clone();
    assert_eq!(filter, json!({ "resourceSubscriptions": ["test://watched-resource"] }));
    bench.stop().await;
}
