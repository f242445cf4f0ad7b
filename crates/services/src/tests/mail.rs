use std::sync::{Arc, Mutex};

use chrono::TimeDelta;
use domain::{Code, Role, invitation::NewInvitation, mail::MailState};
use futures_util::future::join;
use sea_orm::EntityTrait;
use secrecy::ExposeSecret;

use super::fixture::{Fixture, PROJECT, host, on_each_database};
use crate::{
    Services,
    entity::invitation_mail,
    mail::{Content, Letter, Refusal},
};

fn invitation(email: Option<&str>) -> NewInvitation {
    let language = Some("ko".to_owned());
    NewInvitation { email: email.map(str::to_owned), role: Role::Developer, expires_in_days: None, language }
}

type Sent = Arc<Mutex<Vec<Letter>>>;

/// Services whose mail server notes what it gets, and answers so.
fn posting(f: &Fixture, answer: Result<(), Refusal>) -> (Services, Sent) {
    let sent = Sent::default();
    let services = f.services.clone().with_post(Arc::new({
        let sent = sent.clone();
        move |letter| {
            sent.lock().unwrap().push(letter);
            let answer = answer.clone();
            Box::pin(async move { answer })
        }
    }));
    (services, sent)
}

fn refusal(for_good: bool) -> Refusal {
    Refusal { for_good, reason: "mailbox busy".into() }
}

#[test]
fn an_invitation_by_address_is_mailed_once_in_the_inviters_language() {
    on_each_database(async |f: Fixture| {
        let (services, sent) = posting(&f, Ok(()));
        let invitations = services.invitations();
        let made =
            invitations.create(&f.owner, &host(PROJECT), invitation(Some("new@acme.test"))).await.unwrap();
        let mail = made.invitation.mail.expect("a mail is on its way");
        assert_eq!((mail.state, mail.at), (MailState::Waiting, f.clock.now()));
        assert!(sent.lock().unwrap().is_empty(), "the request does not wait for it");

        let (one, two) = join(services.mails().deliver(), services.mails().deliver()).await;
        assert_eq!(one.unwrap() + two.unwrap(), 1, "of two who deliver one sends it");
        let letter = sent.lock().unwrap().pop().unwrap();
        assert_eq!((letter.to.as_str(), letter.language.as_str()), ("new@acme.test", "ko"));
        let Content::Invitation { offer, token } = letter.content else { panic!("an invitation") };
        assert_eq!((offer.project.as_deref(), offer.organization.as_str()), (Some("payments"), "acme"));
        assert_eq!(offer.role, Role::Developer.into());
        assert_eq!(offer.invited_by.as_deref(), Some("owner@acme.test"));
        assert_eq!(offer.expires_at, made.invitation.expires_at);
        assert_eq!(token.expose_secret(), made.token.expose_secret());
        let listed = invitations.list(&f.owner, &host(PROJECT)).await.unwrap();
        assert_eq!(listed[0].mail.as_ref().unwrap().state, MailState::Sent);
        let row = invitation_mail::Entity::find().one(&services.inner.database.reader).await.unwrap();
        assert_eq!(row.unwrap().sealed, None, "the secret is not kept longer than it is needed");

        let link = invitations.create(&f.owner, &host(PROJECT), invitation(None)).await.unwrap();
        assert_eq!(link.invitation.mail, None, "there is nobody to write to");
        let off = f.services.invitations();
        let unposted = off.create(&f.owner, &host(PROJECT), invitation(Some("x@acme.test"))).await;
        assert_eq!(unposted.unwrap().invitation.mail, None, "without a mail server it is a link");
    });
}

#[test]
fn what_is_not_taken_is_tried_again_by_whoever_runs_then_and_given_up_in_the_end() {
    on_each_database(async |f: Fixture| {
        let (services, sent) = posting(&f, Err(refusal(false)));
        services
            .invitations()
            .create(&f.owner, &host(PROJECT), invitation(Some("new@acme.test")))
            .await
            .unwrap();
        let status = async || {
            let listed = services.invitations().list(&f.owner, &host(PROJECT)).await.unwrap();
            let mail = listed[0].mail.clone().unwrap();
            (mail.state, mail.detail)
        };
        let busy = Some("mailbox busy".to_owned());
        for minutes in [1, 5, 15, 60] {
            assert_eq!(services.mails().deliver().await.unwrap(), 1);
            assert_eq!(status().await, (MailState::Waiting, busy.clone()));
            f.clock.advance(TimeDelta::minutes(minutes) - TimeDelta::seconds(1));
            assert_eq!(services.mails().deliver().await.unwrap(), 0, "not before {minutes} minutes");
            f.clock.advance(TimeDelta::seconds(1));
        }
        // A process that starts later finds it in the database.
        let (later, sent_later) = posting(&f, Err(refusal(false)));
        assert_eq!(later.mails().deliver().await.unwrap(), 1);
        assert_eq!((sent.lock().unwrap().len(), sent_later.lock().unwrap().len()), (4, 1));
        assert_eq!(status().await, (MailState::Failed, busy));
        f.clock.advance(TimeDelta::days(1));
        assert_eq!(services.mails().deliver().await.unwrap(), 0);
    });
}

#[test]
fn a_withdrawn_invitation_is_not_sent_and_a_refusal_for_good_not_tried_again() {
    on_each_database(async |f: Fixture| {
        let (services, sent) = posting(&f, Err(refusal(true)));
        let invitations = services.invitations();
        let made =
            invitations.create(&f.owner, &host(PROJECT), invitation(Some("new@acme.test"))).await.unwrap();
        invitations.withdraw(&f.owner, &host(PROJECT), made.invitation.id).await.unwrap();
        assert_eq!(services.mails().deliver().await.unwrap(), 0);
        assert!(sent.lock().unwrap().is_empty());
        invitations.create(&f.owner, &host(PROJECT), invitation(Some("none@acme.test"))).await.unwrap();
        assert_eq!(services.mails().deliver().await.unwrap(), 1);
        let listed = invitations.list(&f.owner, &host(PROJECT)).await.unwrap();
        assert_eq!(listed[0].mail.as_ref().unwrap().state, MailState::Failed);
    });
}

#[test]
fn administrators_send_a_mail_to_see_whether_it_works() {
    on_each_database(async |f: Fixture| {
        let off = f.services.mails().test(&f.admin, "admin@acme.test", "en").await.unwrap_err();
        assert_eq!(off.code(), Code::MailOff);
        let (services, sent) = posting(&f, Ok(()));
        let refused = services.mails().test(&f.owner, "owner@acme.test", "en").await.unwrap_err();
        assert_eq!(refused.code(), Code::AdminOnly);
        let nobody = services.mails().test(&f.admin, "nobody", "en").await.unwrap_err();
        assert_eq!(nobody.field_errors()[0].code, Code::EmailInvalid);
        assert!(sent.lock().unwrap().is_empty());
        services.mails().test(&f.admin, " Admin@Acme.test", "en").await.unwrap();
        assert_eq!(sent.lock().unwrap()[0].to, "admin@acme.test");
        let (services, _) = posting(&f, Err(refusal(true)));
        let failed = services.mails().test(&f.admin, "admin@acme.test", "en").await.unwrap_err();
        assert_eq!((failed.code(), failed.public_detail()), (Code::MailFailed, Some("mailbox busy")));
    });
}
