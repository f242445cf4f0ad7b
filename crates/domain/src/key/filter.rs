//! Which keys of a project to show.

use serde::{Deserialize, Serialize};

use super::ApiKey;
use crate::Timestamp;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum KeyState {
    /// In force, the ones that end soon included.
    Active,
    /// In force, and ends soon.
    Ending,
    Expired,
    /// In force, and never used.
    Unused,
}

impl KeyState {
    pub const ALL: [KeyState; 4] = [KeyState::Active, KeyState::Ending, KeyState::Expired, KeyState::Unused];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            KeyState::Active => "active",
            KeyState::Ending => "ending",
            KeyState::Expired => "expired",
            KeyState::Unused => "unused",
        }
    }

    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct KeyFilter {
    /// Part of the name, of the beginning, of the creator's name, of a server's or of the client's.
    #[serde(default)]
    pub text: Option<String>,
    #[serde(default)]
    pub state: Option<KeyState>,
}

impl KeyFilter {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.as_deref().is_none_or(|text| text.trim().is_empty()) && self.state.is_none()
    }

    #[must_use]
    pub fn fits(&self, key: &ApiKey, now: Timestamp) -> bool {
        let is_there = match self.state {
            None => true,
            Some(KeyState::Active) => !key.is_expired(now),
            Some(KeyState::Ending) => key.ends_soon(now),
            Some(KeyState::Expired) => key.is_expired(now),
            Some(KeyState::Unused) => !key.is_expired(now) && key.last_used_at.is_none(),
        };
        let Some(text) = self.text.as_deref().map(str::trim).filter(|text| !text.is_empty()) else {
            return is_there;
        };
        let text = text.to_lowercase();
        let has = |whole: &str| whole.to_lowercase().contains(&text);
        let maybe = |whole: &Option<String>| whole.as_deref().is_some_and(has);
        is_there
            && (has(&key.name)
                || has(&key.prefix)
                || maybe(&key.created_by)
                || maybe(&key.last_client)
                || maybe(&key.last_address)
                || key.servers.iter().flatten().any(|server| has(&server.name)))
    }
}
