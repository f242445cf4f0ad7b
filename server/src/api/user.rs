//! People, for platform administrators.

use axum::{
    Json,
    extract::{Path, State},
};
use domain::{
    UserId,
    account::{SignUp, User},
    platform::{SignInLink, UserFilter, UsersPage},
};
use http::StatusCode;
use serde::Deserialize;
use services::Services;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Answer, Body, Params};
use crate::edge::caller::SignedIn;

pub(super) fn routes() -> OpenApiRouter<Services> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(change)).routes(routes!(link))
}

/// List everybody, by e-mail address.
#[utoipa::path(get, path = "/users", tag = "users", params(UserFilter), responses((status = 200, body = UsersPage)))]
async fn list(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Params(filter): Params<UserFilter>,
) -> Answer<Json<UsersPage>> {
    Ok(Json(services.accounts().list(&caller, filter).await?))
}

/// Create an account for somebody.
#[utoipa::path(post, path = "/users", tag = "users", responses((status = 201, body = User)))]
async fn create(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Body(input): Body<SignUp>,
) -> Answer<(StatusCode, Json<User>)> {
    Ok((StatusCode::CREATED, Json(services.accounts().create_user(&caller, input, false).await?)))
}

#[derive(Deserialize, ToSchema)]
struct UserChange {
    #[serde(default)]
    disabled: Option<bool>,
    #[serde(default)]
    platform_admin: Option<bool>,
}

/// Disable an account, which ends its sessions and tokens, or enable it again; make somebody a platform
/// administrator, or take that away.
#[utoipa::path(put, path = "/users/{user}", tag = "users", params(("user" = UserId, Path)), responses((status = 204)))]
async fn change(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(user): Path<UserId>,
    Body(change): Body<UserChange>,
) -> Answer<StatusCode> {
    if let Some(admin) = change.platform_admin {
        services.accounts().set_admin(&caller, user, admin).await?;
    }
    if let Some(disabled) = change.disabled {
        services.accounts().set_disabled(&caller, user, disabled).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Make a link that signs somebody in once, within a day.
#[utoipa::path(post, path = "/users/{user}/sign-in-link", tag = "users", params(("user" = UserId, Path)),
    responses((status = 201, body = SignInLink)))]
async fn link(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(user): Path<UserId>,
) -> Answer<(StatusCode, Json<SignInLink>)> {
    Ok((StatusCode::CREATED, Json(services.accounts().link_for(&caller, user).await?)))
}
