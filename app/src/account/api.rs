//! Server functions of accounts. Public endpoints like any other: each one asks `services`.

#[cfg(feature = "ssr")]
use domain::account::{SignIn as SignInInput, SignUp as SignUpInput};
use domain::{
    Action, Resource, SessionId, Subject, Timestamp, TokenId,
    account::{BrowserSession, CreatedPersonalToken, PasswordState, PersonalToken, User},
    allows,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::{
    context::{self, Theme, go, keep, safe_path},
    i18n::Locale,
};

/// Who looks at the console, as far as it has to know to offer what they may do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Viewer {
    pub name: String,
    pub email: String,
    pub subject: Subject,
}

impl Viewer {
    /// The same rule that the server decides by; here it only hides.
    #[must_use]
    pub fn may(&self, action: Action, resource: &Resource) -> bool {
        allows(&self.subject, action, resource)
    }
}

#[server(prefix = "/_fn", endpoint = "account/viewer", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn read_viewer() -> Result<Viewer, AppError> {
    let (_, caller) = context::signed_in()?;
    Ok(Viewer {
        name: caller.name().to_owned(),
        email: caller.email().to_owned(),
        subject: caller.subject().clone(),
    })
}

/// How one gets in here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entrance {
    pub sign_up_open: bool,
    pub signed_in: bool,
}

#[server(prefix = "/_fn", endpoint = "account/entrance", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn read_entrance() -> Result<Entrance, AppError> {
    let services = context::services()?;
    Ok(Entrance {
        sign_up_open: services.accounts().sign_up_is_open(),
        signed_in: context::caller().is_some(),
    })
}

#[cfg(feature = "ssr")]
pub(crate) async fn enter(user: &User, next: &str) -> Result<(), AppError> {
    let meta = context::meta();
    let session = context::session()?;
    services::browser::sign_in(&session, user, Some(&meta.ip), Some(&meta.user_agent)).await?;
    go(safe_path(next));
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "account/sign-in", output = crate::codec::Json)]
pub async fn sign_in(email: String, password: String, next: String) -> Result<(), AppError> {
    let services = context::services()?;
    keep([("email", email.as_str())]);
    let ip = context::meta().ip;
    let user =
        services.accounts().sign_in(SignInInput { email, password: password.into() }, Some(&ip)).await?;
    enter(&user, &next).await
}

#[server(prefix = "/_fn", endpoint = "account/sign-up", output = crate::codec::Json)]
pub async fn sign_up(name: String, email: String, password: String) -> Result<(), AppError> {
    let services = context::services()?;
    keep([("name", name.as_str()), ("email", email.as_str())]);
    let user = services.accounts().sign_up(SignUpInput { email, name, password: password.into() }).await?;
    enter(&user, "/").await
}

#[server(prefix = "/_fn", endpoint = "account/set-up", output = crate::codec::Json)]
pub async fn set_up(token: String, name: String, email: String, password: String) -> Result<(), AppError> {
    let services = context::services()?;
    keep([("name", name.as_str()), ("email", email.as_str())]);
    let input = SignUpInput { email, name, password: password.into() };
    let user = services.accounts().set_up(&token, input).await?;
    enter(&user, "/").await
}

/// Whether a set-up link is still good.
#[server(prefix = "/_fn", endpoint = "account/peek-set-up", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn peek_set_up(token: String) -> Result<(), AppError> {
    Ok(context::services()?.accounts().peek_set_up_link(&token).await?)
}

/// Whom a sign-in link signs in: name and address.
#[server(prefix = "/_fn", endpoint = "account/peek-link", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn peek_link(token: String) -> Result<(String, String), AppError> {
    let user = context::services()?.accounts().peek_sign_in_link(&token).await?;
    Ok((user.name, user.email))
}

#[server(prefix = "/_fn", endpoint = "account/sign-in-with-link", output = crate::codec::Json)]
pub async fn sign_in_with_link(token: String) -> Result<(), AppError> {
    let user = context::services()?.accounts().sign_in_with_link(&token).await?;
    enter(&user, "/").await
}

#[server(prefix = "/_fn", endpoint = "account/sign-out", output = crate::codec::Json)]
pub async fn sign_out() -> Result<(), AppError> {
    services::browser::sign_out(&context::session()?).await?;
    go("/sign-in");
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "account/locale", output = crate::codec::Json)]
pub async fn set_locale(locale: String, back: String) -> Result<(), AppError> {
    if let Some(locale) = Locale::parse(&locale) {
        context::remember("locale", locale.name());
    }
    go(safe_path(&back));
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "account/theme", output = crate::codec::Json)]
pub async fn set_theme(theme: String, back: String) -> Result<(), AppError> {
    context::remember("theme", Theme::parse(&theme).name());
    go(safe_path(&back));
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "account/rail", output = crate::codec::Json)]
pub async fn set_rail(rail: String, back: String) -> Result<(), AppError> {
    context::remember("rail", if rail == "narrow" { "narrow" } else { "wide" });
    go(safe_path(&back));
    Ok(())
}

/// What the account page shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AccountView {
    pub user: User,
    pub password: PasswordState,
    pub sessions: Vec<BrowserSession>,
    pub tokens: Vec<PersonalToken>,
    pub now: Timestamp,
}

#[server(prefix = "/_fn", endpoint = "account/get", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn get_account() -> Result<AccountView, AppError> {
    let (services, caller) = context::signed_in()?;
    let accounts = services.accounts();
    Ok(AccountView {
        user: accounts.profile(&caller).await?,
        password: accounts.password_state(&caller).await?,
        sessions: accounts.sessions(&caller).await?,
        tokens: accounts.tokens(&caller).await?,
        now: services.clock().now(),
    })
}

#[server(prefix = "/_fn", endpoint = "account/password", output = crate::codec::Json)]
pub async fn change_password(current: String, new: String) -> Result<(), AppError> {
    let (services, caller) = context::signed_in()?;
    let change = domain::account::PasswordChange { current: current.into(), new: new.into() };
    Ok(services.accounts().change_password(&caller, change).await?)
}

/// For who came in by a link and has no password yet.
#[server(prefix = "/_fn", endpoint = "account/first-password", output = crate::codec::Json)]
pub async fn set_first_password(new: String) -> Result<(), AppError> {
    let (services, caller) = context::signed_in()?;
    Ok(services.accounts().set_first_password(&caller, new.into()).await?)
}

#[server(prefix = "/_fn", endpoint = "account/end-session", output = crate::codec::Json)]
pub async fn end_session(id: SessionId) -> Result<(), AppError> {
    let (services, caller) = context::signed_in()?;
    Ok(services.accounts().end_session(&caller, id).await?)
}

#[server(prefix = "/_fn", endpoint = "account/sign-out-everywhere", output = crate::codec::Json)]
pub async fn sign_out_everywhere() -> Result<(), AppError> {
    let (services, caller) = context::signed_in()?;
    services.accounts().sign_out_everywhere(&caller).await?;
    services::browser::sign_out(&context::session()?).await?;
    go("/sign-in");
    Ok(())
}

/// Creates a personal token. Its secret is in the answer and nowhere else.
#[server(prefix = "/_fn", endpoint = "account/create-token", output = crate::codec::Json)]
pub async fn create_token(
    name: String,
    #[server(default)] expires_in_days: String,
) -> Result<Option<CreatedPersonalToken>, AppError> {
    let (services, caller) = context::signed_in()?;
    keep([("name", name.as_str()), ("expires_in_days", expires_in_days.as_str())]);
    let input =
        domain::account::NewPersonalToken { name, expires_in_days: crate::key::api::days(&expires_in_days) };
    let created = services.accounts().create_token(&caller, input).await?;
    if context::is_plain_form() {
        let token = crate::draft::put(&services, &caller, &created);
        go(&format!("/account?created={token}"));
        return Ok(None);
    }
    Ok(Some(created))
}

/// A token that was just created by a plain form: told once.
#[server(prefix = "/_fn", endpoint = "account/created-token", output = crate::codec::Json)]
pub async fn take_created_token(token: String) -> Result<Option<CreatedPersonalToken>, AppError> {
    let (services, caller) = context::signed_in()?;
    Ok(crate::draft::take(&services, &caller, &token))
}

#[server(prefix = "/_fn", endpoint = "account/revoke-token", output = crate::codec::Json)]
pub async fn revoke_token(id: TokenId) -> Result<(), AppError> {
    let (services, caller) = context::signed_in()?;
    Ok(services.accounts().revoke_token(&caller, id).await?)
}
