//! The fields of projects and servers, compared.

use std::collections::{BTreeMap, BTreeSet};

use super::{Difference, hole_of};
use crate::{
    document::{ProjectEntry, SecretReference, ServerEntry},
    name,
    server::{TIMEOUT_SECONDS, Transport},
};

type Sides = (Option<String>, Option<String>);

fn differences<const N: usize>(fields: [(&str, Sides); N]) -> Vec<Difference> {
    let differing = fields.into_iter().filter(|(_, (before, after))| before != after);
    differing.map(|(field, (before, after))| Difference { field: field.to_owned(), before, after }).collect()
}

fn text(text: &str) -> Option<String> {
    Some(text.trim()).filter(|text| !text.is_empty()).map(str::to_owned)
}

fn number(number: Option<u32>) -> Option<String> {
    number.map(|number| number.to_string())
}

fn flag(flag: bool) -> Option<String> {
    Some(flag.to_string())
}

/// The fields of the project itself. Its address is not among them: clients know it.
pub(super) fn settings(current: &ProjectEntry, wanted: &ProjectEntry) -> Vec<Difference> {
    let name = |entry: &ProjectEntry| text(entry.name.as_deref().unwrap_or(&entry.slug));
    differences([
        ("name", (name(current), name(wanted))),
        ("description", (text(&current.description), text(&wanted.description))),
        ("log_payloads", (flag(current.log_payloads), flag(wanted.log_payloads))),
        ("access", (text(current.access.name()), text(wanted.access.name()))),
    ])
}

/// The fields in which a server differs; of one that is new, those that are set.
pub(super) fn fields_of(
    before: Option<&ServerEntry>,
    wanted: &ServerEntry,
    given: &BTreeSet<String>,
) -> Vec<Difference> {
    let of = |read: &dyn Fn(&ServerEntry) -> Option<String>| (before.and_then(read), read(wanted));
    let seconds = |server: &ServerEntry| Some(server.timeout_seconds.unwrap_or(TIMEOUT_SECONDS));
    // Of a shared server the rest is not the project's.
    let own = |server: &ServerEntry| server.shared.is_none();
    differences([
        ("description", of(&|server| text(&server.description))),
        ("transport", of(&|server| text(server.transport.name()).filter(|_| own(server)))),
        ("shared", of(&|server| server.shared.as_deref().and_then(text))),
        ("approved_command", of(&|server| server.approved_command.as_deref().and_then(text))),
        (
            "values",
            of(&|server| {
                text(
                    &server
                        .values
                        .iter()
                        .map(|(name, value)| format!("{name} = {value}"))
                        .collect::<Vec<_>>()
                        .join(", "),
                )
            }),
        ),
        ("command", of(&|server| text(&server.command).filter(|_| server.approved_command.is_none()))),
        ("args", of(&|server| text(&server.args.join(" ")).filter(|_| server.approved_command.is_none()))),
        (
            "working_directory",
            of(&|server| {
                server
                    .working_directory
                    .as_deref()
                    .and_then(text)
                    .filter(|_| server.approved_command.is_none())
            }),
        ),
        ("env", variables(before, wanted, given, |server| &server.env)),
        ("url", of(&|server| text(&server.url))),
        ("headers", variables(before, wanted, given, |server| &server.headers)),
        ("builtin", of(&|server| text(&server.builtin))),
        ("timeout_seconds", of(&|server| number(seconds(server).filter(|_| own(server))))),
        ("alias", alias(before, wanted)),
        ("sharing", of(&|server| text(server.sharing.name()).filter(|_| own(server)))),
        ("sleep_after_minutes", of(&|server| number(server.sleep_after_minutes))),
        ("memory_mb", of(&|server| number(server.memory_mb))),
        ("connect_seconds", of(&|server| number(server.connect_seconds))),
        ("initialize_seconds", of(&|server| number(server.initialize_seconds))),
        ("total_seconds", of(&|server| number(server.total_seconds))),
        ("enabled", of(&|server| flag(server.enabled))),
    ])
}

/// Names of variables; one that gets another value is marked.
fn variables(
    before: Option<&ServerEntry>,
    wanted: &ServerEntry,
    given: &BTreeSet<String>,
    read: impl Fn(&ServerEntry) -> &BTreeMap<String, SecretReference>,
) -> Sides {
    let stored = before.map(|before| read(before).keys().cloned().collect::<Vec<_>>().join(", "));
    let kept = before.is_some_and(|before| keeps_values(before, wanted));
    let named = read(wanted).iter().map(|(name, reference)| {
        let known = kept && before.is_some_and(|before| read(before).contains_key(name));
        let anew = before.is_some() && (given.contains(hole_of(reference)) || !known);
        if anew { format!("{name} = ••••") } else { name.clone() }
    });
    let named = named.collect::<Vec<_>>().join(", ");
    (stored.as_deref().and_then(text), text(&named))
}

/// An alias that is made from the name stays while the name does.
fn alias(before: Option<&ServerEntry>, wanted: &ServerEntry) -> Sides {
    let old = before.and_then(|before| before.alias.clone());
    let new = match (&wanted.alias, &old) {
        (Some(alias), _) => Some(alias.clone()),
        (None, Some(old)) if name::is_made_alias(old, &wanted.name) => Some(old.clone()),
        (None, _) => Some(name::to_alias(&wanted.name)),
    };
    (old, new)
}

/// Whether stored values of variables may stay: a secret must not go where it was not meant to.
#[must_use]
pub fn keeps_values(before: &ServerEntry, wanted: &ServerEntry) -> bool {
    let origin = |text: &str| url::Url::parse(text).ok().map(|url| url.origin());
    match wanted.transport {
        Transport::Stdio => before.transport == Transport::Stdio,
        Transport::Sse | Transport::StreamableHttp => {
            before.transport.is_remote() && origin(&before.url) == origin(&wanted.url)
        }
        Transport::Builtin => true,
    }
}
