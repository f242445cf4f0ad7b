//! What servers changed of their tools: kept, because a tool that was harmless when somebody approved it
//! may tell a model something else today.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Difference, Tool, differences};
use crate::ToolChangeId;

/// Changes of a server that are kept; older ones go.
pub const CHANGES_KEPT: usize = 200;
/// For how long a change is pointed out.
pub const CHANGES_TOLD: TimeDelta = TimeDelta::days(7);
/// Bytes of a definition that is kept whole: servers write them, and their history must have an end.
const WHOLE: usize = 32 * 1024;
/// Characters that are kept of each text of a larger one.
const CUT: usize = 4_000;

/// What became of a tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    Added,
    Removed,
    Changed,
}

impl ChangeKind {
    pub const ALL: [ChangeKind; 3] = [ChangeKind::Added, ChangeKind::Removed, ChangeKind::Changed];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            ChangeKind::Added => "added",
            ChangeKind::Removed => "removed",
            ChangeKind::Changed => "changed",
        }
    }
}

/// One tool that a server lists otherwise than before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ToolChange {
    pub id: ToolChangeId,
    /// When it was noticed.
    pub at: DateTime<Utc>,
    pub tool: String,
    pub kind: ChangeKind,
    /// As the server described it before; none of a tool that was added.
    pub before: Option<Tool>,
    /// As the server described it then; none of a tool that was removed.
    pub after: Option<Tool>,
    /// Whether a definition was too large to be kept: its name, title and the beginning of its
    /// description remain.
    pub cut: bool,
    /// What differs; for a tool that was added or removed nothing.
    pub differences: Vec<Difference>,
}

impl ToolChange {
    #[must_use]
    pub fn new(
        id: ToolChangeId,
        at: DateTime<Utc>,
        kind: ChangeKind,
        tool: String,
        sides: [Option<Tool>; 2],
        cut: bool,
    ) -> Self {
        let [before, after] = sides;
        let differences = match (&before, &after) {
            (Some(before), Some(after)) => differences(before, after),
            _ => Vec::new(),
        };
        Self { id, at, tool, kind, before, after, cut, differences }
    }
}

/// Which changes are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(default)]
pub struct HistoryFilter {
    /// Of this tool alone, by its own name.
    pub tool: Option<String>,
    /// Changes older than this one (the next page).
    pub before: Option<ToolChangeId>,
    /// At most this many, up to 200.
    pub limit: Option<u32>,
}

/// Changes of a server's tools, newest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HistoryPage {
    pub items: Vec<ToolChange>,
    /// Pass as `before` for the next page; none at the end.
    pub next: Option<ToolChangeId>,
}

/// A tool of two lists that is not the same in both.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Changed<'a> {
    pub kind: ChangeKind,
    pub before: Option<&'a Tool>,
    pub after: Option<&'a Tool>,
}

/// What became of the tools of a list: the changed ones, then those that were added and removed, each in
/// the order of their list. Their order alone is no change.
#[must_use]
pub fn changed<'a>(before: &'a [Tool], after: &'a [Tool]) -> Vec<Changed<'a>> {
    let (old, new) = (by_name(before), by_name(after));
    let mut changes = Vec::new();
    let mut added = Vec::new();
    for (_, tool) in after.iter().enumerate().filter(|(i, tool)| new.get(tool.name()) == Some(i)) {
        match old.get(tool.name()).map(|i| &before[*i]) {
            None => added.push(Changed { kind: ChangeKind::Added, before: None, after: Some(tool) }),
            Some(was) if was != tool => {
                changes.push(Changed { kind: ChangeKind::Changed, before: Some(was), after: Some(tool) });
            }
            Some(_) => {}
        }
    }
    let gone = before
        .iter()
        .enumerate()
        .filter(|(i, tool)| old.get(tool.name()) == Some(i) && !new.contains_key(tool.name()));
    changes.extend(added);
    changes.extend(gone.map(|(_, tool)| Changed {
        kind: ChangeKind::Removed,
        before: Some(tool),
        after: None,
    }));
    changes
}

/// Where each tool stands; of several with one name the first, of those without a name none.
fn by_name(tools: &[Tool]) -> HashMap<&str, usize> {
    let mut places = HashMap::with_capacity(tools.len());
    for (i, tool) in tools.iter().enumerate().filter(|(_, tool)| !tool.name().is_empty()) {
        places.entry(tool.name()).or_insert(i);
    }
    places
}

/// A definition as it is kept, and whether that is only a part of it.
#[must_use]
pub fn kept(tool: &Tool) -> (Tool, bool) {
    if tool.0.to_string().len() <= WHOLE {
        return (tool.clone(), false);
    }
    let mut short = Map::new();
    for member in ["name", "title", "description"] {
        if let Some(text) = tool.0.get(member).and_then(Value::as_str) {
            short.insert(member.to_owned(), text.chars().take(CUT).collect::<String>().into());
        }
    }
    (Tool(Value::Object(short)), true)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn tools(list: Value) -> Vec<Tool> {
        serde_json::from_value(list).expect("a list of tools")
    }

    #[test]
    fn lists_are_compared_by_names_and_not_by_order() {
        let before = tools(json!([{ "name": "a", "x": 1, "y": 2 }, { "name": "b" }, { "name": "c" }]));
        let same = tools(json!([{ "name": "c" }, { "y": 2, "name": "a", "x": 1 }, { "name": "b" }]));
        assert_eq!(changed(&before, &same), []);
        let after =
            tools(json!([{ "name": "d" }, { "name": "b", "title": "B" }, { "name": "a", "x": 1, "y": 2 }]));
        let told: Vec<_> = changed(&before, &after)
            .iter()
            .map(|change| (change.kind, change.after.or(change.before).map(Tool::name)))
            .collect();
        let expected = [(ChangeKind::Changed, "b"), (ChangeKind::Added, "d"), (ChangeKind::Removed, "c")];
        assert_eq!(told, expected.map(|(kind, name)| (kind, Some(name))));
    }

    #[test]
    fn odd_lists_do_no_harm() {
        let odd =
            tools(json!([1, null, {}, { "name": 5 }, { "name": "a" }, { "name": "a", "title": "Second" }]));
        assert_eq!(changed(&odd, &odd), []);
        let gone = changed(&odd, &[]);
        assert_eq!(gone.len(), 1, "one name is one tool: {gone:?}");
    }

    #[test]
    fn large_definitions_are_kept_in_part() {
        let small = Tool(json!({ "name": "a", "inputSchema": { "type": "object" } }));
        assert_eq!(kept(&small), (small.clone(), false));
        let large = Tool(json!({ "name": "a", "description": "é".repeat(WHOLE), "inputSchema": {} }));
        let (short, cut) = kept(&large);
        assert!(cut && short.description().chars().count() == CUT && short.input_schema().is_none());
    }
}
