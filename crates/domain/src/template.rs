//! Templates: what a new project may begin with. Those that come with Sluice have names; those that an
//! organization saved from its projects have ids. None holds a secret.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{Code, Result, SecretInput, TemplateId, error::Checks, name, plan::Hole, server::Transport};

/// Templates that an organization may keep.
pub const TEMPLATES_MAX: u64 = 100;
/// The longest document of a template, in bytes.
pub const TEMPLATE_BYTES_MAX: usize = 256 * 1024;

/// What comes with Sluice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Starter {
    LocalTools,
    TeamKnowledge,
}

impl Starter {
    pub const ALL: [Starter; 2] = [Starter::LocalTools, Starter::TeamKnowledge];

    /// What stands for it where an id would.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Starter::LocalTools => "local-tools",
            Starter::TeamKnowledge => "team-knowledge",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|starter| starter.name() == text)
    }
}

/// A template that an organization keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Template {
    pub id: TemplateId,
    pub organization_slug: String,
    /// Unique in its organization, whatever the case.
    pub name: String,
    pub description: String,
    pub server_count: u32,
    /// Name of whoever saved it; none when they are gone.
    pub created_by: Option<String>,
    pub created_at: DateTime<Utc>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TemplateInput {
    pub name: String,
    #[serde(default)]
    pub description: String,
}

impl TemplateInput {
    pub fn check(mut self) -> Result<Self> {
        self.name = self.name.trim().to_owned();
        self.description = self.description.trim().to_owned();
        let mut checks = Checks::default();
        checks.check("name", name::display(&self.name));
        checks.check("description", name::description(&self.description));
        checks.finish()?;
        Ok(self)
    }
}

/// What a template would make for whoever asks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Beginning {
    pub servers: Vec<BeginningServer>,
    /// The secrets that its servers need.
    pub holes: Vec<Hole>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BeginningServer {
    pub name: String,
    pub description: String,
    pub transport: Transport,
    /// The command with its arguments, the address, or which built-in server.
    pub target: String,
    /// Why the caller may not create it; the project begins without it then.
    pub refused: Option<Code>,
}

/// Which template, and what is taken of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FromTemplate {
    /// `local-tools`, `team-knowledge`, or the id of one that the organization keeps; none: a blank project.
    #[serde(default)]
    pub template: Option<String>,
    /// Names of its servers to create; none: all that you may create.
    #[serde(default)]
    pub servers: Option<Vec<String>>,
    /// The secrets that these servers need, by the names that the template gives them.
    #[serde(default)]
    pub values: BTreeMap<String, SecretInput>,
}
