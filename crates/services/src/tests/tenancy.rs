//! What is foreign and what is not there look the same.

use domain::{
    Code, Error, KeyId, UserId,
    key::{NewKey, Rotation},
    log::LogFilter,
    offer::OfferFilter,
    project::{NewMember, ProjectFilter},
    tool::ToolFilter,
};

use super::fixture::{Fixture, PROJECT, host, on_each_database, remote};
use crate::{Caller, ImportInput};

/// Every use of a project by `caller`, as its errors.
async fn attempts(f: &Fixture, caller: &Caller, project: &str) -> Vec<(&'static str, Error)> {
    let (servers, projects, keys, logs) =
        (f.services.servers(), f.services.projects(), f.services.keys(), f.services.logs());
    let settings = domain::project::ProjectSettings {
        slug: "x".into(),
        name: "x".into(),
        description: String::new(),
        log_payloads: true,
        log_retention_days: 1,
        access: domain::project::Access::Open,
    };
    let rule = domain::tool::ToolRule { hidden: true, ..Default::default() };
    let nobody = UserId::new(1, [9; 10]);
    let member = NewMember { email: caller.email.clone(), role: domain::Role::Owner };
    let invitation = domain::invitation::NewInvitation {
        email: None,
        role: domain::Role::Owner,
        expires_in_days: None,
        language: None,
    };
    let transfer = domain::project::TransferInput { organization: "other".into(), confirm: PROJECT.into() };
    let key = || NewKey::named("k");
    vec![
        ("projects.get", projects.get(caller, project).await.unwrap_err()),
        ("projects.set_favorite", projects.set_favorite(caller, project, true).await.unwrap_err()),
        ("projects.update", projects.update(caller, project, settings).await.unwrap_err()),
        ("projects.delete", projects.delete(caller, project, PROJECT).await.unwrap_err()),
        ("projects.transfer", projects.transfer(caller, project, transfer).await.unwrap_err()),
        ("projects.transfer_plan", projects.transfer_plan(caller, project, "other").await.unwrap_err()),
        ("projects.members", projects.members(caller, project).await.unwrap_err()),
        ("projects.add_member", projects.add_member(caller, project, member).await.unwrap_err()),
        (
            "projects.set_role",
            projects.set_role(caller, project, nobody, domain::Role::Owner).await.unwrap_err(),
        ),
        ("projects.remove_member", projects.remove_member(caller, project, nobody).await.unwrap_err()),
        ("invitations.list", f.services.invitations().list(caller, &host(project)).await.unwrap_err()),
        (
            "invitations.create",
            f.services.invitations().create(caller, &host(project), invitation).await.unwrap_err(),
        ),
        (
            "invitations.withdraw",
            f.services
                .invitations()
                .withdraw(caller, &host(project), domain::InvitationId::new(1, [1; 10]))
                .await
                .unwrap_err(),
        ),
        ("export", f.services.export(caller, project).await.unwrap_err()),
        ("servers.list", servers.list(caller, project).await.unwrap_err()),
        ("servers.get", servers.get(caller, project, "r").await.unwrap_err()),
        ("servers.tools", servers.tools(caller, project, "r", &ToolFilter::default()).await.unwrap_err()),
        (
            "servers.tools_of_project",
            servers.tools_of_project(caller, project, None, &ToolFilter::default()).await.unwrap_err(),
        ),
        ("servers.tool", servers.tool(caller, project, "r", "echo").await.unwrap_err()),
        (
            "servers.resources",
            servers.resources(caller, project, "r", &OfferFilter::default()).await.unwrap_err(),
        ),
        (
            "servers.prompts",
            servers.prompts(caller, project, "r", &OfferFilter::default()).await.unwrap_err(),
        ),
        ("servers.resource", servers.resource(caller, project, "r", "file:///a").await.unwrap_err()),
        ("servers.prompt", servers.prompt(caller, project, "r", "review").await.unwrap_err()),
        (
            "servers.set_tool_rule",
            servers.set_tool_rule(caller, project, "r", "echo", rule.clone()).await.unwrap_err(),
        ),
        ("servers.clear_tool_rule", servers.clear_tool_rule(caller, project, "r", "echo").await.unwrap_err()),
        ("servers.create", servers.create(caller, project, remote("x")).await.unwrap_err()),
        ("servers.update", servers.update(caller, project, "r", remote("r")).await.unwrap_err()),
        ("servers.delete", servers.delete(caller, project, "r").await.unwrap_err()),
        ("servers.set_enabled", servers.set_enabled(caller, project, "r", false).await.unwrap_err()),
        ("servers.restart", servers.restart(caller, project, "r").await.unwrap_err()),
        ("servers.test", servers.test(caller, project, None, remote("r")).await.unwrap_err()),
        ("import_plan", f.services.import_plan(caller, project, ImportInput::default()).await.unwrap_err()),
        ("import", f.services.import(caller, project, ImportInput::default()).await.unwrap_err()),
        ("keys.list", keys.list(caller, project).await.unwrap_err()),
        ("keys.create", keys.create(caller, project, key()).await.unwrap_err()),
        ("keys.get", keys.get(caller, project, KeyId::new(1, [1; 10])).await.unwrap_err()),
        ("keys.update", keys.update(caller, project, KeyId::new(1, [1; 10]), key()).await.unwrap_err()),
        (
            "keys.rotate",
            keys.rotate(caller, project, KeyId::new(1, [1; 10]), Rotation::default()).await.unwrap_err(),
        ),
        ("keys.revoke", keys.revoke(caller, project, KeyId::new(1, [1; 10])).await.unwrap_err()),
        ("logs.list", logs.list(caller, project, LogFilter::default()).await.unwrap_err()),
        (
            "usage.project",
            f.services.usage().project(caller, project, domain::usage::UsageRange::Day).await.unwrap_err(),
        ),
        ("logs.get", logs.get(caller, project, domain::LogId::new(1, [1; 10])).await.unwrap_err()),
        ("logs.summary", logs.summary(caller, project, LogFilter::default()).await.unwrap_err()),
        ("logs.clear", logs.clear(caller, project, None).await.unwrap_err()),
        ("audit.list", f.services.audit().list(caller, project, Default::default()).await.unwrap_err()),
    ]
}

#[test]
fn another_tenants_project_is_not_there() {
    on_each_database(async |f: Fixture| {
        f.services.servers().create(&f.developer, PROJECT, remote("r")).await.unwrap();
        let id = f.services.projects().get(&f.owner, PROJECT).await.unwrap().id.to_string();
        let missing = domain::ProjectId::new(1, [9; 10]).to_string();
        for project in [PROJECT, &id, "acme.nothing", "nothing.payments", "payments", "", &missing] {
            for (name, error) in attempts(&f, &f.stranger, project).await {
                assert_eq!(error.code(), Code::NotFound, "{name} of {project:?}");
                assert_eq!(
                    error.public_message(),
                    Error::not_found().public_message(),
                    "{name} of {project:?}"
                );
            }
        }
        assert_eq!(
            f.services.projects().list(&f.stranger, &ProjectFilter::default()).await.unwrap().items.len(),
            1,
            "only their own"
        );
        let server = f.services.servers().get(&f.owner, PROJECT, "r").await.unwrap().id.to_string();
        let nested = f.services.servers().get(&f.stranger, "other.shop", &server).await.unwrap_err();
        assert_eq!(nested.code(), Code::NotFound, "a foreign server under one's own project");
    });
}

#[test]
fn a_role_allows_what_the_matrix_says() {
    on_each_database(async |f: Fixture| {
        let servers = f.services.servers();
        servers.create(&f.developer, PROJECT, remote("r")).await.unwrap();
        assert_eq!(
            servers.create(&f.reporter, PROJECT, remote("x")).await.unwrap_err().code(),
            Code::Forbidden
        );
        assert_eq!(f.services.keys().list(&f.reporter, PROJECT).await.unwrap_err().code(), Code::Forbidden);
        assert_eq!(
            f.services.logs().clear(&f.developer, PROJECT, None).await.unwrap_err().code(),
            Code::Forbidden
        );
        let member = NewMember { email: f.stranger.email.clone(), role: domain::Role::Reporter };
        let refused =
            f.services.projects().add_member(&f.developer, PROJECT, member.clone()).await.unwrap_err();
        assert_eq!(refused.code(), Code::Forbidden);
        f.services.projects().add_member(&f.owner, PROJECT, member).await.unwrap();
    });
}
