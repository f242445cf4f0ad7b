//! Templates: what new projects begin with.

use std::collections::BTreeMap;

use domain::{
    Code, OrganizationRole, SecretInput, TemplateId,
    command::{CommandInput, Hole},
    organization::NewOrganizationMember,
    project::{Access, NewProject, ProjectSettings},
    server::Transport,
    template::{FromTemplate, Starter, TEMPLATES_MAX, Template, TemplateInput},
    tool::ToolRule,
};

use super::fixture::{Fixture, PROJECT, caller_of, on_each_database, remote, stdio};
use crate::Caller;

fn input(name: &str) -> TemplateInput {
    TemplateInput { name: name.into(), description: "What we begin with".into() }
}

fn new(organization: &str, slug: &str) -> NewProject {
    NewProject {
        organization: organization.into(),
        slug: slug.into(),
        name: slug.into(),
        description: String::new(),
    }
}

fn from(template: &str) -> FromTemplate {
    FromTemplate { template: Some(template.into()), ..FromTemplate::default() }
}

fn with(template: &str, servers: &[&str], values: &[(&str, &str)]) -> FromTemplate {
    let values = values.iter().map(|(name, value)| ((*name).to_owned(), SecretInput::new(*value)));
    FromTemplate {
        servers: Some(servers.iter().map(|name| (*name).to_owned()).collect()),
        values: values.collect(),
        ..from(template)
    }
}

/// The owner of the project, who owns its organization too.
async fn organization_owner(f: &Fixture) -> Caller {
    let member = NewOrganizationMember { email: f.owner.email().into(), role: OrganizationRole::Owner };
    f.services.organizations().add_member(&f.admin, "acme", member).await.unwrap();
    caller_of(&f.services, f.owner.subject().user).await
}

async fn names(f: &Fixture, project: &str) -> Vec<String> {
    let servers = f.services.servers().list(&f.admin, project).await.unwrap();
    servers.into_iter().map(|server| server.name).collect()
}

async fn saved(f: &Fixture, owner: &Caller) -> Template {
    f.services.servers().create(&f.admin, PROJECT, stdio("files")).await.unwrap();
    f.services.servers().create(&f.admin, PROJECT, remote("web")).await.unwrap();
    let rule = ToolRule { hidden: true, ..ToolRule::default() };
    f.services.servers().set_tool_rule(&f.admin, PROJECT, "web", "drop", rule).await.unwrap();
    f.services.templates().save(owner, "acme", PROJECT, input("Base")).await.unwrap()
}

#[test]
fn a_project_is_saved_without_secrets_and_begins_others() {
    on_each_database(async |f: Fixture| {
        let (s, owner) = (&f.services, organization_owner(&f).await);
        let open = ProjectSettings {
            slug: "payments".into(),
            name: "Payments".into(),
            description: String::new(),
            log_payloads: true,
            log_retention_days: 30,
            access: Access::Open,
        };
        s.projects().update(&owner, PROJECT, open).await.unwrap();
        let template = saved(&f, &owner).await;
        assert_eq!((template.server_count, template.created_by.as_deref()), (2, Some(owner.name())));
        let id = template.id.to_string();

        let seen = s.templates().get(&f.admin, "acme", &id).await.unwrap();
        let holes: Vec<_> = seen.holes.iter().map(|hole| hole.name.as_str()).collect();
        assert_eq!(holes, ["FILES_TOKEN", "WEB_X_KEY"]);
        assert!(!serde_json::to_string(&seen).unwrap().contains("canary"), "values are not kept");

        let error = s.projects().create_from(&f.admin, new("acme", "second"), from(&id)).await.unwrap_err();
        let fields: Vec<_> = error.field_errors().iter().map(|field| field.field.as_str()).collect();
        assert_eq!(fields, ["values[FILES_TOKEN]", "values[WEB_X_KEY]"]);
        let gone = s.projects().get(&f.admin, "acme.second").await.unwrap_err();
        assert_eq!(gone.code(), Code::NotFound, "nothing was created");

        let values = [("FILES_TOKEN", "one"), ("WEB_X_KEY", "two")];
        let all = with(&id, &["files", "web"], &values);
        let made = s.projects().create_from(&f.admin, new("acme", "second"), all).await.unwrap();
        assert_eq!((made.server_count, made.log_payloads, made.access), (2, true, Access::Key));
        assert_eq!(names(&f, "acme.second").await, ["files", "web"]);
        let tool = s.servers().tool(&f.admin, "acme.second", "web", "drop").await.unwrap();
        assert!(tool.rule.hidden, "rules come along");
        let again = s.export(&f.admin, "acme.second").await.unwrap();
        assert_eq!(again.projects[0].servers, s.export(&f.admin, PROJECT).await.unwrap().projects[0].servers);
    });
}

#[test]
fn who_may_not_register_commands_begins_without_them() {
    on_each_database(async |f: Fixture| {
        let (s, owner) = (&f.services, organization_owner(&f).await);
        let local = Starter::LocalTools.name();
        let seen = s.templates().get(&owner, "acme", local).await.unwrap();
        for server in &seen.servers {
            let refused = (server.transport == Transport::Stdio).then_some(Code::StdioForbidden);
            assert_eq!(server.refused, refused, "{}", server.name);
        }
        s.projects().create_from(&owner, new("acme", "plain"), from(local)).await.unwrap();
        assert_eq!(names(&f, "acme.plain").await, ["toolbox"]);
        let asked = with(local, &["toolbox", "memory"], &[]);
        let error = s.projects().create_from(&owner, new("acme", "asked"), asked).await.unwrap_err();
        assert_eq!(error.code(), Code::StdioForbidden, "what was asked for is not left out silently");
        let seen = s.templates().get(&f.admin, "acme", local).await.unwrap();
        assert!(seen.servers.iter().all(|server| server.refused.is_none()));
        s.projects().create_from(&f.admin, new("acme", "full"), from(local)).await.unwrap();
        assert_eq!(names(&f, "acme.full").await.len(), seen.servers.len());
    });
}

#[test]
fn a_command_that_fits_an_approved_one_is_made_of_it() {
    on_each_database(async |f: Fixture| {
        let (s, owner) = (&f.services, organization_owner(&f).await);
        let memory = CommandInput {
            name: "memory".into(),
            program: "npx".into(),
            args: ["-y", "@modelcontextprotocol/{package}"].map(str::to_owned).to_vec(),
            holes: vec![Hole {
                name: "package".into(),
                values: vec!["server-memory".into()],
                ..Hole::default()
            }],
            ..CommandInput::default()
        };
        s.commands().create(&f.admin, memory).await.unwrap();
        let local = Starter::LocalTools.name();
        let refused = async || {
            let seen = s.templates().get(&owner, "acme", local).await.unwrap().servers;
            seen.into_iter().map(|server| (server.name, server.refused)).collect::<Vec<_>>()
        };
        let thinking = ("sequential-thinking".to_owned(), Some(Code::StdioForbidden));
        let told = refused().await;
        assert!(told.contains(&("memory".to_owned(), None)) && told.contains(&thinking), "{told:?}");

        let asked = with(local, &["toolbox", "memory"], &[]);
        s.projects().create_from(&owner, new("acme", "asked"), asked).await.unwrap();
        let made = s.servers().get(&owner, "acme.asked", "memory").await.unwrap();
        let used = made.approved_command.unwrap();
        assert_eq!((used.name.as_str(), used.values["package"].as_str()), ("memory", "server-memory"));
        s.projects().create_from(&owner, new("acme", "plain"), from(local)).await.unwrap();
        assert_eq!(names(&f, "acme.plain").await, ["memory", "toolbox"]);
        s.projects().create_from(&f.admin, new("acme", "admin"), from(local)).await.unwrap();
        let own = s.servers().get(&f.admin, "acme.admin", "memory").await.unwrap();
        assert_eq!(own.approved_command, None, "whoever may write commands keeps their own");

        // A project's own template says of which command a server is.
        let template = s.templates().save(&owner, "acme", "acme.asked", input("Asked")).await.unwrap();
        let id = template.id.to_string();
        s.commands().set_withdrawn(&f.admin, "memory", true).await.unwrap();
        let told = refused().await;
        assert!(told.contains(&("memory".to_owned(), Some(Code::StdioForbidden))), "{told:?}");
        let seen = s.templates().get(&owner, "acme", &id).await.unwrap().servers;
        let memory = seen.iter().find(|server| server.name == "memory").unwrap();
        assert_eq!(memory.refused, Some(Code::CommandWithdrawn), "in words before anything is tried");
        let asked = with(&id, &["memory"], &[]);
        let error = s.projects().create_from(&owner, new("acme", "late"), asked).await.unwrap_err();
        assert_eq!(error.code(), Code::DocumentInvalid);
        assert!(format!("{error:?}").contains("In `memory`"), "it says which: {error:?}");
    });
}

#[test]
fn servers_are_chosen_and_only_their_secrets_are_needed() {
    on_each_database(async |f: Fixture| {
        let (s, team) = (&f.services, Starter::TeamKnowledge.name());
        let some = with(team, &["deepwiki", "context7"], &[("CONTEXT7_API_KEY", "canary-key")]);
        s.projects().create_from(&f.admin, new("acme", "wiki"), some).await.unwrap();
        assert_eq!(names(&f, "acme.wiki").await, ["context7", "deepwiki"]);
        let none = with(team, &[], &[]);
        s.projects().create_from(&f.admin, new("acme", "none"), none).await.unwrap();
        assert!(names(&f, "acme.none").await.is_empty());
        let unknown = with(team, &["deepwiki", "nowhere"], &[]);
        let error = s.projects().create_from(&f.admin, new("acme", "x"), unknown).await.unwrap_err();
        assert_eq!(error.field_errors()[0].field, "servers");
        for missing in ["nothing", "01900000-0000-7000-8000-000000000000"] {
            let error = s.projects().create_from(&f.admin, new("acme", "x"), from(missing)).await;
            assert_eq!(error.unwrap_err().code(), Code::NotFound, "{missing}");
        }
        let events = s.audit().list(&f.admin, "acme.wiki", Default::default()).await.unwrap();
        let text = serde_json::to_string(&events).unwrap();
        assert!(text.contains("team-knowledge") && !text.contains("canary"), "{text}");
    });
}

#[test]
fn templates_are_the_organizations_own() {
    on_each_database(async |f: Fixture| {
        let (s, owner) = (&f.services, organization_owner(&f).await);
        let template = saved(&f, &owner).await;
        let templates = s.templates();
        let organizations = s.organizations().list(&owner).await.unwrap();
        assert_eq!(templates.of_all(&owner, &organizations).await.unwrap(), std::slice::from_ref(&template));
        let organizations = s.organizations().list(&f.stranger).await.unwrap();
        assert!(templates.of_all(&f.stranger, &organizations).await.unwrap().is_empty());

        let id = template.id.to_string();
        let foreign = s.projects().create_from(&f.admin, new("other", "x"), from(&id)).await;
        assert_eq!(foreign.unwrap_err().code(), Code::NotFound, "it belongs to another organization");
        for caller in [&f.developer, &f.reporter, &f.stranger] {
            assert_eq!(templates.list(caller, "acme").await.unwrap_err().code(), Code::NotFound);
            let saved = templates.save(caller, "acme", PROJECT, input("Mine")).await;
            assert_eq!(saved.unwrap_err().code(), Code::NotFound);
            let deleted = templates.delete(caller, "acme", template.id).await;
            assert_eq!(deleted.unwrap_err().code(), Code::NotFound);
        }
        let elsewhere = templates.save(&f.admin, "acme", "other.shop", input("Shop")).await;
        assert_eq!(elsewhere.unwrap_err().code(), Code::NotFound, "a project of another organization");

        let taken = templates.save(&owner, "acme", PROJECT, input("BASE")).await.unwrap_err();
        assert_eq!(taken.field_errors()[0].code, Code::TemplateNameTaken);
        templates.update(&owner, "acme", template.id, input("base two")).await.unwrap();
        assert_eq!(templates.list(&owner, "acme").await.unwrap()[0].name, "base two");
        templates.delete(&owner, "acme", template.id).await.unwrap();
        assert!(templates.list(&owner, "acme").await.unwrap().is_empty());
        let unknown = TemplateId::new(1, [1; 10]);
        assert_eq!(templates.delete(&owner, "acme", unknown).await.unwrap_err().code(), Code::NotFound);
    });
}

#[test]
fn an_organization_keeps_so_many_and_no_more() {
    on_each_database(async |f: Fixture| {
        let templates = f.services.templates();
        for n in 0..TEMPLATES_MAX {
            templates.save(&f.admin, "acme", PROJECT, input(&format!("t{n}"))).await.unwrap();
        }
        let error = templates.save(&f.admin, "acme", PROJECT, input("more")).await.unwrap_err();
        assert_eq!(error.code(), Code::TemplateLimit);
        let values = BTreeMap::new();
        let blank = FromTemplate { template: Some(String::new()), servers: None, values };
        let project = f.services.projects().create_from(&f.admin, new("acme", "blank"), blank).await.unwrap();
        assert_eq!(project.server_count, 0);
    });
}
