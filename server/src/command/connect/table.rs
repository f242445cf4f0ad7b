//! One table of a TOML file put in or taken out, with every other byte as it was.

use anyhow::{Context, Result, ensure};
use toml::{Table, Value};

const SERVERS: &str = "mcp_servers";

/// `entry` is the whole table with its header.
pub(super) fn put(text: &str, name: &str, entry: &str) -> Result<String> {
    let mut expected = parse(text)?;
    let mut ours = parse(entry)?;
    let servers = expected.entry(SERVERS).or_insert_with(|| Table::new().into());
    let servers = servers.as_table_mut().with_context(|| format!("`{SERVERS}` is no table there"))?;
    if let Some(Value::Table(mut all)) = ours.remove(SERVERS) {
        servers.extend(all.remove(name).map(|entry| (name.to_owned(), entry)));
    }
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let entry = entry.trim_end().replace('\n', end) + end;
    let after = match span(text, name) {
        Some((start, stop)) => format!("{}{entry}{}", &text[..start], &text[stop..]),
        None if text.trim().is_empty() => entry,
        None => format!("{}{end}{end}{entry}", text.trim_end()),
    };
    confirm(&after, &expected, name)?;
    Ok(after)
}

/// None if there is no such table.
pub(super) fn remove(text: &str, name: &str) -> Result<Option<String>> {
    let mut expected = parse(text)?;
    let Some(Value::Table(servers)) = expected.get_mut(SERVERS) else { return Ok(None) };
    if servers.remove(name).is_none() {
        return Ok(None);
    }
    let (start, stop) = span(text, name).context("it is not written as a table of its own")?;
    let (before, rest) = (text[..start].trim_end(), text[stop..].trim_start_matches(['\r', '\n']));
    let after = match (before.is_empty(), rest.is_empty()) {
        (true, _) => rest.to_owned(),
        (false, true) => format!("{before}\n"),
        (false, false) => format!("{before}\n\n{rest}"),
    };
    confirm(&after, &expected, name)?;
    Ok(Some(after))
}

pub(super) fn same(one: &str, other: &str) -> bool {
    match (parse(one), parse(other)) {
        (Ok(one), Ok(other)) => tidy(one) == tidy(other),
        _ => false,
    }
}

/// Without the table of servers if none is in it: it comes and goes with them.
fn tidy(mut table: Table) -> Table {
    if table.get(SERVERS).and_then(Value::as_table).is_some_and(Table::is_empty) {
        table.remove(SERVERS);
    }
    table
}

fn parse(text: &str) -> Result<Table> {
    text.parse::<Table>().map_err(|error| anyhow::anyhow!("it is no valid TOML: {}", error.message()))
}

/// What was written must be what was meant, whatever odd form the file has.
fn confirm(after: &str, expected: &Table, name: &str) -> Result<()> {
    let right = parse(after).is_ok_and(|read| tidy(read) == tidy(expected.clone()));
    ensure!(right, "`{name}` cannot be changed without changing more: edit the file by hand");
    Ok(())
}

/// From the header of our table to what follows it and its subtables.
fn span(text: &str, name: &str) -> Option<(usize, usize)> {
    let mut start = None;
    let (mut at, mut stop) = (0, 0);
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim();
        if trimmed.starts_with('[') {
            let ours = is_ours(trimmed, name);
            match (start, ours) {
                (None, true) => start = Some(at),
                (Some(_), false) => break,
                _ => {}
            }
        }
        at += line.len();
        // Comments and blank lines before the next table are that table's.
        if start.is_some() && !trimmed.is_empty() && !trimmed.starts_with('#') {
            stop = at;
        }
    }
    start.map(|start| (start, stop))
}

fn is_ours(header: &str, name: &str) -> bool {
    let keys = [name.to_owned(), format!("\"{name}\""), format!("'{name}'")];
    keys.iter().any(|key| {
        let rest = header.strip_prefix(&format!("[{SERVERS}.{key}"));
        rest.is_some_and(|rest| rest.starts_with(']') || rest.starts_with('.'))
    })
}
