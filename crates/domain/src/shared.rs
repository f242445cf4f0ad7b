//! Servers that platform admins describe once, secrets included, for all projects.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    Code, Result, SharedServerId,
    server::{ServerInput, Transport},
};

/// A shared server as administrators see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SharedServer {
    pub id: SharedServerId,
    /// What is shared, as it would be sent to change it: variables and headers without their values.
    pub definition: ServerInput,
    /// Nobody may use it any more, and its servers are stopped.
    pub withdrawn: bool,
    /// How many projects use it.
    pub projects: u64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// A shared server with where it is used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SharedServerDetail {
    pub shared: SharedServer,
    /// `org.project/server`, in the order of their names.
    pub servers: Vec<String>,
}

/// A shared server as members of projects see it: how it is reached is the administrators' matter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SharedChoice {
    pub name: String,
    pub description: String,
    pub transport: Transport,
}

/// Of which shared server a project's server is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SharedUse {
    pub name: String,
    /// Why it cannot run: the shared server was withdrawn.
    pub problem: Option<Code>,
}

impl ServerInput {
    /// What can be shared of it, checked: what each project decides for itself is left out.
    pub fn check_shared(self) -> Result<Self> {
        let plain = Self::default();
        let (alias, enabled, values) = (plain.alias, plain.enabled, plain.values);
        Self { alias, enabled, values, approved_command: None, shared: None, ..self }.check()
    }

    /// The same without the values of its variables and headers.
    #[must_use]
    pub fn without_values(mut self) -> Self {
        self.env.iter_mut().chain(&mut self.headers).for_each(|variable| variable.value = None);
        self
    }

    /// A project's server of `definition`: its name, description, prefix and switch are the project's, and
    /// the values stay where they are kept.
    #[must_use]
    pub fn of_shared(self, definition: Self) -> Self {
        Self {
            name: self.name,
            description: self.description,
            alias: self.alias,
            enabled: self.enabled,
            shared: self.shared,
            env: Vec::new(),
            headers: Vec::new(),
            ..definition
        }
    }
}
