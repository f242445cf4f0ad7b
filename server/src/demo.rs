//! `sluice serve --demo`: an organization to try things in, and the words that say how.

use anyhow::{Context, Result};
use domain::{
    Code, SecretInput,
    account::SignUp,
    key::NewKey,
    organization::OrganizationInput,
    project::NewProject,
    server::{ServerInput, Transport},
};
use services::{Caller, Entropy, Services};
use url::Url;

use crate::open::explain;

const EMAIL: &str = "admin@sluice.test";
const ORGANIZATION: &str = "demo";
const PROJECT: &str = "demo.playground";

/// Fills an empty database, then prints the address, a sign-in link, a key and two commands.
pub(crate) async fn greet(services: &Services, public_url: &Url) -> Result<()> {
    let system = Caller::system();
    if services.accounts().set_up_needed().await.map_err(explain)? {
        fill(services, &system).await.map_err(explain).context("the demo cannot be made")?;
    }
    let link = match services.accounts().issue_sign_in_link(&system, EMAIL).await {
        Ok(token) => sign_in_url(public_url, &token),
        // A database with other people in it: the demo has nothing to say there.
        Err(error) if error.code() == Code::UserUnknown || error.code() == Code::NotFound => {
            println!("Console: {public_url}");
            return Ok(());
        }
        Err(error) => return Err(explain(error)),
    };
    let key = fresh_key(services, &system).await.map_err(explain)?;
    print(public_url, &link, key.expose_secret());
    Ok(())
}

async fn fill(services: &Services, system: &Caller) -> domain::Result<()> {
    let mut random = [0_u8; 24];
    Entropy::os().fill(&mut random);
    // Nobody knows this password: the demo's administrator comes in by link and sets their own.
    let password = random.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let sign_up = SignUp { email: EMAIL.into(), name: "Demo".into(), password: SecretInput::new(password) };
    services.accounts().create_user(system, sign_up, true).await?;
    let organization = OrganizationInput { slug: ORGANIZATION.into(), name: "Demo".into() };
    services.organizations().create(system, organization).await?;
    let project = NewProject {
        organization: ORGANIZATION.into(),
        slug: "playground".into(),
        name: "Playground".into(),
        description: "Tools to try a client with.".into(),
    };
    services.projects().create(system, project).await?;
    let member = domain::project::NewMember { email: EMAIL.into(), role: domain::Role::Owner };
    services.projects().add_member(system, PROJECT, member).await?;
    services.servers().create(system, PROJECT, toolbox("toolbox", Transport::Builtin)).await?;
    services.servers().create(system, PROJECT, toolbox("toolbox-stdio", Transport::Stdio)).await?;
    Ok(())
}

/// The same tools inside Sluice and as a real child process.
fn toolbox(name: &str, transport: Transport) -> ServerInput {
    let program = std::env::current_exe().map(|path| path.display().to_string()).unwrap_or_default();
    ServerInput {
        name: name.into(),
        description: "Current time, echo, and a wait that reports progress.".into(),
        transport,
        command: program,
        args: vec!["toolbox".into()],
        builtin: "toolbox".into(),
        ..ServerInput::default()
    }
}

/// A key for this start. Earlier ones of the same name go, because nobody can read them any more.
async fn fresh_key(services: &Services, system: &Caller) -> domain::Result<SecretInput> {
    const NAME: &str = "demo";
    for key in services.keys().list(system, PROJECT).await? {
        if key.name == NAME {
            services.keys().revoke(system, PROJECT, key.id).await?;
        }
    }
    let input = NewKey::named(NAME);
    Ok(services.keys().create(system, PROJECT, input).await?.secret)
}

/// A page's address under the public one.
pub(crate) fn link(public_url: &Url, page: &str, token: &SecretInput) -> String {
    format!("{}/{page}?token={}", public_url.as_str().trim_end_matches('/'), token.expose_secret())
}

pub(crate) fn sign_in_url(public_url: &Url, token: &SecretInput) -> String {
    link(public_url, "sign-in/link", token)
}

fn print(public_url: &Url, link: &str, key: &str) {
    let base = public_url.as_str().trim_end_matches('/');
    let server = format!("{base}/projects/{PROJECT}/servers/toolbox");
    println!(
        "\n  Console       {base}\n  Sign in once  {link}\n  API key       {key}\n\n\
         \x20 MCP           {server}/mcp\n                {server}/sse\n\
         \x20               {base}/projects/{PROJECT}/servers/toolbox-stdio/mcp\n                {base}/projects/{PROJECT}/servers/toolbox-stdio/sse\n\n\
         Call a tool with curl:\n\n\
         \x20 curl -sS {server}/mcp -H 'Authorization: Bearer {key}' -H 'Content-Type: application/json' \\\n\
         \x20   -H 'Accept: application/json, text/event-stream' \\\n\
         \x20   -d '{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{{\"name\":\"current_time\",\"arguments\":{{\"timezone\":\"Asia/Seoul\"}}}}}}'\n\n\
         or with the MCP Inspector (Node 22 or later):\n\n\
         \x20 npx -y @modelcontextprotocol/inspector --cli {server}/mcp --transport http \\\n\
         \x20   --header 'Authorization: Bearer {key}' --method tools/call --tool-name echo --tool-arg message=hello\n"
    );
}
