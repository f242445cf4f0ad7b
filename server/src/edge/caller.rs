//! Who asks: a personal token, or a signed-in browser. Read afresh for each request, so a change
//! of role or a revoked session counts at once.

use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::{Code, Error};
use http::{Extensions, HeaderMap, header, request::Parts};
use services::{Caller, RequestMeta, Services, browser};
use tower_sessions::Session;

use super::{problem::Problem, request::RequestId};

/// The caller of this request, if there is one. Pages and server functions read it from context.
#[derive(Clone, Debug)]
pub(crate) struct Identity(pub Option<Caller>);

/// Finds the caller and keeps it with the request. A bad token is refused; no token and no session
/// is nobody, which is for the handler to judge.
pub(crate) async fn identify(State(services): State<Services>, mut request: Request, next: Next) -> Response {
    match find(&services, request.headers(), request.extensions()).await {
        Ok(caller) => {
            request.extensions_mut().insert(Identity(caller));
            next.run(request).await
        }
        Err(error) => Problem::from(error).into_response(),
    }
}

async fn find(
    services: &Services,
    headers: &HeaderMap,
    extensions: &Extensions,
) -> Result<Option<Caller>, Error> {
    let meta = RequestMeta {
        request_id: extensions.get::<RequestId>().map(|id| id.0.to_string()),
        ip: extensions
            .get::<axum::extract::ConnectInfo<std::net::SocketAddr>>()
            .map(|info| info.0.ip().to_string()),
    };
    if let Some(token) = bearer(headers)? {
        return services.accounts().caller_of_token(token, meta).await.map(Some);
    }
    let Some(session) = extensions.get::<Session>() else { return Ok(None) };
    match browser::signed_in(session).await? {
        Some((user, id)) => {
            browser::seen(session, services.clock().now()).await?;
            services.accounts().caller_of_session(user, id, meta).await
        }
        None => Ok(None),
    }
}

/// The one bearer token of a request; two would leave open which one counts.
fn bearer(headers: &HeaderMap) -> Result<Option<&str>, Error> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = values.next() else { return Ok(None) };
    let token = value.to_str().ok().and_then(|text| {
        let (scheme, token) = text.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    });
    match (token, values.next()) {
        (Some(token), None) => Ok(Some(token)),
        _ => Err(Error::new(Code::TokenInvalid)),
    }
}

/// Extracts the caller, or answers 401.
pub(crate) struct SignedIn(pub Caller);

impl<S: Sync> FromRequestParts<S> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let identity = parts.extensions.get::<Identity>().and_then(|identity| identity.0.clone());
        identity.map(SignedIn).ok_or_else(|| Error::new(Code::SignInRequired).into())
    }
}

impl<S: Sync> OptionalFromRequestParts<S> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Problem> {
        Ok(parts.extensions.get::<Identity>().and_then(|identity| identity.0.clone()).map(SignedIn))
    }
}
