//! How a project offers a server's tools: some hidden, some under another name or description. What
//! holds for lists holds for calls: a hidden tool does not exist.

use std::borrow::Cow;

use serde_json::value::RawValue;
use wire::{edit, envelope};

use crate::directory::ServerEntry;

/// A tool's name as it is offered; none when it is hidden.
pub(crate) fn name<'a>(server: &'a ServerEntry, own: &'a str) -> Option<&'a str> {
    match server.tools.get(own) {
        Some(rule) if rule.hidden => None,
        Some(rule) => Some(rule.alias.as_deref().unwrap_or(own)),
        None => Some(own),
    }
}

/// A tool's own name, from the one that it is offered under; none when there is no such tool.
pub(crate) fn own_name<'a>(server: &'a ServerEntry, offered: &'a str) -> Option<&'a str> {
    if server.tools.is_empty() {
        return Some(offered);
    }
    let renamed = server.tools.iter().find(|(_, rule)| rule.alias.as_deref() == Some(offered));
    let own = renamed.map_or(offered, |(own, _)| own);
    (name(server, own) == Some(offered)).then_some(own)
}

/// A tool as it is offered under `name`.
pub(crate) fn item<'a>(server: &ServerEntry, own: &str, name: &str, raw: &'a RawValue) -> Cow<'a, RawValue> {
    let text = |text: &str| envelope::raw(serde_json::Value::from(text).to_string());
    let mut item = Cow::Borrowed(raw);
    if name != own {
        item = Cow::Owned(edit::set(&item, "name", &text(name)));
    }
    if let Some(description) = server.tools.get(own).and_then(|rule| rule.description.as_deref()) {
        item = Cow::Owned(edit::set(&item, "description", &text(description)));
    }
    item
}

/// The result of `tools/list` as it is offered.
pub(crate) fn list<'a>(server: &ServerEntry, result: &'a RawValue) -> Cow<'a, RawValue> {
    let tools = edit::member(result, "tools").filter(|_| !server.tools.is_empty());
    let Some(tools) = tools.and_then(edit::elements) else { return Cow::Borrowed(result) };
    let mut offered = String::from("[");
    for tool in tools {
        let own = edit::text(tool, "name").unwrap_or_default();
        let Some(name) = name(server, &own) else { continue };
        if offered.len() > 1 {
            offered.push(',');
        }
        offered.push_str(item(server, &own, name, tool).get());
    }
    offered.push(']');
    Cow::Owned(edit::set(result, "tools", &envelope::raw(offered)))
}
