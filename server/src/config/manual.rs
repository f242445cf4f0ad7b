//! Writes `docs/configuration.md` from the defaults.

use std::fmt::Write;

use super::DEFAULTS;

/// The manual as Markdown: a table for each section.
pub fn markdown() -> String {
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

#[cfg(test)]
mod tests {
    #[test]
    fn the_manual_in_docs_is_this_one() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/configuration.md");
        let text = std::fs::read_to_string(path).unwrap_or_default();
        assert!(text == super::markdown(), "run `sluice config manual > docs/configuration.md`");
    }
}
