//! What the last lines of a process say of its end, as far as their authors' habits tell.

use serde::{Deserialize, Serialize};

/// Why a process failed, read from what it wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cause {
    /// A variable that it needs is not set; its name, where the line has one.
    Variable(Option<String>),
    /// A registry has no such package, version or image.
    Package,
    /// A part of the program is not installed.
    Module,
    /// A file or program that it needs is not there.
    File,
    Permission,
    Port,
    /// A name could not be resolved or a host not be reached.
    Network,
    /// A service refused the credentials that it was given.
    Credentials,
    /// It does not take its arguments.
    Arguments,
    /// Docker runs not, or may not be used.
    Docker,
    Memory,
    /// Node, Python or whatever runs it is too old.
    Runtime,
}

/// Words of each kind of line, in lower case, the most telling kinds first.
const SIGNS: &[(Cause, &[&str])] = &[
    (Cause::Docker, &["docker daemon", "docker.sock"]),
    (
        Cause::Package,
        &[
            "err! 404",
            "error 404 not found - get",
            "err! code etarget",
            "no matching distribution",
            "no solution found when resolving",
            "could not determine executable",
            "not found in the package registry",
            "manifest unknown",
            "pull access denied",
            "repository does not exist",
        ],
    ),
    (
        Cause::Runtime,
        &["unsupported engine", "ebadengine", "requires python", "requires node", "requires-python"],
    ),
    (Cause::Memory, &["out of memory", "heap limit", "cannot allocate memory"]),
    (Cause::Port, &["eaddrinuse", "address already in use"]),
    (
        Cause::Module,
        &["cannot find module", "err_module_not_found", "modulenotfounderror", "no module named"],
    ),
    (
        Cause::Credentials,
        &[
            "unauthorized",
            "invalid api key",
            "invalid token",
            "bad credentials",
            "authentication failed",
            "password authentication",
            "invalid_grant",
        ],
    ),
    (
        Cause::Permission,
        &["permission denied", "eacces", "operation not permitted", "eperm", "read-only file system"],
    ),
    (
        Cause::Network,
        &[
            "enotfound",
            "eai_again",
            "econnrefused",
            "etimedout",
            "connection refused",
            "network is unreachable",
            "could not resolve",
            "name resolution",
            "getaddrinfo",
        ],
    ),
    (
        Cause::Arguments,
        &[
            "usage:",
            "unknown option",
            "unrecognized argument",
            "unexpected argument",
            "missing required argument",
            "too few arguments",
            "invalid option",
        ],
    ),
    (Cause::File, &["no such file or directory", "enoent", "command not found", "executable file not found"]),
];

/// What a line says besides a variable's name when that variable is missing.
const MISSING: &[&str] = &[
    "required",
    "not set",
    "missing",
    "must be set",
    "not defined",
    "not found",
    "please set",
    "not provided",
];
/// How the names of variables end that a server cannot do without.
const ENDS: &[&str] =
    &["KEY", "TOKEN", "SECRET", "PASSWORD", "URL", "URI", "ID", "HOST", "USER", "PAT", "ENDPOINT", "REGION"];
/// Lines from the end that are read.
const READ: usize = 50;

impl Cause {
    /// What the last lines of a process say of its end; none where they say nothing known.
    #[must_use]
    pub fn of(lines: &[String]) -> Option<Self> {
        let last = &lines[lines.len().saturating_sub(READ)..];
        if let Some(variable) = last.iter().rev().find_map(|line| missing(line)) {
            return Some(Cause::Variable(variable));
        }
        let last: Vec<String> = last.iter().map(|line| line.to_lowercase()).collect();
        let said = |signs: &[&str]| last.iter().any(|line| signs.iter().any(|sign| line.contains(sign)));
        SIGNS.iter().find(|(_, signs)| said(signs)).map(|(cause, _)| cause.clone())
    }
}

/// The variable that a line misses, with or without its name.
fn missing(line: &str) -> Option<Option<String>> {
    let lower = line.to_lowercase();
    if !MISSING.iter().any(|word| lower.contains(word)) {
        return None;
    }
    let words = line.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let capital = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    let named = words
        .filter(|word| word.contains('_') && word.chars().all(capital))
        .find(|word| ENDS.iter().any(|end| word.ends_with(end)) || lower.contains("environment"));
    match named {
        Some(name) => Some(Some(name.to_owned())),
        None => lower.contains("environment variable").then_some(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cause(line: &str) -> Option<Cause> {
        Cause::of(&["starting".to_owned(), line.to_owned(), "    at main (index.js:3:1)".to_owned()])
    }

    #[test]
    fn lines_of_known_programs_are_understood() {
        let variable = |name: &str| Some(Cause::Variable(Some(name.to_owned())));
        for (line, expected) in [
            ("Error: GITHUB_PERSONAL_ACCESS_TOKEN not set", variable("GITHUB_PERSONAL_ACCESS_TOKEN")),
            ("BRAVE_API_KEY environment variable is required", variable("BRAVE_API_KEY")),
            ("KeyError: environment MY_FLAG missing", variable("MY_FLAG")),
            ("A required environment variable is empty", Some(Cause::Variable(None))),
            ("npm error 404 Not Found - GET https://registry.npmjs.org/@x%2fy", Some(Cause::Package)),
            ("npm ERR! code ETARGET", Some(Cause::Package)),
            ("ERROR: No matching distribution found for mcp-nothing", Some(Cause::Package)),
            ("Error: Cannot find module '/srv/index.js'", Some(Cause::Module)),
            ("ModuleNotFoundError: No module named 'mcp'", Some(Cause::Module)),
            ("node:internal ERR_MODULE_NOT_FOUND", Some(Cause::Module)),
            ("sh: 1: jq: not found: No such file or directory", Some(Cause::File)),
            ("Error: EACCES: permission denied, open '/data/db'", Some(Cause::Permission)),
            ("listen EADDRINUSE: address already in use :::3000", Some(Cause::Port)),
            ("getaddrinfo ENOTFOUND api.example.org", Some(Cause::Network)),
            ("HTTP 401 Unauthorized", Some(Cause::Credentials)),
            ("error: unexpected argument '--port' found", Some(Cause::Arguments)),
            ("Cannot connect to the Docker daemon at unix:///var/run/docker.sock", Some(Cause::Docker)),
            (
                "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory",
                Some(Cause::Memory),
            ),
            ("npm warn EBADENGINE Unsupported engine {", Some(Cause::Runtime)),
            ("listening on stdio", None),
            ("A message is required", None),
        ] {
            assert_eq!(cause(line), expected, "{line}");
        }
        assert_eq!(Cause::of(&[]), None);
    }

    #[test]
    fn what_was_written_long_before_the_end_is_not_its_cause() {
        let mut lines = vec!["API_KEY is not set".to_owned()];
        lines.extend((0..READ).map(|n| format!("request {n}")));
        assert_eq!(Cause::of(&lines), None);
    }
}
