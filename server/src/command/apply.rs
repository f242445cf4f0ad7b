//! `sluice apply`.

use std::{
    io::Read,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, anyhow, bail};
use domain::document::{Change, Document, SecretReference, Verb};
use secrecy::SecretString;
use services::Caller;

use super::{print, print_json};
use crate::{
    cli::Apply,
    config::Config,
    open::{Pending, explain, open},
};

pub(super) async fn run(config: &Config, apply: Apply) -> Result<()> {
    let (name, text) = read(&apply.file)?;
    let document = parse(&name, &text)?;
    let secrets = services::apply::Secrets::resolve(&document, resolve).map_err(explain)?;
    let services = open(config, Pending::AsConfigured).await?;
    let changes = services
        .apply(&Caller::system(), &document, &secrets, apply.dry_run)
        .await
        .map_err(explain)
        .context(name)?;
    if apply.json {
        return print_json(&changes);
    }
    let lines: String = changes.iter().map(|change| line(change) + "\n").collect();
    let done = changes.iter().filter(|change| change.verb != Verb::Keep).count();
    let word = if apply.dry_run { "would change" } else { "changed" };
    print(&format!("{lines}{done} {word}, {} unchanged\n", changes.len() - done))
}

fn read(path: &Path) -> Result<(String, String)> {
    if path == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).context("standard input cannot be read")?;
        return Ok(("standard input".to_owned(), text));
    }
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path).with_context(|| format!("{name} cannot be read"))?;
    Ok((name, text))
}

/// The parser's own text names the field, its line and its column.
fn parse(name: &str, text: &str) -> Result<Document> {
    yaml_serde::from_str(text).map_err(|error| anyhow!("{name}: {error}"))
}

/// Reads one secret from where the file says it is.
fn resolve(reference: &SecretReference) -> Result<SecretString> {
    match (&reference.env, &reference.file) {
        (Some(variable), None) => match std::env::var_os(variable).and_then(|value| value.into_string().ok())
        {
            Some(value) if !value.is_empty() => Ok(value.into()),
            _ => bail!("the environment variable {variable} is not set"),
        },
        (None, Some(file)) => {
            let text = std::fs::read_to_string(PathBuf::from(file))
                .with_context(|| format!("{file} cannot be read"))?;
            Ok(text.trim_end_matches(['\r', '\n']).to_owned().into())
        }
        _ => bail!("a secret needs exactly one of `env` and `file`"),
    }
}

fn line(change: &Change) -> String {
    match change.verb {
        Verb::Create => format!("+ {}", change.target),
        Verb::Update => format!("~ {} ({})", change.target, change.fields.join(", ")),
        Verb::Keep => format!("= {}", change.target),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_name_field_and_line() {
        let error = parse("acme.yaml", "organizations:\n  - slug: acme\n    nmae: Acme\n")
            .expect_err("a typing error");
        let text = error.to_string();
        assert!(text.contains("acme.yaml") && text.contains("nmae") && text.contains("line 3"), "{text}");
    }

    #[test]
    fn secrets_come_from_one_place() {
        for reference in [
            SecretReference { env: None, file: None },
            SecretReference { env: Some("A".into()), file: Some("b".into()) },
            SecretReference { env: Some("SLUICE_NO_SUCH_VARIABLE".into()), file: None },
        ] {
            assert!(resolve(&reference).is_err());
        }
    }
}
