//! What is written for a client, from what it needs to know of a connection.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Map, Value, json};
use url::Url;

use super::{Client, ConfigFile, Format};

/// The environment variable that holds the key where a client can read one.
pub const VARIABLE: &str = "SLUICE_KEY";
/// Stands in for a key until there is one.
pub const PLACEHOLDER: &str = "slu_…";

/// What a client needs to know.
#[derive(Clone, Copy, Debug)]
pub struct Connection<'a> {
    /// The project's one address, or a server's: without `/mcp` at its end.
    pub base: &'a str,
    /// What the client calls the server.
    pub name: &'a str,
    pub credential: Credential<'a>,
}

/// How the client gets its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credential<'a> {
    /// The project is open.
    None,
    /// To be filled in by a person.
    Placeholder,
    /// From [`VARIABLE`]; a placeholder for clients that cannot.
    Variable,
    Secret(&'a str),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    Json,
    Toml,
    Shell,
    Python,
}

impl Language {
    /// As highlighters and Markdown fences call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Language::Json => "json",
            Language::Toml => "toml",
            Language::Shell => "shell",
            Language::Python => "python",
        }
    }
}

/// Everything to show for one client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Configuration {
    pub text: String,
    pub language: Language,
    /// The file that the text is, or is a part of.
    pub file: Option<ConfigFile>,
    /// A link that makes the client take it over.
    pub link: Option<String>,
}

impl Configuration {
    /// A name to download the text under.
    #[must_use]
    pub fn file_name(&self, client: Client) -> String {
        match (self.file, self.language) {
            (Some(file), Language::Json | Language::Toml) => file.name.to_owned(),
            (_, Language::Json) => format!("{}.json", client.name()),
            (_, Language::Toml) => format!("{}.toml", client.name()),
            (_, Language::Shell) => format!("{}.sh", client.name()),
            (_, Language::Python) => format!("{}_sluice.py", client.name()),
        }
    }
}

impl Connection<'_> {
    /// The streamable HTTP endpoint, which all of these clients speak.
    #[must_use]
    pub fn url(&self) -> String {
        format!("{}/mcp", self.base)
    }

    /// The value of the `Authorization` header, in the client's own way to say it.
    fn authorization(&self, client: Client) -> Option<String> {
        let key = match self.credential {
            Credential::None => return None,
            Credential::Secret(secret) => secret.to_owned(),
            Credential::Placeholder if client == Client::VsCode => "${input:sluice-key}".to_owned(),
            Credential::Variable if client.takes_variable() => match client {
                Client::Cursor | Client::VsCode | Client::Windsurf => format!("${{env:{VARIABLE}}}"),
                Client::ClaudeCode => format!("${{{VARIABLE}}}"),
                Client::Flowise => format!("{{{{$vars.{VARIABLE}}}}}"),
                _ => format!("${VARIABLE}"),
            },
            Credential::Placeholder | Credential::Variable => PLACEHOLDER.to_owned(),
        };
        Some(format!("Bearer {key}"))
    }

    fn by_variable(&self, client: Client) -> bool {
        self.credential == Credential::Variable && client.takes_variable()
    }
}

impl Client {
    #[must_use]
    pub fn configuration(self, connection: &Connection<'_>) -> Configuration {
        let (language, text) = match self {
            Client::ClaudeCode => (Language::Shell, claude_code(connection)),
            Client::Inspector => (Language::Shell, inspector(connection)),
            Client::Curl => (Language::Shell, curl(connection)),
            Client::Codex => (Language::Toml, codex(connection)),
            Client::AutoGen => (Language::Python, autogen(connection)),
            Client::LangChain => (Language::Python, langchain(connection)),
            Client::Flowise => (Language::Json, pretty(&self.entry(connection))),
            _ => (Language::Json, pretty(&self.document(connection))),
        };
        // A command writes its file itself.
        let file = self.file().filter(|_| language != Language::Shell);
        Configuration { text, language, file, link: self.link(connection) }
    }

    /// The entry of one server, as it stands in the client's JSON.
    #[must_use]
    pub fn entry(self, connection: &Connection<'_>) -> Value {
        let url = connection.url();
        let authorization = connection.authorization(self);
        let mut entry = Map::new();
        match self {
            Client::ClaudeDesktop => return mcp_remote(&url, authorization),
            Client::Cline => drop(entry.insert("type".into(), "streamableHttp".into())),
            Client::ClaudeCode | Client::VsCode => drop(entry.insert("type".into(), "http".into())),
            _ => {}
        }
        let address = if self == Client::Windsurf { "serverUrl" } else { "url" };
        entry.insert(address.into(), url.into());
        if let Some(authorization) = authorization {
            entry.insert("headers".into(), json!({ "Authorization": authorization }));
        }
        if self == Client::Cline {
            entry.insert("disabled".into(), false.into());
        }
        Value::Object(entry)
    }

    /// A whole file with one server in it.
    fn document(self, connection: &Connection<'_>) -> Value {
        let servers = match self.file().map(|file| file.format) {
            Some(Format::Json { servers, .. }) => servers,
            _ => "mcpServers",
        };
        let mut document = Map::new();
        if let Some(inputs) = self.inputs(connection) {
            document.insert("inputs".into(), inputs);
        }
        let mut entries = Map::new();
        entries.insert(connection.name.to_owned(), self.entry(connection));
        document.insert(servers.into(), entries.into());
        document.into()
    }

    /// VS Code asks for the key itself and keeps it out of the file.
    fn inputs(self, connection: &Connection<'_>) -> Option<Value> {
        (self == Client::VsCode && connection.credential == Credential::Placeholder).then(|| {
            json!([{
                "type": "promptString",
                "id": "sluice-key",
                "description": "Sluice API key",
                "password": true,
            }])
        })
    }

    fn link(self, connection: &Connection<'_>) -> Option<String> {
        match self {
            Client::Cursor => {
                let entry = STANDARD.encode(self.entry(connection).to_string());
                let mut url = Url::parse("cursor://anysphere.cursor-deeplink/mcp/install").ok()?;
                url.query_pairs_mut().append_pair("name", connection.name).append_pair("config", &entry);
                Some(url.into())
            }
            Client::VsCode => {
                let mut entry = Map::new();
                entry.insert("name".into(), connection.name.into());
                if let Value::Object(rest) = self.entry(connection) {
                    entry.extend(rest);
                }
                if let Some(inputs) = self.inputs(connection) {
                    entry.insert("inputs".into(), inputs);
                }
                Some(format!("vscode:mcp/install?{}", percent(&Value::Object(entry).to_string())))
            }
            _ => None,
        }
    }
}

/// What speaks stdio to a client that knows nothing else, and HTTP to us. Its arguments are cut at blanks on
/// Windows, so the header's value comes by the environment.
fn mcp_remote(url: &str, authorization: Option<String>) -> Value {
    let mut args = vec!["-y", "mcp-remote", url];
    // It refuses plain HTTP to other machines unless told.
    let local = ["http://localhost", "http://127.0.0.1", "http://[::1]"];
    if url.starts_with("http://") && !local.iter().any(|local| url.starts_with(local)) {
        args.push("--allow-http");
    }
    match authorization {
        None => json!({ "command": "npx", "args": args }),
        Some(authorization) => {
            args.extend(["--header", "Authorization:${SLUICE_AUTHORIZATION}"]);
            json!({ "command": "npx", "args": args, "env": { "SLUICE_AUTHORIZATION": authorization } })
        }
    }
}

fn claude_code(connection: &Connection<'_>) -> String {
    // Of its files it is the project's, made to be shared, in which variables are documented.
    let scope = if connection.by_variable(Client::ClaudeCode) { " --scope project" } else { "" };
    let (name, url) = (shell(connection.name), shell(&connection.url()));
    let mut line = format!("claude mcp add --transport http{scope} {name} {url}");
    if let Some(authorization) = connection.authorization(Client::ClaudeCode) {
        // In single quotes: Claude Code itself reads the variable, each time it connects.
        line.push_str(&format!(" \\\n  --header {}", shell(&format!("Authorization: {authorization}"))));
    }
    line + "\n"
}

fn inspector(connection: &Connection<'_>) -> String {
    let mut line =
        format!("npx -y @modelcontextprotocol/inspector --cli {} --transport http", shell(&connection.url()));
    if let Some(authorization) = connection.authorization(Client::Inspector) {
        line.push_str(&format!(" \\\n  --header {}", double(&format!("Authorization: {authorization}"))));
    }
    line + " \\\n  --method tools/list\n"
}

fn curl(connection: &Connection<'_>) -> String {
    let mut lines = vec![
        format!("curl -sS {}", shell(&connection.url())),
        "-H 'Content-Type: application/json'".to_owned(),
        "-H 'Accept: application/json, text/event-stream'".to_owned(),
        "-H 'MCP-Protocol-Version: 2026-07-28'".to_owned(),
        "-H 'Mcp-Method: tools/list'".to_owned(),
    ];
    if let Some(authorization) = connection.authorization(Client::Curl) {
        lines.push(format!("-H {}", double(&format!("Authorization: {authorization}"))));
    }
    let request = json!({
        "jsonrpc": "2.0", "id": 1, "method": "tools/list",
        "params": { "_meta": {
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {},
        } },
    });
    lines.push(format!("-d {}", shell(&request.to_string())));
    lines.join(" \\\n  ") + "\n"
}

fn codex(connection: &Connection<'_>) -> String {
    let mut text =
        format!("[mcp_servers.{}]\nurl = {}\n", toml_key(connection.name), quoted(&connection.url()));
    if connection.by_variable(Client::Codex) {
        text.push_str(&format!("bearer_token_env_var = {}\n", quoted(VARIABLE)));
    } else if let Some(authorization) = connection.authorization(Client::Codex) {
        text.push_str(&format!("http_headers = {{ \"Authorization\" = {} }}\n", quoted(&authorization)));
    }
    text
}

/// The headers as a line of Python, and what it imports.
fn python(connection: &Connection<'_>, client: Client) -> (&'static str, Option<String>) {
    if connection.by_variable(client) {
        let value = format!("f\"Bearer {{os.environ['{VARIABLE}']}}\"");
        return ("import os\n", Some(format!("{{\"Authorization\": {value}}}")));
    }
    let headers = connection.authorization(client);
    ("", headers.map(|authorization| format!("{{\"Authorization\": {}}}", quoted(&authorization))))
}

fn autogen(connection: &Connection<'_>) -> String {
    let (import, headers) = python(connection, Client::AutoGen);
    let headers = headers.map(|headers| format!("    headers={headers},\n")).unwrap_or_default();
    format!(
        "import asyncio\n{import}\nfrom autogen_ext.tools.mcp import McpWorkbench, StreamableHttpServerParams\n\n\
         params = StreamableHttpServerParams(\n    url={},\n{headers})\n\n\n\
         async def main() -> None:\n    async with McpWorkbench(params) as workbench:\n        \
         for tool in await workbench.list_tools():\n            print(tool[\"name\"])\n\n\nasyncio.run(main())\n",
        quoted(&connection.url()),
    )
}

fn langchain(connection: &Connection<'_>) -> String {
    let (import, headers) = python(connection, Client::LangChain);
    let headers = headers.map(|headers| format!("        \"headers\": {headers},\n")).unwrap_or_default();
    format!(
        "import asyncio\n{import}\nfrom langchain_mcp_adapters.client import MultiServerMCPClient\n\n\
         client = MultiServerMCPClient({{\n    {}: {{\n        \"transport\": \"streamable_http\",\n        \
         \"url\": {},\n{headers}    }},\n}})\n\n\nasync def main() -> None:\n    \
         for tool in await client.get_tools():\n        print(tool.name)\n\n\nasyncio.run(main())\n",
        quoted(connection.name),
        quoted(&connection.url()),
    )
}

fn pretty(value: &Value) -> String {
    // Maps with string keys always serialize.
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}

/// A JSON string, which is one of TOML and of Python as well.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

fn toml_key(name: &str) -> String {
    let bare = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
    if bare { name.to_owned() } else { quoted(name) }
}

/// A word of a POSIX shell that means itself.
fn shell(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_./:@".contains(&b);
    if !text.is_empty() && text.bytes().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// A word in which variables stand for their values.
fn double(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', r"\\").replace('"', "\\\"").replace('`', "\\`"))
}

/// Percent-encodes all but RFC 3986's unreserved characters.
fn percent(text: &str) -> String {
    let mut out = String::with_capacity(3 * text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
