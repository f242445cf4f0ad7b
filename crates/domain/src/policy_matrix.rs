//! Role × resource × action as one table that somebody who reads no Rust can review.

use std::fmt::Write;

use super::*;

#[test]
fn policy_matrix() {
    let ours = OrganizationId::new(1, [1; 10]);
    let theirs = OrganizationId::new(1, [2; 10]);
    let project = ProjectId::new(1, [1; 10]);
    let me = UserId::new(1, [1; 10]);
    let nobody = Subject { user: me, platform_admin: false, organizations: vec![], projects: vec![] };
    let member = |role| Subject { projects: vec![(project, role)], ..nobody.clone() };
    let subjects = [
        ("no role", nobody.clone()),
        ("reporter", member(Role::Reporter)),
        ("developer", member(Role::Developer)),
        ("owner", member(Role::Owner)),
        (
            "reporter+team",
            Subject {
                projects: vec![(project, Role::Reporter), (project, Role::Developer)],
                ..nobody.clone()
            },
        ),
        ("org member", Subject { organizations: vec![(ours, OrganizationRole::Member)], ..nobody.clone() }),
        ("org owner", Subject { organizations: vec![(ours, OrganizationRole::Owner)], ..nobody.clone() }),
        ("other org's", Subject { organizations: vec![(theirs, OrganizationRole::Owner)], ..nobody.clone() }),
        ("admin", Subject { platform_admin: true, ..nobody.clone() }),
    ];
    let resources = [
        ("the platform", Resource::Platform),
        ("our organization", Resource::Organization(ours)),
        ("our project", Resource::Project { id: project, organization: ours }),
        ("my account", Resource::Account(me)),
        ("another's account", Resource::Account(UserId::new(2, [2; 10]))),
    ];

    let mut table = String::new();
    for (resource_name, resource) in &resources {
        write!(table, "{resource_name:<20}").expect("a String takes it");
        for (name, _) in &subjects {
            write!(table, "{name:>15}").expect("a String takes it");
        }
        table.push('\n');
        for action in Action::ALL {
            write!(table, "  {:<18}", format!("{action:?}")).expect("a String takes it");
            for (_, subject) in &subjects {
                let cell = if allows(subject, *action, resource) { "yes" } else { "-" };
                write!(table, "{cell:>15}").expect("a String takes it");
            }
            table.push('\n');
        }
        table.push('\n');
    }
    insta::assert_snapshot!("policy_matrix", table);
}
