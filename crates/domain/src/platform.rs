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
