//! A database of its own for each test, with people and a project in it.

use std::future::Future;

use chrono::DateTime;
use domain::{
    Role, SecretInput, UserId,
    account::{SignUp, SignUpPolicy, User},
    invitation::Host,
    organization::OrganizationInput,
    project::{NewMember, NewProject},
    server::{ServerInput, TestFailure, TestReport},
};
use migrations::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, Database};
use secrecy::SecretBox;
use tempfile::TempDir;

use crate::{Caller, Clock, Entropy, Options, RequestMeta, Services, Settings};

pub(super) const PASSWORD: &str = "correct horse battery";
pub(super) const PROJECT: &str = "acme.payments";

pub(super) struct Fixture {
    pub(super) services: Services,
    pub(super) clock: Clock,
    pub(super) admin: Caller,
    pub(super) owner: Caller,
    pub(super) developer: Caller,
    pub(super) reporter: Caller,
    /// Owns another organization and its project `other.shop`.
    pub(super) stranger: Caller,
}

/// Runs `test` on each database that is there.
pub(super) fn on_each_database<F: Future<Output = ()>>(test: impl Fn(Fixture) -> F) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let dir = TempDir::new().unwrap();
        test(Fixture::new(&format!("sqlite://{}?mode=rwc", dir.path().join("test.db").display())).await)
            .await;
        if let Some(server) = postgres() {
            let url = new_database(&server).await;
            test(Fixture::new(&url).await).await;
            drop_database(&server, &url).await;
        }
    });
}

fn postgres() -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "how the test command names its server")]
    std::env::var("SLUICE_TEST_POSTGRES_URL").ok()
}

async fn new_database(server: &str) -> String {
    let name: String = Entropy::os().bytes::<8>().iter().map(|byte| format!("{byte:02x}")).collect();
    let name = format!("test_{name}");
    let admin = Database::connect(server).await.unwrap();
    admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
    let (base, _) = server.rsplit_once('/').unwrap();
    format!("{base}/{name}")
}

async fn drop_database(server: &str, url: &str) {
    let (_, name) = url.rsplit_once('/').unwrap();
    let admin = Database::connect(server).await.unwrap();
    admin.execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)")).await.unwrap();
}

/// An empty, migrated installation.
pub(super) async fn empty(url: &str, clock: Clock) -> Services {
    let services = Services::open(Options {
        database_url: url.to_owned(),
        master_key: SecretBox::new(Box::new([7; 32])),
        settings: Settings {
            sign_up: SignUpPolicy::Open,
            stdio_enabled: true,
            open_access: true,
            session_lifetime: chrono::TimeDelta::days(14),
        },
        clock,
        entropy: Entropy::os(),
    })
    .await
    .unwrap();
    // Up, down and up again: each migration knows its way back.
    Migrator::up(services.database(), None).await.unwrap();
    Migrator::down(services.database(), None).await.unwrap();
    Migrator::up(services.database(), None).await.unwrap();
    services.with_probe(std::sync::Arc::new(|target| {
        Box::pin(async move {
            // Tells what would have been started; nothing is.
            let detail = format!("{:?}", target.kind);
            TestReport::Failure(TestFailure {
                code: domain::Code::SpawnFailed,
                detail: Some(detail),
                stderr: vec![],
                duration_ms: 0,
            })
        })
    }))
}

impl Fixture {
    async fn new(url: &str) -> Self {
        let clock = Clock::fixed(DateTime::from_timestamp(1_790_000_000, 0).unwrap());
        let services = empty(url, clock.clone()).await;
        let system = Caller::system();
        let admin = person(&services, "admin@acme.test", true).await;
        let owner = person(&services, "owner@acme.test", false).await;
        let developer = person(&services, "developer@acme.test", false).await;
        let reporter = person(&services, "reporter@acme.test", false).await;
        let stranger = person(&services, "stranger@other.test", false).await;
        for (slug, project) in [("acme", "payments"), ("other", "shop")] {
            let input = OrganizationInput { slug: slug.into(), name: slug.into() };
            services.organizations().create(&system, input).await.unwrap();
            let input = NewProject {
                organization: slug.into(),
                slug: project.into(),
                name: project.into(),
                description: String::new(),
            };
            services.projects().create(&system, input).await.unwrap();
        }
        for (project, person, role) in [
            (PROJECT, &owner, Role::Owner),
            (PROJECT, &developer, Role::Developer),
            (PROJECT, &reporter, Role::Reporter),
            ("other.shop", &stranger, Role::Owner),
        ] {
            let member = NewMember { email: person.email.clone(), role };
            services.projects().add_member(&system, project, member).await.unwrap();
        }
        let fresh = async |caller: Caller| caller_of(&services, caller.subject.user).await;
        Self {
            admin: fresh(admin).await,
            owner: fresh(owner).await,
            developer: fresh(developer).await,
            reporter: fresh(reporter).await,
            stranger: fresh(stranger).await,
            services: services.clone(),
            clock,
        }
    }

    /// Every role beside the outsider, by name.
    pub(super) fn members(&self) -> [(&'static str, &Caller); 4] {
        [
            ("admin", &self.admin),
            ("owner", &self.owner),
            ("developer", &self.developer),
            ("reporter", &self.reporter),
        ]
    }
}

async fn person(services: &Services, email: &str, admin: bool) -> Caller {
    let user = user(services, email, admin).await;
    caller_of(services, user.id).await
}

pub(super) async fn user(services: &Services, email: &str, admin: bool) -> User {
    services.accounts().create_user(&Caller::system(), sign_up(email), admin).await.unwrap()
}

pub(super) fn sign_up(email: &str) -> SignUp {
    SignUp { email: email.into(), name: email.into(), password: SecretInput::new(PASSWORD) }
}

/// A project as people are invited to it.
pub(super) fn host(project: &str) -> Host {
    Host::Project(project.into())
}

/// The caller with the roles of this moment.
pub(super) async fn caller_of(services: &Services, user: UserId) -> Caller {
    let session = domain::SessionId::new(1, [1; 10]);
    services.accounts().caller_of_session(user, session, RequestMeta::default()).await.unwrap().unwrap()
}

pub(super) fn stdio(name: &str) -> ServerInput {
    serde_json::from_value(serde_json::json!({
        "name": name, "transport": "stdio", "command": "npx", "args": ["-y", "server"],
        "env": [{ "name": "TOKEN", "value": "canary-env" }],
    }))
    .unwrap()
}

pub(super) fn remote(name: &str) -> ServerInput {
    serde_json::from_value(serde_json::json!({
        "name": name, "transport": "streamable_http", "url": "https://mcp.example.org/mcp",
        "headers": [{ "name": "X-Key", "value": "canary-header" }],
    }))
    .unwrap()
}
