//! The style sheet: tokens and base styles, then a rule for each class that the console uses.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use encre_css::{Config, Preflight};

/// Names of the design tokens; `style/tokens.css` gives each a value in both themes.
const COLORS: &[&str] = &[
    "surface",
    "surface-raised",
    "surface-sunken",
    "line",
    "line-strong",
    "ink",
    "ink-muted",
    "ink-faint",
    "accent",
    "accent-ink",
    "accent-soft",
    "ok",
    "ok-soft",
    "warn",
    "warn-soft",
    "bad",
    "bad-soft",
    "info",
    "info-soft",
];

pub(crate) fn generate(root: &Path) -> Result<String> {
    let sources = sources(&root.join("app/src"))?;
    let read = |name: &str| {
        let path = root.join("style").join(name);
        fs::read_to_string(&path).with_context(|| format!("{} is missing", path.display()))
    };
    let utilities = encre_css::generate(sources.iter().map(String::as_str), &config(Preflight::new_full()));
    Ok(format!("{}\n{}\n{utilities}", read("tokens.css")?, read("base.css")?))
}

fn config(preflight: Preflight) -> Config {
    let mut config = Config::default();
    config.preflight = preflight;
    for color in COLORS {
        config.theme.colors.add(*color, format!("var(--{color})"));
    }
    config
}

fn sources(dir: &Path) -> Result<Vec<String>> {
    let mut texts = Vec::new();
    let mut waiting: Vec<PathBuf> = vec![dir.to_owned()];
    while let Some(dir) = waiting.pop() {
        let mut entries: Vec<_> = fs::read_dir(&dir)?.flatten().map(|entry| entry.path()).collect();
        // The same order everywhere gives the same bytes everywhere.
        entries.sort();
        for path in entries {
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                texts.push(fs::read_to_string(path)?);
            }
        }
    }
    Ok(texts)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Class literals of a source: `class="…"`, `class:name=`, and constants named `…CLASS`.
    fn classes(source: &str) -> Vec<String> {
        let mut found = Vec::new();
        for (marker, end) in [("class=\"", '"'), ("CLASS: &str = \"", '"'), ("css!(\"", '"')] {
            for piece in source.split(marker).skip(1) {
                let text = piece.split(end).next().unwrap_or_default();
                found.extend(
                    text.replace("\\\n", " ").split_whitespace().filter(|c| *c != "\\").map(str::to_owned),
                );
            }
        }
        found
    }

    #[test]
    fn every_class_in_the_console_yields_a_rule() {
        let root = crate::root();
        let base = fs::read_to_string(root.join("style/base.css")).expect("the base styles");
        let config = config(Preflight::new_none());
        let mut missing = Vec::new();
        for source in sources(&root.join("app/src")).expect("the console's sources") {
            for class in classes(&source) {
                let known = base.contains(&format!(".{class}")) || class == "group" || class == "peer";
                let source = format!("class=\"{class}\"");
                if !known && encre_css::generate([source.as_str()], &config).trim().is_empty() {
                    missing.push(class);
                }
            }
        }
        missing.sort();
        missing.dedup();
        assert!(missing.is_empty(), "no rule for: {missing:?}");
    }
}
