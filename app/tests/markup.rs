//! Rules of markup that the compiler does not know.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::{fs, path::Path};

fn sources(dir: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(dir).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, found);
        } else {
            found.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
        }
    }
}

fn offenders(offends: impl Fn(&str, &str) -> bool) -> Vec<String> {
    let mut all = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut all);
    assert!(all.len() > 30, "the console's sources are elsewhere");
    let lines = all.iter().flat_map(|(path, text)| text.lines().map(move |line| (path, line)));
    let bad = lines.filter(|(path, line)| !line.trim_start().starts_with("//") && offends(path, line));
    bad.map(|(path, line)| format!("{path}: {}", line.trim())).collect()
}

/// leptos 0.8 writes children of `<textarea>` unescaped on the server.
#[test]
fn text_areas_are_the_escaping_component() {
    let bad = offenders(|path, line| line.contains("<textarea") && !path.ends_with("ui/field.rs"));
    assert!(bad.is_empty(), "{bad:#?}");
}

/// The content security policy lets neither run.
#[test]
fn no_inline_styles_and_handlers() {
    let bad = offenders(|_, line| {
        [" style=", " onclick=", " onsubmit=", " onchange=", "style:"].iter().any(|mark| line.contains(mark))
    });
    assert!(bad.is_empty(), "{bad:#?}");
}

/// Every server function is under the one prefix, with an address that does not change with its source.
#[test]
fn server_functions_have_stable_addresses() {
    let bad = offenders(|_, line| {
        line.trim_start().starts_with("#[server(")
            && !line.contains("#[server(default)")
            && !line.contains("prefix = \"/_fn\", endpoint = \"")
    });
    assert!(bad.is_empty(), "{bad:#?}");
}

/// HTML that somebody else wrote must never reach `inner_html`.
#[test]
fn inner_html_is_escaped() {
    let bad = offenders(|_, line| line.contains("inner_html=") && !line.contains("escape("));
    assert!(bad.is_empty(), "{bad:#?}");
}
