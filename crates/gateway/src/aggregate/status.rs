//! `sluice_status`: the one tool of Sluice itself on a project's endpoint. It says of each server
//! whether its tools can be used, why not, and what to do; nothing is missing without a reason.

use serde_json::{Value, json, value::RawValue};
use wire::envelope;

use super::Index;
use crate::{directory::KeyEntry, gateway::Plane};

pub(crate) const NAME: &str = "sluice_status";

pub(crate) fn tool() -> Box<RawValue> {
    envelope::raw(
        json!({
            "name": NAME,
            "title": "Status of this project's servers",
            "description": "Tells which MCP servers of this project can be used at the moment, and for each one that cannot the reason and the next step. Call it when a tool is missing or fails.",
            "inputSchema": { "type": "object", "properties": {} },
            "annotations": { "readOnlyHint": true, "openWorldHint": false },
        })
        .to_string(),
    )
}

/// The result of calling it.
pub(crate) fn result(plane: &Plane, key: &KeyEntry, index: &Index) -> Box<RawValue> {
    let directory = plane.directory.load();
    let mut servers: Vec<_> = directory.servers_within(key.project, &key.reach).collect();
    servers.sort_by(|a, b| a.name.cmp(&b.name));
    let mut lines = Vec::new();
    let mut all = Vec::new();
    let mut notes = Vec::new();
    for server in servers {
        let upstream = plane.upstream(server.id);
        let trouble = upstream.as_ref().and_then(|upstream| upstream.trouble());
        let (status, reason, next) = match (&upstream, &trouble) {
            (None, _) => {
                ("disabled", Some("The server is disabled.".to_owned()), Some("Enable it on its page."))
            }
            (Some(_), Some(failure)) => {
                ("unavailable", Some(failure.message()), Some(failure.code.next_step()))
            }
            (Some(upstream), None) if upstream.is_starting() => {
                ("starting", Some("It is being started.".to_owned()), Some("Try again in a moment."))
            }
            (Some(upstream), None) if upstream.is_asleep() => {
                ("asleep", Some("Nobody uses it.".to_owned()), Some("The next call starts it."))
            }
            (Some(_), None) => ("ready", None, None),
        };
        let rejected = upstream.as_ref().map(|upstream| upstream.catalog().tools.rejected.clone());
        for (name, why) in rejected.iter().flat_map(|rejected| rejected.iter()) {
            notes.push(format!(
                "- The tool `{name}` of {} is not offered: {why}. Its schema needs to be corrected.",
                server.name
            ));
        }
        let tools = index.tools.routes.values().filter(|route| route.server == server.id).count();
        let mut line = format!("- {}: {status}, {tools} tools", server.name);
        if let (Some(reason), Some(next)) = (&reason, next) {
            line.push_str(&format!(". {reason} {next}"));
        }
        lines.push(line);
        let mut entry =
            json!({ "name": server.name, "alias": server.alias, "status": status, "tools": tools });
        if let Some(reason) = reason {
            entry["reason"] = Value::from(reason);
            entry["nextStep"] = Value::from(next);
        }
        if let Some(failure) = trouble {
            entry["code"] = Value::from(failure.code.name());
        }
        all.push(entry);
    }
    lines.append(&mut notes);
    let name_of = |id| directory.server_by_id(id).map_or_else(String::new, |server| server.name.clone());
    for refused in &index.refused {
        lines.push(format!(
            "- The {} `{}` of {} is not offered: {} has one of that name. Give one of the servers another alias, or hide one of the two.",
            refused.what,
            refused.name,
            refused.server,
            name_of(refused.holder),
        ));
    }
    for (short, whole) in &index.cut {
        lines.push(format!(
            "- `{whole}` is offered as `{short}`: it is over {} characters.",
            super::name::BUDGET
        ));
    }
    let text = if lines.is_empty() { "The project has no servers.".to_owned() } else { lines.join("\n") };
    let refused: Vec<Value> = index
        .refused
        .iter()
        .map(|refused| json!({ "kind": refused.what, "name": refused.name, "server": refused.server, "takenBy": name_of(refused.holder) }))
        .collect();
    envelope::raw(
        json!({
            "content": [{ "type": "text", "text": text }],
            "structuredContent": { "servers": all, "refused": refused },
        })
        .to_string(),
    )
}
