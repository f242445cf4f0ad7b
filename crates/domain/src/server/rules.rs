//! How a server's process is kept and how long it may take.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{ServerInput, Transport};
use crate::{Code, error::Checks};

/// Whose calls one process answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Sharing {
    /// Everybody's: most servers keep nothing of their callers.
    #[default]
    Shared,
    /// One session's: for servers that keep a conversation's state.
    Session,
    /// One key's.
    Key,
}

impl Sharing {
    pub const ALL: [Sharing; 3] = [Sharing::Shared, Sharing::Session, Sharing::Key];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Sharing::Shared => "shared",
            Sharing::Session => "session",
            Sharing::Key => "key",
        }
    }
}

impl fmt::Display for Sharing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Sharing {
    type Err = Code;
    fn from_str(text: &str) -> Result<Self, Code> {
        Self::ALL.into_iter().find(|s| s.name() == text).ok_or(Code::InvalidInput)
    }
}

/// Whether a process or connection must start anew for this setting to hold. The rest is read
/// afresh for each answer, and a change of it must disturb nobody.
#[must_use]
pub fn needs_restart(field: &str) -> bool {
    !matches!(field, "alias" | "description")
}

impl ServerInput {
    /// A remote server has no process of ours.
    pub(super) fn drop_process_rules(&mut self) {
        if self.transport != Transport::Stdio {
            (self.sharing, self.sleep_after_minutes, self.memory_mb) = Default::default();
        }
    }

    pub(super) fn check_rules(&self, checks: &mut Checks) {
        let mut within = |field: &str, value: Option<u32>, least: u32, most: u32| {
            checks.require(value.is_none_or(|v| (least..=most).contains(&v)), field, Code::NumberInvalid);
        };
        within("sleep_after_minutes", self.sleep_after_minutes, 1, 10_080);
        within("memory_mb", self.memory_mb, 16, 1_048_576);
        within("connect_seconds", self.connect_seconds, 1, 120);
        within("initialize_seconds", self.initialize_seconds, 1, 600);
        // A call may not end before it has been silent for too long.
        within("total_seconds", self.total_seconds, self.timeout_seconds.clamp(1, 600), 86_400);
    }
}
