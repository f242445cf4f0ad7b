//! What a key lets its client do: which servers, what there, how often, until when.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::{Code, KeyId, ProjectId, Result, ServerId, Timestamp, error::Checks, name};

/// Days before its end from which on a key is said to end soon.
pub const WARN_DAYS: i64 = 14;
/// Most calls a minute that can be set; more is no limit.
pub const MAX_CALLS_PER_MINUTE: u32 = 100_000;
const DAYS: u32 = 3_650;
const OVERLAP_HOURS: u32 = 168;

/// What a client may do at the servers that its key reaches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum KeyScope {
    /// List, read resources, get prompts.
    #[serde(rename = "mcp:read")]
    Read,
    /// The same, and call tools.
    #[default]
    #[serde(rename = "mcp:exec")]
    Exec,
}

impl KeyScope {
    pub const ALL: [KeyScope; 2] = [KeyScope::Exec, KeyScope::Read];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            KeyScope::Read => "mcp:read",
            KeyScope::Exec => "mcp:exec",
        }
    }

    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.name() == name)
    }
}

/// A server within a key's reach.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeyServer {
    pub id: ServerId,
    pub name: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApiKey {
    pub id: KeyId,
    pub project_id: ProjectId,
    pub name: String,
    /// The first characters of the key, to tell keys apart.
    pub prefix: String,
    /// The servers that it reaches; none: all of the project, those that come later too.
    pub servers: Option<Vec<KeyServer>>,
    pub scope: KeyScope,
    /// Calls of tools, reads of resources and prompts. None: no limit.
    pub calls_per_minute: Option<u32>,
    pub created_by: Option<String>,
    pub created_at: DateTime<Utc>,
    pub expires_at: Option<DateTime<Utc>>,
    pub last_used_at: Option<DateTime<Utc>>,
    /// Where it was used last: an address of the network.
    pub last_address: Option<String>,
    /// What used it last, by what it says of itself: a program and its version.
    pub last_client: Option<String>,
}

impl ApiKey {
    #[must_use]
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|at| at <= now)
    }

    /// Whether it ends so soon that somebody should see to it.
    #[must_use]
    pub fn ends_soon(&self, now: Timestamp) -> bool {
        !self.is_expired(now) && self.expires_at.is_some_and(|at| at - now <= TimeDelta::days(WARN_DAYS))
    }
}

/// A key as it shall be: a new one, or a new form of one that exists.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewKey {
    pub name: String,
    /// Days from now. With `expires_at` absent too: never expires.
    #[serde(default)]
    pub expires_in_days: Option<u32>,
    /// The exact end, instead of days from now.
    #[serde(default)]
    pub expires_at: Option<DateTime<Utc>>,
    /// Ids or names of the servers that it reaches; none: all, those that come later too.
    #[serde(default)]
    pub servers: Option<Vec<String>>,
    #[serde(default)]
    pub scope: KeyScope,
    /// Calls of tools, reads of resources and prompts. None: no limit.
    #[serde(default)]
    pub calls_per_minute: Option<u32>,
}

impl NewKey {
    /// A key for everything in its project.
    #[must_use]
    pub fn named(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// Checks all that can be judged without the project. `stands` is the end that the key has now,
    /// which may stay although it has passed.
    pub fn check(mut self, now: Timestamp, stands: Option<Timestamp>) -> Result<Self> {
        self.name = self.name.trim().to_owned();
        let mut checks = Checks::default();
        checks.check("name", name::display(&self.name));
        checks.require(
            self.expires_in_days.is_none_or(|d| (1..=DAYS).contains(&d)),
            "expires_in_days",
            Code::ExpiryInvalid,
        );
        let last = now + TimeDelta::days(DAYS.into());
        checks.require(
            self.expires_at.is_none_or(|at| Some(at) == stands || (now < at && at <= last)),
            "expires_at",
            Code::ExpiryInvalid,
        );
        checks.require(
            self.servers.as_ref().is_none_or(|servers| !servers.is_empty()),
            "servers",
            Code::Required,
        );
        checks.require(
            self.calls_per_minute.is_none_or(|n| (1..=MAX_CALLS_PER_MINUTE).contains(&n)),
            "calls_per_minute",
            Code::NumberInvalid,
        );
        checks.finish()?;
        Ok(self)
    }

    /// When it ends.
    #[must_use]
    pub fn end(&self, now: Timestamp) -> Option<Timestamp> {
        self.expires_at.or_else(|| Some(now + TimeDelta::days(self.expires_in_days?.into())))
    }
}

/// How a key is replaced by a successor of the same rules.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Rotation {
    /// Hours for which the old key goes on working, up to 168; 0 ends it at once.
    #[serde(default)]
    pub overlap_hours: u32,
    /// The successor's name; none: the old one's with a number.
    #[serde(default)]
    pub name: Option<String>,
}

impl Rotation {
    pub fn check(self) -> Result<Self> {
        let mut checks = Checks::default();
        checks.require(self.overlap_hours <= OVERLAP_HOURS, "overlap_hours", Code::NumberInvalid);
        checks.finish()?;
        Ok(self)
    }
}

/// One use of a key, as the data plane tells of it now and then. What it does not know stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyUse {
    pub key: KeyId,
    pub at: Timestamp,
    pub address: Option<String>,
    pub client: Option<String>,
}

impl KeyUse {
    #[must_use]
    pub fn new(key: KeyId, at: Timestamp) -> Self {
        Self { key, at, address: None, client: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        Timestamp::from_timestamp(1_700_000_000, 0).expect("a time")
    }

    fn faults(key: NewKey, stands: Option<Timestamp>) -> Vec<String> {
        match key.check(now(), stands) {
            Ok(_) => vec![],
            Err(error) => error.field_errors().iter().map(|field| field.field.clone()).collect(),
        }
    }

    #[test]
    fn each_rule_has_its_bounds() {
        let key = || NewKey::named("ci");
        assert!(faults(key(), None).is_empty());
        for (key, field) in [
            (NewKey { name: " ".into(), ..key() }, "name"),
            (NewKey { expires_in_days: Some(0), ..key() }, "expires_in_days"),
            (NewKey { expires_in_days: Some(3_651), ..key() }, "expires_in_days"),
            (NewKey { expires_at: Some(now()), ..key() }, "expires_at"),
            (NewKey { expires_at: Some(now() + TimeDelta::days(3_651)), ..key() }, "expires_at"),
            (NewKey { servers: Some(vec![]), ..key() }, "servers"),
            (NewKey { calls_per_minute: Some(0), ..key() }, "calls_per_minute"),
            (NewKey { calls_per_minute: Some(100_001), ..key() }, "calls_per_minute"),
        ] {
            assert_eq!(faults(key, None), [field]);
        }
        let past = now() - TimeDelta::days(1);
        assert!(faults(NewKey { expires_at: Some(past), ..key() }, Some(past)).is_empty(), "it may stay");
    }

    #[test]
    fn an_end_is_exact_or_counted_from_now() {
        let at = now() + TimeDelta::hours(5);
        assert_eq!(NewKey { expires_at: Some(at), ..NewKey::named("a") }.end(now()), Some(at));
        let days = NewKey { expires_in_days: Some(2), ..NewKey::named("a") };
        assert_eq!(days.end(now()), Some(now() + TimeDelta::days(2)));
        assert_eq!(NewKey::named("a").end(now()), None);
    }
}
