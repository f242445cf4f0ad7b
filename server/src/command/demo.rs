//! `sluice demo --size large`: a database as a big organization has it, to measure and to look at.
//!
//! Written by the use cases that people and the data plane write with, so that it holds what they
//! would leave. The same size gives the same data.

use anyhow::{Result, bail};
use domain::{
    Code, ProjectId, SecretInput, ServerId, Timestamp,
    account::SignUp,
    log::{Category, Level, NewLogEntry, Outcome},
    organization::OrganizationInput,
    project::NewProject,
    server::{ListKind, ListState, Observation, ObservedList, ServerInfo, ServerInput, Status, Transport},
    team::TeamInput,
};
use serde_json::json;
use services::{Caller, Services};

use super::print;
use crate::{
    cli::{Demo, Size},
    config::Config,
    open::{Pending, explain, open},
};

/// How much of everything.
pub(crate) struct Plan {
    pub(crate) organizations: u64,
    pub(crate) projects: u64,
    pub(crate) servers: u64,
    pub(crate) tools_each: u64,
    pub(crate) entries: u64,
}

impl Plan {
    fn of(size: Size) -> Self {
        match size {
            Size::Small => {
                Self { organizations: 3, projects: 12, servers: 40, tools_each: 8, entries: 20_000 }
            }
            Size::Large => {
                Self { organizations: 20, projects: 200, servers: 2_000, tools_each: 10, entries: 1_000_000 }
            }
        }
    }
}

const AREAS: [&str; 10] =
    ["search", "billing", "support", "docs", "data", "design", "mobile", "platform", "research", "sales"];
const THINGS: [&str; 8] = ["assistant", "tools", "pipeline", "desk", "lab", "studio", "hub", "works"];
const SERVERS: [&str; 10] =
    ["github", "postgres", "slack", "jira", "filesystem", "notion", "sentry", "grafana", "s3", "calendar"];
const VERBS: [&str; 5] = ["get", "list", "search", "create", "update"];
const NOUNS: [&str; 8] = ["issue", "document", "record", "message", "event", "file", "report", "user"];

/// Of a server that was never changed.
const FIRST_GENERATION: u64 = 1;
/// Entries written in one transaction.
const BATCH: usize = 4_000;
/// Days that the log goes back.
const DAYS: i64 = 25;

pub(super) async fn run(config: &Config, demo: Demo) -> Result<()> {
    let services = open(config, Pending::AsConfigured).await?;
    if !services.accounts().set_up_needed().await.map_err(explain)? {
        bail!("this database has people in it; name an empty directory with --data-dir");
    }
    let plan = Plan::of(demo.size);
    let seeded = fill(&services, &plan).await.map_err(explain)?;
    print(&format!(
        "{} projects, {} servers, {} tools, {} log entries. Sign in as {} with the password {}\n",
        plan.projects,
        plan.servers,
        plan.servers * plan.tools_each,
        seeded,
        EMAIL,
        PASSWORD
    ))
}

pub(crate) const EMAIL: &str = "admin@sluice.test";
/// Of a database that holds nothing but invented data.
const PASSWORD: &str = "large-demo-password";

/// A server with what its log entries say of it.
struct Seeded {
    project: ProjectId,
    id: ServerId,
    name: String,
    tools: Vec<String>,
}

pub(crate) async fn fill(services: &Services, plan: &Plan) -> domain::Result<u64> {
    let system = Caller::system();
    let sign_up =
        SignUp { email: EMAIL.into(), name: "Admin".into(), password: SecretInput::new(PASSWORD.to_owned()) };
    services.accounts().create_user(&system, sign_up, true).await?;
    for number in 0..plan.organizations {
        let slug = format!("team-{number:02}");
        let input = OrganizationInput { name: format!("Team {number:02}"), slug };
        let made = services.organizations().create(&system, input).await?;
        let team = TeamInput { slug: "operations".into(), name: "Operations".into() };
        services.teams().create(&system, &made.slug, team).await?;
    }
    let mut seeded = Vec::new();
    for number in 0..plan.projects {
        seeded.extend(project(services, plan, number).await?);
    }
    entries(services, plan, &seeded).await
}

/// One project with its servers. The first has several times as many as the others.
async fn project(services: &Services, plan: &Plan, number: u64) -> domain::Result<Vec<Seeded>> {
    let system = Caller::system();
    let (area, thing) = (pick(&AREAS, number), pick(&THINGS, number / 10));
    let input = NewProject {
        organization: format!("team-{:02}", number % plan.organizations),
        slug: format!("{area}-{thing}-{number:03}"),
        name: format!("{} {thing} {number:03}", capital(area)),
        description: format!("What the {area} team calls from its agents."),
    };
    let made = services.projects().create(&system, input).await?;
    let path = made.path();
    // As many as there are in all, no more and no fewer, spread by the number of the project.
    let (from, to) = (plan.servers * number / plan.projects, plan.servers * (number + 1) / plan.projects);
    let mut seeded = Vec::new();
    let mut seen = Vec::new();
    for server in from..to {
        let kind = pick(&SERVERS, server);
        let input = ServerInput {
            name: format!("{kind}-{server:04}"),
            description: format!("{} of the {area} team.", capital(kind)),
            transport: if server % 3 == 0 { Transport::Sse } else { Transport::StreamableHttp },
            url: format!("https://{kind}-{server}.tools.example/mcp"),
            ..ServerInput::default()
        };
        let made = services.servers().create(&system, &path, input).await?;
        let tools: Vec<String> = (0..plan.tools_each)
            .map(|tool| format!("{}_{}_{tool}", pick(&VERBS, server + tool), pick(&NOUNS, server / 7 + tool)))
            .collect();
        seen.push(observation(services.clock().now(), &made.id, server, kind, &tools));
        seeded.push(Seeded { project: made.project_id, id: made.id, name: made.name, tools });
    }
    services.observe(seen).await?;
    Ok(seeded)
}

/// What the data plane would have seen: most work, one in twenty does not.
fn observation(at: Timestamp, server: &ServerId, number: u64, kind: &str, tools: &[String]) -> Observation {
    let fails = number % 20 == 7;
    let items: Vec<_> = tools
        .iter()
        .map(|name| {
            json!({
                "name": name,
                "description": format!("{} in {kind}.", capital(&name.replace('_', " "))),
                "inputSchema": {
                    "type": "object",
                    "properties": {
                        "query": { "type": "string", "description": "What to look for." },
                        "limit": { "type": "integer", "minimum": 1, "maximum": 100, "default": 20 },
                    },
                    "required": ["query"],
                },
            })
        })
        .collect();
    let list = ObservedList {
        state: ListState {
            kind: ListKind::Tools,
            count: u32::try_from(items.len()).unwrap_or(u32::MAX),
            version: 1,
            hash: format!("{number:016x}"),
            read_at: Some(at),
            code: None,
            detail: None,
        },
        items: Some(serde_json::Value::from(items).to_string()),
    };
    Observation {
        server: *server,
        generation: FIRST_GENERATION,
        status: if fails { Status::Failed } else { Status::Ready },
        code: fails.then_some(Code::ConnectFailed),
        detail: fails.then(|| "connection refused".to_owned()),
        info: Some(ServerInfo {
            name: kind.to_owned(),
            version: format!("1.{}.0", number % 10),
            protocol: "2025-11-25".to_owned(),
            capabilities: vec!["tools".to_owned()],
            instructions: None,
            transport: None,
        }),
        initialize: None,
        lists: vec![list],
        stderr: None,
        at,
    }
}

/// Calls, oldest first. A few servers take most of them, as everywhere.
async fn entries(services: &Services, plan: &Plan, servers: &[Seeded]) -> domain::Result<u64> {
    let mut random = Random(7);
    let start = services.clock().now() - chrono::TimeDelta::days(DAYS);
    let step = chrono::TimeDelta::days(DAYS) / i32::try_from(plan.entries).unwrap_or(i32::MAX);
    let mut batch = Vec::with_capacity(BATCH);
    let mut at = start;
    for number in 0..plan.entries {
        // The square leans towards the first.
        let unit = random.unit();
        let index = (unit * unit * servers.len() as f64) as usize;
        batch.push(entry(&servers[index.min(servers.len() - 1)], at, number, &mut random));
        at += step;
        if batch.len() == BATCH {
            services.logs().append(std::mem::take(&mut batch)).await?;
        }
    }
    services.logs().append(batch).await?;
    Ok(plan.entries)
}

fn entry(server: &Seeded, at: Timestamp, number: u64, random: &mut Random) -> NewLogEntry {
    let tool = &server.tools[(random.unit() * server.tools.len() as f64) as usize % server.tools.len()];
    let fails = random.unit() < 0.03;
    let took = (5.0 / (1.001 - random.unit())) as u64;
    NewLogEntry {
        server: Some(server.id),
        server_name: Some(server.name.clone()),
        session: Some(format!("{:012x}", number / 40)),
        method: Some("tools/call".to_owned()),
        tool: Some(tool.clone()),
        outcome: Some(if fails { Outcome::Failed } else { Outcome::Ok }),
        code: fails.then_some(Code::UpstreamTimeout),
        duration_ms: Some(took),
        request_id: Some(format!("{number:x}")),
        arguments: Some(format!("{{\"query\":\"{}\",\"limit\":20}}", pick(&NOUNS, number))),
        result: (!fails)
            .then(|| "{\"content\":[{\"type\":\"text\",\"text\":\"Nothing was found.\"}]}".to_owned()),
        ..NewLogEntry::new(
            server.project,
            at,
            if fails { Level::Error } else { Level::Info },
            Category::ToolExecution,
            if fails { "The server did not answer in time." } else { "Answered." },
        )
    }
}

fn pick<'a>(of: &[&'a str], number: u64) -> &'a str {
    of[number as usize % of.len()]
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The same numbers each time: xorshift64 (Marsaglia 2003), which is good enough to spread calls.
struct Random(u64);

impl Random {
    /// From 0 to below 1.
    fn unit(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }
}
