//! Reads a list page by page, within bounds.

use std::{sync::Arc, time::Duration};

use domain::{Code, server::ListKind};
use serde_json::value::RawValue;
use wire::{edit, envelope};

use super::{Item, mirror, named};
use crate::{error::Failure, upstream::Connection};

/// Bounds on what one list of one server can make us keep.
const PAGES: usize = 100;
const ITEMS: usize = 10_000;
const BYTES: usize = 8 * 1024 * 1024;
const PAGE_LIMIT: Duration = Duration::from_secs(30);

/// A list as read.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    pub(crate) items: Vec<Item>,
    /// Items that were left out because they have no name.
    pub(crate) nameless: usize,
    /// Whether there was more than fits the bounds.
    pub(crate) cut: bool,
    /// Items that nobody may use.
    pub(crate) rejected: mirror::Rejected,
}

/// All of a list that may be used; an empty one where the server does not offer such things.
pub(crate) async fn list(connection: &Arc<Connection>, kind: ListKind) -> Result<Reading, Failure> {
    let mut reading = all(connection, kind).await?;
    if kind == ListKind::Tools {
        (reading.items, reading.rejected) = mirror::reject(connection, reading.items);
    }
    Ok(reading)
}

async fn all(connection: &Arc<Connection>, kind: ListKind) -> Result<Reading, Failure> {
    let mut reading = Reading::default();
    if !connection.hello().is_some_and(|hello| hello.can(capability(kind))) {
        return Ok(reading);
    }
    let mut cursor: Option<Box<RawValue>> = None;
    let mut bytes = 0;
    for _ in 0..PAGES {
        let params = cursor.take().map(|cursor| envelope::raw(format!(r#"{{"cursor":{}}}"#, cursor.get())));
        let page = match connection.ask(method(kind), params.as_deref(), PAGE_LIMIT).await? {
            Ok(page) => page,
            // A server of resources need not know of templates.
            Err(error) if kind == ListKind::Templates && is_unknown_method(&error) => return Ok(reading),
            Err(error) => {
                let text = envelope::read_error(&error).1.unwrap_or_default();
                return Err(unreadable(kind, &format!("it answered with an error: {text}")));
            }
        };
        let part = edit::member(&page, member(kind))
            .ok_or_else(|| unreadable(kind, &format!("there is no `{}` in it", member(kind))))?;
        let part = items(part.get(), kind)?;
        reading.nameless += part.nameless;
        for item in part.items {
            bytes += item.raw.get().len();
            if reading.items.len() == ITEMS || bytes > BYTES {
                reading.cut = true;
                return Ok(reading);
            }
            reading.items.push(item);
        }
        cursor =
            edit::member(&page, "nextCursor").filter(|cursor| cursor.get() != "null").map(ToOwned::to_owned);
        if cursor.is_none() {
            return Ok(reading);
        }
    }
    reading.cut = true;
    Ok(reading)
}

/// The items of a JSON array.
pub(crate) fn items(array: &str, kind: ListKind) -> Result<Reading, Failure> {
    let all: Vec<&RawValue> =
        serde_json::from_str(array).map_err(|error| unreadable(kind, &error.to_string()))?;
    let count = all.len();
    let items: Vec<Item> = all.into_iter().filter_map(|raw| named(kind, raw)).collect();
    Ok(Reading { nameless: count - items.len(), items, ..Reading::default() })
}

fn unreadable(kind: ListKind, why: &str) -> Failure {
    Failure::new(Code::ProtocolViolation)
        .detail(format!("Its list of {} cannot be read: {why}.", words(kind)))
}

fn is_unknown_method(error: &RawValue) -> bool {
    envelope::read_error(error).0 == Some(wire::code::METHOD_NOT_FOUND)
}

/// What the items are called in a sentence.
pub(crate) fn words(kind: ListKind) -> &'static str {
    match kind {
        ListKind::Tools => "tools",
        ListKind::Resources => "resources",
        ListKind::Templates => "resource templates",
        ListKind::Prompts => "prompts",
    }
}

fn method(kind: ListKind) -> &'static str {
    match kind {
        ListKind::Tools => "tools/list",
        ListKind::Resources => "resources/list",
        ListKind::Templates => "resources/templates/list",
        ListKind::Prompts => "prompts/list",
    }
}

fn member(kind: ListKind) -> &'static str {
    match kind {
        ListKind::Tools => "tools",
        ListKind::Resources => "resources",
        ListKind::Templates => "resourceTemplates",
        ListKind::Prompts => "prompts",
    }
}

fn capability(kind: ListKind) -> &'static str {
    match kind {
        ListKind::Tools => "tools",
        ListKind::Resources | ListKind::Templates => "resources",
        ListKind::Prompts => "prompts",
    }
}
