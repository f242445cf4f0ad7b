//! A server from whatever a manual gives: an address, a command line, a line for a client, JSON.
//!
//! Pure: nothing is started or reached. What was changed on the way is told as a [`Note`].

use serde::{Deserialize, Serialize};
use url::Url;

use crate::{
    Code, Error, Result, SecretInput, import,
    server::{ServerInput, TestReport, Transport, VariableInput},
};

mod client;
mod command;
mod name;
mod words;

/// Longest text that is looked at, in bytes.
pub const LONGEST: usize = 100_000;

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub enum Detected {
    Server(Box<DetectedServer>),
    /// JSON with servers in it, for the import.
    Import(String),
}

impl Detected {
    fn server(found: DetectedServer) -> Self {
        Detected::Server(Box::new(found))
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DetectedServer {
    pub input: ServerInput,
    pub notes: Vec<Note>,
}

/// What a person should know of what was made of their text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", content = "names", rename_all = "snake_case")]
pub enum Note {
    /// `-y` was added, because nobody is there to answer the question.
    Yes,
    /// The address behind `mcp-remote` is used directly.
    Unwrapped,
    /// Values that stood in the arguments are variables now, which are stored encrypted.
    Sealed(Vec<String>),
    /// Variables or headers whose value has yet to be typed.
    Open(Vec<String>),
    /// The server was found at this address, or over another transport, by asking it.
    Found(Vec<String>),
}

/// What was found, with what the server said when it was asked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Detection {
    /// None where `import` holds several.
    pub server: Option<DetectedServer>,
    /// Of a server at an address; commands are not started.
    pub report: Option<TestReport>,
    /// JSON for the import.
    pub import: Option<String>,
}

impl DetectedServer {
    /// Where else the server may be, when only its host was given.
    #[must_use]
    pub fn guesses(&self) -> Vec<ServerInput> {
        let Ok(url) = Url::parse(&self.input.url) else { return Vec::new() };
        if url.path() != "/" || url.query().is_some() {
            return Vec::new();
        }
        [("mcp", Transport::StreamableHttp), ("sse", Transport::Sse)]
            .into_iter()
            .filter_map(|(path, transport)| {
                let url = url.join(path).ok()?.to_string();
                Some(ServerInput { url, transport, ..self.input.clone() })
            })
            .collect()
    }

    /// Whether everything is there that a connection needs.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        !self.notes.iter().any(|note| matches!(note, Note::Open(_)))
    }
}

/// What `text` describes.
pub fn detect(text: &str) -> Result<Detected> {
    let fault = |code| Error::field("source", code);
    let text = text.trim();
    if text.is_empty() {
        return Err(fault(Code::Required));
    }
    if text.len() > LONGEST {
        return Err(fault(Code::TooLong));
    }
    if let Some(json) = json(text) {
        return Ok(Detected::Import(json));
    }
    let line = text.strip_prefix("$ ").or_else(|| text.strip_prefix("> ")).unwrap_or(text);
    if is_url(line) {
        return remote(line, &[]).map(Detected::server).map_err(fault);
    }
    let words = words::split(line).map_err(fault)?;
    if let Some(found) = client::read(&words).map_err(fault)? {
        return Ok(found);
    }
    command::read(&words).map(Detected::server).map_err(fault)
}

/// JSON that the import understands, of what is or is nearly such JSON.
fn json(text: &str) -> Option<String> {
    if !text.starts_with(['{', '"']) {
        return None;
    }
    let whole =
        if text.starts_with('"') { format!("{{{}}}", text.trim_end_matches(',')) } else { text.to_owned() };
    let Ok(value) = serde_json::from_str::<serde_json::Value>(&whole) else {
        // The import says where it cannot be read.
        return text.starts_with('{').then_some(whole);
    };
    let object = value.as_object()?;
    let is_server = |value: &serde_json::Value| value.get("command").or_else(|| value.get("url")).is_some();
    if is_server(&value) {
        let text = |key: &str| object.get(key).and_then(serde_json::Value::as_str);
        let name = text("name").map(str::to_owned).unwrap_or_else(|| {
            let args = object.get("args").and_then(serde_json::Value::as_array).cloned().unwrap_or_default();
            let args: Vec<String> = args.iter().filter_map(|arg| arg.as_str().map(str::to_owned)).collect();
            match text("url").and_then(|url| Url::parse(url).ok()) {
                Some(url) => name::of_url(&url),
                None => name::of_command(text("command").unwrap_or_default(), &args),
            }
        });
        return Some(pretty(&serde_json::json!({ "mcpServers": { name: value } })));
    }
    if !object.is_empty() && object.values().all(is_server) {
        return Some(pretty(&serde_json::json!({ "mcpServers": value })));
    }
    Some(whole)
}

fn pretty(value: &serde_json::Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

fn is_url(text: &str) -> bool {
    let lower = text.get(..8).unwrap_or(text).to_ascii_lowercase();
    (lower.starts_with("https://") || lower.starts_with("http://")) && !text.contains(char::is_whitespace)
}

/// A server at an address; its path says over what, as far as it says anything.
fn remote(text: &str, headers: &[String]) -> Result<DetectedServer, Code> {
    let url = Url::parse(text).map_err(|_| Code::UrlInvalid)?;
    let path = url.path().trim_end_matches('/').to_ascii_lowercase();
    let file = path.rsplit('/').next().unwrap_or_default();
    let described = ["openapi", "swagger", "api-docs"].iter().any(|word| file.starts_with(word));
    if described && (file.contains('.') || file == "api-docs") {
        return Err(Code::OpenApiUnsupported);
    }
    let transport = if path.ends_with("/sse") { Transport::Sse } else { Transport::StreamableHttp };
    let mut open = Vec::new();
    let headers = headers
        .iter()
        .map(|header| {
            let (name, value) =
                header.split_once(':').or_else(|| header.split_once('=')).ok_or(Code::DetectInvalid)?;
            Ok(variable(name.trim(), value.trim(), &mut open))
        })
        .collect::<Result<Vec<_>, Code>>()?;
    let input = ServerInput {
        name: name::of_url(&url),
        transport,
        url: text.to_owned(),
        headers,
        ..ServerInput::default()
    };
    Ok(DetectedServer { input, notes: notes(vec![], open) })
}

/// A variable or header; a value that only stands for one stays open.
fn variable(name: &str, value: &str, open: &mut Vec<String>) -> VariableInput {
    let upper = value.to_ascii_uppercase();
    let bare = upper.strip_prefix("BEARER ").unwrap_or(&upper);
    let stands_for = bare.is_empty()
        || bare.starts_with(['$', '<', '['])
        || ["YOUR", "XXX", "..."].iter().any(|word| bare.starts_with(word))
        || bare.contains("${");
    if stands_for {
        open.push(name.to_owned());
    }
    VariableInput { name: name.to_owned(), value: (!stands_for).then(|| SecretInput::new(value)) }
}

/// `found` with one note for all that is `open`.
fn notes(mut found: Vec<Note>, open: Vec<String>) -> Vec<Note> {
    if !open.is_empty() {
        found.push(Note::Open(open));
    }
    found
}

/// A name that nobody has, made from `base`.
#[must_use]
pub fn free_name(base: &str, taken: impl Fn(&str) -> bool) -> String {
    let numbered = (2_u32..).map(|n| {
        let end = format!("-{n}");
        let kept: String = base.chars().take(name::LONGEST - end.len()).collect();
        format!("{kept}{end}")
    });
    std::iter::once(base.to_owned()).chain(numbered).find(|name| !taken(name)).unwrap_or_default()
}

/// The name of a file's server as it would be here.
#[must_use]
pub fn suggested(name: &str) -> String {
    import::server_name(name)
}

#[cfg(test)]
mod tests;
