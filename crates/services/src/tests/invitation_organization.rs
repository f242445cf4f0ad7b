//! Invitations to organizations: who may make them, what they come to, and what ends them.

use domain::{
    Code, InvitationId, OrganizationRole, Role,
    account::User,
    invitation::{Host, NewInvitation},
    organization::NewOrganizationMember,
};
use migrations::{Migrator, MigratorTrait};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};

use super::fixture::{Fixture, PROJECT, caller_of, host, on_each_database, sign_up, user};
use crate::{Caller, entity::invitation};

fn acme() -> Host {
    Host::Organization("acme".into())
}

fn to_be(role: OrganizationRole, email: Option<&str>) -> NewInvitation<OrganizationRole> {
    NewInvitation { email: email.map(str::to_owned), role, expires_in_days: None, language: None }
}

async fn join(f: &Fixture, person: &User, role: OrganizationRole) -> Caller {
    let input = NewOrganizationMember { email: person.email.clone(), role };
    f.services.organizations().add_member(&f.admin, "acme", input).await.unwrap();
    caller_of(&f.services, person.id).await
}

#[test]
fn who_has_no_account_comes_into_an_organization_by_a_link() {
    on_each_database(async |f: Fixture| {
        let (invitations, organizations) = (f.services.invitations(), f.services.organizations());
        let input = to_be(OrganizationRole::Owner, Some("New@acme.test"));
        let made = invitations.create(&f.admin, &acme(), input).await.unwrap();
        let listed = invitations.list(&f.admin, &acme()).await.unwrap();
        assert_eq!(listed, std::slice::from_ref(&made.invitation));
        assert!(
            invitations.list(&f.owner, &host(PROJECT)).await.unwrap().is_empty(),
            "none of its projects'"
        );

        let token = made.token.expose_secret();
        let offer = invitations.peek(token).await.unwrap();
        assert_eq!((offer.project, offer.organization.as_str()), (None, "acme"));
        assert_eq!(offer.role, OrganizationRole::Owner.into());
        let another = invitations.accept(&f.stranger, token).await.unwrap_err();
        assert_eq!(another.code(), Code::InvitationForAnother);

        let (person, into) = invitations.sign_up(token, sign_up("new@acme.test")).await.unwrap();
        assert_eq!(into, acme());
        let caller = caller_of(&f.services, person.id).await;
        let members = organizations.members(&caller, "acme").await.unwrap();
        let told: Vec<_> = members.iter().map(|member| (member.email.as_str(), member.role)).collect();
        assert_eq!(told, [("new@acme.test", OrganizationRole::Owner)]);
        assert_eq!(invitations.peek(token).await.unwrap_err().code(), Code::LinkInvalid, "once");

        let trail = f.services.audit().of_organization(&caller, "acme", Default::default()).await.unwrap();
        let acts: Vec<_> =
            trail.items.iter().map(|item| (item.event.action.as_str(), item.event.target.as_str())).collect();
        assert_eq!(
            acts[..2],
            [("invitation.accept", "new@acme.test"), ("invitation.create", "new@acme.test")]
        );
        let member = to_be(OrganizationRole::Member, Some("new@acme.test"));
        let again = invitations.create(&f.admin, &acme(), member).await.unwrap_err();
        assert_eq!(again.field_errors()[0].code, Code::MemberExists);
    });
}

#[test]
fn only_who_manages_an_organization_invites_to_it() {
    on_each_database(async |f: Fixture| {
        let invitations = f.services.invitations();
        let member = user(&f.services, "member@acme.test", false).await;
        let member = join(&f, &member, OrganizationRole::Member).await;
        let id = InvitationId::new(1, [1; 10]);
        // Owners of a project are nobody in its organization.
        for (caller, code) in
            [(&member, Code::Forbidden), (&f.owner, Code::NotFound), (&f.stranger, Code::NotFound)]
        {
            let input = to_be(OrganizationRole::Owner, None);
            let refused = [
                invitations.list(caller, &acme()).await.unwrap_err(),
                invitations.create(caller, &acme(), input).await.unwrap_err(),
                invitations.withdraw(caller, &acme(), id).await.unwrap_err(),
            ];
            assert!(refused.iter().all(|error| error.code() == code), "{refused:?}");
        }
        let developer =
            NewInvitation { email: None, role: Role::Developer, expires_in_days: None, language: None };
        let wrong = invitations.create(&f.admin, &acme(), developer).await.unwrap_err();
        assert_eq!(wrong.field_errors()[0].code, Code::RoleInvalid, "projects have other roles");

        let made =
            invitations.create(&f.admin, &acme(), to_be(OrganizationRole::Member, None)).await.unwrap();
        let id = made.invitation.id;
        let elsewhere = invitations.withdraw(&f.owner, &host(PROJECT), id).await.unwrap_err();
        assert_eq!(elsewhere.code(), Code::NotFound, "one of the organization is none of its project");
        invitations.withdraw(&f.admin, &acme(), id).await.unwrap();
        let over = invitations.accept(&f.stranger, made.token.expose_secret()).await.unwrap_err();
        assert_eq!(over.code(), Code::LinkInvalid);
    });
}

#[test]
fn who_loses_an_organization_leaves_no_way_back_into_it() {
    on_each_database(async |f: Fixture| {
        let (accounts, invitations) = (f.services.accounts(), f.services.invitations());
        let organizations = f.services.organizations();
        let steady = user(&f.services, "steady@acme.test", false).await;
        join(&f, &steady, OrganizationRole::Owner).await;
        let person = user(&f.services, "former@acme.test", false).await;
        let left = async || invitations.list(&f.admin, &acme()).await.unwrap().len();
        let invite = async || {
            let caller = caller_of(&f.services, person.id).await;
            invitations.create(&caller, &acme(), to_be(OrganizationRole::Owner, None)).await.unwrap();
            assert_eq!(left().await, 1);
        };

        join(&f, &person, OrganizationRole::Owner).await;
        invite().await;
        organizations.set_role(&f.admin, "acme", person.id, OrganizationRole::Member).await.unwrap();
        assert_eq!(left().await, 0, "who is no owner any more");
        organizations.set_role(&f.admin, "acme", person.id, OrganizationRole::Owner).await.unwrap();
        invite().await;
        organizations.remove_member(&f.admin, "acme", person.id).await.unwrap();
        assert_eq!(left().await, 0, "who is removed");
        accounts.set_admin(&f.admin, person.id, true).await.unwrap();
        invite().await;
        accounts.set_admin(&f.admin, person.id, false).await.unwrap();
        assert_eq!(left().await, 0, "who is no administrator any more");
        join(&f, &person, OrganizationRole::Owner).await;
        accounts.set_admin(&f.admin, person.id, true).await.unwrap();
        invite().await;
        accounts.set_admin(&f.admin, person.id, false).await.unwrap();
        assert_eq!(left().await, 1, "an owner still may");
        accounts.set_disabled(&f.admin, person.id, true).await.unwrap();
        assert_eq!(left().await, 0, "who is disabled");
    });
}

#[test]
fn somebody_is_told_of_what_is_open_for_their_address() {
    on_each_database(async |f: Fixture| {
        let invitations = f.services.invitations();
        let told = async || {
            let caller = caller_of(&f.services, f.stranger.subject().user).await;
            let offers = invitations.own(&caller).await.unwrap();
            offers.into_iter().map(|offer| (offer.project, offer.role)).collect::<Vec<_>>()
        };
        let address = Some("stranger@other.test");
        let member = to_be(OrganizationRole::Member, address);
        let made = invitations.create(&f.admin, &acme(), member).await.unwrap();
        let reporter = NewInvitation {
            email: address.map(str::to_owned),
            role: Role::Reporter,
            expires_in_days: Some(1),
            language: None,
        };
        invitations.create(&f.owner, &host(PROJECT), reporter).await.unwrap();
        invitations.create(&f.owner, &host(PROJECT), to_be_anyone()).await.unwrap();
        let organization = (None, OrganizationRole::Member.into());
        let project = (Some("payments".to_owned()), Role::Reporter.into());
        assert_eq!(told().await, [project, organization.clone()]);
        assert!(invitations.own(&f.owner).await.unwrap().is_empty(), "those of others are theirs");
        f.clock.advance(chrono::TimeDelta::days(2));
        assert_eq!(told().await, [organization], "until it ends");
        invitations.accept(&f.stranger, made.token.expose_secret()).await.unwrap();
        assert!(told().await.is_empty());
    });
}

fn to_be_anyone() -> NewInvitation {
    NewInvitation { email: None, role: Role::Owner, expires_in_days: None, language: None }
}

#[test]
fn an_invitation_is_to_one_thing_and_outlives_the_change_of_its_table() {
    on_each_database(async |f: Fixture| {
        let services = f.services.clone().with_post(std::sync::Arc::new(|_| Box::pin(async { Ok(()) })));
        let invitations = services.invitations();
        let mailed = NewInvitation {
            email: Some("new@acme.test".into()),
            role: Role::Reporter,
            expires_in_days: None,
            language: None,
        };
        let kept = invitations.create(&f.owner, &host(PROJECT), mailed).await.unwrap();
        invitations.create(&f.admin, &acme(), to_be(OrganizationRole::Member, None)).await.unwrap();

        let all = Migrator::migrations();
        let since = all.iter().position(|one| one.name().contains("000050")).unwrap();
        let steps = u32::try_from(all.len() - since).unwrap();
        Migrator::down(services.database(), Some(steps)).await.unwrap();
        Migrator::up(services.database(), None).await.unwrap();
        assert_eq!(invitations.list(&f.owner, &host(PROJECT)).await.unwrap(), [kept.invitation]);
        assert!(invitations.list(&f.admin, &acme()).await.unwrap().is_empty(), "there was no place for it");
        invitations.peek(kept.token.expose_secret()).await.unwrap();

        let writer = &services.inner.database.writer;
        let row = invitation::Entity::find().one(writer).await.unwrap().unwrap();
        let project = services.projects().get(&f.owner, PROJECT).await.unwrap();
        for (project, organization) in [(None, None), (row.project_id, Some(project.organization_id.0))] {
            let mut neither = row.clone().into_active_model();
            (neither.project_id, neither.organization_id) = (Set(project), Set(organization));
            neither.update(writer).await.unwrap_err();
        }
    });
}
