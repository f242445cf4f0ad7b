//! Server functions of servers.

use domain::{
    Timestamp,
    detect::Note,
    server::{Server, ServerForm, Status, TestReport, Transport},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::{
    context::{cookie, go, is_plain_form, remember, signed_in},
    draft,
};

/// The servers and the server's clock.
#[server(prefix = "/_fn", endpoint = "servers/list", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn list_servers(project: String) -> Result<(Vec<Server>, Timestamp), AppError> {
    let (services, caller) = signed_in()?;
    Ok((services.servers().list(&caller, &project).await?, services.clock().now()))
}

/// The list as a page shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServersView {
    pub servers: Vec<Server>,
    pub now: Timestamp,
    /// As cards, not as a table: what this browser chose last.
    pub cards: bool,
}

/// The cookie that remembers how this browser shows servers.
#[cfg(feature = "ssr")]
const VIEW: &str = "servers";

/// `view` is `cards` or `table`, and remembered; empty: as it was.
#[server(prefix = "/_fn", endpoint = "servers/view", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn view_servers(project: String, #[server(default)] view: String) -> Result<ServersView, AppError> {
    let (services, caller) = signed_in()?;
    let servers = services.servers().list(&caller, &project).await?;
    let cards = match view.as_str() {
        "cards" | "table" => {
            remember(VIEW, &view);
            view == "cards"
        }
        _ => cookie(VIEW).is_some_and(|view| view == "cards"),
    };
    Ok(ServersView { servers, now: services.clock().now(), cards })
}

#[server(prefix = "/_fn", endpoint = "servers/get", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn get_server(project: String, server: String) -> Result<(Server, Timestamp), AppError> {
    let (services, caller) = signed_in()?;
    Ok((services.servers().get(&caller, &project, &server).await?, services.clock().now()))
}

/// What stands above all pages of a server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServerHead {
    pub name: String,
    pub description: String,
    pub status: Status,
    pub transport: Transport,
    pub tools: u32,
}

#[server(prefix = "/_fn", endpoint = "servers/head", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn head_server(project: String, server: String) -> Result<ServerHead, AppError> {
    let (services, caller) = signed_in()?;
    let server = services.servers().get(&caller, &project, &server).await?;
    Ok(ServerHead {
        name: server.name,
        description: server.description,
        status: server.state.status,
        transport: server.transport,
        tools: server.state.tool_count,
    })
}

/// A connection test as the form shows it: the tools are counted and the first ones named.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tested {
    pub report: TestReport,
    pub tool_count: u32,
    /// Of what was tested.
    pub transport: Transport,
}

#[cfg(feature = "ssr")]
impl Tested {
    pub(crate) fn new(mut report: TestReport, transport: Transport) -> Self {
        let mut tool_count = 0;
        if let TestReport::Success(success) = &mut report {
            tool_count = u32::try_from(success.tools.len()).unwrap_or(u32::MAX);
            success.tools.truncate(20);
            for tool in &mut success.tools {
                *tool = domain::tool::Tool(serde_json::json!({ "name": tool.name() }));
            }
        }
        Self { report, tool_count, transport }
    }
}

/// The form as it was sent, with what came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServerDraft {
    pub form: ServerForm,
    pub tested: Option<Tested>,
    pub error: Option<AppError>,
    /// What was changed on the way, where the form was filled in by reading.
    pub notes: Option<Vec<Note>>,
}

/// Tests what the form describes, or saves it: one form, two buttons. An empty `server` makes a new one.
#[server(prefix = "/_fn", endpoint = "servers/save", output = crate::codec::Json)]
pub async fn save_server(
    project: String,
    #[server(default)] server: String,
    form: ServerForm,
    #[server(default)] intent: String,
) -> Result<Option<Tested>, AppError> {
    let (services, caller) = signed_in()?;
    let existing = Some(server.as_str()).filter(|server| !server.is_empty());
    let servers = services.servers();
    let sent = form.clone();
    let outcome = async {
        let input = form.input()?;
        if intent == "test" {
            let transport = input.transport;
            let report = servers.test(&caller, &project, existing, input).await?;
            return Ok::<_, domain::Error>(Some(Tested::new(report, transport)));
        }
        let saved = match existing {
            Some(server) => servers.update(&caller, &project, server, input).await?,
            None => servers.create(&caller, &project, input).await?,
        };
        go(&format!("/projects/{project}/servers/{}", saved.name));
        Ok(None)
    };
    let outcome = outcome.await.map_err(AppError::from);
    let page = existing.map_or("new".to_owned(), |server| format!("{server}/settings"));
    answered(&services, &caller, sent, outcome, &format!("/projects/{project}/servers/{page}"))
}

/// The answer to a form with two buttons. A plain one goes back to its `page`, which shows what was sent and
/// what came of it.
#[cfg(feature = "ssr")]
pub(crate) fn answered(
    services: &services::Services,
    caller: &services::Caller,
    form: ServerForm,
    outcome: Result<Option<Tested>, AppError>,
    page: &str,
) -> Result<Option<Tested>, AppError> {
    if !is_plain_form() || matches!(outcome, Ok(None)) {
        return outcome;
    }
    let (tested, error) = match outcome {
        Ok(tested) => (tested, None),
        Err(error) => (None, Some(error)),
    };
    let token = draft::put(services, caller, &ServerDraft { form, tested, error, notes: None });
    go(&format!("{page}?draft={token}"));
    Ok(None)
}

#[server(prefix = "/_fn", endpoint = "servers/draft", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn read_server_draft(token: String) -> Result<Option<ServerDraft>, AppError> {
    let (services, caller) = signed_in()?;
    Ok(draft::get(&services, &caller, &token))
}

/// What [`run_server`] does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Run {
    Restart,
    Enable,
    Disable,
}

/// Starts a server anew, or switches it on or off.
#[server(prefix = "/_fn", endpoint = "servers/run", output = crate::codec::Json)]
pub async fn run_server(project: String, server: String, run: Run) -> Result<(), AppError> {
    let (services, caller) = signed_in()?;
    let servers = services.servers();
    match run {
        Run::Restart => servers.restart(&caller, &project, &server).await?,
        Run::Enable | Run::Disable => {
            servers.set_enabled(&caller, &project, &server, run == Run::Enable).await?
        }
    };
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "servers/delete", output = crate::codec::Json)]
pub async fn delete_server(project: String, server: String) -> Result<(), AppError> {
    let (services, caller) = signed_in()?;
    services.servers().delete(&caller, &project, &server).await?;
    go(&format!("/projects/{project}/servers"));
    Ok(())
}
