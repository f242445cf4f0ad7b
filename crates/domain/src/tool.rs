//! A tool as its server described it, and how it is offered.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Code, Result, error::Checks, name};

pub use change::{
    CHANGES_KEPT, CHANGES_TOLD, ChangeKind, Changed, HistoryFilter, HistoryPage, ToolChange, changed, kept,
};
pub use difference::{Difference, differences};
pub use list::{ListedTool, Shown, ToolFilter, ToolsPage};
pub use visible::{hides, visible};

mod change;
mod difference;
mod list;
mod visible;

/// One item of `tools/list`, kept whole: unknown fields stay, in their order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
#[cfg_attr(feature = "openapi", schema(value_type = Object))]
pub struct Tool(pub Value);

impl Tool {
    #[must_use]
    pub fn name(&self) -> &str {
        self.text("name").unwrap_or_default()
    }

    /// The title for people: `title`, else the older `annotations.title`, else the name.
    #[must_use]
    pub fn title(&self) -> &str {
        self.text("title")
            .or_else(|| self.0.get("annotations")?.get("title")?.as_str())
            .unwrap_or_else(|| self.name())
    }

    #[must_use]
    pub fn description(&self) -> &str {
        self.text("description").unwrap_or_default()
    }

    #[must_use]
    pub fn input_schema(&self) -> Option<&Value> {
        self.0.get("inputSchema")
    }

    #[must_use]
    pub fn output_schema(&self) -> Option<&Value> {
        self.0.get("outputSchema")
    }

    /// A hint of `annotations`, such as `readOnlyHint`; none when the server gives none.
    #[must_use]
    pub fn hint(&self, name: &str) -> Option<bool> {
        self.0.get("annotations")?.get(name)?.as_bool()
    }

    fn text(&self, member: &str) -> Option<&str> {
        self.0.get(member)?.as_str()
    }
}

/// How a tool is offered, where not as its server says. The same holds for lists and for calls.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ToolRule {
    /// As if the server did not have it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub hidden: bool,
    /// The name that clients see instead of the tool's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alias: Option<String>,
    /// The description that clients see instead of the server's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

impl ToolRule {
    /// Trims, drops what says nothing of the tool named `tool`, then checks every field.
    pub fn check(mut self, tool: &str) -> Result<Self> {
        let trimmed = |text: Option<String>| text.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty());
        self.alias = trimmed(self.alias).filter(|alias| alias != tool);
        self.description = trimmed(self.description);
        let mut checks = Checks::default();
        // Servers are not held to our rule for names, so their tools' own ones only have a length.
        let named = (1..=200).contains(&tool.len()) && !tool.chars().any(char::is_control);
        checks.require(named, "tool", Code::ToolNameInvalid);
        if let Some(alias) = &self.alias {
            checks.check("alias", name::tool(alias));
        }
        checks.check("description", name::description(self.description.as_deref().unwrap_or_default()));
        checks.finish()?;
        Ok(self)
    }

    /// Whether it leaves everything as the server says.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The name that clients see; none where they see no such tool.
    #[must_use]
    pub fn offered<'a>(&'a self, tool: &'a str) -> Option<&'a str> {
        (!self.hidden).then(|| self.alias.as_deref().unwrap_or(tool))
    }
}

/// A tool that a server listed, or that there is a rule for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OfferedTool {
    /// The tool's own name.
    pub name: String,
    pub rule: ToolRule,
    /// As the server last described it; none where a rule waits for a tool that is not there.
    pub tool: Option<Tool>,
    /// When the server last added it or described it otherwise, within the last seven days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_at: Option<DateTime<Utc>>,
}

/// Bytes of a definition that make one token of a model's context: a rule of thumb for English and
/// JSON; each model counts differently.
pub const BYTES_PER_TOKEN: u8 = 4;

impl OfferedTool {
    /// The name that clients see; none where they see no such tool.
    #[must_use]
    pub fn offered(&self) -> Option<&str> {
        self.rule.offered(&self.name)
    }

    /// What clients read of it.
    #[must_use]
    pub fn description(&self) -> &str {
        let own = self.tool.as_ref().map_or("", Tool::description);
        self.rule.description.as_deref().unwrap_or(own)
    }

    /// The same with no more of its definition than a line about it needs: title, hints and the first
    /// characters of the description.
    #[must_use]
    pub fn glance(self, characters: usize) -> Self {
        let short = |text: &str| match text.char_indices().nth(characters) {
            Some((end, _)) => format!("{}…", text[..end].trim_end()),
            None => text.to_owned(),
        };
        let tool = self.tool.as_ref().map(|tool| {
            let mut kept =
                serde_json::json!({ "name": tool.name(), "description": short(tool.description()) });
            for member in ["title", "annotations"] {
                if let Some(value) = tool.0.get(member) {
                    kept[member] = value.clone();
                }
            }
            Tool(kept)
        });
        let description = self.rule.description.as_deref().map(short);
        Self { rule: ToolRule { description, ..self.rule }, tool, ..self }
    }

    /// Roughly how many tokens the definition takes in a model's context, in each conversation: name,
    /// description and input schema. None of what clients do not see.
    #[must_use]
    pub fn tokens(&self) -> usize {
        let (Some(name), Some(tool)) = (self.offered(), &self.tool) else { return 0 };
        let schema = tool.input_schema().map_or(0, |schema| schema.to_string().len());
        (name.len() + self.description().len() + schema).div_ceil(BYTES_PER_TOKEN.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(alias: &str, description: &str) -> ToolRule {
        ToolRule { hidden: false, alias: Some(alias.into()), description: Some(description.into()) }
    }

    #[test]
    fn what_says_nothing_is_dropped() {
        assert!(rule(" ", "\n").check("echo").expect("empty texts").is_empty());
        assert!(rule("echo", "").check("echo").expect("its own name").is_empty());
        let said = rule(" say ", "Says it.").check("echo").expect("a rule");
        assert_eq!(said.offered("echo"), Some("say"));
        assert_eq!(ToolRule { hidden: true, ..said }.offered("echo"), None);
    }

    #[test]
    fn what_clients_do_not_see_costs_them_nothing() {
        let tool = Tool(serde_json::json!({ "name": "echo", "description": "Says it.", "inputSchema": {} }));
        let mut offered = OfferedTool {
            name: "echo".into(),
            rule: ToolRule::default(),
            tool: Some(tool),
            changed_at: None,
        };
        // 4 of the name, 8 of the description, 2 of the schema.
        assert_eq!(offered.tokens(), 4);
        offered.rule.description = Some("Shouts it at whoever is there.".into());
        assert_eq!(offered.tokens(), 9);
        offered.rule.hidden = true;
        assert_eq!(offered.tokens(), 0);
    }

    #[test]
    fn a_glance_leaves_out_what_is_large() {
        let tool = serde_json::json!({
            "name": "echo", "title": "Echo", "description": "도구가 말합니다. ".repeat(9), "_meta": {},
            "inputSchema": { "type": "object" }, "annotations": { "readOnlyHint": true },
        });
        let rule = ToolRule { description: Some("Short.".into()), ..ToolRule::default() };
        let whole = OfferedTool { name: "echo".into(), rule, tool: Some(Tool(tool)), changed_at: None };
        let glance = whole.clone().glance(10);
        let tool = glance.tool.as_ref().expect("a tool");
        assert_eq!(
            (tool.description(), tool.title(), tool.input_schema()),
            ("도구가 말합니다.…", "Echo", None)
        );
        assert_eq!((tool.hint("readOnlyHint"), tool.0.get("_meta")), (Some(true), None));
        assert_eq!((&glance.rule, glance.name), (&whole.rule, whole.name));
    }

    #[test]
    fn names_and_texts_have_limits() {
        let faults = |rule: ToolRule, tool: &str| -> Vec<String> {
            let error = rule.check(tool).expect_err("a bad rule");
            error.field_errors().iter().map(|fault| fault.field.clone()).collect()
        };
        assert_eq!(faults(rule("two words", &"x".repeat(2_001)), "echo"), ["alias", "description"]);
        assert_eq!(faults(ToolRule::default(), ""), ["tool"]);
        let odd = ToolRule { hidden: true, ..ToolRule::default() };
        assert!(odd.check("도구/with anything").is_ok(), "a server may name its tools as it likes");
    }
}
