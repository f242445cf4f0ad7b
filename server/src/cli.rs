//! The command line.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};
use domain::client::Client;
use url::Url;

use crate::config::{Flags, Role};

/// A self-hosted MCP gateway for teams.
///
/// Exit codes: 0 done; 1 it failed, and the message says why; 2 the command line is wrong.
#[derive(Parser)]
#[command(name = "sluice", version, propagate_version = true)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,

    /// Configuration file; without it `sluice.toml` is read if it is there.
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Directory of the embedded database and the master key.
    #[arg(long, global = true, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
}

#[derive(Subcommand)]
pub enum Command {
    /// Run Sluice.
    Serve(Serve),
    /// Apply or inspect database migrations.
    Migrate {
        #[command(subcommand)]
        action: Migrate,
    },
    /// Look at the configuration.
    Config {
        #[command(subcommand)]
        action: ConfigAction,
    },
    /// Print the OpenAPI description of the REST API.
    Openapi,
    /// Manage people.
    User {
        #[command(subcommand)]
        action: UserAction,
    },
    /// Manage API keys of projects.
    Key {
        #[command(subcommand)]
        action: KeyAction,
    },
    /// Make the database match a YAML file of organizations, users, projects, servers and keys.
    Apply(Apply),
    /// Fill an empty database with invented projects, servers and log entries.
    Demo(Demo),
    /// Put a project into the configuration file of an MCP client on this machine, with a backup.
    Connect(Connect),
    /// Run the built-in tools as a stdio MCP server.
    Toolbox,
    /// Run a command and end its whole process group when the parent ends.
    #[command(hide = true)]
    Supervise(Supervise),
}

#[derive(Args)]
pub struct Serve {
    /// Which planes to run.
    #[arg(long)]
    pub role: Option<Role>,
    /// Address and port to listen on.
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<SocketAddr>,
    /// Fill an empty database with a demo organization and print how to use it.
    #[arg(long)]
    pub demo: bool,
}

#[derive(Subcommand)]
pub enum Migrate {
    /// Apply all pending migrations.
    Up,
    /// Take the last migration back.
    Down,
    /// List migrations and whether they are applied.
    Status {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Subcommand)]
pub enum ConfigAction {
    /// Check the configuration and print what is in force, without secrets.
    Check {
        /// Print JSON instead of TOML.
        #[arg(long)]
        json: bool,
    },
    /// Print the manual of all settings as Markdown.
    #[command(hide = true)]
    Manual,
    /// Print the list of all errors as Markdown.
    #[command(hide = true)]
    Errors,
}

#[derive(Subcommand)]
pub enum UserAction {
    /// Create an account; the password is read from standard input.
    Create {
        #[arg(long)]
        email: String,
        /// Shown to others; the e-mail address's first part if not given.
        #[arg(long)]
        name: Option<String>,
        /// Read the password from standard input. It is never taken from the command line, which
        /// other users of the machine can see.
        #[arg(long, required = true)]
        password_stdin: bool,
        /// Make them a platform administrator.
        #[arg(long)]
        admin: bool,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Print a link that signs somebody in once.
    SignInLink {
        #[arg(long)]
        email: String,
    },
}

#[derive(Subcommand)]
pub enum KeyAction {
    /// Create a key and print only the key.
    Create {
        /// The project as `organization.project`.
        #[arg(long, value_name = "ORG.PROJECT")]
        project: String,
        #[arg(long)]
        name: String,
        /// Days until it expires, such as `90d`; without it the key never expires.
        #[arg(long, value_parser = days)]
        expires: Option<u32>,
        /// Print JSON with the key's id, name and expiry as well.
        #[arg(long)]
        json: bool,
    },
    /// Print a new random key that no project knows yet, for use with `apply`.
    Generate,
}

#[derive(Args)]
pub struct Apply {
    /// The YAML file; `-` reads standard input.
    pub file: PathBuf,
    /// Only show what would change.
    #[arg(long)]
    pub dry_run: bool,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct Demo {
    /// How much: small is to look at; large is 200 projects, 2,000 servers and 1,000,000 log entries.
    #[arg(long, value_enum, default_value_t = Size::Small)]
    pub size: Size,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Size {
    Small,
    Large,
}

#[derive(Args)]
pub struct Connect {
    /// The address of Sluice, such as `https://mcp.example.com`.
    #[arg(long, required_unless_present = "undo")]
    pub url: Option<Url>,
    /// The project as `organization.project`.
    #[arg(long, value_name = "ORG.PROJECT")]
    pub project: String,
    /// One server of the project, instead of all as one.
    #[arg(long)]
    pub server: Option<String>,
    /// Such as cursor, cline, claude-code, claude-desktop, vscode, windsurf or codex.
    #[arg(long, value_parser = client)]
    pub client: Client,
    /// Read the API key from a file. Without a key the client reads the variable SLUICE_KEY, if it can.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["key_stdin", "no_key"])]
    pub key_file: Option<PathBuf>,
    /// Read the API key from standard input.
    #[arg(long, conflicts_with = "no_key")]
    pub key_stdin: bool,
    /// The project is open and needs no key.
    #[arg(long)]
    pub no_key: bool,
    /// What the client calls it; the name of the server or of the project if not given.
    #[arg(long)]
    pub name: Option<String>,
    /// A file other than the client's usual one, such as `.cursor/mcp.json`.
    #[arg(long)]
    pub file: Option<PathBuf>,
    /// Take it back: restore what was there before, or remove the entry if the file has changed since.
    #[arg(long, conflicts_with = "print")]
    pub undo: bool,
    /// Print what would be written instead.
    #[arg(long)]
    pub print: bool,
}

#[derive(Args)]
pub struct Supervise {
    /// The command with its arguments.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true)]
    pub command: Vec<String>,
}

impl Cli {
    pub fn flags(&self) -> Flags {
        let (listen, role) = match &self.command {
            Command::Serve(serve) => (serve.listen, serve.role),
            _ => (None, None),
        };
        Flags { file: self.config.clone(), data_dir: self.data_dir.clone(), listen, role }
    }
}

fn client(text: &str) -> Result<Client, String> {
    let names = || Client::ALL.iter().map(|client| client.name()).collect::<Vec<_>>().join(", ");
    Client::parse(text).ok_or_else(|| format!("known are {}", names()))
}

fn days(text: &str) -> Result<u32, String> {
    text.strip_suffix('d')
        .and_then(|number| number.parse().ok())
        .filter(|days| (1..=3_650).contains(days))
        .ok_or_else(|| "give a number of days from 1d to 3650d".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn expiry() {
        assert_eq!(days("90d"), Ok(90));
        for bad in ["", "90", "d", "0d", "-1d", "9999d", "1w"] {
            assert!(days(bad).is_err(), "{bad}");
        }
    }
}
