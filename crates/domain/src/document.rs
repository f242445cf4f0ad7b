//! The declarative file of `sluice apply`: organizations, users, projects, members, servers, keys.
//!
//! Secrets are references (`{ env: NAME }`, `{ file: PATH }`, `*_env`, `*_file`), never values; the
//! command line resolves them where it runs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    Role,
    project::Access,
    server::{Sharing, Transport},
    tool::ToolRule,
};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Document {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub organizations: Vec<OrganizationEntry>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub users: Vec<UserEntry>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
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

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProjectEntry {
    pub org: String,
    pub slug: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub log_payloads: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    pub access: Access,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<MemberEntry>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub servers: Vec<ServerEntry>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
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
    #[serde(default)]
    pub transport: Transport,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub command: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub args: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub working_directory: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub env: BTreeMap<String, SecretReference>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub url: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, SecretReference>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub builtin: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout_seconds: Option<u32>,
    /// Empty: no prefix; none: made from the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alias: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub sharing: Sharing,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sleep_after_minutes: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_mb: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connect_seconds: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub initialize_seconds: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_seconds: Option<u32>,
    /// Rules by the tools' own names. Tools that are not named here keep the rules that they have.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tools: BTreeMap<String, ToolRule>,
    /// The approved command that it is; command, arguments and working directory are those of the command.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_command: Option<String>,
    /// The shared server that it is of. Besides this, its name, description, alias, rules of tools and whether
    /// it is enabled, nothing of it is the project's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shared: Option<String>,
    /// What fills the holes of the approved command.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, String>,
    #[serde(default = "enabled", skip_serializing_if = "Clone::clone")]
    pub enabled: bool,
}

fn enabled() -> bool {
    true
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl ServerEntry {
    /// Of a shared server nothing is kept but what is the project's.
    pub fn keep_own(&mut self) {
        if self.shared.is_none() {
            return;
        }
        (self.command, self.args, self.working_directory) = Default::default();
        (self.url, self.builtin, self.sharing) = Default::default();
        self.env.clear();
        self.headers.clear();
        (self.approved_command, self.values) = Default::default();
        (self.timeout_seconds, self.sleep_after_minutes, self.memory_mb) = (None, None, None);
        (self.connect_seconds, self.initialize_seconds, self.total_seconds) = (None, None, None);
    }
}

impl ProjectEntry {
    /// The servers in the form that MCP clients read, `{"mcpServers": …}`. Values of variables are named
    /// holes, `${NAME}`; built-in and shared servers, which no client can run, are left out.
    #[must_use]
    pub fn mcp_servers(&self) -> Value {
        let holes = |map: &BTreeMap<String, SecretReference>| -> Value {
            let hole = |reference: &SecretReference| {
                let name = reference.env.as_ref().or(reference.file.as_ref());
                format!("${{{}}}", name.map_or("", String::as_str))
            };
            map.iter().map(|(name, reference)| (name.clone(), hole(reference))).collect()
        };
        let entry = |server: &ServerEntry| {
            let mut entry = match server.transport {
                _ if server.shared.is_some() => return None,
                Transport::Stdio => json!({ "command": server.command, "args": server.args }),
                Transport::Sse => json!({ "type": "sse", "url": server.url }),
                Transport::StreamableHttp => json!({ "type": "http", "url": server.url }),
                Transport::Builtin => return None,
            };
            for (name, map) in [("env", &server.env), ("headers", &server.headers)] {
                if !map.is_empty() {
                    entry[name] = holes(map);
                }
            }
            Some((server.name.clone(), entry))
        };
        let servers: serde_json::Map<_, _> = self.servers.iter().filter_map(entry).collect();
        json!({ "mcpServers": servers })
    }
}

/// Under which name the value of a server's variable is to be given: `FILES_API_TOKEN`.
#[must_use]
pub fn hole(server: &str, variable: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    format!("{server}_{variable}").chars().map(plain).collect()
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyEntry {
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret_env: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
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
