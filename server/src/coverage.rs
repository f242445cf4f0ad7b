//! Who may call what: every REST route, server function and MCP method, tried by everybody.
//!
//! The lists of routes and functions are the program's own, so a new one that is not in the tables
//! here fails the tests. What everybody got is kept as a snapshot, to be read when it changes.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::{collections::BTreeMap, path::Path, sync::OnceLock};

use axum::body::{Body, to_bytes};
use domain::{
    SessionId, UserId,
    account::{NewPersonalToken, SignUpPolicy},
};
use http::{Method, Request, StatusCode, header};
use secrecy::SecretBox;
use serde_json::{Value, json};
use services::{Caller, Clock, Entropy, Options, RequestMeta, Services, Settings, apply::Secrets};

use crate::{
    api,
    cli::{Cli, Command, Serve},
    config::Config,
    front::Front,
    health::Readiness,
    plane::snapshot,
    router,
};

const PROJECT: &str = "acme.payments";
const IMPORT: &str = r#"{"mcpServers":{"far":{"url":"https://mcp.example/mcp"}}}"#;
const BASE: &str = "http://127.0.0.1:8080";

const DOCUMENT: &str = "
organizations: [{ slug: acme, name: Acme }, { slug: other, name: Other }]
users:
  - { email: admin@acme.test, name: Admin, password_env: PASSWORD, admin: true }
  - { email: owner@acme.test, name: Owner, password_env: PASSWORD }
  - { email: developer@acme.test, name: Developer, password_env: PASSWORD }
  - { email: reporter@acme.test, name: Reporter, password_env: PASSWORD }
  - { email: stranger@other.test, name: Stranger, password_env: PASSWORD }
  - { email: disabled@acme.test, name: Disabled, password_env: PASSWORD }
projects:
  - org: acme
    slug: payments
    members:
      - { email: owner@acme.test, role: owner }
      - { email: developer@acme.test, role: developer }
      - { email: reporter@acme.test, role: reporter }
      - { email: disabled@acme.test, role: owner }
    servers: [{ name: box, transport: builtin, builtin: toolbox }]
  - org: other
    slug: shop
    members: [{ email: stranger@other.test, role: owner }]
";

/// Everybody who may try, in the order of the columns.
const ACTORS: [&str; 8] =
    ["anonymous", "api_key", "disabled", "stranger", "reporter", "developer", "owner", "admin"];

/// An installation on disk that is copied for each attempt, so that none sees what another did.
struct Template {
    dir: tempfile::TempDir,
    secrets: BTreeMap<&'static str, String>,
    users: BTreeMap<&'static str, UserId>,
    key: String,
    /// The id of one of the organization.
    template: String,
}

pub(crate) fn runtime() -> tokio::runtime::Runtime {
    static TLS: OnceLock<()> = OnceLock::new();
    TLS.get_or_init(|| {
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    tokio::runtime::Runtime::new().unwrap()
}

pub(crate) async fn services(dir: &Path) -> Services {
    Services::open(Options {
        database_url: format!("sqlite://{}/sluice.db?mode=rwc", dir.display()),
        master_key: SecretBox::new(Box::new([7; 32])),
        settings: Settings {
            sign_up: SignUpPolicy::Open,
            stdio_enabled: true,
            open_access: true,
            session_lifetime: chrono::TimeDelta::days(14),
        },
        clock: Clock::system(),
        entropy: Entropy::os(),
    })
    .await
    .unwrap()
}

impl Template {
    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let services = services(dir.path()).await;
        <migrations::Migrator as migrations::MigratorTrait>::up(services.database(), None).await.unwrap();
        let system = Caller::system();
        let document = yaml_serde::from_str(DOCUMENT).unwrap();
        let resolved =
            Secrets::resolve(&document, |_| anyhow::Ok("correct horse battery 9".to_owned().into())).unwrap();
        services.apply(&system, &document, &resolved, false).await.unwrap();
        let team = domain::team::TeamInput { slug: "ops".into(), name: "Ops".into() };
        services.teams().create(&system, "acme", team).await.unwrap();
        let input = domain::template::TemplateInput { name: "Base".into(), description: String::new() };
        let kept = services.templates().save(&system, "acme", PROJECT, input).await.unwrap();
        let command = domain::command::CommandInput {
            name: "files".into(),
            program: "npx".into(),
            ..Default::default()
        };
        services.commands().create(&system, command).await.unwrap();
        let shared = domain::server::ServerInput {
            name: "docs".into(),
            transport: domain::server::Transport::Builtin,
            builtin: "toolbox".into(),
            ..Default::default()
        };
        services.shared_servers().create(&system, shared).await.unwrap();
        let key = services.keys().create(&system, PROJECT, domain::key::NewKey::named("ci")).await.unwrap();

        let mut secrets = BTreeMap::from([("api_key", key.secret.expose_secret().to_owned())]);
        let mut users = BTreeMap::new();
        for name in ACTORS.into_iter().skip(2) {
            let organization = if name == "stranger" { "other" } else { "acme" };
            let link = services
                .accounts()
                .issue_sign_in_link(&system, &format!("{name}@{organization}.test"))
                .await
                .unwrap();
            let user = services.accounts().sign_in_with_link(link.expose_secret()).await.unwrap();
            let session = SessionId::new(1, [1; 10]);
            let caller = services
                .accounts()
                .caller_of_session(user.id, session, RequestMeta::default())
                .await
                .unwrap();
            let input = NewPersonalToken { name: "test".into(), expires_in_days: None };
            let token = services.accounts().create_token(&caller.unwrap(), input).await.unwrap();
            secrets.insert(name, token.secret.expose_secret().to_owned());
            users.insert(name, user.id);
        }
        services.accounts().set_disabled(&system, users["disabled"], true).await.unwrap();
        services.close().await.unwrap();
        Self { dir, secrets, users, key: key.key.id.to_string(), template: kept.id.to_string() }
    }

    /// A fresh copy, served.
    async fn serve(&self) -> World {
        let dir = tempfile::tempdir().unwrap();
        for file in std::fs::read_dir(self.dir.path()).unwrap().flatten() {
            std::fs::copy(file.path(), dir.path().join(file.file_name())).unwrap();
        }
        serve(services(dir.path()).await, dir).await
    }
}

/// Both planes over a database, without listening.
pub(crate) async fn serve(services: Services, dir: tempfile::TempDir) -> World {
    let (events, _received) = gateway::event_channel(100);
    let gateway = gateway::Gateway::new(gateway::Options {
        limits: gateway::Limits::default(),
        outbound: gateway::OutboundPolicy::default(),
        stdio_enabled: true,
        clock: gateway::Clock::system(),
        events,
        public_url: BASE.parse().unwrap(),
        allowed_origins: vec![],
        open_access: false,
        reaper: None,
        session_key: None,
    });
    gateway.replace(snapshot::directory(services.snapshot().await.unwrap()));
    let serve = Serve { role: None, listen: None, demo: false };
    let cli = Cli { command: Command::Serve(serve), config: None, data_dir: Some(dir.path().into()) };
    let config = Config::load(&cli.flags()).unwrap();
    let probe = gateway.clone();
    let services =
        services.with_probe(std::sync::Arc::new(move |target: services::snapshot::ServerTarget| {
            let gateway = probe.clone();
            Box::pin(async move {
                gateway.probe(snapshot::target(target.kind), std::time::Duration::from_secs(10)).await
            })
        }));
    let feeds = router::Feeds::default();
    let parts = router::Parts {
        services,
        gateway: gateway.clone(),
        readiness: Readiness::default(),
        public_url: BASE.parse().unwrap(),
        feeds: feeds.clone(),
    };
    World { front: router::build(&config, parts), feeds, _dir: dir, gateway }
}

pub(crate) struct World {
    pub(crate) front: Front,
    pub(crate) feeds: router::Feeds,
    pub(crate) gateway: gateway::Gateway,
    _dir: tempfile::TempDir,
}

struct Answer {
    status: StatusCode,
    /// Without what is new in each answer.
    body: String,
    location: Option<String>,
}

impl World {
    async fn ask(self, request: Request<Body>, reads: bool) -> Answer {
        let response = self.front.answer(request, ([127, 0, 0, 1], 1).into()).await;
        let status = response.status();
        assert_eq!(response.headers()[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        let id = response.headers().get("x-request-id").map(|id| id.to_str().unwrap().to_owned()).unwrap();
        let location = response.headers().get(header::LOCATION).map(|to| to.to_str().unwrap().to_owned());
        let body = if reads {
            let bytes = to_bytes(response.into_body(), 10_000_000).await.unwrap();
            String::from_utf8(bytes.to_vec()).unwrap().replace(&id, "ID")
        } else {
            String::new()
        };
        self.gateway.shutdown(std::time::Duration::ZERO).await;
        Answer { status, body, location }
    }
}

fn request(method: Method, path: &str, secret: Option<&String>, kind: &str, body: String) -> Request<Body> {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, "127.0.0.1:8080")
        .header(header::ACCEPT, "application/json, text/event-stream")
        .header(header::CONTENT_TYPE, kind);
    if let Some(secret) = secret {
        request = request.header(header::AUTHORIZATION, format!("Bearer {secret}"));
    }
    request.body(Body::from(body)).unwrap()
}

/// A body that each route would take.
fn body(method: &str, path: &str) -> Value {
    let server = json!({ "name": "new", "transport": "builtin", "builtin": "toolbox" });
    match (method, path.trim_start_matches("/api/v1")) {
        ("put", "/me/password") => {
            json!({ "current": "correct horse battery 9", "new": "another horse battery 9" })
        }
        ("post", "/me/tokens") => json!({ "name": "new" }),
        ("post", "/users") => {
            json!({ "email": "new@acme.test", "name": "New", "password": "correct horse battery 9" })
        }
        ("put", "/users/{user}") => json!({ "disabled": true }),
        ("post", "/system/test-mail") => json!({ "email": "new@acme.test" }),
        ("post", "/organizations") => json!({ "slug": "new", "name": "New" }),
        ("put", "/organizations/{organization}") => json!({ "slug": "acme", "name": "Renamed" }),
        ("post", "/organizations/{organization}/members") => {
            json!({ "email": "reporter@acme.test", "role": "member" })
        }
        ("put", "/organizations/{organization}/members/{user}") => json!({ "role": "member" }),
        ("post", "/organizations/{organization}/invitations") => json!({ "role": "member" }),
        ("post", "/organizations/{organization}/teams") => json!({ "slug": "new", "name": "New" }),
        ("put", "/organizations/{organization}/teams/{team}") => json!({ "slug": "ops", "name": "Renamed" }),
        ("post", "/organizations/{organization}/teams/{team}/members") => {
            json!({ "email": "reporter@acme.test" })
        }
        ("put", "/organizations/{organization}/teams/{team}/projects/{project}") => {
            json!({ "role": "developer" })
        }
        ("post", "/organizations/{organization}/templates") => {
            json!({ "project": PROJECT, "name": "New" })
        }
        ("put", "/organizations/{organization}/templates/{template}") => json!({ "name": "Renamed" }),
        ("post", "/projects") => {
            json!({ "organization": "acme", "slug": "new", "name": "New", "template": "team-knowledge",
                "servers": ["deepwiki"] })
        }
        ("put", "/projects/{project}") => {
            json!({ "slug": "payments", "name": "Renamed", "log_retention_days": 30 })
        }
        ("post", "/projects/{project}/members") => {
            json!({ "email": "stranger@other.test", "role": "reporter" })
        }
        ("post", "/projects/{project}/invitations") => json!({ "role": "reporter" }),
        ("put", "/projects/{project}/members/{user}") => json!({ "role": "developer" }),
        ("post", "/projects/{project}/servers" | "/projects/{project}/server-test") => server,
        ("post", "/projects/{project}/servers/{server}/copy") => json!({ "name": "copy" }),
        ("post", "/projects/{project}/servers/bulk") => json!({ "action": "disable", "servers": ["box"] }),
        ("put", "/projects/{project}/servers/{server}") => server,
        ("post", "/projects/{project}/servers/{server}/test") => server,
        ("put", "/projects/{project}/servers/{server}/tools/{tool}") => json!({ "hidden": true }),
        ("post", "/projects/{project}/keys") => json!({ "name": "new" }),
        ("post", "/projects/{project}/calls") => json!({ "calls": [{ "tool": "sluice_status" }] }),
        ("post", "/projects/{project}/transfer") => json!({ "organization": "other", "confirm": PROJECT }),
        ("post", "/projects/{project}/import") => json!({ "document": IMPORT }),
        ("put", "/projects/{project}/keys/{key}") => json!({ "name": "ci", "scope": "mcp:read" }),
        ("post", "/projects/{project}/keys/{key}/rotate") => json!({ "overlap_hours": 24 }),
        ("post", "/projects/{project}/server-detect") => json!({ "source": "npx -y new" }),
        ("post", "/admin/servers" | "/admin/server-test") => {
            json!({ "name": "new", "transport": "builtin", "builtin": "toolbox" })
        }
        ("put", "/admin/servers/{shared}") | ("post", "/admin/servers/{shared}/test") => {
            json!({ "name": "docs", "transport": "builtin", "builtin": "toolbox", "timeout_seconds": 30 })
        }
        ("post", "/admin/servers/{shared}/withdraw" | "/admin/servers/{shared}/restore") => Value::Null,
        ("post", "/commands") => json!({ "name": "new", "program": "npx" }),
        ("put", "/commands/{command}") => json!({ "name": "files", "program": "npx", "args": ["renamed"] }),
        ("post", "/commands/{command}/withdraw" | "/commands/{command}/approve") => Value::Null,
        ("put", "/projects/{project}/favorite") => Value::Null,
        ("post", _) if path.ends_with("able") || path.ends_with("/restart") => Value::Null,
        ("post", "/users/{user}/sign-in-link" | "/jobs/{job}/run") => Value::Null,
        ("get" | "delete", _) => Value::Null,
        other => panic!("{other:?} is new: give it a body here"),
    }
}

#[test]
fn every_route_for_everybody() {
    runtime().block_on(async {
        let template = Template::new().await;
        let document = serde_json::to_value(api::document()).unwrap();
        let mut table = String::new();
        for (path, methods) in document["paths"].as_object().unwrap() {
            for method in methods.as_object().unwrap().keys() {
                let verb: Method = method.to_uppercase().parse().unwrap();
                let body = match body(method, path) {
                    Value::Null => String::new(),
                    body => body.to_string(),
                };
                let streams = path.ends_with("/events") || path.ends_with("/tail");
                let mut row = Vec::new();
                for actor in ACTORS {
                    let ask = async |project: &str| {
                        let request = request(
                            verb.clone(),
                            &fill(path, project, &template),
                            template.secrets.get(actor),
                            "application/json",
                            body.clone(),
                        );
                        template.serve().await.ask(request, !streams || actor == "stranger").await
                    };
                    let answer = ask(PROJECT).await;
                    if path.contains("{project}") && actor == "stranger" {
                        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{method} {path}");
                        let missing = ask("no.such").await;
                        assert_eq!(
                            (missing.status, missing.body),
                            (answer.status, answer.body.clone()),
                            "{method} {path}"
                        );
                    }
                    if matches!(actor, "anonymous" | "api_key" | "disabled") {
                        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{method} {path} by {actor}");
                    }
                    assert!(!answer.status.is_server_error(), "{method} {path} by {actor}: {}", answer.body);
                    assert!(
                        !answer.body.contains("input.malformed"),
                        "{method} {path} by {actor}: {}",
                        answer.body
                    );
                    row.push(answer.status.as_u16().to_string());
                }
                table.push_str(&format!("{:<7}{path:<58}{}\n", verb.as_str(), row.join(" ")));
            }
        }
        insta::assert_snapshot!("routes", format!("{:<65}{}\n{table}", "", ACTORS.join(" ")));
    });
}

fn fill(path: &str, project: &str, template: &Template) -> String {
    let id = "01900000-0000-7000-8000-000000000000";
    let user = if path.contains("/users/") { "stranger" } else { "reporter" };
    let filled = path
        .replace("{project}", project)
        .replace("{server}", "box")
        .replace("{tool}", "echo")
        .replace("{team}", "ops")
        .replace("{template}", &template.template)
        .replace("{command}", "files")
        .replace("{shared}", "docs")
        .replace("{job}", "sessions")
        .replace("{organization}", "acme")
        .replace("{entry}", id)
        .replace("{key}", &template.key)
        .replace("{user}", &template.users[user].to_string())
        .replace("{session}", id)
        .replace("{invitation}", id)
        .replace("{token}", id);
    if matches!(path, "/api/v1/projects/{project}" | "/api/v1/organizations/{organization}") {
        let name = filled.rsplit('/').next().unwrap_or_default();
        format!("{filled}?confirm={name}")
    } else if path == "/api/v1/projects/{project}/transfer" {
        format!("{filled}?organization=other")
    } else {
        filled
    }
}

/// Fields that are enough for any server function; each takes those that it knows.
fn form(name: &str, project: &str, template: &Template) -> String {
    let fields = [
        ("project", project),
        ("host[project]", project),
        ("organization", "acme"),
        ("server", "box"),
        ("tool", "echo"),
        ("team", "ops"),
        ("template", template.template.as_str()),
        ("command", "files"),
        ("shared", "docs"),
        ("withdrawn", "true"),
        ("form[program]", "npx"),
        ("run", "disable"),
        ("hide", "box/echo"),
        ("access", "key"),
        ("id", "01900000-0000-7000-8000-000000000000"),
        ("user", &template.users["reporter"].to_string()),
        ("email", "stranger@other.test"),
        // Organizations have other roles than projects.
        ("role", if name.starts_with("organizations/") { "member" } else { "reporter" }),
        ("name", "new"),
        ("slug", "new"),
        ("confirm", project),
        ("description", ""),
        ("log_retention_days", "30"),
        ("token", "unknown"),
        ("password", "correct horse battery 9"),
        ("current", "correct horse battery 9"),
        ("new", "another horse battery 9"),
        ("next", "/projects"),
        ("back", "/projects"),
        ("locale", "en"),
        ("theme", "dark"),
        ("rail", "narrow"),
        ("enabled", "false"),
        ("favorite", "true"),
        ("job", "sessions"),
        ("disabled", "true"),
        ("admin", "true"),
        ("expires_in_days", "30"),
        ("search", ""),
        ("page", "1"),
        ("intent", "test"),
        ("action", "disable"),
        ("servers[0]", "box"),
        ("text", IMPORT),
        ("source", "npx -y new"),
        ("target", project),
        ("to", "other"),
        ("uri", "demo://none"),
        ("prompt", "none"),
        ("client", "cursor"),
        ("form[name]", "new"),
        ("form[text]", IMPORT),
        ("form[transport]", "builtin"),
        ("form[builtin]", "toolbox"),
    ];
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(fields);
    form.finish()
}

/// What a server function came to: `ok`, a place to go on to, or the code of a failure.
fn outcome(answer: &Answer) -> String {
    let code = |text: &str| serde_json::from_str::<Value>(text).ok()?["code"].as_str().map(str::to_owned);
    match (&answer.location, code(&answer.body)) {
        (_, Some(code)) => code,
        (Some(_), None) => "moved".to_owned(),
        (None, None) if answer.status.is_success() => "ok".to_owned(),
        (None, None) => answer.status.as_u16().to_string(),
    }
}

#[test]
fn every_server_function_for_everybody() {
    runtime().block_on(async {
        let template = Template::new().await;
        let mut paths: Vec<_> = leptos::server_fn::axum::server_fn_paths()
            .map(|(path, method)| (stem(path), path, method))
            .collect();
        paths.sort_by(|a, b| a.0.cmp(&b.0));
        assert!(paths.len() > 40, "the functions are registered: {}", paths.len());
        let mut table = String::new();
        for (name, path, method) in paths {
            let mut row = Vec::new();
            for actor in ACTORS {
                let ask = async |project: &str| {
                    let kind = "application/x-www-form-urlencoded";
                    let form = form(&name, project, &template);
                    let (path, body) = match method {
                        Method::GET => (format!("{path}?{form}"), String::new()),
                        _ => (path.to_owned(), form),
                    };
                    let request = request(method.clone(), &path, template.secrets.get(actor), kind, body);
                    template.serve().await.ask(request, true).await
                };
                let answer = ask(PROJECT).await;
                let outcome = outcome(&answer);
                let broken = matches!(outcome.as_str(), "internal" | "unavailable" | "input.malformed");
                assert!(!broken, "{name} by {actor}: {outcome} {}", answer.body);
                if actor == "stranger" {
                    let missing = ask("no.such").await;
                    if outcome == "not_found" {
                        assert_eq!(
                            (missing.status, missing.body),
                            (answer.status, answer.body.clone()),
                            "{name}"
                        );
                    }
                }
                row.push(outcome);
            }
            table.push_str(&format!("{name:<28}{}\n", row.join(" ")));
        }
        insta::assert_snapshot!("server_functions", format!("{:<28}{}\n{table}", "", ACTORS.join(" ")));
    });
}

/// The function's name: its path ends in a number that changes with its place in the source.
fn stem(path: &str) -> String {
    path.trim_start_matches("/_fn/").trim_end_matches(|c: char| c.is_ascii_digit()).to_owned()
}

#[test]
fn every_mcp_method_for_everybody() {
    runtime().block_on(async {
        let template = Template::new().await;
        let path = format!("/projects/{PROJECT}/servers/box/mcp");
        let mut table = String::new();
        for method in [
            "initialize",
            "ping",
            "server/discover",
            "tools/list",
            "tools/call",
            "resources/list",
            "resources/read",
            "resources/templates/list",
            "resources/subscribe",
            "resources/unsubscribe",
            "prompts/list",
            "prompts/get",
            "completion/complete",
            "logging/setLevel",
            "notifications/initialized",
            "x-vendor/anything",
        ] {
            let mut message = json!({ "jsonrpc": "2.0", "method": method, "params": { "protocolVersion": "2025-06-18", "name": "echo" } });
            if !method.starts_with("notifications/") {
                message["id"] = json!(1);
            }
            let mut row = Vec::new();
            for actor in ACTORS {
                let ask = async |path: &str| {
                    let request = request(Method::POST, path, template.secrets.get(actor), "application/json", message.to_string());
                    template.serve().await.ask(request, true).await
                };
                let answer = ask(&path).await;
                if actor == "api_key" {
                    let missing = ask(&format!("/projects/{PROJECT}/servers/none/mcp")).await;
                    let foreign = ask("/projects/other.shop/servers/box/mcp").await;
                    assert_eq!(missing.status, StatusCode::NOT_FOUND);
                    assert_eq!((missing.status, missing.body), (foreign.status, foreign.body), "byte for byte");
                } else {
                    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{method} by {actor}");
                }
                row.push(answer.status.as_u16().to_string());
            }
            table.push_str(&format!("{method:<28}{}\n", row.join(" ")));
        }
        insta::assert_snapshot!("mcp_methods", format!("{:<28}{}\n{table}", "", ACTORS.join(" ")));
    });
}

#[test]
fn an_unknown_address_is_a_page_for_people_and_a_problem_for_programs() {
    runtime().block_on(async {
        let template = Template::new().await;
        for (accept, kind) in
            [("text/html,*/*", "<!DOCTYPE html>"), ("application/json", r#"{"code":"not_found""#)]
        {
            let request = Request::builder().uri("/no/such/page").header(header::ACCEPT, accept);
            let answer = template.serve().await.ask(request.body(Body::empty()).unwrap(), true).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND);
            assert!(answer.body.starts_with(kind), "{}", answer.body);
        }
    });
}
