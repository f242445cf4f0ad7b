//! What a project offers as one: its servers' last known lists, under names that are its own.

use std::{collections::HashMap, sync::Arc};

use arc_swap::ArcSwap;
use domain::{ProjectId, ServerId};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use wire::{edit, envelope};

use super::name;
use crate::{
    directory::{Reach, ServerEntry},
    gateway::Plane,
    offer,
};

/// Who answers for a name.
#[derive(Clone, Debug)]
pub(crate) struct Route {
    pub(crate) server: ServerId,
    /// The name at the server.
    pub(crate) name: String,
}

/// A name that is not offered because another server's stands there.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) what: &'static str,
    pub(crate) name: String,
    pub(crate) server: String,
    pub(crate) holder: ServerId,
}

/// Items of one list and who answers for them.
#[derive(Debug, Default)]
pub(crate) struct Section {
    pub(crate) items: Vec<Box<RawValue>>,
    pub(crate) routes: HashMap<String, Route>,
    /// Tells this list from what it was before: a hash of the items.
    pub(crate) mark: String,
}

/// Addresses of one template.
#[derive(Debug)]
struct Pattern {
    before: String,
    after: String,
    server: ServerId,
}

#[derive(Debug, Default)]
pub(crate) struct Index {
    /// Of when it was made.
    pub(crate) epoch: u64,
    pub(crate) tools: Section,
    pub(crate) prompts: Section,
    pub(crate) resources: Section,
    pub(crate) templates: Section,
    patterns: Vec<Pattern>,
    pub(crate) refused: Vec<Refused>,
    /// Offered names that had to be cut, with the whole of them.
    pub(crate) cut: Vec<(String, String)>,
}

type Made = HashMap<ProjectId, HashMap<Reach, Arc<Index>>>;

/// The indexes that were asked for.
#[derive(Default)]
pub(crate) struct Indexes(ArcSwap<Made>);

impl Section {
    /// Adds an item, unless its name is taken: who was there first stays, so that no new server can
    /// step in front of another.
    fn add(
        &mut self,
        what: &'static str,
        name: String,
        route: Route,
        server: &ServerEntry,
        raw: Box<RawValue>,
    ) -> Option<Refused> {
        if let Some(holder) = self.routes.get(&name) {
            return Some(Refused { what, name, server: server.name.clone(), holder: holder.server });
        }
        self.routes.insert(name, route);
        self.items.push(raw);
        None
    }

    fn set_mark(&mut self) {
        let mut hash = Sha256::new();
        for item in &self.items {
            hash.update((item.get().len() as u64).to_le_bytes());
            hash.update(item.get());
        }
        self.mark = hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    }
}

impl Index {
    /// What a project offers within `reach`, made anew when anything it is made of has changed. Keys
    /// that reach the same servers share it.
    pub(crate) fn of(plane: &Plane, project: ProjectId, reach: &Reach) -> Arc<Index> {
        let epoch = plane.epoch();
        let made = |all: &Made| Some(all.get(&project)?.get(reach)?.clone());
        if let Some(index) = made(&plane.indexes.0.load()).filter(|index| index.epoch == epoch) {
            return index;
        }
        let index = Arc::new(Self::make(plane, project, reach, epoch));
        plane.indexes.0.rcu(|all| {
            let mut all = HashMap::clone(all);
            let views = all.entry(project).or_default();
            // What a key reached earlier is not looked for again.
            views.retain(|_, index| index.epoch == epoch);
            views.insert(reach.clone(), index.clone());
            all
        });
        index
    }

    fn make(plane: &Plane, project: ProjectId, reach: &Reach, epoch: u64) -> Self {
        let directory = plane.directory.load();
        let mut index = Self { epoch, ..Self::default() };
        let mut servers: Vec<&Arc<ServerEntry>> =
            directory.servers_within(project, reach).filter(|server| server.enabled).collect();
        // The oldest first: ids begin with the time.
        servers.sort_by_key(|server| server.id);
        for server in servers {
            index.add(plane, server);
        }
        for section in [&mut index.tools, &mut index.prompts, &mut index.resources, &mut index.templates] {
            section.set_mark();
        }
        index.patterns.sort_by_key(|pattern| std::cmp::Reverse(pattern.before.len()));
        index
    }

    fn add(&mut self, plane: &Plane, server: &ServerEntry) {
        let Some(upstream) = plane.upstream(server.id) else { return };
        let catalog = upstream.catalog();
        let route = |name: &str| Route { server: server.id, name: name.to_owned() };
        for tool in catalog.tools.items.iter() {
            let Some(offered) = offer::name(server, &tool.name) else { continue };
            let exposed = self.exposed(server, offered);
            let raw = offer::item(server, &tool.name, &exposed, &tool.raw).into_owned();
            let refused = self.tools.add("tool", exposed, route(&tool.name), server, raw);
            self.refused.extend(refused);
        }
        for prompt in catalog.prompts.items.iter() {
            let exposed = self.exposed(server, &prompt.name);
            let name = envelope::raw(serde_json::Value::from(exposed.as_str()).to_string());
            let raw = edit::set(&prompt.raw, "name", &name);
            let refused = self.prompts.add("prompt", exposed, route(&prompt.name), server, raw);
            self.refused.extend(refused);
        }
        for resource in catalog.resources.items.iter() {
            let (uri, raw) = (resource.name.clone(), resource.raw.clone());
            let refused = self.resources.add("resource", uri, route(&resource.name), server, raw);
            self.refused.extend(refused);
        }
        for template in catalog.templates.items.iter() {
            let (uri, raw) = (template.name.clone(), template.raw.clone());
            let refused = self.templates.add("resource template", uri, route(&template.name), server, raw);
            if refused.is_none() {
                self.patterns.push(Pattern::new(&template.name, server.id));
            }
            self.refused.extend(refused);
        }
    }

    fn exposed(&mut self, server: &ServerEntry, name: &str) -> String {
        let exposed = name::exposed(&server.alias, name);
        if name::is_cut(&server.alias, name) {
            self.cut.push((exposed.clone(), format!("{}__{name}", server.alias)));
        }
        exposed
    }

    /// Who answers for an address: who lists it, or whose template it fits.
    pub(crate) fn owner(&self, uri: &str) -> Option<ServerId> {
        let listed = self.resources.routes.get(uri).or_else(|| self.templates.routes.get(uri));
        listed
            .map(|route| route.server)
            .or_else(|| self.patterns.iter().find(|pattern| pattern.fits(uri)).map(|pattern| pattern.server))
    }
}

impl Pattern {
    /// What stands before the first and after the last variable (RFC 6570).
    fn new(template: &str, server: ServerId) -> Self {
        let before = template.split('{').next().unwrap_or_default().to_owned();
        let after = template.rsplit('}').next().unwrap_or_default().to_owned();
        let after = if template.contains('}') { after } else { String::new() };
        Self { before, after, server }
    }

    fn fits(&self, uri: &str) -> bool {
        uri.len() >= self.before.len() + self.after.len()
            && uri.starts_with(&self.before)
            && uri.ends_with(&self.after)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_fits_its_addresses() {
        let fits = |template: &str, uri: &str| Pattern::new(template, ServerId::new(1, [1; 10])).fits(uri);
        assert!(fits("test://t/{id}/data", "test://t/7/data"));
        assert!(fits("file:///{+path}", "file:///a/b"));
        assert!(!fits("test://t/{id}/data", "test://t/7"));
        assert!(!fits("test://t/{id}/data", "test://u/7/data"));
        assert!(!fits("ab{x}ba", "aba"), "the parts do not overlap");
    }
}
