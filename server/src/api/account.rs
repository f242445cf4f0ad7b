//! The caller's own account.

use axum::{
    Json,
    extract::{Path, State},
};
use domain::{
    SessionId, TokenId,
    account::{BrowserSession, CreatedPersonalToken, NewPersonalToken, PasswordChange, PersonalToken, User},
};
use http::StatusCode;
use services::Services;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Answer, Body};
use crate::edge::caller::SignedIn;

pub(super) fn routes() -> OpenApiRouter<Services> {
    OpenApiRouter::new()
        .routes(routes!(me))
        .routes(routes!(change_password))
        .routes(routes!(sessions, sign_out_everywhere))
        .routes(routes!(end_session))
        .routes(routes!(tokens, create_token))
        .routes(routes!(revoke_token))
}

/// Get your account.
#[utoipa::path(get, path = "/me", tag = "account", responses((status = 200, body = User)))]
async fn me(State(services): State<Services>, SignedIn(caller): SignedIn) -> Answer<Json<User>> {
    Ok(Json(services.accounts().profile(&caller).await?))
}

/// Change your password; every other browser is signed out.
#[utoipa::path(put, path = "/me/password", tag = "account", responses((status = 204)))]
async fn change_password(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Body(change): Body<PasswordChange>,
) -> Answer<StatusCode> {
    services.accounts().change_password(&caller, change).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// List the browsers that are signed in as you.
#[utoipa::path(get, path = "/me/sessions", tag = "account", responses((status = 200, body = Vec<BrowserSession>)))]
async fn sessions(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
) -> Answer<Json<Vec<BrowserSession>>> {
    Ok(Json(services.accounts().sessions(&caller).await?))
}

/// Sign out everywhere.
#[utoipa::path(delete, path = "/me/sessions", tag = "account", responses((status = 204)))]
async fn sign_out_everywhere(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
) -> Answer<StatusCode> {
    services.accounts().sign_out_everywhere(&caller).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sign one browser out.
#[utoipa::path(delete, path = "/me/sessions/{session}", tag = "account", params(("session" = SessionId, Path)),
    responses((status = 204)))]
async fn end_session(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(session): Path<SessionId>,
) -> Answer<StatusCode> {
    services.accounts().end_session(&caller, session).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// List your personal tokens.
#[utoipa::path(get, path = "/me/tokens", tag = "account", responses((status = 200, body = Vec<PersonalToken>)))]
async fn tokens(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
) -> Answer<Json<Vec<PersonalToken>>> {
    Ok(Json(services.accounts().tokens(&caller).await?))
}

/// Create a personal token. Its secret is in this answer and never shown again.
#[utoipa::path(post, path = "/me/tokens", tag = "account", responses((status = 201, body = CreatedPersonalToken)))]
async fn create_token(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Body(input): Body<NewPersonalToken>,
) -> Answer<(StatusCode, Json<CreatedPersonalToken>)> {
    Ok((StatusCode::CREATED, Json(services.accounts().create_token(&caller, input).await?)))
}

/// Revoke a personal token.
#[utoipa::path(delete, path = "/me/tokens/{token}", tag = "account", params(("token" = TokenId, Path)),
    responses((status = 204)))]
async fn revoke_token(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(token): Path<TokenId>,
) -> Answer<StatusCode> {
    services.accounts().revoke_token(&caller, token).await?;
    Ok(StatusCode::NO_CONTENT)
}
