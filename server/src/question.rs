//! What each page asks of the database: as many questions however much there is, and none that walks a
//! table which grows.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
};

use axum::body::{Body, to_bytes};
use domain::{SessionId, account::NewPersonalToken, command::CommandInput, key::NewKey, log::LogFilter};
use http::{Request, header};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use services::{Caller, RequestMeta, Services};

use crate::{
    command::demo::{EMAIL, Plan, fill},
    console::ROUTES,
    coverage::{self, World},
};

/// Tables that stay small however long an installation runs, because a person writes each row or they are
/// one number each.
const SMALL: [&str; 8] = [
    "approved_command",
    "job_run",
    "pragma_page_count",
    "pragma_page_size",
    "revision",
    "seaql_migrations",
    "shared_server",
    "shared_server",
];

const ORGANIZATION: &str = "team-00";
const PROJECT: &str = "team-00.search-assistant-000";
const SERVER: &str = "github-0000";
const TOOL: &str = "get_issue_0";
const COMMAND: &str = "everything";
const SHARED: &str = "ours";

type Heard = Arc<Mutex<Vec<Statement>>>;

/// A demo of some size, its administrator, and what was heard.
struct Site {
    world: World,
    services: Services,
    token: String,
    /// Of a key and of an entry of the log.
    key: String,
    entry: String,
    heard: Heard,
}

impl Site {
    async fn new(plan: Plan) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut services = coverage::services(dir.path()).await;
        let heard = Heard::default();
        let noted = heard.clone();
        assert!(services.listen(move |statement| noted.lock().unwrap().push(statement.clone())));
        <migrations::Migrator as migrations::MigratorTrait>::up(services.database(), None).await.unwrap();
        fill(&services, &plan).await.unwrap();
        let token = token(&services).await;
        let system = Caller::system();
        let key = services.keys().create(&system, PROJECT, NewKey::named("a")).await.unwrap();
        let key = key.key.id.to_string();
        let filter = LogFilter { limit: Some(1), ..LogFilter::default() };
        let entry = services.logs().list(&system, PROJECT, filter).await.unwrap().items[0].id.to_string();
        let command =
            CommandInput { name: COMMAND.into(), program: "true".into(), ..CommandInput::default() };
        services.commands().create(&system, command).await.unwrap();
        let input = serde_json::json!({ "name": SHARED, "transport": "builtin", "builtin": "toolbox" });
        services.shared_servers().create(&system, serde_json::from_value(input).unwrap()).await.unwrap();
        let world = coverage::serve(services.clone(), dir).await;
        Self { world, services, token, key, entry, heard }
    }

    /// The page with the ids that this demo has in place of those in braces.
    fn here(&self, page: &str) -> String {
        page.replace("{key}", &self.key).replace("{id}", &self.entry)
    }

    /// The questions that a page asks when it is opened once more.
    async fn open(&self, path: &str) -> Vec<Statement> {
        // The first time, a page writes that it was visited.
        for _ in 0..2 {
            self.heard.lock().unwrap().clear();
            let request = Request::builder()
                .uri(path)
                .header(header::HOST, "127.0.0.1:8080")
                .header(header::ACCEPT, "text/html")
                .header(header::AUTHORIZATION, format!("Bearer {}", self.token));
            let request = request.body(Body::empty()).unwrap();
            let response = self.world.front.answer(request, ([127, 0, 0, 1], 1).into()).await;
            assert_eq!(response.status(), 200, "{path}");
            to_bytes(response.into_body(), 10_000_000).await.unwrap();
        }
        std::mem::take(&mut *self.heard.lock().unwrap())
    }
}

async fn token(services: &Services) -> String {
    let link = services.accounts().issue_sign_in_link(&Caller::system(), EMAIL).await.unwrap();
    let user = services.accounts().sign_in_with_link(link.expose_secret()).await.unwrap();
    let session = SessionId::new(1, [1; 10]);
    let caller =
        services.accounts().caller_of_session(user.id, session, RequestMeta::default()).await.unwrap();
    let input = NewPersonalToken { name: "test".into(), expires_in_days: None };
    let token = services.accounts().create_token(&caller.unwrap(), input).await.unwrap();
    token.secret.expose_secret().to_owned()
}

/// The pages of who is signed in, as the router knows them, with names that both demos have.
fn pages() -> Vec<String> {
    const OTHERS: [&str; 4] = ["/sign-", "/set-up", "/invitation", "/ui"];
    let mut pages: Vec<String> = ROUTES
        .iter()
        .map(|route| {
            route
                .path()
                .replace("{project}", PROJECT)
                .replace("{server}", SERVER)
                .replace("{organization}", ORGANIZATION)
                .replace("{team}", "operations")
                .replace("{command}", COMMAND)
                .replace("{shared}", SHARED)
        })
        // What leads on to another page, which is in the list itself.
        .filter(|page| !page.ends_with("/edit"))
        .filter(|page| !OTHERS.iter().any(|other| page.starts_with(other)))
        .collect();
    let server = format!("/projects/{PROJECT}/servers/{SERVER}");
    // What an address asks for besides makes other questions.
    pages.extend([
        format!("{server}/tools?q=a&show=shown&page=1&open={TOOL}"),
        format!("{server}/tools?edit={TOOL}"),
        format!("{server}/resources?q=a"),
        format!("{server}/prompts?q=a"),
        format!("{server}/try?tool={TOOL}"),
        format!("{server}/try?resource=file:///a"),
        format!("{server}/try?prompt=review"),
        format!("{server}/history?tool={TOOL}"),
        format!("/projects/{PROJECT}/tools?q=a&show=hidden"),
        format!("/projects/{PROJECT}/tools?server={SERVER}&open={SERVER}/{TOOL}"),
    ]);
    pages.sort();
    assert!(pages.len() > 50, "{pages:?}");
    pages
}

/// The steps of a plan that look at each row of a table that grows.
async fn walks(database: &DatabaseConnection, question: &Statement) -> Vec<String> {
    let mut explained = question.clone();
    explained.sql = format!("EXPLAIN QUERY PLAN {}", question.sql);
    let plan = database.query_all_raw(explained).await.unwrap();
    let steps: Vec<String> = plan.iter().map(|row| row.try_get("", "detail").unwrap()).collect();
    // In the order of an index, the first of many are found without the rest.
    let bounded = question.sql.contains("LIMIT") && !steps.iter().any(|step| step.contains("TEMP B-TREE"));
    let grows = |step: &String| {
        let table = step.strip_prefix("SCAN ").and_then(|rest| rest.split(' ').next());
        table.is_some_and(|table| !SMALL.contains(&table)) && !(bounded && step.contains("USING"))
    };
    steps.into_iter().filter(grows).collect()
}

/// How often each text was asked. Lists of values are longer where there is more; that is one question.
fn counted(questions: &[Statement]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for question in questions {
        let text = question.sql.replace("?, ", "");
        *counts.entry(text).or_default() += 1;
    }
    counts
}

fn plan(times: u64) -> Plan {
    Plan {
        organizations: 2 * times,
        projects: 12 * times,
        servers: 24 * times,
        tools_each: 3,
        entries: 400 * times,
    }
}

#[test]
fn pages_ask_the_same_however_much_there_is() {
    coverage::runtime().block_on(async {
        let (small, large) = (Site::new(plan(1)).await, Site::new(plan(3)).await);
        let (mut more, mut walked) = (BTreeMap::new(), BTreeSet::new());
        for page in pages() {
            let (few, many) = (small.open(&small.here(&page)).await, large.open(&large.here(&page)).await);
            let (before, after) = (counted(&few), counted(&many));
            for (text, times) in after {
                let was = before.get(&text).copied().unwrap_or_default();
                // One row each would be many more; whether two parts of a page wait for one answer or ask
                // twice is a matter of time.
                if times > was + 4 {
                    more.entry(text).or_insert_with(Vec::new).push(format!("{page}: {was}, then {times}"));
                }
            }
            for question in many {
                for step in walks(large.services.database(), &question).await {
                    walked.insert(format!("{page} {step}: {}", question.sql));
                }
            }
        }
        assert!(more.is_empty() && walked.is_empty(), "asked more often: {more:#?}\nwalked: {walked:#?}");
    });
}
