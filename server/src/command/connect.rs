//! `sluice connect`: puts a project into the configuration file of a client, or takes it out again.

use std::{io::Read, path::PathBuf};

use anyhow::{Context, Result, bail, ensure};
use domain::{
    client::{Connection, Credential, Format},
    key::{SecretKind, is_well_formed},
};

use super::print;
use crate::cli::Connect;

mod file;
mod home;
mod json;
mod table;
#[cfg(test)]
mod tests;

use file::Target;
use home::Home;

pub(super) fn run(connect: Connect) -> Result<()> {
    let told = apply(&connect, &Home::ours()?, std::io::stdin())?;
    print(&told)
}

/// What is to be told to whoever called.
fn apply(connect: &Connect, home: &Home, stdin: impl Read) -> Result<String> {
    let name = name(connect)?;
    if connect.undo {
        let target = target(connect, home)?;
        return undo(&target, &name);
    }
    let key = key(connect, stdin)?;
    let client = connect.client;
    let credential = match &key {
        Some(key) => Credential::Secret(key),
        None if connect.no_key => Credential::None,
        None if client.takes_variable() => Credential::Variable,
        None => bail!(
            "{} cannot read the key from a variable: give it with --key-stdin or --key-file",
            client.label()
        ),
    };
    let base = base(connect)?;
    let connection = Connection { base: &base, name: &name, credential };
    if connect.print {
        return Ok(client.configuration(&connection).text);
    }
    let target = target(connect, home)?;
    let before = target.read()?;
    let after = match target.format {
        Format::Json { servers, comments } => {
            json::put(&before, servers, comments, &name, &client.entry(&connection))
        }
        Format::Toml => table::put(&before, &name, &client.configuration(&connection).text),
    };
    let after = after.with_context(|| format!("{} stays as it is", target.path.display()))?;
    let kept = target.write(&after)?;
    let mut told = format!("{} now knows `{name}`: {}\n", client.label(), target.path.display());
    if let Some(backup) = kept {
        told.push_str(&format!("What was there before: {}\n", backup.display()));
    }
    if credential == Credential::Variable {
        told.push_str("It reads the key from the environment variable SLUICE_KEY.\n");
    }
    told.push_str(&format!("Restart {}, or reload its MCP servers.\n", client.label()));
    Ok(told)
}

/// Restores what the last run found, unless somebody has changed the file since: then only our entry goes.
fn undo(target: &Target, name: &str) -> Result<String> {
    let now = target.read()?;
    let without = |text: &str| match target.format {
        Format::Json { servers, comments } => json::remove(text, servers, comments, name),
        Format::Toml => table::remove(text, name),
    };
    let same = |one: &str, other: &str| match target.format {
        Format::Json { comments, .. } => json::same(one, other, comments),
        Format::Toml => table::same(one, other),
    };
    let path = target.path.display();
    let rest = without(&now).with_context(|| format!("{path} stays as it is"))?;
    let Some(rest) = rest else { bail!("{path} has no `{name}`, so there is nothing to undo") };
    if let Some(backup) = target.backup()? {
        let before = without(&backup)?.unwrap_or_else(|| backup.clone());
        let text = if same(&before, &rest) { &backup } else { &rest };
        target.replace(text)?;
        target.forget_backup()?;
        return Ok(format!("{path} is as it was before `{name}`.\n"));
    }
    let empty = match target.format {
        Format::Json { servers, comments } => json::same(&rest, &format!("{{\"{servers}\":{{}}}}"), comments),
        Format::Toml => table::same(&rest, ""),
    };
    // We made it.
    if empty {
        target.remove()?;
        return Ok(format!("{path} held only `{name}` and is gone.\n"));
    }
    target.replace(&rest)?;
    Ok(format!("`{name}` is out of {path}.\n"))
}

fn target(connect: &Connect, home: &Home) -> Result<Target> {
    let client = connect.client;
    let Some(file) = client.file() else {
        bail!("{} keeps no file to write to: use --print", client.label());
    };
    let path = match &connect.file {
        Some(path) => path.clone(),
        None => {
            let places: Vec<PathBuf> = file.places(home.os).iter().map(|place| home.resolve(place)).collect();
            let there = places.iter().find(|place| place.exists()).or(places.first());
            there.cloned().with_context(|| format!("no place is known for {}", client.label()))?
        }
    };
    Target::new(path, file.format)
}

/// What the client calls the server: names of tools may have it in them.
fn name(connect: &Connect) -> Result<String> {
    let usual = || match &connect.server {
        Some(server) => server.clone(),
        None => connect.project.rsplit('.').next().unwrap_or_default().to_owned(),
    };
    let name = connect.name.clone().unwrap_or_else(usual);
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    ensure!(
        (1..=60).contains(&name.len()) && name.chars().all(plain),
        "`{name}` is no name for a server: use --name with letters, digits, hyphens and underscores"
    );
    Ok(name)
}

fn base(connect: &Connect) -> Result<String> {
    let Some(url) = &connect.url else { bail!("--url is missing: the address of Sluice") };
    ensure!(
        matches!(url.scheme(), "http" | "https") && url.query().is_none() && url.fragment().is_none(),
        "{url} is no address of Sluice: it begins with https:// or http:// and ends before /projects"
    );
    let mut base = url.clone();
    {
        let mut path = base.path_segments_mut().map_err(|()| anyhow::anyhow!("{url} is no address"))?;
        path.pop_if_empty().extend(["projects", &connect.project]);
        if let Some(server) = &connect.server {
            path.extend(["servers", server]);
        }
    }
    Ok(base.into())
}

fn key(connect: &Connect, mut stdin: impl Read) -> Result<Option<String>> {
    let mut text = String::new();
    match &connect.key_file {
        Some(file) => {
            text = std::fs::read_to_string(file)
                .with_context(|| format!("{} cannot be read", file.display()))?;
        }
        None if connect.key_stdin => {
            stdin.read_to_string(&mut text).context("standard input cannot be read")?;
        }
        None => return Ok(None),
    }
    let key = text.trim().to_owned();
    ensure!(
        is_well_formed(SecretKind::ApiKey, &key),
        "that is no API key of Sluice: it begins with slu_ and has 42 characters"
    );
    Ok(Some(key))
}
