//! Who gets in, and what everybody else is told.

mod support;

use chrono::Duration;
use domain::ProjectId;
use gateway::Limits;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use support::{
    Bench, KEY, OTHER_KEY, builtin,
    client::{Client, Kind, http},
    id, server,
};

const INITIALIZE: &str = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}"#;
const PING: &str = r#"{"jsonrpc":"2.0","id":"p","method":"ping"}"#;

struct Answer {
    status: StatusCode,
    challenge: Option<String>,
    session: Option<String>,
    body: String,
}

impl Answer {
    fn code(&self) -> String {
        let json: Value =
            serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.body));
        json["error"]["data"]["code"].as_str().unwrap_or_default().to_owned()
    }

    fn number(&self) -> i64 {
        let json: Value =
            serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.body));
        json["error"]["code"].as_i64().unwrap_or_default()
    }
}

async fn send(method: Method, url: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let mut request = http().request(method, url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = request.body(body.to_owned()).send().await.expect("an answer");
    let header = |name: &str| response.headers().get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
    let (status, challenge, session) =
        (response.status(), header("www-authenticate"), header("mcp-session-id"));
    Answer { status, challenge, session, body: response.text().await.expect("a body") }
}

const JSON: (&str, &str) = ("content-type", "application/json");
const ACCEPT: (&str, &str) = ("accept", "application/json, text/event-stream");

async fn post(url: &str, key: &str, more: &[(&str, &str)], body: &str) -> Answer {
    let bearer = format!("Bearer {key}");
    let mut headers = vec![JSON, ACCEPT, ("authorization", bearer.as_str())];
    headers.extend_from_slice(more);
    send(Method::POST, url, &headers, body).await
}

#[tokio::test]
async fn without_a_good_key_there_is_a_challenge() {
    let bench = Bench::new(vec![server(1, "s", builtin())]).await;
    let bearer = format!("Bearer {KEY}");
    let basic = format!("Basic {KEY}");
    let cases: [(&[(&str, &str)], &str, &str); 7] = [
        (&[], r#"Bearer realm="sluice""#, "auth.key_required"),
        (
            &[("authorization", "Bearer slu_unknown")],
            r#"Bearer realm="sluice", error="invalid_token""#,
            "auth.key",
        ),
        (&[("authorization", "Bearer")], r#"Bearer realm="sluice", error="invalid_token""#, "auth.key"),
        (&[("authorization", &basic)], r#"Bearer realm="sluice", error="invalid_token""#, "auth.key"),
        (&[("x-api-key", "nothing")], r#"Bearer realm="sluice", error="invalid_token""#, "auth.key"),
        (
            &[("authorization", &bearer), ("x-api-key", KEY)],
            r#"Bearer realm="sluice", error="invalid_token""#,
            "auth.key",
        ),
        (
            &[("authorization", &bearer), ("authorization", &bearer)],
            r#"Bearer realm="sluice", error="invalid_token""#,
            "auth.key",
        ),
    ];
    for (headers, challenge, code) in cases {
        for (method, endpoint) in
            [(Method::POST, "mcp"), (Method::GET, "sse"), (Method::POST, "messages"), (Method::DELETE, "mcp")]
        {
            let mut headers = headers.to_vec();
            headers.push(JSON);
            // The address decides nothing, not even whether it exists.
            for server in ["s", "no-such-server"] {
                let answer = send(method.clone(), &bench.url(server, endpoint), &headers, INITIALIZE).await;
                assert_eq!(answer.status, 401, "{headers:?}");
                assert_eq!(answer.challenge.as_deref(), Some(challenge), "{headers:?}");
                assert_eq!(answer.code(), code);
            }
        }
    }
    let key_in_address = format!("{}?api_key={KEY}&access_token={KEY}", bench.url("s", "mcp"));
    assert_eq!(send(Method::POST, &key_in_address, &[JSON, ACCEPT], PING).await.status, 401);
    for headers in [[("authorization", bearer.as_str()), JSON], [("x-api-key", KEY), JSON]] {
        assert_eq!(
            send(Method::POST, &bench.url("s", "mcp"), &headers, PING).await.status,
            200,
            "{headers:?}"
        );
    }
    bench.stop().await;
}

#[tokio::test]
async fn keys_end_when_they_expire_or_are_revoked() {
    let mut bench = Bench::new(vec![server(1, "s", builtin())]).await;
    bench.keys[0].expires_at = Some(bench.clock.now() + Duration::minutes(1));
    bench.replace();
    let url = bench.url("s", "mcp");
    assert_eq!(post(&url, KEY, &[], PING).await.status, 200);
    bench.clock.advance(Duration::minutes(1));
    assert_eq!(post(&url, KEY, &[], PING).await.code(), "auth.key");
    bench.keys[0].expires_at = None;
    bench.replace();
    let mut client = Client::connect(&bench, Kind::Sse, "s").await;
    assert_eq!(client.tool("echo", json!({ "message": "in" })).await.content(), "in");
    bench.keys.remove(0);
    bench.replace();
    assert_eq!(post(&url, KEY, &[], PING).await.code(), "auth.key", "at the next request");
    // And open streams end.
    client.stream_end().await;
    bench.stop().await;
}

#[tokio::test]
async fn foreign_and_missing_look_the_same() {
    let bench = Bench::new(vec![server(1, "s", builtin())]).await;
    let mut bodies = Vec::new();
    let id = bench.servers[0].id;
    for path in [
        "acme.pay/servers/s",
        &format!("acme.pay/servers/{id}"),
        "acme.pay/servers/none",
        "none.at-all/servers/s",
        "other.team/servers/s",
        &format!("other.team/servers/{id}"),
        "00000000-0000-0000-0000-000000000000/servers/s",
    ] {
        for endpoint in ["mcp", "messages?sessionId=x", "sse"] {
            let method = if endpoint == "sse" { Method::GET } else { Method::POST };
            let bearer = format!("Bearer {OTHER_KEY}");
            let url = format!("{}/projects/{path}/{endpoint}", bench.base);
            let answer = send(method, &url, &[JSON, ACCEPT, ("authorization", &bearer)], INITIALIZE).await;
            assert_eq!(answer.status, 404, "{url}");
            bodies.push(answer.body);
        }
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "byte for byte: {bodies:?}");
    bench.stop().await;
}

#[tokio::test]
async fn a_session_answers_only_to_its_own_key_and_server() {
    let mut bench = Bench::new(vec![server(1, "s", builtin()), server(2, "t", builtin())]).await;
    bench.keys.push(support::key(3, 1, "slu_second_of_project_a"));
    bench.replace();
    let opened = post(&bench.url("s", "mcp"), KEY, &[], INITIALIZE).await;
    let session = opened.session.expect("a session");
    let with = [("mcp-session-id", session.as_str())];
    assert_eq!(post(&bench.url("s", "mcp"), KEY, &with, PING).await.status, 200);
    for (server, key) in [("s", "slu_second_of_project_a"), ("t", KEY)] {
        let answer = post(&bench.url(server, "mcp"), key, &with, PING).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::NOT_FOUND, "session.unknown"));
    }
    let bearer = format!("Bearer {KEY}");
    let headers = [("authorization", bearer.as_str()), with[0], ACCEPT];
    assert_eq!(send(Method::DELETE, &bench.url("s", "mcp"), &headers, "").await.status, 204);
    assert_eq!(post(&bench.url("s", "mcp"), KEY, &with, PING).await.status, 404, "after its end");
    assert_eq!(send(Method::DELETE, &bench.url("s", "mcp"), &headers, "").await.status, 404);
    bench.stop().await;
}

#[tokio::test]
async fn bad_requests_are_told_why() {
    let limits = Limits { body_bytes: 2_000, ..Limits::default() };
    let bench = Bench::with(vec![server(1, "s", builtin())], limits, true).await;
    let url = bench.url("s", "mcp");
    let large = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"{}"}}"#, "x".repeat(2_000));
    let batch = format!("[{PING}]");
    let cases: [(&[(&str, &str)], &str, u16, i64); 10] = [
        (&[], "{", 400, -32_700),
        (&[], "", 400, -32_700),
        (&[], r#"{"id":1,"method":"ping"}"#, 400, -32_600),
        (&[], r#"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#, 400, -32_600),
        (&[], r#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#, 400, -32_600),
        (&[], &large, 413, -31_006),
        (&[("mcp-protocol-version", "1999-01-01")], PING, 400, -32_022),
        (&[("mcp-protocol-version", "2026-07-28")], PING, 400, -32_602),
        (&[("mcp-protocol-version", "2025-06-18")], &batch, 400, -32_600),
        (&[("mcp-session-id", "none")], PING, 404, -31_004),
    ];
    for (headers, body, status, number) in cases {
        let answer = post(&url, KEY, headers, body).await;
        let shown = body.chars().take(60).collect::<String>();
        assert_eq!((answer.status.as_u16(), answer.number()), (status, number), "{headers:?} {shown}");
    }
    let old = post(&url, KEY, &[("mcp-protocol-version", "2025-03-26")], &batch).await;
    assert_eq!(
        (old.status.as_u16(), old.body.as_str()),
        (200, r#"[{"jsonrpc":"2.0","id":"p","result":{}}]"#)
    );
    let form = [("content-type", "application/x-www-form-urlencoded"), ("x-api-key", KEY)];
    assert_eq!(send(Method::POST, &url, &form, PING).await.status, 415);
    let discover = r#"{"jsonrpc":"2.0","id":9,"method":"server/discover","params":{}}"#;
    let answer = post(&url, KEY, &[], discover).await;
    assert_eq!(
        (answer.status.as_u16(), answer.number()),
        (404, -32_601),
        "it does not say that it is modern"
    );
    bench.stop().await;
}

#[tokio::test]
async fn methods_and_accept_of_each_address() {
    let bench = Bench::new(vec![server(1, "s", builtin())]).await;
    let opened = post(&bench.url("s", "mcp"), KEY, &[], INITIALIZE).await;
    let session = opened.session.expect("a session");
    let accept_events = ("accept", "text/event-stream");
    let accept_json = ("accept", "application/json");
    let with = ("mcp-session-id", session.as_str());
    let cases: [(Method, &str, &[(&str, &str)], u16); 10] = [
        (Method::GET, "mcp", &[accept_events], 405),
        (Method::GET, "mcp", &[accept_json, with], 406),
        (Method::PUT, "mcp", &[], 405),
        (Method::POST, "mcp", &[accept_json, with], 406),
        (Method::POST, "mcp", &[accept_json], 200),
        (Method::POST, "sse", &[], 405),
        (Method::GET, "sse", &[accept_json], 406),
        (Method::GET, "messages", &[], 405),
        (Method::POST, "messages", &[], 404),
        (Method::DELETE, "mcp", &[], 400),
    ];
    for (method, endpoint, more, status) in cases {
        let mut headers = vec![JSON, ("x-api-key", KEY)];
        headers.extend_from_slice(more);
        let answer = send(method.clone(), &bench.url("s", endpoint), &headers, PING).await;
        assert_eq!(answer.status.as_u16(), status, "{method} {endpoint} {more:?}");
    }
    bench.stop().await;
}

#[tokio::test]
async fn pages_of_other_sites_are_refused_everywhere() {
    let bench = Bench::new(vec![server(1, "s", builtin())]).await;
    for (method, endpoint) in
        [(Method::POST, "mcp"), (Method::GET, "mcp"), (Method::GET, "sse"), (Method::POST, "messages")]
    {
        for origin in ["https://evil.test", "null", "http://127.0.0.1.evil.test"] {
            let headers = [JSON, ("x-api-key", KEY), ("origin", origin)];
            let answer = send(method.clone(), &bench.url("s", endpoint), &headers, PING).await;
            assert_eq!(
                (answer.status.as_u16(), answer.code().as_str()),
                (403, "auth.origin"),
                "{endpoint} {origin}"
            );
        }
    }
    let own = [JSON, ACCEPT, ("x-api-key", KEY), ("origin", "http://localhost:6274")];
    assert_eq!(send(Method::POST, &bench.url("s", "mcp"), &own, PING).await.status, 200);
    bench.stop().await;
}

/// However many keys a project has, its sessions are bounded; another project's are its own.
#[tokio::test(flavor = "multi_thread")]
async fn the_session_of_a_project_that_is_idle_longest_makes_room() {
    let limits = Limits { sessions_per_project: 2, ..Limits::default() };
    let mut elsewhere = server(2, "s", builtin());
    elsewhere.project = id(ProjectId::new, 2);
    let mut bench = Bench::with(vec![server(1, "s", builtin()), elsewhere], limits, true).await;
    bench.keys.push(support::key(3, 1, "slu_second_of_project_a"));
    bench.replace();
    let connected = async |key: &str, project: &str| {
        let mut client = Client::new(&bench, Kind::Streamable, "s");
        client.key = key.to_owned();
        client.url = client.url.replace("acme.pay", project);
        client.initialize().await;
        client
    };
    let mut other = connected(OTHER_KEY, "other.team").await;
    let mut first = connected(KEY, "acme.pay").await;
    let mut second = connected("slu_second_of_project_a", "acme.pay").await;
    first.request("ping", json!({})).await;
    let mut third = connected(KEY, "acme.pay").await;
    second.stream_end().await;
    for client in [&mut first, &mut third, &mut other] {
        assert_eq!(client.request("ping", json!({})).await.json()["result"], json!({}));
    }
    let back = second.request("ping", json!({})).await.json();
    assert_eq!(back["result"], json!({}), "it is there again when its client comes back");
    first.stream_end().await;
    bench.stop().await;
}

#[tokio::test]
async fn a_project_that_goes_to_another_organization_keeps_its_sessions() {
    let mut bench = Bench::new(vec![server(1, "box", builtin())]).await;
    let by_id = format!("{}/projects/{}/servers/box/mcp", bench.base, id(ProjectId::new, 1));
    let old = bench.url("box", "mcp");
    let new = old.replace("acme.pay", "other.pay");
    let key = format!("Bearer {KEY}");
    let accept = ("accept", "application/json, text/event-stream");
    let plain = [("authorization", key.as_str()), ("content-type", "application/json"), accept];
    let session = send(Method::POST, &by_id, &plain, INITIALIZE).await.session.expect("a session");
    let within = [plain.as_slice(), &[("mcp-session-id", session.as_str())]].concat();
    assert_eq!(send(Method::POST, &old, &within, PING).await.status, StatusCode::OK);
    bench.path = "other.pay";
    bench.replace();
    for url in [&by_id, &new] {
        assert_eq!(send(Method::POST, url, &within, PING).await.status, StatusCode::OK, "{url}");
    }
    assert_eq!(send(Method::POST, &old, &within, PING).await.status, StatusCode::NOT_FOUND);
    bench.stop().await;
}
