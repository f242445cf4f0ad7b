//! Writes `docs/configuration.md` from the defaults, and `docs/errors.md` from the table of codes.

use std::fmt::Write;

use domain::Code;

use super::DEFAULTS;
use crate::edge::problem;

/// The manual as Markdown: a table for each section.
pub fn settings() -> String {
    let mut text = String::from(
        "# Configuration\n\n\
         Generated from `server/config.default.toml`; change it there and run `sluice config manual`.\n\n\
         Order: defaults < `sluice.toml` (or `--config FILE`) < environment < command line. \
         `sluice config check` prints what is in force, without secrets. Unknown settings are errors.\n\n\
         As environment variables the names are `SLUICE__SECTION__KEY`; lists are separated by commas.\n",
    );
    let mut comment = String::new();
    for line in DEFAULTS.lines().skip_while(|line| !line.starts_with('[')) {
        if let Some(section) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            let _ =
                write!(text, "\n## `[{section}]`\n\n| Setting | Default | Meaning |\n| --- | --- | --- |\n");
        } else if let Some(words) = line.strip_prefix("# ") {
            if !comment.is_empty() {
                comment.push(' ');
            }
            comment.push_str(words);
        } else if let Some((key, value)) = line.split_once(" = ") {
            let _ = writeln!(text, "| `{key}` | `{value}` | {} |", comment.replace('|', "\\|"));
            comment.clear();
        }
    }
    text
}

/// Every error that a person can meet.
pub fn errors() -> String {
    let mut text = String::from(
        "# Errors\n\n\
         Generated from `crates/domain/src/error/code.rs`; change it there and run `sluice config errors`.\n\n\
         The REST API answers with `application/problem+json` and this status, the MCP endpoints with a JSON-RPC error \
         of this number whose `data.code` is the code.\n\n\
         | Code | HTTP | JSON-RPC | What happened | What to do |\n| --- | --- | --- | --- | --- |\n",
    );
    for code in Code::ALL {
        let _ = writeln!(
            text,
            "| `{}` | {} | {} | {} | {} |",
            code.name(),
            problem::status(code.kind()).as_u16(),
            gateway::number_of(code.kind()),
            code.sentence(),
            code.next_step()
        );
    }
    text
}

#[cfg(test)]
mod tests {
    fn is_committed(name: &str, text: &str, command: &str) {
        let path = format!("{}/../docs/{name}", env!("CARGO_MANIFEST_DIR"));
        let committed = std::fs::read_to_string(path).unwrap_or_default();
        assert!(committed == text, "run `sluice config {command} > docs/{name}`");
    }

    #[test]
    fn the_manuals_in_docs_are_these() {
        is_committed("configuration.md", &super::settings(), "manual");
        is_committed("errors.md", &super::errors(), "errors");
    }
}
