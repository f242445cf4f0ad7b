//! Where clients keep what they are told.

use super::Client;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Os {
    MacOs,
    Windows,
    Linux,
}

impl Os {
    pub const ALL: [Os; 3] = [Os::MacOs, Os::Windows, Os::Linux];

    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Os::MacOs => "macOS",
            Os::Windows => "Windows",
            Os::Linux => "Linux",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Json {
        /// The member that holds the servers.
        servers: &'static str,
        /// Whether the client itself reads comments and trailing commas.
        comments: bool,
    },
    Toml,
}

/// The file that a client keeps its servers in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConfigFile {
    pub name: &'static str,
    pub format: Format,
    places: [&'static [&'static str]; 3],
}

impl ConfigFile {
    /// Where it is, the likeliest first. `~` is the home, `%APPDATA%` as Windows says.
    #[must_use]
    pub const fn places(&self, os: Os) -> &'static [&'static str] {
        self.places[os as usize]
    }
}

const JSON: Format = Format::Json { servers: "mcpServers", comments: false };

impl Client {
    /// None where there is no file of its own to write to.
    #[must_use]
    pub const fn file(self) -> Option<ConfigFile> {
        Some(match self {
            Client::Cline => ConfigFile {
                name: "cline_mcp_settings.json",
                format: JSON,
                places: [
                    &[
                        "~/Library/Application Support/Code/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json",
                        "~/.cline/data/settings/cline_mcp_settings.json",
                    ],
                    &[
                        "%APPDATA%/Code/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json",
                        "~/.cline/data/settings/cline_mcp_settings.json",
                    ],
                    &[
                        "~/.config/Code/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json",
                        "~/.cline/data/settings/cline_mcp_settings.json",
                    ],
                ],
            },
            Client::Cursor => everywhere(
                "mcp.json",
                Format::Json { servers: "mcpServers", comments: true },
                &["~/.cursor/mcp.json"],
            ),
            Client::ClaudeCode => everywhere(".claude.json", JSON, &["~/.claude.json"]),
            Client::ClaudeDesktop => ConfigFile {
                name: "claude_desktop_config.json",
                format: JSON,
                places: [
                    &["~/Library/Application Support/Claude/claude_desktop_config.json"],
                    &["%APPDATA%/Claude/claude_desktop_config.json"],
                    &["~/.config/Claude/claude_desktop_config.json"],
                ],
            },
            Client::VsCode => ConfigFile {
                name: "mcp.json",
                format: Format::Json { servers: "servers", comments: true },
                places: [
                    &["~/Library/Application Support/Code/User/mcp.json"],
                    &["%APPDATA%/Code/User/mcp.json"],
                    &["~/.config/Code/User/mcp.json"],
                ],
            },
            Client::Windsurf => everywhere("mcp_config.json", JSON, &["~/.codeium/windsurf/mcp_config.json"]),
            Client::Codex => everywhere("config.toml", Format::Toml, &["~/.codex/config.toml"]),
            Client::Inspector
            | Client::Langflow
            | Client::Flowise
            | Client::AutoGen
            | Client::LangChain
            | Client::Curl => return None,
        })
    }
}

const fn everywhere(name: &'static str, format: Format, places: &'static [&'static str]) -> ConfigFile {
    ConfigFile { name, format, places: [places; 3] }
}
