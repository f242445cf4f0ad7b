//! What a person sends to create or change a server, and its checks.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use url::Url;

use super::{BUILTINS, Sharing, TIMEOUT_SECONDS, Transport};
use crate::{Code, Result, SecretInput, error::Checks, name};

/// An environment variable or a header.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VariableInput {
    pub name: String,
    /// The new value; none keeps the stored one.
    #[serde(default)]
    pub value: Option<SecretInput>,
}

/// A whole server: creating takes it as it is, changing replaces everything with it, except that
/// variables and headers without a value keep the stored one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ServerInput {
    pub name: String,
    #[serde(default)]
    pub description: String,
    #[serde(default)]
    pub transport: Transport,
    #[serde(default)]
    pub command: String,
    #[serde(default)]
    pub args: Vec<String>,
    #[serde(default)]
    pub working_directory: Option<String>,
    #[serde(default)]
    pub env: Vec<VariableInput>,
    #[serde(default)]
    pub url: String,
    #[serde(default)]
    pub headers: Vec<VariableInput>,
    #[serde(default)]
    pub builtin: String,
    #[serde(default = "default_timeout")]
    pub timeout_seconds: u32,
    /// What stands before its tools on the project's own endpoint; empty: nothing; none: made from
    /// the name.
    #[serde(default)]
    pub alias: Option<String>,
    /// Whose calls one process answers.
    #[serde(default)]
    pub sharing: Sharing,
    /// Minutes without use after which the process is stopped (1 to 10,080); none: never.
    #[serde(default)]
    pub sleep_after_minutes: Option<u32>,
    /// MiB of memory, children included, above which the process is ended (16 to 1,048,576).
    #[serde(default)]
    pub memory_mb: Option<u32>,
    /// Seconds to take a connection or to start (1 to 120).
    #[serde(default)]
    pub connect_seconds: Option<u32>,
    /// Seconds from there to the end of the handshake (1 to 600).
    #[serde(default)]
    pub initialize_seconds: Option<u32>,
    /// Seconds that a call may take whatever its signs of life (`timeout_seconds` to 86,400).
    #[serde(default)]
    pub total_seconds: Option<u32>,
    #[serde(default = "default_enabled")]
    pub enabled: bool,
    /// The approved command that it is, by name or id: transport, command, arguments and working directory
    /// are the command's. A server keeps its command.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_command: Option<String>,
    /// The server that administrators share and that it is of, by name or id: all but name, description,
    /// alias and `enabled` is theirs. A server stays of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shared: Option<String>,
    /// What fills the holes of the approved command.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, String>,
}

impl Default for ServerInput {
    /// A server with nothing said of it: enabled, with the usual limits.
    fn default() -> Self {
        Self {
            name: String::new(),
            description: String::new(),
            transport: Transport::default(),
            command: String::new(),
            args: Vec::new(),
            working_directory: None,
            env: Vec::new(),
            url: String::new(),
            headers: Vec::new(),
            builtin: String::new(),
            timeout_seconds: TIMEOUT_SECONDS,
            alias: None,
            sharing: Sharing::default(),
            sleep_after_minutes: None,
            memory_mb: None,
            connect_seconds: None,
            initialize_seconds: None,
            total_seconds: None,
            enabled: true,
            approved_command: None,
            shared: None,
            values: BTreeMap::new(),
        }
    }
}

fn default_timeout() -> u32 {
    TIMEOUT_SECONDS
}

fn default_enabled() -> bool {
    true
}

/// Variables that change how a program is loaded or run, or that Sluice sets itself. A server's
/// command is chosen by a platform admin, its variables are not.
const FORBIDDEN_ENV: &[&str] = &[
    "PATH",
    "IFS",
    "ENV",
    "BASH_ENV",
    "SHELLOPTS",
    "NODE_OPTIONS",
    "PYTHONSTARTUP",
    "PERL5OPT",
    "RUBYOPT",
    "JAVA_TOOL_OPTIONS",
    "GLIBC_TUNABLES",
];
const FORBIDDEN_ENV_PREFIXES: &[&str] = &["LD_", "DYLD_", "BASH_FUNC_"];

/// Headers that belong to the transport and not to a person.
const FORBIDDEN_HEADERS: &[&str] = &[
    "host",
    "content-length",
    "content-type",
    "accept",
    "connection",
    "transfer-encoding",
    "upgrade",
    "te",
    "trailer",
    "expect",
    "mcp-session-id",
    "mcp-protocol-version",
    "mcp-method",
    "mcp-name",
    "last-event-id",
];

impl ServerInput {
    /// Trims, drops what the transport does not use, then checks every field.
    pub fn check(mut self) -> Result<Self> {
        self.name = self.name.trim().to_owned();
        self.description = self.description.trim().to_owned();
        self.command = self.command.trim().to_owned();
        self.url = self.url.trim().to_owned();
        self.working_directory =
            self.working_directory.map(|w| w.trim().to_owned()).filter(|w| !w.is_empty());
        let (stdio, remote) = (self.transport == Transport::Stdio, self.transport.is_remote());
        if !stdio {
            (self.command, self.args, self.working_directory) = Default::default();
            self.env.clear();
        }
        if !remote {
            self.url.clear();
            self.headers.clear();
        }
        if self.transport != Transport::Builtin {
            self.builtin.clear();
        }
        self.alias = self.alias.map(|alias| alias.trim().to_owned());
        self.drop_process_rules();

        let mut checks = Checks::default();
        checks.check("name", name::server(&self.name));
        checks.check("description", name::description(&self.description));
        checks.require((1..=600).contains(&self.timeout_seconds), "timeout_seconds", Code::TimeoutInvalid);
        checks.check("alias", name::alias(self.alias.as_deref().unwrap_or_default()));
        self.check_rules(&mut checks);
        match self.transport {
            Transport::Stdio => self.check_command(&mut checks),
            Transport::Sse | Transport::StreamableHttp => {
                checks.check("url", url(&self.url));
                variables(&mut checks, "headers", &self.headers, header_name);
            }
            Transport::Builtin => {
                checks.require(BUILTINS.contains(&self.builtin.as_str()), "builtin", Code::BuiltinUnknown);
            }
        }
        checks.finish()?;
        Ok(self)
    }

    fn check_command(&self, checks: &mut Checks) {
        if self.command.is_empty() {
            checks.fail("command", Code::Required, "");
        } else if self.command.chars().any(|c| c.is_whitespace() || c.is_control())
            || (self.command.contains('/') && !self.command.starts_with('/'))
        {
            // A relative path would depend on where Sluice was started.
            checks.fail("command", Code::CommandInvalid, "");
        }
        let clean = |text: &String| !text.contains('\0');
        checks.require(self.args.iter().all(clean), "args", Code::VariableValueInvalid);
        checks.require(self.args.len() <= 100, "args", Code::TooLong);
        if let Some(directory) = &self.working_directory {
            checks.require(
                directory.starts_with('/') && clean(directory),
                "working_directory",
                Code::CommandInvalid,
            );
        }
        variables(checks, "env", &self.env, env_name);
    }
}

fn variables(checks: &mut Checks, field: &str, list: &[VariableInput], check: fn(&str) -> Result<(), Code>) {
    checks.require(list.len() <= 100, field, Code::TooLong);
    for (i, variable) in list.iter().enumerate() {
        let twice = list[..i].iter().any(|v| v.name.eq_ignore_ascii_case(&variable.name));
        let result = if twice { Err(Code::VariableNameInvalid) } else { check(&variable.name) };
        checks.check(&format!("{field}[{i}].name"), result);
        if let Some(value) = &variable.value {
            let clean = !value.expose_secret().chars().any(|c| c.is_control() && c != '\t');
            let multiline = field == "env" && !value.expose_secret().contains('\0');
            checks.require(clean || multiline, &format!("{field}[{i}].value"), Code::VariableValueInvalid);
        }
    }
}

pub(crate) fn env_name(text: &str) -> Result<(), Code> {
    let fits = (1..=128).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && !text.starts_with(|c: char| c.is_ascii_digit());
    if !fits {
        return Err(Code::VariableNameInvalid);
    }
    let upper = text.to_ascii_uppercase();
    let forbidden = FORBIDDEN_ENV.contains(&upper.as_str())
        || FORBIDDEN_ENV_PREFIXES.iter().any(|prefix| upper.starts_with(prefix));
    if forbidden { Err(Code::VariableForbidden) } else { Ok(()) }
}

/// A field name (RFC 9110 §5.6.2 `token`).
fn header_name(text: &str) -> Result<(), Code> {
    let token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    if !(1..=128).contains(&text.len()) || !text.bytes().all(token) {
        return Err(Code::VariableNameInvalid);
    }
    let forbidden = FORBIDDEN_HEADERS.contains(&text.to_ascii_lowercase().as_str());
    if forbidden { Err(Code::VariableForbidden) } else { Ok(()) }
}

/// An upstream's address: http(s), a host, no credentials, no fragment. Whether Sluice may connect
/// there is the outbound guard's matter, at connection time and for the resolved address.
fn url(text: &str) -> Result<(), Code> {
    let Ok(url) = Url::parse(text) else { return Err(Code::UrlInvalid) };
    let fits = matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.username().is_empty()
        && url.password().is_none()
        && url.fragment().is_none()
        && text.len() <= 2_000;
    if fits { Ok(()) } else { Err(Code::UrlInvalid) }
}

#[cfg(test)]
#[path = "input_tests.rs"]
mod tests;
