//! Reads the `{"mcpServers": {…}}` files that MCP clients keep.
//!
//! Known shapes: `mcpServers` (Cline, Cursor, Claude, Windsurf) and `servers` (VS Code); `type` or
//! `transport` for the transport; `serverUrl` beside `url`; `disabled`; `timeout` in seconds.
//! Nothing is guessed silently: what is not understood becomes a warning of its server.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    Code, Error, Result, SecretInput,
    server::{ServerInput, TIMEOUT_SECONDS, Transport, VariableInput},
};

/// One server of the file, as it would be created.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportedServer {
    /// Its name in the file, which need not be a name here.
    pub original_name: String,
    pub input: ServerInput,
    /// What was left out or changed, in English.
    pub warnings: Vec<String>,
}

/// The servers in `text`, in the file's order.
pub fn parse(text: &str) -> Result<Vec<ImportedServer>> {
    let file: Value = serde_json::from_str(text).map_err(|e| {
        Error::new(Code::ImportInvalid).detail(format!(
            "Line {}, column {}: {}.",
            e.line(),
            e.column(),
            reason(&e)
        ))
    })?;
    let servers = ["mcpServers", "servers"]
        .iter()
        .find_map(|key| file.get(key).or_else(|| file.get("mcp")?.get(key))?.as_object())
        .filter(|servers| !servers.is_empty())
        .ok_or_else(|| Error::new(Code::ImportInvalid))?;
    let mut imported: Vec<ImportedServer> = Vec::with_capacity(servers.len());
    for (name, entry) in servers {
        let entry = entry
            .as_object()
            .ok_or_else(|| Error::new(Code::ImportInvalid).detail(format!("`{name}` is not an object.")))?;
        let mut server = one(name, entry)?;
        unique(&mut server, &imported);
        imported.push(server);
    }
    Ok(imported)
}

fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or_default().to_owned()
}

fn one(name: &str, entry: &Map<String, Value>) -> Result<ImportedServer> {
    let mut warnings = Vec::new();
    let text = |key: &str| entry.get(key).and_then(Value::as_str);
    let url = text("url").or_else(|| text("serverUrl")).unwrap_or_default();
    let said = text("type").or_else(|| text("transport"));
    let transport = match said.map(|t| t.to_ascii_lowercase().replace(['-', '_'], "")).as_deref() {
        Some("stdio" | "local") => Transport::Stdio,
        Some("sse") => Transport::Sse,
        Some("http" | "streamablehttp" | "remote") => Transport::StreamableHttp,
        Some(_) | None if url.is_empty() => Transport::Stdio,
        // Cline reads an address without a type as SSE; the path says the same for most others.
        _ if url.split('?').next().is_some_and(|u| u.trim_end_matches('/').ends_with("/sse")) => {
            Transport::Sse
        }
        _ => Transport::StreamableHttp,
    };
    if transport == Transport::Stdio && text("command").is_none() {
        return Err(
            Error::new(Code::ImportInvalid).detail(format!("`{name}` has neither a `command` nor a `url`."))
        );
    }
    let new_name = server_name(name);
    if new_name != name {
        warnings.push(format!("Named `{new_name}` here."));
    }
    for key in entry.keys() {
        const KNOWN: &[&str] = &[
            "command",
            "args",
            "env",
            "cwd",
            "url",
            "serverUrl",
            "headers",
            "type",
            "transport",
            "disabled",
            "enabled",
            "timeout",
            "description",
            "name",
        ];
        const CLIENT_SIDE: &[&str] = &["autoApprove", "alwaysAllow", "gallery", "version", "dev", "envFile"];
        if CLIENT_SIDE.contains(&key.as_str()) {
            warnings.push(format!("`{key}` belongs to the client and was left out."));
        } else if !KNOWN.contains(&key.as_str()) {
            warnings.push(format!("`{key}` is not understood and was left out."));
        }
    }
    let env = variables(entry.get("env"), &mut warnings);
    let headers = variables(entry.get("headers"), &mut warnings);
    let timeout = entry.get("timeout").and_then(Value::as_u64).map_or(TIMEOUT_SECONDS, |t| {
        // Some clients count in milliseconds.
        u32::try_from(if t > 600 { t / 1_000 } else { t }).unwrap_or(TIMEOUT_SECONDS).clamp(1, 600)
    });
    let args = match entry.get("args") {
        Some(Value::Array(args)) => {
            args.iter().map(|a| a.as_str().map_or_else(|| a.to_string(), str::to_owned)).collect()
        }
        _ => Vec::new(),
    };
    let enabled = !entry.get("disabled").and_then(Value::as_bool).unwrap_or(false)
        && entry.get("enabled").and_then(Value::as_bool).unwrap_or(true);
    Ok(ImportedServer {
        original_name: name.to_owned(),
        input: ServerInput {
            name: new_name,
            description: text("description").unwrap_or_default().to_owned(),
            transport,
            command: text("command").unwrap_or_default().to_owned(),
            args,
            working_directory: text("cwd").map(str::to_owned),
            env,
            url: url.to_owned(),
            headers,
            builtin: String::new(),
            timeout_seconds: timeout,
            enabled,
            ..ServerInput::default()
        },
        warnings,
    })
}

fn variables(map: Option<&Value>, warnings: &mut Vec<String>) -> Vec<VariableInput> {
    let Some(Value::Object(map)) = map else { return Vec::new() };
    map.iter()
        .map(|(name, value)| {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            if text.contains("${") {
                warnings.push(format!(
                    "`{name}` refers to a value on the client's machine; type the value here."
                ));
            }
            VariableInput { name: name.clone(), value: Some(SecretInput::new(text)) }
        })
        .collect()
}

/// The nearest allowed server name.
pub(crate) fn server_name(text: &str) -> String {
    let mut name = String::new();
    for c in text.chars() {
        let separates = !name.is_empty() && !name.ends_with(['-', '_']);
        match c {
            c if c.is_ascii_alphanumeric() => name.push(c),
            '-' | '_' if separates => name.push(c),
            _ if separates => name.push('-'),
            _ => {}
        }
        if name.len() == 36 {
            break;
        }
    }
    let name = name.trim_end_matches(['-', '_']);
    if name.is_empty() { "server".to_owned() } else { name.to_owned() }
}

fn unique(server: &mut ImportedServer, before: &[ImportedServer]) {
    let taken = |name: &str| before.iter().any(|s| s.input.name.eq_ignore_ascii_case(name));
    if taken(&server.input.name) {
        let base = server.input.name.clone();
        let free = (2_u32..).map(|n| format!("{base}-{n}")).find(|name| !taken(name));
        server.input.name = free.unwrap_or(base);
        server.warnings.push(format!("Named `{}` here, because the name stands twice.", server.input.name));
    }
}

#[cfg(test)]
#[path = "import_tests.rs"]
mod tests;
