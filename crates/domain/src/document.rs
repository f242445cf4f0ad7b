//! The declarative file of `sluice apply`: organizations, users, projects, members, servers, keys.
//!
//! Secrets are references (`{ env: NAME }`, `{ file: PATH }`, `*_env`, `*_file`), never values; the
//! command line resolves them where it runs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    Role,
    project::Access,
    server::{Sharing, Transport},
    tool::ToolRule,
};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Document {
    pub organizations: Vec<OrganizationEntry>,
    pub users: Vec<UserEntry>,
    pub projects: Vec<ProjectEntry>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrganizationEntry {
    pub slug: String,
    pub name: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserEntry {
    pub email: String,
    pub name: String,
    #[serde(default)]
    pub password_env: Option<String>,
    #[serde(default)]
    pub password_file: Option<String>,
    #[serde(default)]
    pub admin: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProjectEntry {
    pub org: String,
    pub slug: String,
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub description: String,
    #[serde(default)]
    pub log_payloads: bool,
    #[serde(default)]
    pub access: Access,
    #[serde(default)]
    pub members: Vec<MemberEntry>,
    #[serde(default)]
    pub servers: Vec<ServerEntry>,
    #[serde(default)]
    pub api_keys: Vec<KeyEntry>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberEntry {
    pub email: String,
    pub role: Role,
}

/// Where a secret is to be read: exactly one of the two.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecretReference {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub env: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerEntry {
    pub name: String,
    pub transport: Transport,
    #[serde(default)]
    pub description: String,
    #[serde(default)]
    pub command: String,
    #[serde(default)]
    pub args: Vec<String>,
    #[serde(default)]
    pub working_directory: Option<String>,
    #[serde(default)]
    pub env: BTreeMap<String, SecretReference>,
    #[serde(default)]
    pub url: String,
    #[serde(default)]
    pub headers: BTreeMap<String, SecretReference>,
    #[serde(default)]
    pub builtin: String,
    #[serde(default)]
    pub timeout_seconds: Option<u32>,
    /// Empty: no prefix; none: made from the name.
    #[serde(default)]
    pub alias: Option<String>,
    #[serde(default)]
    pub sharing: Sharing,
    #[serde(default)]
    pub sleep_after_minutes: Option<u32>,
    #[serde(default)]
    pub memory_mb: Option<u32>,
    #[serde(default)]
    pub connect_seconds: Option<u32>,
    #[serde(default)]
    pub initialize_seconds: Option<u32>,
    #[serde(default)]
    pub total_seconds: Option<u32>,
    /// Rules by the tools' own names. Tools that are not named here keep the rules that they have.
    #[serde(default)]
    pub tools: BTreeMap<String, ToolRule>,
    #[serde(default = "enabled")]
    pub enabled: bool,
}

fn enabled() -> bool {
    true
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyEntry {
    pub name: String,
    #[serde(default)]
    pub secret_env: Option<String>,
    #[serde(default)]
    pub secret_file: Option<String>,
}

/// One difference between the file and the store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Change {
    pub verb: Verb,
    /// Such as `server acme.payments/everything`.
    pub target: String,
    /// Names of what differs, for an update; secret values are never among them.
    pub fields: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    Create,
    Update,
    Keep,
}
