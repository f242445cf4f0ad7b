//! A tool as its server described it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

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
