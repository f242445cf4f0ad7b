use chrono::{DateTime, TimeDelta};
use domain::{
    Code, SecretInput,
    account::{NewPersonalToken, PasswordChange, PasswordState, SignIn},
    audit::AuditFilter,
    platform::NewUser,
};
use futures_util::future::join_all;
use tempfile::TempDir;
use tower_sessions::{Session, SessionStore as _};

use super::fixture::{Fixture, PASSWORD, empty, on_each_database, sign_up};
use crate::{Caller, Clock, RequestMeta, browser};

fn credentials(email: &str, password: &str) -> SignIn {
    SignIn { email: email.into(), password: SecretInput::new(password) }
}

#[tokio::test]
async fn of_two_set_ups_one_wins() {
    let dir = TempDir::new().unwrap();
    let url = format!("sqlite://{}?mode=rwc", dir.path().join("test.db").display());
    let services = empty(&url, Clock::fixed(DateTime::from_timestamp(1_790_000_000, 0).unwrap())).await;
    let accounts = services.accounts();
    assert!(accounts.set_up_needed().await.unwrap());
    let old = accounts.issue_set_up_link(&Caller::system()).await.unwrap();
    let token = accounts.issue_set_up_link(&Caller::system()).await.unwrap();
    let stale = accounts.set_up(old.expose_secret(), sign_up("a@acme.test")).await.unwrap_err();
    assert_eq!(stale.code(), Code::LinkInvalid, "an earlier link");
    let tries = ["a@acme.test", "b@acme.test", "c@acme.test"]
        .map(|e| accounts.set_up(token.expose_secret(), sign_up(e)));
    let results = join_all(tries).await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    assert!(results.iter().flatten().all(|user| user.platform_admin));
    assert!(!accounts.set_up_needed().await.unwrap());
}

#[test]
fn signing_in() {
    on_each_database(async |f: Fixture| {
        let accounts = f.services.accounts();
        let user = accounts.sign_in(credentials(" Owner@ACME.test", PASSWORD), None).await.unwrap();
        assert_eq!(user.id, f.owner.subject().user);
        for (email, password) in [("owner@acme.test", "wrong"), ("nobody@acme.test", PASSWORD)] {
            let error = accounts.sign_in(credentials(email, password), None).await.unwrap_err();
            assert_eq!(error.code(), Code::CredentialsWrong, "{email}");
        }
        accounts.set_disabled(&f.admin, user.id, true).await.unwrap();
        let error = accounts.sign_in(credentials("owner@acme.test", PASSWORD), None).await.unwrap_err();
        assert_eq!(error.code(), Code::CredentialsWrong, "disabled looks like wrong");
        let session = domain::SessionId::new(1, [1; 10]);
        assert!(
            accounts.caller_of_session(user.id, session, RequestMeta::default()).await.unwrap().is_none()
        );
    });
}

#[test]
fn guessing_is_slowed() {
    on_each_database(async |f: Fixture| {
        let accounts = f.services.accounts();
        for _ in 0..5 {
            let error = accounts.sign_in(credentials("owner@acme.test", "wrong"), None).await.unwrap_err();
            assert_eq!(error.code(), Code::CredentialsWrong);
        }
        let error = accounts.sign_in(credentials("owner@acme.test", PASSWORD), None).await.unwrap_err();
        assert_eq!(error.code(), Code::TooManyAttempts, "even with the right password");
        accounts.sign_in(credentials("admin@acme.test", PASSWORD), None).await.unwrap();
        f.clock.advance(TimeDelta::minutes(1));
        accounts.sign_in(credentials("owner@acme.test", PASSWORD), None).await.unwrap();
    });
}

#[test]
fn links_work_once() {
    on_each_database(async |f: Fixture| {
        let accounts = f.services.accounts();
        let link = accounts.issue_sign_in_link(&Caller::system(), "owner@acme.test").await.unwrap();
        let token = link.expose_secret();
        assert_eq!(accounts.peek_sign_in_link(token).await.unwrap().email, "owner@acme.test");
        let results = join_all((0..5).map(|_| accounts.sign_in_with_link(token))).await;
        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
        let link = accounts.issue_sign_in_link(&Caller::system(), "owner@acme.test").await.unwrap();
        f.clock.advance(TimeDelta::hours(25));
        let late = accounts.sign_in_with_link(link.expose_secret()).await.unwrap_err();
        assert_eq!(late.code(), Code::LinkInvalid);
        let refused = accounts.issue_sign_in_link(&f.owner, "admin@acme.test").await.unwrap_err();
        assert_eq!(refused.code(), Code::AdminOnly);
    });
}

#[test]
fn a_session_ends_after_its_lifetime_however_much_it_is_used() {
    on_each_database(async |f: Fixture| {
        let store = std::sync::Arc::new(f.services.session_store());
        let user = f.services.accounts().profile(&f.owner).await.unwrap();
        let session = Session::new(None, store.clone(), None);
        browser::sign_in(&session, &user, None, None).await.unwrap();
        let id = session.id().unwrap();
        for _ in 0..13 {
            f.clock.advance(TimeDelta::days(1));
            let mut record = store.load(&id).await.unwrap().expect("it is used every day");
            record.expiry_date += time::Duration::days(1);
            store.save(&record).await.unwrap();
        }
        f.clock.advance(TimeDelta::days(1));
        assert!(store.load(&id).await.unwrap().is_none());
    });
}

#[test]
fn sessions_are_hashed_listed_and_ended() {
    on_each_database(async |f: Fixture| {
        let accounts = f.services.accounts();
        let store = std::sync::Arc::new(f.services.session_store());
        let user = accounts.profile(&f.owner).await.unwrap();
        let planted = Session::new(None, store.clone(), None);
        planted.insert("x", 1).await.unwrap();
        planted.save().await.unwrap();
        let before = planted.id().unwrap();
        browser::sign_in(&planted, &user, Some("127.0.0.1"), Some("Browser/1\n")).await.unwrap();
        let id = planted.id().unwrap();
        assert_ne!(before, id, "an id that was planted before is worth nothing");
        assert!(store.load(&before).await.unwrap().is_none());

        let again = Session::new(Some(id), store.clone(), None);
        let (who, session) = browser::signed_in(&again).await.unwrap().unwrap();
        assert_eq!(who, user.id);
        let caller = accounts.caller_of_session(who, session, RequestMeta::default()).await.unwrap().unwrap();
        accounts.again(&caller).await.unwrap();
        let listed = accounts.sessions(&caller).await.unwrap();
        assert_eq!((listed.len(), listed[0].current), (1, true));
        assert_eq!(listed[0].user_agent.as_deref(), Some("Browser/1"));

        let other = Session::new(None, store.clone(), None);
        browser::sign_in(&other, &user, None, None).await.unwrap();
        let change = PasswordChange {
            current: SecretInput::new(PASSWORD),
            new: SecretInput::new("another long password"),
        };
        accounts.change_password(&caller, change).await.unwrap();
        assert!(store.load(&other.id().unwrap()).await.unwrap().is_none(), "the other browser is out");
        assert!(store.load(&id).await.unwrap().is_some(), "this one stays");
        accounts.sign_out_everywhere(&caller).await.unwrap();
        assert!(store.load(&id).await.unwrap().is_none());
        assert_eq!(accounts.again(&caller).await.unwrap_err().code(), Code::SignInRequired);
    });
}

#[test]
fn personal_tokens() {
    on_each_database(async |f: Fixture| {
        let accounts = f.services.accounts();
        let input = NewPersonalToken { name: "laptop".into(), expires_in_days: Some(1) };
        let created = accounts.create_token(&f.owner, input).await.unwrap();
        let secret = created.secret.expose_secret();
        let caller = accounts.caller_of_token(secret, RequestMeta::default()).await.unwrap();
        assert_eq!(caller.subject(), f.owner.subject());
        for bad in ["", "slp_x", &secret.replace("slp_", "slu_"), &format!("{secret}x")] {
            let error = accounts.caller_of_token(bad, RequestMeta::default()).await.unwrap_err();
            assert_eq!(error.code(), Code::TokenInvalid, "{bad}");
        }
        let foreign = accounts.revoke_token(&f.stranger, created.token.id).await.unwrap_err();
        assert_eq!(foreign.code(), Code::NotFound);
        let now = accounts.again(&caller).await.unwrap();
        assert_eq!((now.subject(), now.proof()), (caller.subject(), caller.proof()));
        f.clock.advance(TimeDelta::days(2));
        assert_eq!(accounts.again(&caller).await.unwrap_err().code(), Code::TokenInvalid);
        assert!(accounts.caller_of_token(secret, RequestMeta::default()).await.is_err(), "expired");
        accounts.revoke_token(&f.owner, created.token.id).await.unwrap();
        assert!(accounts.tokens(&f.owner).await.unwrap().is_empty());
    });
}

#[test]
fn who_came_in_by_a_link_sets_a_first_password_and_only_then() {
    on_each_database(async |f: Fixture| {
        let accounts = f.services.accounts();
        let new = || SecretInput::new("a first long password");
        assert_eq!(accounts.password_state(&f.owner).await.unwrap(), PasswordState::Set);
        let known = accounts.set_first_password(&f.owner, new()).await.unwrap_err();
        assert_eq!(known.code(), Code::PasswordSet, "the present one is asked for");

        let input = NewUser { email: "kim@acme.test".into(), name: "Kim".into() };
        let (user, link) = accounts.create_with_link(&f.admin, input).await.unwrap();
        accounts.sign_in_with_link(link.token.expose_secret()).await.unwrap();
        let store = std::sync::Arc::new(f.services.session_store());
        let enter = async || {
            let session = Session::new(None, store.clone(), None);
            browser::sign_in(&session, &user, None, None).await.unwrap();
            let session = Session::new(session.id(), store.clone(), None);
            let (who, id) = browser::signed_in(&session).await.unwrap().unwrap();
            let caller = accounts.caller_of_session(who, id, RequestMeta::default()).await.unwrap().unwrap();
            (caller, session.id().unwrap())
        };
        let (old, other) = enter().await;
        assert_eq!(accounts.password_state(&old).await.unwrap(), PasswordState::Unset);
        f.clock.advance(TimeDelta::minutes(16));
        assert_eq!(accounts.password_state(&old).await.unwrap(), PasswordState::Stale);
        let late = accounts.set_first_password(&old, new()).await.unwrap_err();
        assert_eq!(late.code(), Code::SignInStale, "a browser that was left open is not enough");

        let (caller, own) = enter().await;
        let token = NewPersonalToken { name: "script".into(), expires_in_days: None };
        let token = accounts.create_token(&caller, token).await.unwrap();
        let script =
            accounts.caller_of_token(token.secret.expose_secret(), RequestMeta::default()).await.unwrap();
        let by_token = accounts.set_first_password(&script, new()).await.unwrap_err();
        assert_eq!(by_token.code(), Code::SignInStale, "a token is no sign-in");
        let weak = accounts.set_first_password(&caller, SecretInput::new("short")).await.unwrap_err();
        assert_eq!(weak.field_errors()[0].field, "new");
        accounts.set_first_password(&caller, new()).await.unwrap();
        assert!(store.load(&other).await.unwrap().is_none(), "the other browser is out");
        assert!(store.load(&own).await.unwrap().is_some());
        let again = accounts.set_first_password(&caller, new()).await.unwrap_err();
        assert_eq!(again.code(), Code::PasswordSet);
        accounts.sign_in(credentials("kim@acme.test", "a first long password"), None).await.unwrap();
        let only = AuditFilter { action: Some("user.set_password".into()), ..AuditFilter::default() };
        assert_eq!(f.services.audit().of_platform(&f.admin, None, only).await.unwrap().items.len(), 1);
    });
}
