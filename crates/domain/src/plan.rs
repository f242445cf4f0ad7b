//! What an import would do to a project: the difference between what it is and what a file says.
//!
//! A pure function over two descriptions, so that what the preview shows is what is done.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::document::{ProjectEntry, SecretReference, ServerEntry};

mod field;

use field::{fields_of, settings};

pub use field::keeps_values;

/// What to do beside adding and changing servers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Take over the name, description, logging and access of the project too.
    #[serde(default)]
    pub settings: bool,
    /// Remove servers and tool rules that the file does not have.
    #[serde(default)]
    pub remove: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    Add,
    Change,
    Remove,
    Keep,
}

impl Deed {
    pub const ALL: [Deed; 4] = [Deed::Add, Deed::Change, Deed::Remove, Deed::Keep];
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Thing {
    Project,
    Server,
    /// The rule of a tool; its name is `server/tool`.
    Tool,
}

/// A field that differs, with its value on each side; none where it is not set. Secrets are told by
/// their names only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Difference {
    pub field: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Step {
    pub deed: Deed,
    pub thing: Thing,
    pub name: String,
    pub differences: Vec<Difference>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum HoleState {
    /// A value must be given.
    Needed,
    /// The stored value stays unless another one is given.
    Stored,
    /// A value was given.
    Given,
}

/// A secret that the file names and does not hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Hole {
    pub name: String,
    /// `server/VARIABLE`, for each place where it goes.
    pub places: Vec<String>,
    pub state: HoleState,
}

/// What an import would do, in the order in which it is done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Plan {
    pub steps: Vec<Step>,
    pub holes: Vec<Hole>,
    /// What the file has and an import leaves out, in English.
    pub notes: Vec<String>,
}

impl Plan {
    #[must_use]
    pub fn count(&self, deed: Deed) -> usize {
        self.steps.iter().filter(|step| step.deed == deed).count()
    }

    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps.iter().all(|step| step.deed == Deed::Keep)
    }

    #[must_use]
    pub fn missing(&self) -> Vec<&Hole> {
        self.holes.iter().filter(|hole| hole.state == HoleState::Needed).collect()
    }
}

/// Names of servers are one name whatever their case.
#[must_use]
pub fn is_same_server(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

/// Compares what is with what is wanted. `given` are the names of holes that have a new value.
#[must_use]
pub fn plan(current: &ProjectEntry, wanted: &ProjectEntry, given: &BTreeSet<String>, choice: Choice) -> Plan {
    let mut steps = Vec::new();
    if choice.settings {
        let name = format!("{}.{}", current.org, current.slug);
        steps.push(step(Thing::Project, name, true, settings(current, wanted)));
    }
    if choice.remove {
        let gone = current.servers.iter().filter(|server| find(&wanted.servers, &server.name).is_none());
        steps.extend(gone.map(|server| Step {
            deed: Deed::Remove,
            thing: Thing::Server,
            name: server.name.clone(),
            differences: Vec::new(),
        }));
    }
    for server in &wanted.servers {
        let before = find(&current.servers, &server.name);
        let differences = fields_of(before, server, given);
        steps.push(step(Thing::Server, server.name.clone(), before.is_some(), differences));
        steps.extend(rules(before, server, choice.remove));
    }
    Plan { steps, holes: holes(current, wanted, given), notes: Vec::new() }
}

fn find<'a>(servers: &'a [ServerEntry], name: &str) -> Option<&'a ServerEntry> {
    servers.iter().find(|server| is_same_server(&server.name, name))
}

fn step(thing: Thing, name: String, exists: bool, differences: Vec<Difference>) -> Step {
    let deed = match (exists, differences.is_empty()) {
        (false, _) => Deed::Add,
        (true, false) => Deed::Change,
        (true, true) => Deed::Keep,
    };
    Step { deed, thing, name, differences }
}

/// Rules of tools that differ. Those that the file leaves out stay, unless it is the whole truth.
fn rules(before: Option<&ServerEntry>, wanted: &ServerEntry, remove: bool) -> Vec<Step> {
    let none = BTreeMap::new();
    let stored = before.map_or(&none, |before| &before.tools);
    let mut steps = Vec::new();
    for (tool, rule) in &wanted.tools {
        let old = stored.get(tool);
        let known = old.cloned().unwrap_or_default();
        let pick = |hidden: bool| if hidden { "true" } else { "false" }.to_owned();
        let hidden =
            (known.hidden != rule.hidden).then(|| (Some(pick(known.hidden)), Some(pick(rule.hidden))));
        let alias = (known.alias != rule.alias).then(|| (known.alias.clone(), rule.alias.clone()));
        let description = (known.description != rule.description)
            .then(|| (known.description.clone(), rule.description.clone()));
        let differences = [("hidden", hidden), ("alias", alias), ("description", description)];
        let differences: Vec<_> = differences
            .into_iter()
            .filter_map(|(field, sides)| {
                let (before, after) = sides?;
                Some(Difference { field: field.to_owned(), before, after })
            })
            .collect();
        if !differences.is_empty() {
            let name = format!("{}/{tool}", wanted.name);
            steps.push(step(Thing::Tool, name, old.is_some(), differences));
        }
    }
    if remove {
        let gone = stored.keys().filter(|tool| !wanted.tools.contains_key(*tool));
        steps.extend(gone.map(|tool| Step {
            deed: Deed::Remove,
            thing: Thing::Tool,
            name: format!("{}/{tool}", wanted.name),
            differences: Vec::new(),
        }));
    }
    steps
}

/// The name under which a secret's value is to be given.
#[must_use]
pub fn hole_of(reference: &SecretReference) -> &str {
    reference.env.as_deref().or(reference.file.as_deref()).unwrap_or_default()
}

/// Every secret that the file names, once, with whether a value is at hand.
fn holes(current: &ProjectEntry, wanted: &ProjectEntry, given: &BTreeSet<String>) -> Vec<Hole> {
    let mut holes: Vec<Hole> = Vec::new();
    for server in &wanted.servers {
        let before = find(&current.servers, &server.name).filter(|before| keeps_values(before, server));
        let stored = |name: &String, env: bool| {
            before.is_some_and(|before| if env { &before.env } else { &before.headers }.contains_key(name))
        };
        let all = server.env.iter().map(|(name, hole)| (name, hole, true));
        for (name, reference, env) in all.chain(server.headers.iter().map(|(name, hole)| (name, hole, false)))
        {
            let state = match (given.contains(hole_of(reference)), stored(name, env)) {
                (true, _) => HoleState::Given,
                (false, true) => HoleState::Stored,
                (false, false) => HoleState::Needed,
            };
            let place = format!("{}/{name}", server.name);
            match holes.iter_mut().find(|hole| hole.name == hole_of(reference)) {
                Some(hole) => {
                    hole.places.push(place);
                    if state == HoleState::Needed {
                        hole.state = state;
                    }
                }
                None => holes.push(Hole { name: hole_of(reference).to_owned(), places: vec![place], state }),
            }
        }
    }
    holes
}

#[cfg(test)]
mod tests;
