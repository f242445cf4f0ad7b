//! The installation itself, for its administrators: everybody and everything in it, how it fares, and what
//! it does in the background.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{Code, SecretInput, account::User, log::named, organization::Organization};

named! {
    /// Whose accounts are listed.
    UserState { Admin "admin", Active "active", Disabled "disabled" }
}

/// Which accounts are listed; empty text means "any".
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(default)]
pub struct UserFilter {
    /// Part of a name or an e-mail address, in any case.
    pub q: Option<String>,
    pub state: Option<UserState>,
    /// E-mail addresses after this one (the next page).
    pub after: Option<String>,
}

/// An account as administrators see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UserEntry {
    #[serde(flatten)]
    pub user: User,
    /// Short names of the organizations that they are in.
    pub organizations: Vec<String>,
    /// When they last used the console; none when no browser of theirs is signed in.
    pub last_seen_at: Option<DateTime<Utc>>,
}

/// Accounts by e-mail address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UsersPage {
    pub items: Vec<UserEntry>,
    /// Pass as `after` for the next page; none at the end.
    pub next: Option<String>,
}

/// Somebody who is to have an account, and chooses a password when they have come in by a link.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewUser {
    pub email: String,
    pub name: String,
}

/// A secret that signs somebody in once, within a day, and is never shown again. The link to pass on is
/// `/sign-in/link?token=` and the secret, under the installation's public address.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignInLink {
    pub email: String,
    pub token: SecretInput,
}

/// Which organizations are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(default)]
pub struct OrganizationFilter {
    /// Part of a name or a short name, in any case.
    pub q: Option<String>,
    /// Short names after this one (the next page).
    pub after: Option<String>,
}

/// Organizations by their short names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrganizationsPage {
    pub items: Vec<Organization>,
    /// Pass as `after` for the next page; none at the end.
    pub next: Option<String>,
}

/// How the installation fares.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SystemStatus {
    pub database: DatabaseStatus,
    /// Browsers that are signed in.
    pub browsers: u64,
    /// Of the process that was asked.
    pub process: Option<ProcessStatus>,
    /// Whether a mail server is set up.
    pub mail: bool,
    pub now: DateTime<Utc>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DatabaseStatus {
    /// `SQLite` or `PostgreSQL`.
    pub kind: String,
    pub bytes: u64,
    /// Grows with each change that the data plane must see.
    pub revision: u64,
}

/// A process of Sluice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProcessStatus {
    pub version: String,
    /// `all`, `console` or `gateway`.
    pub role: String,
    pub started_at: DateTime<Utc>,
    pub plane: PlaneStatus,
    /// The effective settings as TOML, without secrets.
    pub configuration: String,
}

/// The data plane of a process; of one that serves the console alone it is all zeros.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlaneStatus {
    /// The revision in force.
    pub revision: u64,
    pub replaced_at: Option<DateTime<Utc>>,
    pub sessions: u64,
    pub connections: u64,
    /// Those of the connections that are child processes.
    pub processes: u64,
    /// Log entries and states that wait to be written, of how many that may.
    pub events_waiting: u64,
    pub events_room: u64,
    /// Lost since the start because the queue was full.
    pub events_dropped: u64,
    /// The last time that servers were asked whether they are there.
    pub checks: Option<JobRun>,
    /// The last time that the lists of all servers were read.
    pub catalogs: Option<JobRun>,
}

named! {
    /// Something that is done in the background.
    JobName { Checks "checks", Catalogs "catalogs", Logs "logs", Sessions "sessions", Invitations "invitations", Keys "keys" }
}

impl JobName {
    /// Whether each data plane does it for its own servers.
    #[must_use]
    pub const fn is_of_planes(self) -> bool {
        matches!(self, JobName::Checks | JobName::Catalogs)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JobStatus {
    pub job: JobName,
    pub every_seconds: u32,
    /// Of whichever process, except where each data plane runs for itself; none before the first.
    pub last: Option<JobRun>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JobRun {
    pub started_at: DateTime<Utc>,
    pub duration_ms: u64,
    /// What it deleted, or the servers that it asked.
    pub items: u64,
    /// Servers of those that did not answer.
    pub failed: u64,
    /// Why it failed; none when it did what it should.
    pub code: Option<Code>,
    /// Name of whoever asked for it; none when it was time.
    pub by: Option<String>,
}
