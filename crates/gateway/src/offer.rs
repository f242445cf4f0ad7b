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

/// No tool is offered under this name.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unknown(pub(crate) String);

/// The parameters of a call with the tool's own name; none where they may stay as they are. They are
/// written anew whenever there are rules, so that a name which stands twice is one name for
/// whoever reads it next.
pub(crate) fn own_params(
    server: &ServerEntry,
    params: Option<&RawValue>,
) -> Result<Option<Box<RawValue>>, Unknown> {
    let Some(params) = params.filter(|_| !server.tools.is_empty()) else { return Ok(None) };
    let Some(offered) = edit::text(params, "name") else { return Err(Unknown(String::new())) };
    match own_name(server, &offered) {
        Some(own) => {
            let own = envelope::raw(serde_json::Value::from(own).to_string());
            Ok(Some(edit::set(params, "name", &own)))
        }
        None => Err(Unknown(offered)),
    }
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

#[cfg(test)]
mod tests {
    use std::{collections::HashMap, time::Duration};

    use domain::{ProjectId, ServerId};

    use super::*;
    use crate::directory::{ProcessRules, Target, Timeouts, ToolRule};

    fn server(rules: &[(&str, ToolRule)]) -> ServerEntry {
        ServerEntry {
            id: ServerId::new(1, [1; 10]),
            project: ProjectId::new(1, [1; 10]),
            name: "s".to_owned(),
            enabled: true,
            generation: 1,
            target: Target::Builtin { name: "toolbox".to_owned() },
            timeouts: Timeouts::idle(Duration::from_secs(1)),
            known: None,
            problem: None,
            alias: "s".to_owned(),
            tools: rules
                .iter()
                .cloned()
                .map(|(name, rule)| (name.to_owned(), rule))
                .collect::<HashMap<_, _>>(),
            process: ProcessRules::default(),
        }
    }

    fn own(server: &ServerEntry, params: &str) -> Result<Option<String>, Unknown> {
        let params = envelope::raw(params.to_owned());
        own_params(server, Some(&params)).map(|own| own.map(|own| own.get().to_owned()))
    }

    #[test]
    fn a_hidden_tool_has_no_name_however_it_is_written() {
        let hidden = ToolRule { hidden: true, ..ToolRule::default() };
        let renamed = ToolRule { alias: Some("say".to_owned()), ..ToolRule::default() };
        let server = server(&[("env", hidden), ("echo", renamed)]);
        let unknown = |name: &str| Err(Unknown(name.to_owned()));
        assert_eq!(
            own(&server, r#"{"name":"say","x":1.0}"#),
            Ok(Some(r#"{"name":"echo","x":1.0}"#.to_owned()))
        );
        assert_eq!(own(&server, r#"{"name":"echo"}"#), unknown("echo"));
        assert_eq!(own(&server, r#"{"name":"env"}"#), unknown("env"));
        assert_eq!(own(&server, r#"{"n\u0061me":"env"}"#), unknown("env"));
        assert_eq!(own(&server, r#"{"name":"add","name":"env"}"#), unknown("env"));
        let twice = own(&server, r#"{"name":"env","name":"add"}"#);
        assert_eq!(
            twice,
            Ok(Some(r#"{"name":"add"}"#.to_owned())),
            "a server that reads the first sees no other"
        );
        assert_eq!(own(&server, "{}"), unknown(""));
        assert_eq!(own(&server, r#"{"name":"env","name":5}"#), unknown(""));
    }

    #[test]
    fn without_rules_nothing_is_written_anew() {
        assert_eq!(own(&server(&[]), r#"{"name":"env","name":"add"}"#), Ok(None));
    }
}
