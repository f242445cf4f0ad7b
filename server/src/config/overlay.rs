//! Lays files and environment variables over the defaults, refusing what the defaults do not know.

use anyhow::{Result, bail};
use toml::{Table, Value};

const PREFIX: &str = "SLUICE__";

/// Merges `file` into `table`; `origin` is named in errors.
pub(super) fn merge(table: &mut Table, file: Table, origin: &str) -> Result<()> {
    for (section, value) in file {
        let Some(Value::Table(known)) = table.get_mut(&section) else {
            bail!("{origin}: there is no section `[{section}]`");
        };
        let Value::Table(keys) = value else {
            bail!("{origin}: `{section}` must be a section, `[{section}]`");
        };
        for (key, value) in keys {
            if !known.contains_key(&key) {
                bail!("{origin}: there is no setting `{section}.{key}`");
            }
            known.insert(key, value);
        }
    }
    Ok(())
}

/// Lays `SLUICE__SECTION__KEY` variables over `table`, each read as its default's type.
pub(super) fn environment(
    table: &mut Table,
    defaults: &Table,
    env: impl Iterator<Item = (String, String)>,
) -> Result<()> {
    for (name, text) in env {
        let Some(path) = name.strip_prefix(PREFIX) else { continue };
        let lower = path.to_ascii_lowercase();
        let default = lower
            .split_once("__")
            .and_then(|(section, key)| Some((section, key, defaults.get(section)?.as_table()?.get(key)?)));
        let Some((section, key, default)) = default else {
            bail!("{name}: there is no such setting; `sluice config check` lists them all");
        };
        let value = match default {
            Value::Boolean(_) => text.parse().map(Value::Boolean).ok(),
            Value::Integer(_) => text.parse().map(Value::Integer).ok(),
            Value::Array(_) => {
                let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
                Some(Value::Array(items.map(|item| Value::String(item.to_owned())).collect()))
            }
            _ => Some(Value::String(text)),
        };
        let Some(value) = value else {
            bail!("{name}: this setting is a {}, such as {default}", default.type_str());
        };
        set(table, section, key, value);
    }
    Ok(())
}

pub(super) fn set(table: &mut Table, section: &str, key: &str, value: Value) {
    if let Some(Value::Table(keys)) = table.get_mut(section) {
        keys.insert(key.to_owned(), value);
    }
}
