//! What a server offers: the last known good lists of its tools, resources, templates and prompts.
//!
//! Items are kept byte for byte. A list that cannot be read leaves the one before standing, with the
//! reason beside it, and a list counts as changed only when its items did: servers that write the
//! same items in another order, or say that something changed when nothing did, disturb nobody.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use domain::{Timestamp, server::ListKind};
use serde_json::{json, value::RawValue};
use sha2::{Digest, Sha256};
use wire::{edit, envelope};

use crate::{
    directory::{Known, KnownList},
    error::Failure,
};

pub(crate) use learn::{is_stale, keep_fresh, learn};
pub(crate) use notice::{Changes, Kinds};

mod learn;
pub(crate) mod mirror;
mod notice;
pub(crate) mod read;

/// One item of a list.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    /// Its name; of resources and templates the URI.
    pub(crate) name: String,
    /// As the server wrote it.
    pub(crate) raw: Box<RawValue>,
}

/// One list. Clones share the items.
#[derive(Clone, Debug)]
pub(crate) struct List {
    pub(crate) items: Arc<Vec<Item>>,
    /// Moves on with each change of the items.
    pub(crate) version: u64,
    /// SHA-256 of the items, whatever their order.
    pub(crate) hash: [u8; 32],
    /// When it was last read; none: never.
    pub(crate) read_at: Option<Timestamp>,
    /// Why it could not be read since.
    pub(crate) problem: Option<Failure>,
    /// What of the items' parameters travels as headers too.
    pub(crate) mirrors: mirror::Mirrors,
    /// Items that its server lists and nobody may use.
    pub(crate) rejected: mirror::Rejected,
}

impl Default for List {
    fn default() -> Self {
        Self {
            items: Arc::default(),
            version: 0,
            hash: hash(&[]),
            read_at: None,
            problem: None,
            mirrors: Arc::default(),
            rejected: Arc::default(),
        }
    }
}

impl List {
    fn known(known: &KnownList) -> Option<Self> {
        let items = read::items(&known.items, known.kind).ok()?.items;
        Some(Self { version: known.version, read_at: Some(known.read_at), ..Self::default().of(items) })
    }

    /// The list after it was read again.
    fn read(&self, items: Vec<Item>, at: Timestamp) -> Self {
        let hash = hash(&items);
        if hash == self.hash {
            // The former order stays: clients keep what they fetched, and so do models' caches.
            return Self { read_at: Some(at), problem: None, ..self.clone() };
        }
        let version = self.version + 1;
        Self { version, read_at: Some(at), problem: None, ..self.of(items) }
    }

    /// The list with other items.
    fn of(&self, items: Vec<Item>) -> Self {
        let (hash, mirrors) = (hash(&items), mirror::of(&items));
        Self { items: Arc::new(items), hash, mirrors, ..self.clone() }
    }

    fn rejecting(self, rejected: mirror::Rejected) -> Self {
        Self { rejected, ..self }
    }

    /// The list after it could not be read.
    fn unread(&self, failure: Failure) -> Self {
        Self { problem: Some(failure), ..self.clone() }
    }

    /// The items as a JSON array.
    pub(crate) fn to_json(&self) -> String {
        let mut json = String::with_capacity(self.items.iter().map(|item| item.raw.get().len() + 1).sum());
        json.push('[');
        for item in self.items.iter() {
            if json.len() > 1 {
                json.push(',');
            }
            json.push_str(item.raw.get());
        }
        json.push(']');
        json
    }
}

fn hash(items: &[Item]) -> [u8; 32] {
    let mut raw: Vec<&str> = items.iter().map(|item| item.raw.get()).collect();
    raw.sort_unstable();
    let mut hash = Sha256::new();
    for raw in raw {
        // With its length, so that no two lists read the same.
        hash.update((raw.len() as u64).to_le_bytes());
        hash.update(raw);
    }
    hash.finalize().into()
}

/// All lists of a server.
#[derive(Clone, Debug, Default)]
pub(crate) struct Catalog {
    pub(crate) tools: List,
    pub(crate) resources: List,
    pub(crate) templates: List,
    pub(crate) prompts: List,
}

impl Catalog {
    /// Whether every list could be read the last time.
    pub(crate) fn is_whole(&self) -> bool {
        ListKind::ALL.into_iter().all(|kind| self.list(kind).problem.is_none())
    }

    /// What was stored before this data plane started.
    pub(crate) fn known(known: &Known) -> Self {
        let mut catalog = Self::default();
        for stored in &known.lists {
            if let Some(list) = List::known(stored) {
                *catalog.list_mut(stored.kind) = list;
            }
        }
        catalog
    }

    pub(crate) fn list(&self, kind: ListKind) -> &List {
        match kind {
            ListKind::Tools => &self.tools,
            ListKind::Resources => &self.resources,
            ListKind::Templates => &self.templates,
            ListKind::Prompts => &self.prompts,
        }
    }

    fn list_mut(&mut self, kind: ListKind) -> &mut List {
        match kind {
            ListKind::Tools => &mut self.tools,
            ListKind::Resources => &mut self.resources,
            ListKind::Templates => &mut self.templates,
            ListKind::Prompts => &mut self.prompts,
        }
    }

    /// The catalog with another list of one kind.
    pub(crate) fn with(&self, kind: ListKind, list: List) -> Self {
        let mut catalog = self.clone();
        *catalog.list_mut(kind) = list;
        catalog
    }
}

/// What differs between two lists, by name.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Difference<'a> {
    pub(crate) added: BTreeSet<&'a str>,
    pub(crate) removed: BTreeSet<&'a str>,
    pub(crate) changed: BTreeSet<&'a str>,
}

impl<'a> Difference<'a> {
    pub(crate) fn between(before: &'a List, now: &'a List) -> Self {
        let by_name = |list: &'a List| -> HashMap<&'a str, &'a str> {
            list.items.iter().map(|item| (item.name.as_str(), item.raw.get())).collect()
        };
        let (old, new) = (by_name(before), by_name(now));
        let mut difference = Self::default();
        for (name, raw) in &new {
            match old.get(name) {
                None => difference.added.insert(*name),
                Some(former) => former != raw && difference.changed.insert(*name),
            };
        }
        difference.removed = old.into_keys().filter(|name| !new.contains_key(name)).collect();
        difference
    }
}

/// The parameters of `initialize` results that are made up here, for servers never seen so far.
pub(crate) fn generic_hello(name: &str) -> Box<RawValue> {
    envelope::raw(
        json!({
            "protocolVersion": "",
            "capabilities": {
                "tools": { "listChanged": true }, "resources": {}, "prompts": {}, "logging": {}, "completions": {},
            },
            "serverInfo": { "name": name, "version": "" },
        })
        .to_string(),
    )
}

/// The member that names an item of a list.
fn key(kind: ListKind) -> &'static str {
    match kind {
        ListKind::Tools | ListKind::Prompts => "name",
        ListKind::Resources => "uri",
        ListKind::Templates => "uriTemplate",
    }
}

fn named(kind: ListKind, raw: &RawValue) -> Option<Item> {
    Some(Item { name: edit::text(raw, key(kind))?, raw: raw.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(items: &str) -> Vec<Item> {
        read::items(items, ListKind::Tools).expect("items").items
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_timestamp(seconds, 0).expect("a time")
    }

    #[test]
    fn items_stay_byte_for_byte() {
        let text = r#"[{"name":"a","x":1.0, "n":1e3},{"name":"b\u0062"}]"#;
        let read = List::default().read(list(text), at(1));
        assert_eq!(read.to_json(), text);
        let names: Vec<&str> = read.items.iter().map(|item| item.name.as_str()).collect();
        assert_eq!(names, ["a", "bb"]);
    }

    #[test]
    fn only_other_items_are_a_change() {
        let first = List::default().read(list(r#"[{"name":"a"},{"name":"b"}]"#), at(1));
        assert_eq!(first.version, 1);
        let shuffled = first.read(list(r#"[{"name":"b"},{"name":"a"}]"#), at(2));
        assert_eq!((shuffled.version, shuffled.read_at), (1, Some(at(2))));
        assert_eq!(shuffled.to_json(), first.to_json(), "in the order of before");
        let changed = shuffled.read(list(r#"[{"name":"a","title":"A"},{"name":"c"}]"#), at(3));
        assert_eq!(changed.version, 2);
        let difference = Difference::between(&first, &changed);
        assert_eq!(
            (difference.added, difference.removed, difference.changed),
            (["c"].into(), ["b"].into(), ["a"].into())
        );
        assert_eq!(List::default().read(vec![], at(4)).version, 0, "nothing was there and nothing is");
    }

    #[test]
    fn a_list_that_cannot_be_read_stays() {
        let good = List::default().read(list(r#"[{"name":"a"}]"#), at(1));
        let stale = good.unread(Failure::new(domain::Code::ProtocolViolation));
        assert_eq!((stale.version, stale.items.len(), stale.read_at), (1, 1, Some(at(1))));
        assert!(stale.problem.is_some() && stale.read(list(r#"[{"name":"a"}]"#), at(2)).problem.is_none());
    }
}
