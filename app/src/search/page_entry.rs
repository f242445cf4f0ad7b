//! Pages and actions that no link of the page at hand leads to.

use domain::{OrganizationRole, organization::Organization};

use super::{Entry, Group, Target};
use crate::i18n::{Admin, Commands, Import, Templates, TransferWords, text};

fn page(group: Group, label: &str, detail: &str, path: String) -> Entry {
    Entry { detail: detail.to_owned(), ..Entry::new(group, label, Target::Page(path)) }
}

/// What can be done from anywhere, and in `project` (`org.project`, or empty). `shown` says whether the
/// page at hand links to an address: what somebody may not do has no link there.
pub(super) fn actions(project: &str, shown: impl Fn(&str) -> bool) -> Vec<Entry> {
    let t = text();
    let action = |label: &str, path: String| page(Group::Actions, label, "", path);
    let mut entries = vec![action(t.new_project, "/projects/new".to_owned())];
    if !project.is_empty() {
        let base = format!("/projects/{project}");
        entries.push(action(t.new_server, format!("{base}/servers/new")));
        entries.push(action(Import::current().title, format!("{base}/import")));
        if shown(&format!("{base}/keys")) {
            entries.push(action(t.new_key, format!("{base}/keys/new")));
        }
        if shown(&format!("{base}/settings")) {
            entries.push(action(TransferWords::current().title, format!("{base}/transfer")));
        }
    }
    entries
}

/// The pages of the administration, for whom the rail leads there.
pub(super) fn administration() -> Vec<Entry> {
    let (t, words, commands) = (text(), Admin::current(), Commands::current());
    let of = |label: &str, path: &str| page(Group::Pages, label, t.admin, format!("/admin{path}"));
    vec![
        of(words.users, ""),
        of(t.organizations, "/organizations"),
        of(words.servers, "/servers"),
        of(words.commands, "/commands"),
        of(words.audit, "/audit"),
        of(words.system, "/system"),
        of(words.jobs, "/jobs"),
        page(Group::Actions, commands.new, t.admin, "/admin/commands/new".to_owned()),
    ]
}

/// The pages of the reader's organizations: all of the one that `here` is in, of the others the first and
/// what is looked for by its name.
pub(super) fn organizations(organizations: Vec<Organization>, here: &str) -> Vec<Entry> {
    let t = text();
    let mut entries = Vec::new();
    for organization in organizations {
        let base = format!("/orgs/{}", organization.slug);
        let owner = organization.role == OrganizationRole::Owner;
        let inside = organization.slug == here;
        entries.push(page(Group::Pages, &organization.name, t.organization, base.clone()));
        let mut add = |shown: bool, label: &str, path: &str| {
            if shown {
                entries.push(page(Group::Pages, label, &organization.name, format!("{base}{path}")));
            }
        };
        add(inside, t.members, "/members");
        add(inside, t.teams, "/teams");
        add(owner, Templates::current().templates, "/templates");
        add(inside && owner, t.activity, "/activity");
        add(inside, t.usage, "/usage");
        add(inside && owner, t.settings, "/settings");
    }
    entries
}

/// The organization of an address, or nothing.
pub(super) fn organization_of(path: &str) -> &str {
    let mut parts = path.trim_start_matches('/').split('/');
    match (parts.next(), parts.next()) {
        (Some("orgs"), Some(organization)) => organization,
        (Some("projects"), Some(project)) => project.split_once('.').map_or("", |(owner, _)| owner),
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_organization_of_an_address() {
        for (path, organization) in [
            ("/orgs/acme/members", "acme"),
            ("/projects/acme.payments/servers", "acme"),
            ("/projects/new", ""),
            ("/orgs", ""),
            ("/", ""),
        ] {
            assert_eq!(organization_of(path), organization, "{path}");
        }
    }
}
