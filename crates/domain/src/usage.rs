//! How much the tools of a project are used: calls and errors over time.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{Code, log::named};

named! {
    /// How far back usage is told.
    UsageRange { Day "24h", Week "7d", Month "30d" }
}

impl UsageRange {
    /// Hours that one point counts.
    #[must_use]
    pub const fn step_hours(self) -> u32 {
        match self {
            UsageRange::Day => 1,
            UsageRange::Week => 6,
            UsageRange::Month => 24,
        }
    }

    /// Points up to now; the last one is not over yet.
    #[must_use]
    pub const fn points(self) -> u32 {
        match self {
            UsageRange::Day => 24,
            UsageRange::Week => 28,
            UsageRange::Month => 30,
        }
    }
}

#[expect(clippy::derivable_impls, reason = "the macro that writes the enum marks no variant")]
impl Default for UsageRange {
    fn default() -> Self {
        Self::Day
    }
}

/// Calls of tools within a stretch of time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UsagePoint {
    /// Where the stretch begins.
    pub at: DateTime<Utc>,
    pub calls: u64,
    /// Calls that failed, or whose tool answered an error. Cancelled ones are no errors.
    pub errors: u64,
}

/// One tool within the whole range.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ToolUsage {
    /// The server's name at the last call.
    pub server: String,
    pub tool: String,
    pub calls: u64,
    pub errors: u64,
    pub mean_ms: u64,
    pub max_ms: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Usage {
    pub range: UsageRange,
    /// Without gaps, oldest first.
    pub points: Vec<UsagePoint>,
    pub calls: u64,
    pub errors: u64,
    /// The five tools that take longest, by their mean.
    pub slowest: Vec<ToolUsage>,
    /// The five tools with most errors; those without any are not among them.
    pub failing: Vec<ToolUsage>,
}

/// What was called most within an organization: one project, server or tool of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TopUsage {
    /// `org.project`.
    pub project: String,
    pub project_name: String,
    /// The server's name at the last call; empty for a whole project.
    pub server: String,
    /// Empty for a whole project or server.
    pub tool: String,
    pub calls: u64,
    pub errors: u64,
}

/// The calls of those projects of an organization that one can see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrganizationUsage {
    pub range: UsageRange,
    /// Without gaps, oldest first.
    pub points: Vec<UsagePoint>,
    pub calls: u64,
    pub errors: u64,
    /// The ten with most calls.
    pub projects: Vec<TopUsage>,
    pub servers: Vec<TopUsage>,
    pub tools: Vec<TopUsage>,
}
