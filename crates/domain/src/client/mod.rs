//! How each MCP client is told of Sluice: what to write, in which file, or which command to run.
//!
//! Pure, so the console shows, `sluice connect` writes and the tests read the very same.

use serde::{Deserialize, Serialize};

mod configuration;
mod place;
#[cfg(test)]
mod tests;

pub use configuration::{Configuration, Connection, Credential, Language, PLACEHOLDER, VARIABLE};
pub use place::{ConfigFile, Format, Os};

macro_rules! clients {
    ($($(#[$doc:meta])* $client:ident $name:literal $label:literal;)+) => {
        /// A program that speaks MCP to us. Each says where its format is documented.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub enum Client { $($(#[$doc])* #[serde(rename = $name)] $client,)+ }

        impl Client {
            pub const ALL: &[Client] = &[$(Client::$client,)+];

            /// As in addresses and on the command line.
            #[must_use]
            pub const fn name(self) -> &'static str { match self { $(Client::$client => $name,)+ } }

            /// As it calls itself.
            #[must_use]
            pub const fn label(self) -> &'static str { match self { $(Client::$client => $label,)+ } }
        }
    };
}

clients! {
    /// <https://docs.cline.bot/mcp/adding-and-configuring-servers>: an entry without `type` is taken for SSE.
    Cline "cline" "Cline";
    /// <https://cursor.com/docs/context/mcp>, links: <https://cursor.com/docs/context/mcp/install-links>.
    Cursor "cursor" "Cursor";
    /// <https://code.claude.com/docs/en/mcp>.
    ClaudeCode "claude-code" "Claude Code";
    /// <https://modelcontextprotocol.io/docs/develop/connect-local-servers>: its file knows commands only, so
    /// <https://github.com/geelen/mcp-remote> stands between.
    ClaudeDesktop "claude-desktop" "Claude Desktop";
    /// <https://code.visualstudio.com/docs/copilot/reference/mcp-configuration>, links:
    /// <https://code.visualstudio.com/api/extension-guides/ai/mcp>.
    VsCode "vscode" "VS Code";
    /// <https://docs.windsurf.com/windsurf/cascade/mcp>.
    Windsurf "windsurf" "Windsurf";
    /// <https://developers.openai.com/codex/mcp>: `headers` is read over, `http_headers` is not.
    Codex "codex" "Codex";
    /// <https://github.com/modelcontextprotocol/inspector>.
    Inspector "inspector" "MCP Inspector";
    /// <https://docs.langflow.org/mcp-client>.
    Langflow "langflow" "Langflow";
    /// <https://docs.flowiseai.com/tutorials/tools-and-mcp>.
    Flowise "flowise" "Flowise";
    /// <https://microsoft.github.io/autogen/stable/reference/python/autogen_ext.tools.mcp.html>.
    AutoGen "autogen" "AutoGen";
    /// <https://github.com/langchain-ai/langchain-mcp-adapters>.
    LangChain "langchain" "LangChain";
    /// <https://modelcontextprotocol.io/specification/2026-07-28/basic/transports>: one request says all.
    Curl "curl" "curl";
}

impl Client {
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|client| client.name() == name)
    }

    /// Whether it can take the key from an environment variable, or from what it has for one.
    #[must_use]
    pub const fn takes_variable(self) -> bool {
        !matches!(self, Client::Cline | Client::ClaudeDesktop | Client::Langflow)
    }
}
