//! People, for platform administrators.

use axum::{
    Json,
    extract::{Path, State},
};
use domain::{
    UserId,
    account::{SignUp, User},
};
use http::StatusCode;
use serde::Deserialize;
use services::Services;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Answer, Body};
use crate::edge::caller::SignedIn;

pub(super) fn routes() -> OpenApiRouter<Services> {
    OpenApiRouter::new().routes(routes!(create)).routes(routes!(set_disabled))
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
    disabled: bool,
}

/// Disable an account, which ends its sessions and tokens, or enable it again.
#[utoipa::path(put, path = "/users/{user}", tag = "users", params(("user" = UserId, Path)), responses((status = 204)))]
async fn set_disabled(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(user): Path<UserId>,
    Body(change): Body<UserChange>,
) -> Answer<StatusCode> {
    services.accounts().set_disabled(&caller, user, change.disabled).await?;
    Ok(StatusCode::NO_CONTENT)
}
