//! Configuration: defaults < file < environment < command line. The only reader of the environment.
//!
//! `config.default.toml` is both the defaults and the manual, so the two cannot disagree.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use domain::account::SignUpPolicy;
use serde::{Deserialize, Serialize};
use toml::{Table, Value};
use url::Url;

use crate::edge::proxy::Proxies;

pub mod manual;
mod overlay;

/// The defaults, which are also the manual.
pub const DEFAULTS: &str = include_str!("../../config.default.toml");

/// The file that is read when it exists and no other is named.
const FILE: &str = "sluice.toml";

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub server: Server,
    pub database: Database,
    pub secrets: Secrets,
    pub accounts: Accounts,
    pub stdio: Stdio,
    pub outbound: Outbound,
    pub mcp: Mcp,
    pub limits: Limits,
    pub mail: Mail,
    pub log: Log,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    pub listen: SocketAddr,
    pub public_url: String,
    pub allowed_origins: Vec<String>,
    pub trusted_proxies: Vec<String>,
    pub data_dir: PathBuf,
    pub role: Role,
    pub allow_plain_http: bool,
    pub shutdown_seconds: u64,
}

/// Which planes a process runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    All,
    Console,
    Gateway,
}

impl Role {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Role::All => "all",
            Role::Console => "console",
            Role::Gateway => "gateway",
        }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    pub url: String,
    pub url_file: String,
    pub migrate: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Secrets {
    pub master_key_file: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accounts {
    pub sign_up: SignUpPolicy,
    pub session_idle_hours: u32,
    pub session_hours: u32,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stdio {
    pub enabled: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outbound {
    pub allow: Vec<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mcp {
    pub open_access: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    pub mcp_body_bytes: usize,
    pub upstream_message_bytes: usize,
    pub sse_event_bytes: usize,
    pub api_body_bytes: usize,
    pub sessions_per_key: usize,
    pub sessions_per_project: usize,
    pub calls_per_session: usize,
    pub session_idle_minutes: u64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    pub host: String,
    pub port: u16,
    pub tls: MailTls,
    pub ca_file: String,
    pub user: String,
    pub password: String,
    pub password_file: String,
    pub from: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailTls {
    Starttls,
    Tls,
    None,
}

impl Mail {
    fn check(&self) -> Result<()> {
        if self.host.is_empty() {
            return Ok(());
        }
        self.from.parse::<lettre::message::Mailbox>().with_context(|| {
            format!(
                "`mail.from` must be an address, such as \"Sluice <sluice@example.org>\": {:?}",
                self.from
            )
        })?;
        if self.tls == MailTls::None && !is_loopback_host(&self.host) {
            bail!(
                "`mail.tls = \"none\"` is for a mail server on this machine only: invitations would travel \
                 in the clear to {}. Use \"starttls\" or \"tls\"",
                self.host
            );
        }
        if self.tls == MailTls::None && !self.ca_file.is_empty() {
            bail!("`mail.ca_file` needs `mail.tls` to be \"starttls\" or \"tls\"");
        }
        self.authorities().map(drop)?;
        if !self.password.is_empty() && !self.password_file.is_empty() {
            bail!("`mail.password` and `mail.password_file` exclude each other");
        }
        if self.user.is_empty() && !(self.password.is_empty() && self.password_file.is_empty()) {
            bail!("`mail.password` needs `mail.user`");
        }
        self.password().map(drop)
    }

    /// Those that vouch for the mail server beside the system's.
    pub fn authorities(&self) -> Result<Option<lettre::transport::smtp::client::Certificate>> {
        if self.ca_file.is_empty() {
            return Ok(None);
        }
        let failed = || format!("`mail.ca_file` {} holds no certificates that can be read", self.ca_file);
        let text = std::fs::read(&self.ca_file).with_context(failed)?;
        if !String::from_utf8_lossy(&text).contains("-----BEGIN CERTIFICATE-----") {
            bail!(failed());
        }
        lettre::transport::smtp::client::Certificate::from_pem(&text).map(Some).with_context(failed)
    }

    pub fn password(&self) -> Result<String> {
        if self.password_file.is_empty() {
            return Ok(self.password.clone());
        }
        let text = std::fs::read_to_string(&self.password_file)
            .with_context(|| format!("`mail.password_file` {} cannot be read", self.password_file))?;
        Ok(text.trim_end_matches(['\r', '\n']).to_owned())
    }
}

fn is_loopback_host(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    pub level: String,
    pub format: LogFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    Text,
    Json,
}

/// What the command line says on top.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    pub file: Option<PathBuf>,
    pub listen: Option<SocketAddr>,
    pub data_dir: Option<PathBuf>,
    pub role: Option<Role>,
}

impl Config {
    /// Reads and checks everything.
    pub fn load(flags: &Flags) -> Result<Self> {
        Self::from_parts(flags, std::env::vars())
    }

    fn from_parts(flags: &Flags, env: impl Iterator<Item = (String, String)>) -> Result<Self> {
        let mut table: Table = DEFAULTS.parse().context("the built-in defaults do not parse")?;
        let defaults = table.clone();
        if let Some((path, text)) = read_file(flags.file.as_deref())? {
            let file: Table =
                text.parse().with_context(|| format!("{} is not valid TOML", path.display()))?;
            overlay::merge(&mut table, file, &path.display().to_string())?;
        }
        overlay::environment(&mut table, &defaults, env)?;
        if let Some(listen) = flags.listen {
            overlay::set(&mut table, "server", "listen", Value::String(listen.to_string()));
        }
        if let Some(dir) = &flags.data_dir {
            overlay::set(&mut table, "server", "data_dir", Value::String(dir.display().to_string()));
        }
        let mut config: Config = Value::Table(table).try_into().context("a setting has the wrong form")?;
        if let Some(role) = flags.role {
            config.server.role = role;
        }
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<()> {
        let url = self.public_url()?;
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            bail!("`server.public_url` must be an http or https address, such as https://mcp.example.org");
        }
        if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() {
            bail!("`server.public_url` must not have a query, a fragment or a user name");
        }
        if url.scheme() == "http" && !is_loopback(&url) && !self.server.allow_plain_http {
            bail!(
                "`server.public_url` {url} is plain http outside this machine: cookies and keys would travel \
                 in the clear. Use https (a reverse proxy will do), or set `server.allow_plain_http = true`"
            );
        }
        Proxies::new(&self.server.trusted_proxies).context("`server.trusted_proxies`")?;
        if !self.database.url.is_empty() && !self.database.url_file.is_empty() {
            bail!("`database.url` and `database.url_file` exclude each other");
        }
        self.mail.check()
    }

    /// The external address, without a trailing slash in its path.
    pub fn public_url(&self) -> Result<Url> {
        let text = match self.server.public_url.trim_end_matches('/') {
            "" => format!("http://{}", self.server.listen),
            text => text.to_owned(),
        };
        Url::parse(&text).with_context(|| format!("`server.public_url` is not an address: {text}"))
    }

    /// Whether upstream servers on this machine may be reached: only when nobody outside reaches us.
    pub fn is_loopback_only(&self) -> bool {
        self.server.listen.ip().is_loopback()
    }

    /// Whether open projects are served without a key. A loopback listener behind a proxy for
    /// others is not enough: those others would be served too.
    pub fn serves_open_projects(&self) -> bool {
        let own = self.is_loopback_only() && self.public_url().is_ok_and(|url| is_loopback(&url));
        own || self.mcp.open_access
    }

    pub fn database_url(&self) -> Result<String> {
        if !self.database.url_file.is_empty() {
            let text = std::fs::read_to_string(&self.database.url_file)
                .with_context(|| format!("`database.url_file` {} cannot be read", self.database.url_file))?;
            return Ok(text.trim().to_owned());
        }
        if !self.database.url.is_empty() {
            return Ok(self.database.url.clone());
        }
        Ok(format!("sqlite://{}?mode=rwc", self.server.data_dir.join("sluice.db").display()))
    }

    pub fn master_key_file(&self) -> PathBuf {
        match self.secrets.master_key_file.as_str() {
            "" => self.server.data_dir.join("master.key"),
            path => PathBuf::from(path),
        }
    }

    /// The effective settings for people, without passwords.
    pub fn redacted(&self) -> Self {
        let mut config = self.clone();
        if let Ok(mut url) = Url::parse(&config.database.url)
            && url.password().is_some()
            && url.set_password(Some("redacted")).is_ok()
        {
            config.database.url = url.to_string();
        }
        if !config.mail.password.is_empty() {
            config.mail.password = "redacted".to_owned();
        }
        config
    }
}

pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

fn read_file(named: Option<&Path>) -> Result<Option<(PathBuf, String)>> {
    let path = named.map_or_else(|| PathBuf::from(FILE), Path::to_path_buf);
    match std::fs::read_to_string(&path) {
        Ok(text) => Ok(Some((path, text))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && named.is_none() => Ok(None),
        Err(error) => {
            Err(error).with_context(|| format!("the configuration {} cannot be read", path.display()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(env: &[(&str, &str)]) -> Result<Config> {
        let env = env.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        Config::from_parts(&Flags::default(), env)
    }

    #[test]
    fn the_defaults_are_complete() {
        let config = load(&[]).expect("the defaults");
        assert_eq!(config.public_url().expect("an address").as_str(), "http://127.0.0.1:8080/");
        assert!(config.is_loopback_only());
    }

    #[test]
    fn the_environment_overrides_by_type() {
        let config = load(&[
            ("SLUICE__SERVER__LISTEN", "0.0.0.0:9000"),
            ("SLUICE__SERVER__PUBLIC_URL", "https://mcp.example.org/"),
            ("SLUICE__OUTBOUND__ALLOW", "10.0.0.0/8, 192.168.1.0/24"),
            ("SLUICE__DATABASE__MIGRATE", "false"),
            ("SLUICE__LIMITS__MCP_BODY_BYTES", "1024"),
        ])
        .expect("good settings");
        assert_eq!(config.outbound.allow, ["10.0.0.0/8", "192.168.1.0/24"]);
        assert!(!config.database.migrate);
        assert_eq!(config.limits.mcp_body_bytes, 1024);
        assert!(!config.is_loopback_only());
    }

    #[test]
    fn open_projects_are_for_this_machine_or_for_who_says_so() {
        let open = |env: &[(&str, &str)]| load(env).expect("good settings").serves_open_projects();
        let proxied = ("SLUICE__SERVER__PUBLIC_URL", "https://mcp.example.org");
        let wide = ("SLUICE__SERVER__LISTEN", "0.0.0.0:8080");
        assert!(open(&[]));
        assert!(!open(&[proxied]), "a proxy before a loopback listener");
        assert!(!open(&[wide, ("SLUICE__SERVER__PUBLIC_URL", "http://localhost:8080")]));
        assert!(open(&[wide, proxied, ("SLUICE__MCP__OPEN_ACCESS", "true")]));
    }

    #[test]
    fn mistakes_are_named() {
        for (name, value, says) in [
            ("SLUICE__SERVER__LISTN", "x", "SLUICE__SERVER__LISTN"),
            ("SLUICE__NOWHERE__KEY", "x", "SLUICE__NOWHERE__KEY"),
            ("SLUICE__DATABASE__MIGRATE", "perhaps", "SLUICE__DATABASE__MIGRATE"),
            ("SLUICE__SERVER__PUBLIC_URL", "http://mcp.example.org", "allow_plain_http"),
            ("SLUICE__ACCOUNTS__SIGN_UP", "maybe", "sign_up"),
            ("SLUICE__SERVER__TRUSTED_PROXIES", "proxy.example.org", "trusted_proxies"),
        ] {
            let error = format!("{:#}", load(&[(name, value)]).expect_err(name));
            assert!(error.contains(says), "{name}: {error}");
        }
    }

    #[test]
    fn mail_needs_a_sender_and_a_line_that_nobody_listens_on() {
        let host = ("SLUICE__MAIL__HOST", "mail.example.org");
        let from = ("SLUICE__MAIL__FROM", "Sluice <sluice@example.org>");
        let user = ("SLUICE__MAIL__USER", "sluice");
        let password = ("SLUICE__MAIL__PASSWORD", "hunter2");
        let (plain, here) = (("SLUICE__MAIL__TLS", "none"), ("SLUICE__MAIL__HOST", "127.0.0.1"));
        let file = ("SLUICE__MAIL__PASSWORD_FILE", "/nowhere/password");
        let config = load(&[host, from, user, password]).expect("good settings");
        let shown = toml::to_string(&config.redacted()).expect("TOML");
        assert!(shown.contains("mail.example.org") && !shown.contains("hunter2"));
        assert!(load(&[here, from, plain]).is_ok());
        for (env, says) in [
            (vec![host], "mail.from"),
            (vec![host, ("SLUICE__MAIL__FROM", "a@b\nBcc: c@d")], "mail.from"),
            (vec![host, from, plain], "mail.tls"),
            (vec![host, from, password], "mail.user"),
            (vec![host, from, user, password, file], "mail.password_file"),
            (vec![host, from, user, file], "mail.password_file"),
            (vec![host, from, ("SLUICE__MAIL__CA_FILE", "/nowhere/ca.pem")], "mail.ca_file"),
            (vec![here, from, plain, ("SLUICE__MAIL__CA_FILE", "/nowhere/ca.pem")], "mail.ca_file"),
            (vec![("SLUICE__MAIL__TLS", "maybe")], "mail"),
        ] {
            let error = format!("{:#}", load(&env).expect_err(says));
            assert!(error.contains(says), "{env:?}: {error}");
        }
    }

    #[test]
    fn a_database_password_is_not_shown() {
        let config =
            load(&[("SLUICE__DATABASE__URL", "postgres://sluice:hunter2@db/sluice")]).expect("settings");
        assert!(!toml::to_string(&config.redacted()).expect("TOML").contains("hunter2"));
    }
}
