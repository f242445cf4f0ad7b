//! A command line: its variables, its program, its arguments.

use url::Url;

use super::{DetectedServer, Note, name, notes, remote, variable};
use crate::{
    Code,
    server::{ServerInput, Transport, VariableInput},
};

/// A server that `words` start, or reach if they only stand before an address.
pub(super) fn read(words: &[String]) -> Result<DetectedServer, Code> {
    let mut open = Vec::new();
    let mut env: Vec<VariableInput> = Vec::new();
    let mut rest = words;
    if rest.first().is_some_and(|word| word == "env") {
        rest = &rest[1..];
    }
    while let Some((name, value)) = rest.first().and_then(|word| assignment(word)) {
        env.push(variable(name, value, &mut open));
        rest = &rest[1..];
    }
    let (command, args) = rest.split_first().ok_or(Code::DetectInvalid)?;
    // A sentence, or a half-typed address, is no command.
    let of_name = |c: char| c.is_ascii_alphanumeric() || "/._-+@~".contains(c);
    let is_word = command.starts_with(|c: char| c.is_ascii_uppercase()) && !command.contains('/');
    if is_word || !command.chars().all(of_name) {
        return Err(Code::DetectInvalid);
    }
    if let Some(found) = behind_proxy(command, args)? {
        return Ok(found);
    }
    let mut args = args.to_vec();
    let mut found = Vec::new();
    let program = command.rsplit('/').next().unwrap_or(command);
    if program == "npx" && !args.iter().any(|arg| matches!(arg.as_str(), "-y" | "--yes")) {
        args.insert(0, "-y".to_owned());
        found.push(Note::Yes);
    }
    if matches!(program, "docker" | "podman") {
        let sealed = seal_options(&mut args, &mut env, &mut open);
        if !sealed.is_empty() {
            found.push(Note::Sealed(sealed));
        }
    }
    let name = name::of_command(command, &args);
    let input = ServerInput {
        name,
        transport: Transport::Stdio,
        command: command.clone(),
        args,
        env,
        ..ServerInput::default()
    };
    Ok(DetectedServer { input, notes: notes(found, open) })
}

/// `NAME=value`.
pub(super) fn assignment(word: &str) -> Option<(&str, &str)> {
    let (name, value) = word.split_once('=')?;
    let fits = !name.is_empty()
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !name.starts_with(|c: char| c.is_ascii_digit());
    fits.then_some((name, value))
}

/// `npx mcp-remote URL` makes a local server of a remote one, which nobody needs here.
fn behind_proxy(command: &str, args: &[String]) -> Result<Option<DetectedServer>, Code> {
    let is_proxy = |word: &String| word == "mcp-remote" || word.starts_with("mcp-remote@");
    if command != "npx" && command != "mcp-remote" || command == "npx" && !args.iter().any(is_proxy) {
        return Ok(None);
    }
    let Some(address) = args.iter().find(|arg| Url::parse(arg).is_ok_and(|url| url.has_host())) else {
        return Ok(None);
    };
    let headers: Vec<String> = values(args, &["--header"]);
    let mut found = remote(address, &headers)?;
    found.notes.insert(0, Note::Unwrapped);
    Ok(Some(found))
}

/// The values of an option that may stand several times, as `--option value` or `--option=value`.
pub(super) fn values(args: &[String], options: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (i, arg) in args.iter().enumerate() {
        if options.contains(&arg.as_str()) {
            found.extend(args.get(i + 1).cloned());
        } else if let Some((option, value)) = arg.split_once('=')
            && options.contains(&option)
        {
            found.push(value.to_owned());
        }
    }
    found
}

/// Docker hands on a variable of its own when only its name is given: the values move to where they are
/// sealed. Returns the names of those that moved.
fn seal_options(args: &mut [String], env: &mut Vec<VariableInput>, open: &mut Vec<String>) -> Vec<String> {
    let mut sealed = Vec::new();
    for i in 0..args.len() {
        let after_option = i > 0 && matches!(args[i - 1].as_str(), "-e" | "--env");
        let joined = args[i].strip_prefix("--env=").map(str::to_owned);
        let said = match (&joined, after_option) {
            (Some(said), _) => said.clone(),
            (None, true) => args[i].clone(),
            (None, false) => continue,
        };
        let (name, value) = match assignment(&said) {
            Some((name, value)) => {
                sealed.push(name.to_owned());
                (name.to_owned(), value.to_owned())
            }
            None => (said, String::new()),
        };
        if !env.iter().any(|known| known.name == name) {
            env.push(variable(&name, &value, open));
        }
        args[i] = if joined.is_some() { format!("--env={name}") } else { name };
    }
    sealed
}
