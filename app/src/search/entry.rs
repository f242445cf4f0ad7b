//! One thing that can be chosen: where it leads, and what is said of it.

use std::cmp::Reverse;

use domain::{
    search::{Found, score},
    server::Status,
};

use crate::{
    i18n::Shell,
    ui::{Shape, encode},
};

/// In the order in which they are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    Projects,
    Servers,
    Tools,
    Pages,
    Actions,
}

impl Group {
    pub const ALL: [Group; 5] = [Group::Projects, Group::Servers, Group::Tools, Group::Pages, Group::Actions];

    #[must_use]
    pub fn label(self) -> &'static str {
        let t = Shell::current();
        match self {
            Group::Projects => t.group_projects,
            Group::Servers => t.group_servers,
            Group::Tools => t.group_tools,
            Group::Pages => t.group_pages,
            Group::Actions => t.group_actions,
        }
    }

    #[must_use]
    pub const fn shape(self) -> Shape {
        match self {
            Group::Projects => Shape::Project,
            Group::Servers => Shape::Server,
            Group::Tools => Shape::Tool,
            Group::Pages => Shape::Log,
            Group::Actions => Shape::Go,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// An address of this console.
    Page(String),
    /// A button of this page, by its selector.
    Button(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub group: Group,
    pub label: String,
    /// Where it is.
    pub detail: String,
    /// A server that does not work.
    pub failed: bool,
    pub target: Target,
}

impl Entry {
    #[must_use]
    pub fn new(group: Group, label: impl Into<String>, target: Target) -> Self {
        Self { group, label: label.into(), detail: String::new(), failed: false, target }
    }
}

/// What was found, best first in each group.
#[must_use]
pub fn entries(found: Found) -> Vec<Entry> {
    let mut entries = Vec::new();
    for project in found.projects {
        let target = Target::Page(format!("/projects/{}", project.project));
        entries.push(Entry {
            detail: project.organization,
            ..Entry::new(Group::Projects, project.name, target)
        });
    }
    for server in found.servers {
        let target = Target::Page(format!("/projects/{}/servers/{}", server.project, server.name));
        let failed = server.status == Status::Failed;
        entries.push(Entry {
            detail: server.project_name,
            failed,
            ..Entry::new(Group::Servers, server.name, target)
        });
    }
    for tool in found.tools {
        let server = format!("/projects/{}/servers/{}", tool.project, tool.server);
        let target = Target::Page(format!("{server}/tools?q={}", encode(&tool.name)));
        let detail = format!("{} · {}", tool.server, tool.project_name);
        entries.push(Entry { detail, ..Entry::new(Group::Tools, tool.name, target) });
    }
    entries
}

/// Those of `entries` that fit `query`, group by group and best first in each; the group that holds the
/// best comes first, and equals keep their order.
#[must_use]
pub fn fitting(query: &str, entries: &[Entry]) -> Vec<Entry> {
    let points = |entry: &Entry| match &entry.target {
        // A project is also known by its short name.
        Target::Page(path) if entry.group == Group::Projects => {
            score(query, &entry.label).max(score(query, path.rsplit('.').next().unwrap_or_default()))
        }
        _ => score(query, &entry.label),
    };
    let mut ranked: Vec<(u32, &Entry)> =
        entries.iter().filter_map(|entry| Some((points(entry)?, entry))).collect();
    let best =
        |group| ranked.iter().filter(|(_, entry)| entry.group == group).map(|(points, _)| *points).max();
    let order = Group::ALL.map(|group| (group, Reverse(best(group))));
    let of = |group| order.iter().find(|(other, _)| *other == group).map(|(_, best)| *best);
    ranked.sort_by_key(|(points, entry)| (of(entry.group), entry.group, Reverse(*points)));
    ranked.into_iter().map(|(_, entry)| entry.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(group: Group, label: &str, path: &str) -> Entry {
        Entry::new(group, label, Target::Page(path.to_owned()))
    }

    #[test]
    fn entries_stay_in_their_groups_best_first() {
        let all = [
            page(Group::Actions, "New project", "/projects/new"),
            page(Group::Pages, "Projects", "/projects"),
            page(Group::Projects, "Improper", "/projects/acme.improper"),
            page(Group::Projects, "Promotion", "/projects/acme.promotion"),
            page(Group::Projects, "결제", "/projects/acme.pro-pay"),
        ];
        let labels: Vec<_> = fitting("pro", &all).into_iter().map(|entry| entry.label).collect();
        assert_eq!(labels, ["Promotion", "결제", "Improper", "Projects", "New project"]);
        let first = &fitting("new project", &all)[0];
        assert_eq!(first.group, Group::Actions, "the best of all is the first");
        assert_eq!(fitting("", &all).len(), all.len());
        assert!(fitting("zzz", &all).is_empty());
    }
}
