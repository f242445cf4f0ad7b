//! Server functions of connecting clients.

use domain::{Timestamp, client::Client, key::CreatedKey};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use crate::{
    context::{go, is_plain_form, keep, signed_in},
    draft,
    key::api::days,
};
use crate::{error::AppError, ui::encode};

/// The page for a client and a target; a server that is empty stands for all as one.
#[must_use]
pub fn address(project: &str, client: Client, server: &str) -> String {
    let server = if server.is_empty() { String::new() } else { format!("&server={}", encode(server)) };
    format!("/projects/{project}/connect?client={}{server}", client.name())
}

/// Creates a key for a client. Its secret is in the answer and nowhere else.
#[server(prefix = "/_fn", endpoint = "connect/key", output = crate::codec::Json)]
pub async fn create_client_key(
    project: String,
    name: String,
    #[server(default)] client: String,
    #[server(default)] server: String,
    #[server(default)] expires_in_days: String,
) -> Result<Option<CreatedKey>, AppError> {
    let (services, caller) = signed_in()?;
    keep([("name", name.as_str()), ("expires_in_days", expires_in_days.as_str())]);
    let input =
        domain::key::NewKey { expires_in_days: days(&expires_in_days), ..domain::key::NewKey::named(name) };
    let created = services.keys().create(&caller, &project, input).await?;
    if is_plain_form() {
        let token = draft::put(&services, &caller, &created);
        let page = address(&project, Client::parse(&client).unwrap_or(Client::Cline), &server);
        go(&format!("{page}&key={}&created={token}", encode(&created.key.name)));
        return Ok(None);
    }
    Ok(Some(created))
}

/// What was heard of a client.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Seen {
    pub at: Timestamp,
    /// As it named itself; a client without a session does not.
    pub client: Option<String>,
    pub key: String,
    /// That it is offered.
    pub tools: u32,
}

/// Without a key's name: whoever called in the last minutes.
#[cfg(feature = "ssr")]
const RECENT: chrono::TimeDelta = chrono::TimeDelta::minutes(10);

/// Whether somebody has connected to a target, with the server's clock.
#[server(prefix = "/_fn", endpoint = "connect/check", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn check_connection(
    project: String,
    #[server(default)] server: String,
    #[server(default)] key: String,
) -> Result<(Option<Seen>, Timestamp), AppError> {
    use domain::log::LogFilter;

    let (services, caller) = signed_in()?;
    let now = services.clock().now();
    let one = Some(server).filter(|server| !server.is_empty());
    let by_key = Some(key.clone()).filter(|key| !key.is_empty());
    // Reporters may not read keys; a name is enough for them.
    let chosen = match &by_key {
        Some(_) => services.keys().list(&caller, &project).await.unwrap_or_default(),
        None => Vec::new(),
    };
    let chosen = chosen.into_iter().find(|one| one.name == key);
    // An earlier key of the same name had other clients.
    let from = chosen.as_ref().map(|key| key.created_at);
    let filter =
        LogFilter { server: one.clone(), key: by_key, from, limit: Some(200), ..LogFilter::default() };
    let entries = services.logs().list(&caller, &project, filter).await?.items;
    let fits = |entry: &&domain::log::LogEntry| match &entry.key {
        Some(name) if key.is_empty() => now - entry.at < RECENT && !domain::key::is_playground(name),
        Some(name) => *name == key,
        None => false,
    };
    // Newest first.
    let Some(latest) = entries.iter().find(fits) else { return Ok((None, now)) };
    let named = |message: &str| {
        message.strip_prefix('`').and_then(|rest| rest.strip_suffix("` connected.")).map(str::to_owned)
    };
    let of_key = entries.iter().filter(|entry| entry.key == latest.key);
    let client = of_key.filter_map(|entry| named(&entry.message)).next();
    let tools = match one {
        Some(server) => services.servers().get(&caller, &project, &server).await?.state.tool_count,
        None => {
            let servers = services.servers().list(&caller, &project).await?;
            let reached = chosen.and_then(|key| key.servers);
            let counts = |server: &&domain::server::Server| {
                server.enabled
                    && reached.as_ref().is_none_or(|some| some.iter().any(|one| one.id == server.id))
            };
            servers.iter().filter(counts).map(|server| server.state.tool_count).sum()
        }
    };
    let key = latest.key.clone().unwrap_or_default();
    Ok((Some(Seen { at: latest.at, client, key, tools }), now))
}
