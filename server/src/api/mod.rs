//! The REST API under `/api/v1`: thin handlers that extract, call one service method and wrap.

use axum::{
    Router,
    extract::{FromRequest, FromRequestParts, Query, Request, rejection::JsonRejection},
};
use domain::{Code, Error};
use http::request::Parts;
use serde::de::DeserializeOwned;
use services::Services;
use utoipa::{
    Modify, OpenApi,
    openapi::{
        OpenApi as Document,
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};
use utoipa_axum::router::OpenApiRouter;

use crate::edge::problem::Problem;
use page::Page;

mod account;
mod activity;
mod admin;
pub(crate) mod call;
mod command;
mod export;
mod home;
mod import;
mod invitation;
mod key;
pub(crate) mod live;
mod log;
mod member;
mod organization;
mod page;
mod project;
mod search;
mod server;
mod shared;
mod team;
mod template;
mod usage;
mod user;

type Answer<T> = Result<T, Problem>;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Sluice",
        description = "Manage organizations, projects, MCP servers, keys and logs.\n\n\
            Authenticate with a personal token: `Authorization: Bearer slp_…` (made on your account page). \
            `{project}` is an id or `organization.project`; `{server}` an id or a name. \
            Errors are `application/problem+json` with a stable `code`, a `next_step` and a `request_id`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    components(schemas(crate::edge::problem::ProblemBody)),
    modifiers(&PersonalToken),
    security(("personal_token" = []))
)]
struct Description;

struct PersonalToken;

impl Modify for PersonalToken {
    fn modify(&self, document: &mut Document) {
        if let Some(components) = document.components.as_mut() {
            let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("slp_…").build();
            components.add_security_scheme("personal_token", SecurityScheme::Http(scheme));
        }
    }
}

/// The routes with their description, which is made from them.
fn described() -> OpenApiRouter<Services> {
    let v1 = OpenApiRouter::new()
        .merge(account::routes())
        .merge(user::routes())
        .merge(admin::routes())
        .merge(command::routes())
        .merge(organization::routes())
        .merge(team::routes())
        .merge(template::routes())
        .merge(project::routes())
        .merge(export::routes())
        .merge(import::routes())
        .merge(member::routes())
        .merge(invitation::routes())
        .merge(home::routes())
        .merge(search::routes())
        .merge(server::routes())
        .merge(shared::routes())
        .merge(key::routes())
        .merge(call::routes())
        .merge(activity::routes())
        .merge(log::routes())
        .merge(usage::routes())
        .merge(live::routes());
    OpenApiRouter::with_openapi(Description::openapi()).nest("/api/v1", v1)
}

pub(crate) fn router() -> Router<Services> {
    described().split_for_parts().0
}

pub(crate) fn document() -> Document {
    described().split_for_parts().1
}

/// A JSON body whose refusal says what is wrong with it.
pub(crate) struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match axum::Json::<T>::from_request(request, state).await {
            Ok(axum::Json(value)) => Ok(Self(value)),
            Err(rejection) => Err(refused(&rejection).into()),
        }
    }
}

fn refused(rejection: &JsonRejection) -> Error {
    match rejection {
        JsonRejection::BytesRejection(_) => Error::new(Code::BodyTooLarge),
        JsonRejection::MissingJsonContentType(_) => {
            Error::new(Code::MalformedBody).detail("The Content-Type must be application/json.")
        }
        // serde's text names the field and the position, and quotes nothing but the type.
        other => Error::new(Code::MalformedBody).detail(other.body_text()),
    }
}

/// A query string whose refusal says what is wrong with it.
pub(crate) struct Params<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Query::<T>::from_request_parts(parts, state).await {
            Ok(Query(value)) => Ok(Self(value)),
            Err(rejection) => Err(Error::new(Code::InvalidInput).detail(rejection.body_text()).into()),
        }
    }
}
