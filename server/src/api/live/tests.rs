//! The feed as scripts read it: over a real connection, from a server that listens.

#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::{net::SocketAddr, time::Duration};

use domain::{
    ProjectId, Role, SessionId, TokenId, UserId,
    account::{NewPersonalToken, SignUp},
    log::{Category, Level, LogFilter, NewLogEntry},
    organization::OrganizationInput,
    project::{NewMember, NewProject},
    server::{Observation, ServerInput, Status},
};
use futures_util::StreamExt;
use http::{HeaderMap, Request, StatusCode, header};
use serde_json::{Value, json};
use services::{Caller, RequestMeta, Services};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::oneshot,
    time::timeout,
};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{self, Message, client::IntoClientRequest},
};

use super::*;
use crate::{coverage, lifecycle};

const PROJECT: &str = "acme.payments";
const PASSWORD: &str = "correct horse battery 9";
const PATIENCE: Duration = Duration::from_secs(20);

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A server that listens, with a project and one of its Reporters.
struct World {
    services: Services,
    feeds: Feeds,
    address: SocketAddr,
    project: ProjectId,
    reporter: UserId,
    token: String,
    token_id: TokenId,
    stop: Option<oneshot::Sender<()>>,
    serving: tokio::task::JoinHandle<()>,
}

async fn browser(services: &Services, user: UserId) -> Caller {
    let session = SessionId::new(1, [1; 10]);
    services.accounts().caller_of_session(user, session, RequestMeta::default()).await.unwrap().unwrap()
}

async fn person(services: &Services, name: &str) -> (Caller, String, TokenId) {
    let email = format!("{name}@acme.test");
    let sign_up = SignUp { email, name: name.into(), password: PASSWORD.to_owned().into() };
    let user = services.accounts().create_user(&Caller::system(), sign_up, false).await.unwrap();
    let caller = browser(services, user.id).await;
    let input = NewPersonalToken { name: "script".into(), expires_in_days: None };
    let token = services.accounts().create_token(&caller, input).await.unwrap();
    (caller, token.secret.expose_secret().to_owned(), token.token.id)
}

impl World {
    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let services = coverage::services(dir.path()).await;
        <migrations::Migrator as migrations::MigratorTrait>::up(services.database(), None).await.unwrap();
        let system = Caller::system();
        let input = OrganizationInput { slug: "acme".into(), name: "Acme".into() };
        services.organizations().create(&system, input).await.unwrap();
        let input = NewProject {
            organization: "acme".into(),
            slug: "payments".into(),
            name: "Payments".into(),
            description: String::new(),
        };
        let project = services.projects().create(&system, input).await.unwrap().id;
        for name in ["box", "files"] {
            let input = json!({ "name": name, "transport": "builtin", "builtin": "toolbox" });
            let input: ServerInput = serde_json::from_value(input).unwrap();
            services.servers().create(&system, PROJECT, input).await.unwrap();
        }
        // A project keeps one Owner.
        person(&services, "owner").await;
        let member = NewMember { email: "owner@acme.test".into(), role: Role::Owner };
        services.projects().add_member(&system, PROJECT, member).await.unwrap();
        let (reporter, token, token_id) = person(&services, "reporter").await;
        let member = NewMember { email: "reporter@acme.test".into(), role: Role::Reporter };
        services.projects().add_member(&system, PROJECT, member).await.unwrap();

        let world = coverage::serve(services.clone(), dir).await;
        let feeds = world.feeds.clone();
        let listener = lifecycle::listen("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let leaving = {
            let feeds = feeds.clone();
            async move {
                drop(stopped.await);
                feeds.end();
            }
        };
        let front = world.front.clone();
        let serving = tokio::spawn(async move {
            let end = std::future::ready(());
            lifecycle::serve(listener, front, leaving, Duration::from_secs(10), || false, end).await;
            drop(world);
        });
        let reporter = reporter.subject().user;
        Self { services, feeds, address, project, reporter, token, token_id, stop: Some(stop), serving }
    }

    async fn connect(&self, query: &str, headers: &[(&str, &str)]) -> Result<Socket, tungstenite::Error> {
        let mut request = format!("ws://{}/api/v1/projects/{PROJECT}/feed{query}", self.address)
            .into_client_request()
            .unwrap();
        // The console answers to its own name only, which is not the port of this test.
        request.headers_mut().insert(header::HOST, "127.0.0.1:8080".parse().unwrap());
        for (name, value) in headers {
            request
                .headers_mut()
                .insert(header::HeaderName::try_from(*name).unwrap(), value.parse().unwrap());
        }
        connect_async(request).await.map(|(socket, _)| socket)
    }

    async fn feed(&self, query: &str) -> Socket {
        let bearer = format!("Bearer {}", self.token);
        self.connect(query, &[("authorization", &bearer)]).await.unwrap()
    }

    async fn observe(&self, server: &str, status: Status) {
        let server = self.services.servers().get(&Caller::system(), PROJECT, server).await.unwrap().id;
        let seen = Observation {
            server,
            generation: 1,
            status,
            code: None,
            detail: None,
            info: None,
            initialize: None,
            lists: vec![],
            stderr: None,
            at: self.services.clock().now(),
        };
        self.services.observe(vec![seen]).await.unwrap();
    }

    async fn write(&self, level: Level, messages: impl IntoIterator<Item = String>) {
        let now = self.services.clock().now();
        let entry = |message| NewLogEntry::new(self.project, now, level, Category::Connection, message);
        self.services.logs().append(messages.into_iter().map(entry).collect()).await.unwrap();
    }

    async fn source(&self, filter: LogFilter) -> Source {
        let meta = RequestMeta::default();
        let caller = self.services.accounts().caller_of_token(&self.token, meta).await.unwrap();
        Source::open(self.services.clone(), caller, PROJECT, filter, Some(Only::Log)).await.unwrap()
    }
}

async fn hear(socket: &mut Socket) -> Value {
    loop {
        match timeout(PATIENCE, socket.next()).await.expect("news in time").unwrap().unwrap() {
            Message::Text(text) => return serde_json::from_str(&text).unwrap(),
            Message::Ping(_) => {}
            other => panic!("{other:?} instead of news"),
        }
    }
}

async fn closed(socket: &mut Socket) -> (u16, String) {
    loop {
        match timeout(PATIENCE, socket.next()).await.expect("an end in time").unwrap().unwrap() {
            Message::Close(Some(frame)) => return (frame.code.into(), frame.reason.to_string()),
            Message::Close(None) => panic!("closed without a reason"),
            _ => {}
        }
    }
}

fn refused(result: Result<Socket, tungstenite::Error>) -> StatusCode {
    match result.map(drop) {
        Err(tungstenite::Error::Http(response)) => response.status(),
        other => panic!("{other:?} instead of a refusal"),
    }
}

#[test]
fn a_script_hears_what_is_there_first_and_then_each_change() {
    coverage::runtime().block_on(async {
        let world = World::new().await;
        world.write(Level::Error, ["before".to_owned()]).await;
        let mut feed = world.feed("?level=error").await;
        assert_eq!(hear(&mut feed).await["type"], "open");
        for name in ["box", "files"] {
            let status = hear(&mut feed).await;
            let told = [&status["type"], &status["server"], &status["status"]];
            assert_eq!(told, ["status", name, "unknown"]);
        }
        world.observe("files", Status::Ready).await;
        let status = hear(&mut feed).await;
        assert_eq!([&status["server"], &status["status"]], ["files", "ready"]);
        world.write(Level::Info, ["not asked for".to_owned()]).await;
        world.write(Level::Error, ["asked for".to_owned()]).await;
        let log = hear(&mut feed).await;
        assert_eq!([&log["type"], &log["entry"]["message"]], ["log", "asked for"]);
        world.services.servers().set_enabled(&Caller::system(), PROJECT, "box", false).await.unwrap();
        let status = hear(&mut feed).await;
        assert_eq!([&status["server"], &status["status"]], ["box", "disabled"]);
        world.services.servers().delete(&Caller::system(), PROJECT, "box").await.unwrap();
        let gone = hear(&mut feed).await;
        assert_eq!([&gone["type"], &gone["server"]], ["removed", "box"]);

        let mut later =
            world.feed(&format!("?only=log&after={}", log["entry"]["id"].as_str().unwrap())).await;
        assert_eq!(hear(&mut later).await["type"], "open");
        world.write(Level::Debug, ["newest".to_owned()]).await;
        assert_eq!(hear(&mut later).await["entry"]["message"], "newest", "it goes on after the position");
    });
}

#[test]
fn whoever_loses_the_token_or_the_role_is_told_which() {
    coverage::runtime().block_on(async {
        let world = World::new().await;
        let mut feed = world.feed("?only=log").await;
        assert_eq!(hear(&mut feed).await["type"], "open");
        let system = Caller::system();
        world.services.projects().remove_member(&system, PROJECT, world.reporter).await.unwrap();
        world.write(Level::Error, ["not for them any more".to_owned()]).await;
        assert_eq!(closed(&mut feed).await, (4403, "not_found".to_owned()));

        let member = NewMember { email: "reporter@acme.test".into(), role: Role::Reporter };
        world.services.projects().add_member(&system, PROJECT, member).await.unwrap();
        let mut feed = world.feed("").await;
        assert_eq!(hear(&mut feed).await["type"], "open");
        let caller = browser(&world.services, world.reporter).await;
        world.services.accounts().revoke_token(&caller, world.token_id).await.unwrap();
        assert_eq!(closed(&mut feed).await, (4401, "auth.token".to_owned()));
        let bearer = format!("Bearer {}", world.token);
        let again = world.connect("", &[("authorization", &bearer)]).await;
        assert_eq!(refused(again), StatusCode::UNAUTHORIZED);
    });
}

#[test]
fn a_page_of_another_site_cannot_open_a_feed_with_its_visitors_cookie() {
    coverage::runtime().block_on(async {
        let world = World::new().await;
        let cookie = sign_in(&world).await;
        let own = [("cookie", cookie.as_str()), ("origin", "http://127.0.0.1:8080")];
        let mut feed = world.connect("", &own).await.unwrap();
        assert_eq!(hear(&mut feed).await["type"], "open");
        for origin in ["http://evil.test", "null"] {
            let foreign = world.connect("", &[("cookie", cookie.as_str()), ("origin", origin)]).await;
            assert_eq!(refused(foreign), StatusCode::FORBIDDEN, "{origin}");
        }
        let nobody = world.connect("", &[("origin", "http://127.0.0.1:8080")]).await;
        assert_eq!(refused(nobody), StatusCode::UNAUTHORIZED);
        let (_, stranger, _) = person(&world.services, "stranger").await;
        let foreign = world.connect("", &[("authorization", &format!("Bearer {stranger}"))]).await;
        assert_eq!(refused(foreign), StatusCode::NOT_FOUND);
    });
}

/// The cookie of a browser that signed in.
async fn sign_in(world: &World) -> String {
    let (path, _) = leptos::server_fn::axum::server_fn_paths()
        .find(|(path, _)| path.starts_with("/_fn/account/sign-in") && !path.contains("link"))
        .unwrap();
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.extend_pairs([("email", "reporter@acme.test"), ("password", PASSWORD), ("next", "/")]);
    let form = form.finish();
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{form}",
        form.len()
    );
    let mut stream = TcpStream::connect(world.address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let line =
        answer.lines().find(|line| line.to_lowercase().starts_with("set-cookie: sluice=")).expect(&answer);
    line["set-cookie: ".len()..].split(';').next().unwrap().to_owned()
}

#[test]
fn at_a_stop_everybody_is_told_to_come_back() {
    coverage::runtime().block_on(async {
        let mut world = World::new().await;
        let mut feed = world.feed("").await;
        assert_eq!(hear(&mut feed).await["type"], "open");
        world.stop.take().unwrap().send(()).unwrap();
        let (code, reason) = closed(&mut feed).await;
        assert_eq!(code, 1001);
        assert!(reason.contains("come back"), "{reason}");
        drop(feed);
        world.feeds.ended().await;
        timeout(PATIENCE, world.serving).await.expect("nothing is left open").unwrap();
    });
}

#[test]
fn a_client_that_talks_is_told_that_nobody_listens() {
    coverage::runtime().block_on(async {
        let world = World::new().await;
        let mut feed = world.feed("").await;
        futures_util::SinkExt::send(&mut feed, Message::text("hello")).await.unwrap();
        assert_eq!(closed(&mut feed).await.0, 1003);
    });
}

#[test]
fn what_is_no_websocket_is_told_how_to_connect() {
    coverage::runtime().block_on(async {
        let world = World::new().await;
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, format!("Bearer {}", world.token).parse().unwrap());
        let mut request = Request::get(format!("/api/v1/projects/{PROJECT}/feed"))
            .header(header::HOST, "127.0.0.1:8080")
            .body(axum::body::Body::empty())
            .unwrap();
        request.headers_mut().extend(headers);
        let dir = tempfile::tempdir().unwrap();
        let front = coverage::serve(world.services.clone(), dir).await.front;
        let response = front.answer(request, ([127, 0, 0, 1], 1).into()).await;
        assert_eq!(response.status(), StatusCode::UPGRADE_REQUIRED);
        assert_eq!(response.headers()[header::UPGRADE], "websocket");
        let body = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
        let body: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!((&body["code"], &body["status"]), (&json!("request.upgrade"), &json!(426)));
    });
}

#[test]
fn a_reader_that_falls_behind_is_told_what_it_missed_and_one_that_catches_up_misses_nothing() {
    coverage::runtime().block_on(async {
        let world = World::new().await;
        let numbered = |from: usize, to: usize| (from..to).map(|n| format!("entry {n}"));
        world.write(Level::Info, ["first".to_owned()]).await;
        let mut slow = world.source(LogFilter::default()).await.with_patience(300);
        let opened = slow.next().await.unwrap();
        let [News::Open { after: start, .. }] = opened[..] else { panic!("{opened:?}") };
        world.write(Level::Info, numbered(0, 1_000)).await;
        assert_eq!(slow.next().await.unwrap().len(), 200);
        let news = slow.next().await.unwrap();
        let [News::Gap { lost: 800, at_least: false, after, until }] = news[..] else { panic!("{news:?}") };
        world.write(Level::Info, ["after the gap".to_owned()]).await;
        let news = slow.next().await.unwrap();
        assert!(matches!(&news[..], [News::Log { entry }] if entry.message == "after the gap"), "{news:?}");

        let mut count = 0;
        let filter = LogFilter { after: Some(after), ..LogFilter::default() };
        let mut again = world.source(filter).await.with_patience(300);
        while count < 801 {
            let news = again.next().await.unwrap();
            assert!(!news.iter().any(|news| matches!(news, News::Gap { .. })), "it asked for the past");
            count += news.iter().filter(|news| matches!(news, News::Log { .. })).count();
        }
        assert_eq!(count, 801, "what the gap left out, and what came since");
        assert!(start < after && after < until);
    });
}
