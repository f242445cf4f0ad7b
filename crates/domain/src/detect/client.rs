//! Lines that add a server to a client: `claude mcp add …` and its like.

use super::{
    Detected, DetectedServer, Note,
    command::{self, assignment, values},
    is_url, notes, pretty, remote, suggested, variable,
};
use crate::{Code, server::Transport};

const CLIENTS: [&str; 4] = ["claude", "codex", "gemini", "cursor-agent"];
/// Options with a value of their own.
const VALUED: [&str; 13] = [
    "-t",
    "--transport",
    "-s",
    "--scope",
    "-e",
    "--env",
    "-H",
    "--header",
    "--url",
    "--timeout",
    "--type",
    "--client-id",
    "--callback-port",
];

/// The server of such a line; none where it is another command.
pub(super) fn read(words: &[String]) -> Result<Option<Detected>, Code> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["code" | "code-insiders" | "cursor", "--add-mcp", json, ..] => import(None, json).map(Some),
        [client, "mcp", "add-json", rest @ ..] if CLIENTS.contains(client) => {
            let (plain, _) = sides(rest);
            match plain.as_slice() {
                [name, json, ..] => import(Some(name), json).map(Some),
                _ => Err(Code::DetectInvalid),
            }
        }
        [client, "mcp", "add", rest @ ..] if CLIENTS.contains(client) => {
            add(rest).map(Detected::server).map(Some)
        }
        _ => Ok(None),
    }
}

/// JSON of one server under a name.
fn import(name: Option<&str>, json: &str) -> Result<Detected, Code> {
    let value: serde_json::Value = serde_json::from_str(json).map_err(|_| Code::DetectInvalid)?;
    let said = value.get("name").and_then(serde_json::Value::as_str).unwrap_or("server");
    let name = name.unwrap_or(said).to_owned();
    Ok(Detected::Import(pretty(&serde_json::json!({ "mcpServers": { name: value } }))))
}

/// What is neither an option nor its value, and the options. Of the words from the second plain one on,
/// all belong to the server's command.
fn sides<'a>(rest: &[&'a str]) -> (Vec<&'a str>, Vec<&'a str>) {
    let (mut plain, mut options) = (Vec::new(), Vec::new());
    let mut words = rest.iter().copied();
    while let Some(word) = words.next() {
        if word == "--" {
            plain.extend(words.by_ref());
        } else if plain.len() >= 2 && !is_url(plain[1]) {
            plain.push(word);
        } else if word.starts_with('-') {
            options.push(word);
            if VALUED.contains(&word) {
                options.extend(words.next());
            }
        } else {
            plain.push(word);
        }
    }
    (plain, options)
}

fn add(rest: &[&str]) -> Result<DetectedServer, Code> {
    let (plain, options) = sides(rest);
    let options: Vec<String> = options.into_iter().map(str::to_owned).collect();
    let (name, target) = plain.split_first().ok_or(Code::DetectInvalid)?;
    let address = values(&options, &["--url"])
        .pop()
        .or_else(|| target.first().filter(|word| is_url(word)).map(|word| (*word).to_owned()));
    let mut found = match address {
        Some(address) => {
            let mut found = remote(&address, &values(&options, &["-H", "--header"]))?;
            match values(&options, &["-t", "--transport", "--type"]).pop().as_deref() {
                Some("sse") => found.input.transport = Transport::Sse,
                Some(_) => found.input.transport = Transport::StreamableHttp,
                None => {}
            }
            found
        }
        None => {
            let words: Vec<String> = target.iter().map(|word| (*word).to_owned()).collect();
            command::read(&words)?
        }
    };
    let mut open = Vec::new();
    for said in values(&options, &["-e", "--env"]) {
        let (name, value) = assignment(&said).ok_or(Code::DetectInvalid)?;
        found.input.env.push(variable(name, value, &mut open));
    }
    if let Some(Note::Open(known)) = found.notes.iter_mut().find(|note| matches!(note, Note::Open(_))) {
        known.append(&mut open);
    }
    found.notes = notes(found.notes, open);
    found.input.name = suggested(name);
    Ok(found)
}
