//! What a server offers: its list of tools, read page by page and compared with the last one.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use domain::tool::Tool;
use serde_json::{json, value::RawValue};
use wire::{edit, envelope, method};

use crate::{
    error::Failure, gateway::Plane, journal, lock::lock, supervisor::Upstream, upstream::Connection,
};

/// Bounds on what one server can make us keep.
const PAGES: usize = 100;
const TOOLS: usize = 10_000;
const PAGE_LIMIT: Duration = Duration::from_secs(30);

/// Names in a JSON array of tools.
pub(crate) fn names(tools: &str) -> Vec<String> {
    let tools: Vec<Tool> = serde_json::from_str(tools).unwrap_or_default();
    tools.iter().map(|tool| tool.name().to_owned()).collect()
}

/// All tools of a server. What does not fit the bounds is left out.
pub(crate) async fn tools(connection: &Arc<Connection>) -> Result<Vec<Tool>, Failure> {
    let mut tools = Vec::new();
    if !connection.hello().is_some_and(|hello| hello.can("tools")) {
        return Ok(tools);
    }
    let mut cursor: Option<Box<RawValue>> = None;
    for _ in 0..PAGES {
        let params = cursor.take().map(|cursor| envelope::raw(format!(r#"{{"cursor":{}}}"#, cursor.get())));
        let page = connection.request(method::TOOLS_LIST, params.as_deref(), PAGE_LIMIT).await?;
        let items = edit::member(&page, "tools").map_or("[]", RawValue::get);
        let items: Vec<Tool> = serde_json::from_str(items).map_err(|error| {
            Failure::new(domain::Code::ProtocolViolation)
                .detail(format!("Its list of tools cannot be read: {error}."))
        })?;
        tools.extend(items.into_iter().take(TOOLS - tools.len()));
        cursor =
            edit::member(&page, "nextCursor").filter(|cursor| cursor.get() != "null").map(ToOwned::to_owned);
        if cursor.is_none() || tools.len() == TOOLS {
            break;
        }
    }
    Ok(tools)
}

/// Reads the list and reports it. A list that cannot be read leaves the last one standing.
pub(crate) async fn learn(plane: &Arc<Plane>, upstream: &Arc<Upstream>, connection: &Arc<Connection>) {
    match tools(connection).await {
        Ok(tools) => {
            let names: Vec<String> = tools.iter().map(|tool| tool.name().to_owned()).collect();
            let before = lock(&upstream.tools).replace(names.clone());
            journal::observe_ready(plane, connection, Some(tools));
            if let Some(before) = before {
                tell_changes(plane, upstream, &before, &names);
            }
        }
        Err(failure) => {
            journal::observe_ready(plane, connection, None);
            journal::catalog_unread(plane, connection, &failure);
        }
    }
}

fn tell_changes(plane: &Arc<Plane>, upstream: &Arc<Upstream>, before: &[String], now: &[String]) {
    let (old, new): (BTreeSet<_>, BTreeSet<_>) = (before.iter().collect(), now.iter().collect());
    if old == new {
        return;
    }
    let added: Vec<&str> = new.difference(&old).map(|name| name.as_str()).collect();
    let removed: Vec<&str> = old.difference(&new).map(|name| name.as_str()).collect();
    journal::tools_changed(plane, &upstream.server, &added, &removed);
    if upstream.is_shared() {
        for session in plane.sessions.of_server(upstream.server.id) {
            if session.is_initialized() {
                session.notify(method::TOOLS_LIST_CHANGED, None);
            }
        }
    }
}

/// The parameters of `initialize` results that are made up here, for servers never seen so far.
pub(crate) fn generic_hello(name: &str) -> Box<RawValue> {
    envelope::raw(
        json!({
            "protocolVersion": "",
            "capabilities": {
                "tools": { "listChanged": true }, "resources": {}, "prompts": {}, "logging": {}, "completions": {},
            },
            "serverInfo": { "name": name, "version": "" },
        })
        .to_string(),
    )
}
