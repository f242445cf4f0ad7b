//! A short name for a server, from what it is started by or reached at.

use url::{Host, Url};

use crate::import::server_name;

/// Words that say only that something is an MCP server.
const EMPTY: [&str; 9] = ["mcp", "server", "www", "api", "sse", "app", "servers", "index", "main"];

/// Longest name of a server, in characters.
pub(super) const LONGEST: usize = 40;

/// From an address: the part of the host that somebody chose.
pub(super) fn of_url(url: &Url) -> String {
    let port = url.port().map(|port| format!("-{port}")).unwrap_or_default();
    match url.host() {
        Some(Host::Domain(host)) if host != "localhost" => {
            let labels: Vec<&str> = host.split('.').collect();
            let own = &labels[..labels.len().saturating_sub(1).max(1)];
            let chosen = own.iter().rev().find(|label| !EMPTY.contains(label) && label.len() > 2);
            server_name(chosen.or(own.first()).unwrap_or(&"server"))
        }
        _ => server_name(&format!("local{port}")),
    }
}

/// From a command: the package, module, image or file that it runs.
pub(super) fn of_command(command: &str, args: &[String]) -> String {
    let program = file(command);
    let plain = || args.iter().filter(|arg| !arg.starts_with('-'));
    let after = |flag: &str| args.iter().skip_while(|arg| *arg != flag).nth(1);
    let thing = match program {
        "npx" | "bunx" | "pnpx" => after("--package").or_else(|| after("-p")).or_else(|| plain().next()),
        "npm" | "pnpm" | "yarn" | "deno" | "bun" => plain().nth(1),
        "uvx" | "pipx" => args
            .iter()
            .enumerate()
            .find(|(i, arg)| {
                let value = *i > 0 && matches!(args[i - 1].as_str(), "--from" | "--with" | "--python" | "-p");
                !arg.starts_with('-') && !value && *arg != "run"
            })
            .map(|(_, arg)| arg),
        "uv" => after("run").filter(|arg| !arg.starts_with('-')).or_else(|| plain().next_back()),
        "python" | "python3" => after("-m").or_else(|| plain().next()),
        "docker" | "podman" => image(args),
        "node" | "tsx" | "ts-node" | "java" => plain().next(),
        _ => None,
    };
    let words = thing.map_or(program, |thing| shorten(thing));
    let name = bare(words);
    server_name(if name.is_empty() { program } else { &name })
}

fn file(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// `@scope/name@1.2`, `org/image:tag`, `dir/index.js` without what surrounds the name.
fn shorten(thing: &str) -> &str {
    let thing = thing.trim_end_matches('/');
    let last = file(thing);
    let known = [".js", ".mjs", ".cjs", ".ts", ".py", ".jar", ".git"];
    let stem = known.iter().find_map(|end| last.strip_suffix(end)).unwrap_or(last);
    if EMPTY.contains(&stem) || matches!(stem, "dist" | "build" | "src" | "cli") {
        // The folder says more; those between are a matter of building.
        let folders = thing.split('/').rev().skip(1);
        let mut telling = folders.filter(|f| !matches!(*f, "dist" | "build" | "src" | "" | "." | "bin"));
        return telling.next().filter(|_| stem != thing).unwrap_or(stem);
    }
    stem.split(['@', ':', '=', '[']).find(|part| !part.is_empty()).unwrap_or(stem)
}

/// Without the words that say only that it is an MCP server.
fn bare(words: &str) -> String {
    let parts: Vec<&str> = words.split(['-', '_', '.']).collect();
    let telling: Vec<&str> =
        parts.iter().copied().filter(|part| !EMPTY.contains(&part.to_ascii_lowercase().as_str())).collect();
    if telling.is_empty() { words.to_owned() } else { telling.join("-") }
}

/// The image of `docker run`: the first word that is no option nor the value of one.
fn image(args: &[String]) -> Option<&String> {
    const ALONE: [&str; 9] =
        ["-i", "-t", "-it", "-ti", "--rm", "--init", "--interactive", "--tty", "--privileged"];
    let mut rest = args.iter().skip_while(|arg| *arg != "run").skip(1);
    while let Some(arg) = rest.next() {
        if !arg.starts_with('-') {
            return Some(arg);
        }
        if !ALONE.contains(&arg.as_str()) && !arg.contains('=') {
            rest.next();
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_named_after_whose_they_are() {
        for (url, name) in [
            ("https://mcp.linear.app/sse", "linear"),
            ("https://api.githubcopilot.com/mcp/", "githubcopilot"),
            ("https://example.org/mcp", "example"),
            ("https://huggingface.co/mcp", "huggingface"),
            ("http://localhost:8931/sse", "local-8931"),
            ("http://10.1.2.3/mcp", "local"),
            ("https://intranet/mcp", "intranet"),
        ] {
            assert_eq!(of_url(&url.parse().expect("a URL")), name, "{url}");
        }
    }

    #[test]
    fn commands_are_named_after_what_they_run() {
        for (line, name) in [
            ("npx -y @modelcontextprotocol/server-everything", "everything"),
            ("npx @playwright/mcp@latest", "mcp"),
            ("npx -y firecrawl-mcp", "firecrawl"),
            ("npx --package=x cli", "cli"),
            ("uvx mcp-server-time --local-timezone=Asia/Seoul", "time"),
            ("uvx --from git+https://a.test/x serena start-mcp-server", "serena"),
            ("uv --directory /srv/weather run weather.py", "weather"),
            ("python -m mcp_server_fetch", "fetch"),
            ("docker run -i --rm -e KEY ghcr.io/github/github-mcp-server:v1", "github"),
            ("docker run --name x -v /a:/b mcp/time", "time"),
            ("node /srv/notes/dist/index.js", "notes"),
            ("/opt/bin/weather-mcp --stdio", "weather"),
            ("mcp-server", "mcp-server"),
        ] {
            let mut words = line.split(' ').map(str::to_owned);
            let command = words.next().expect("a command");
            let args: Vec<String> = words.collect();
            assert_eq!(of_command(&command, &args), name, "{line}");
            assert_eq!(crate::name::server(name), Ok(()), "{name}");
        }
    }
}
