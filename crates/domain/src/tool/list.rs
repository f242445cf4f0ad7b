//! Tools as they are listed: a page at a time.

use serde::{Deserialize, Serialize};

use super::OfferedTool;

/// Which tools are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(default)]
pub struct ToolFilter {
    /// Part of a name, a title or a description, in any case; the server's own words or those of a rule.
    pub q: Option<String>,
    pub show: Option<Shown>,
    /// Counts from 1.
    pub page: Option<u32>,
    /// Tools of a page: 100 unless told otherwise, and 500 at most.
    pub limit: Option<u32>,
}

/// Whether clients see them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    Shown,
    Hidden,
}

/// A tool with the server that it is of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ListedTool {
    pub server: String,
    /// Whether clients see the server at all.
    pub enabled: bool,
    /// What stands before the server's tools on the project's own endpoint.
    pub alias: String,
    /// Roughly how many tokens the definition takes in a model's context; none of what is hidden.
    pub tokens: u64,
    pub tool: OfferedTool,
}

/// By server and in its order, then the rules that wait for tools that are not there.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ToolsPage {
    /// Without a filter.
    pub total: u64,
    /// That fit the filter.
    pub found: u64,
    /// What those take of a model's context, as far as clients see them.
    pub tokens: u64,
    pub items: Vec<ListedTool>,
    /// The number of the next page; none at the end.
    pub next: Option<u32>,
}
