use chrono::TimeDelta;
use domain::{Code, Role, invitation::NewInvitation, project::NewMember};
use futures_util::future::{BoxFuture, join};

use super::fixture::{Fixture, PROJECT, caller_of, host, on_each_database, sign_up, user};

fn invitation(email: Option<&str>, role: Role) -> NewInvitation {
    NewInvitation { email: email.map(str::to_owned), role, expires_in_days: None, language: None }
}

#[test]
fn an_invitation_makes_a_member_once() {
    on_each_database(async |f: Fixture| {
        let invitations = f.services.invitations();
        let made =
            invitations.create(&f.owner, &host(PROJECT), invitation(None, Role::Developer)).await.unwrap();
        let token = made.token.expose_secret();
        let offer = invitations.peek(token).await.unwrap();
        assert_eq!((offer.project.as_deref(), offer.role), (Some("payments"), Role::Developer.into()));
        assert_eq!(offer.invited_by.as_deref(), Some("owner@acme.test"));
        assert_eq!(
            invitations.list(&f.owner, &host(PROJECT)).await.unwrap(),
            std::slice::from_ref(&made.invitation)
        );

        // Two at once: one gets in.
        let other = user(&f.services, "other@acme.test", false).await;
        let other = caller_of(&f.services, other.id).await;
        let (one, two) =
            join(invitations.accept(&f.stranger, token), invitations.accept(&other, token)).await;
        let paths: Vec<_> = [&one, &two].into_iter().flatten().collect();
        assert_eq!(paths, [&host("acme.payments")]);
        let refused: Vec<_> = [one, two].into_iter().filter_map(Result::err).map(|e| e.code()).collect();
        assert_eq!(refused, [Code::LinkInvalid]);
        assert!(invitations.list(&f.owner, &host(PROJECT)).await.unwrap().is_empty());
        let members = f.services.projects().members(&f.owner, PROJECT).await.unwrap();
        let new = members.iter().find(|m| m.email == "stranger@other.test" || m.email == "other@acme.test");
        let new = new.unwrap();
        assert_eq!((new.role, new.added_by.as_deref()), (Role::Developer, Some("owner@acme.test")));
    });
}

#[test]
fn an_invitation_for_an_address_is_for_no_other() {
    on_each_database(async |f: Fixture| {
        let invitations = f.services.invitations();
        let input = || invitation(Some("Stranger@Other.test"), Role::Reporter);
        let earlier = invitations.create(&f.owner, &host(PROJECT), input()).await.unwrap();
        let made = invitations.create(&f.owner, &host(PROJECT), input()).await.unwrap();
        let replaced = invitations.peek(earlier.token.expose_secret()).await.unwrap_err();
        assert_eq!(replaced.code(), Code::LinkInvalid, "only the last of several works");
        let token = made.token.expose_secret();
        let admin = invitations.accept(&f.admin, token).await.unwrap_err();
        assert_eq!(admin.code(), Code::InvitationForAnother);
        let signed_up = invitations.sign_up(token, sign_up("new@acme.test")).await.unwrap_err();
        assert_eq!(signed_up.code(), Code::InvitationForAnother);
        let gone = f.services.accounts().issue_sign_in_link(&f.admin, "new@acme.test").await.unwrap_err();
        assert_eq!(gone.code(), Code::UserUnknown, "no account stays behind");
        assert_eq!(invitations.accept(&f.stranger, token).await.unwrap(), host(PROJECT));

        let member = invitation(Some("stranger@other.test"), Role::Owner);
        let again = invitations.create(&f.owner, &host(PROJECT), member).await.unwrap_err();
        assert_eq!(again.field_errors()[0].code, Code::MemberExists);
    });
}

#[test]
fn who_was_invited_can_make_an_account_with_it() {
    on_each_database(async |f: Fixture| {
        let invitations = f.services.invitations();
        let made = invitations
            .create(&f.owner, &host(PROJECT), invitation(Some("new@acme.test"), Role::Owner))
            .await;
        let token = made.unwrap().token;
        let (person, into) =
            invitations.sign_up(token.expose_secret(), sign_up("new@acme.test")).await.unwrap();
        assert_eq!((person.platform_admin, into), (false, host(PROJECT)));
        let caller = caller_of(&f.services, person.id).await;
        assert_eq!(f.services.projects().get(&caller, PROJECT).await.unwrap().role, Role::Owner);
    });
}

#[test]
fn invitations_end() {
    on_each_database(async |f: Fixture| {
        let invitations = f.services.invitations();
        let payments = host(PROJECT);
        let make = || invitations.create(&f.owner, &payments, invitation(None, Role::Owner));
        let withdrawn = make().await.unwrap();
        let id = withdrawn.invitation.id;
        for caller in [&f.developer, &f.reporter] {
            let denied = invitations.withdraw(caller, &host(PROJECT), id).await.unwrap_err();
            assert_eq!(denied.code(), Code::Forbidden);
        }
        assert_eq!(
            invitations.withdraw(&f.stranger, &host("other.shop"), id).await.unwrap_err().code(),
            Code::NotFound
        );
        invitations.withdraw(&f.owner, &host(PROJECT), id).await.unwrap();
        let late = make().await.unwrap();
        f.clock.advance(TimeDelta::days(8));
        for token in [withdrawn.token, late.token] {
            let over = invitations.accept(&f.stranger, token.expose_secret()).await.unwrap_err();
            assert_eq!(over.code(), Code::LinkInvalid);
        }
        assert!(invitations.list(&f.owner, &host(PROJECT)).await.unwrap().is_empty());
    });
}

#[test]
fn who_may_not_invite_any_more_leaves_no_way_back() {
    on_each_database(async |f: Fixture| {
        let (invitations, projects) = (f.services.invitations(), f.services.projects());
        let second = user(&f.services, "second@acme.test", false).await;
        let member = NewMember { email: second.email.clone(), role: Role::Owner };
        projects.add_member(&f.owner, PROJECT, member).await.unwrap();
        let keys = async || f.services.snapshot().await.unwrap().keys.len();
        let before = keys().await;
        let ways: [&dyn Fn() -> BoxFuture<'static, ()>; 3] = [
            &|| {
                let (services, owner, id) = (f.services.clone(), f.owner.clone(), second.id);
                Box::pin(async move {
                    services.projects().set_role(&owner, PROJECT, id, Role::Reporter).await.unwrap();
                })
            },
            &|| {
                let (services, owner, id) = (f.services.clone(), f.owner.clone(), second.id);
                Box::pin(async move { services.projects().remove_member(&owner, PROJECT, id).await.unwrap() })
            },
            &|| {
                let (services, admin, id) = (f.services.clone(), f.admin.clone(), second.id);
                Box::pin(async move { services.accounts().set_disabled(&admin, id, true).await.unwrap() })
            },
        ];
        for end in ways {
            let members = projects.members(&f.owner, PROJECT).await.unwrap();
            if members.iter().any(|member| member.user_id == second.id) {
                projects.set_role(&f.owner, PROJECT, second.id, Role::Owner).await.unwrap();
            } else {
                let member = NewMember { email: second.email.clone(), role: Role::Owner };
                projects.add_member(&f.owner, PROJECT, member).await.unwrap();
            }
            let caller = caller_of(&f.services, second.id).await;
            let made =
                invitations.create(&caller, &host(PROJECT), invitation(None, Role::Owner)).await.unwrap();
            f.services.keys().create_playground(&caller, PROJECT).await.unwrap();
            assert_eq!(keys().await, before + 1);
            end().await;
            let over = invitations.peek(made.token.expose_secret()).await.unwrap_err();
            assert_eq!(over.code(), Code::LinkInvalid);
            assert_eq!(keys().await, before, "the browser's key is gone at once");
        }
    });
}
