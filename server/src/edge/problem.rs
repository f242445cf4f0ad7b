//! `domain::Error` as `application/problem+json` (RFC 9457), and the one place where it is logged.

use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use domain::{Code, Error, FieldError, Kind};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use utoipa::ToSchema;

/// An error on its way out. The body is written by [`render`], where the request's id is known.
#[derive(Clone, Debug)]
pub(crate) struct Problem(Arc<Error>);

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self(Arc::new(error))
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = status(self.0.kind()).into_response();
        if self.0.kind() == Kind::Unauthenticated {
            // RFC 9110 §15.5.2: a 401 names how to authenticate.
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"sluice\""));
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// The body of every error of the REST API.
#[derive(Serialize, ToSchema)]
pub(crate) struct ProblemBody<'a> {
    /// Stable name of the failure; see the list of errors in the documentation.
    #[schema(value_type = String)]
    pub code: Code,
    /// What happened.
    pub title: &'a str,
    pub status: u16,
    /// What is particular to this case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<&'a str>,
    /// What to do about it.
    pub next_step: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[schema(value_type = Vec<FieldError>)]
    pub fields: &'a [FieldError],
    /// Give this to the operator.
    pub request_id: &'a str,
}

/// The HTTP status of each kind of failure.
pub(crate) const fn status(kind: Kind) -> StatusCode {
    match kind {
        Kind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Kind::TooMany => StatusCode::TOO_MANY_REQUESTS,
        Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Upstream => StatusCode::BAD_GATEWAY,
        Kind::UpstreamTimeout => StatusCode::GATEWAY_TIMEOUT,
        Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// Writes the body of a response that carries a [`Problem`]; others pass.
pub(crate) fn render(mut response: Response, request_id: &str) -> Response {
    let Some(Problem(error)) = response.extensions_mut().remove::<Problem>() else { return response };
    if matches!(error.kind(), Kind::Internal | Kind::Unavailable) {
        tracing::error!(error.code = error.code().name(), error.cause = error.private_message(), "{error}");
    } else {
        // The caller's own mistakes: they were told, and anybody can make any number of them.
        tracing::debug!(error.code = error.code().name(), error.cause = error.private_message(), "{error}");
    }
    let body = ProblemBody {
        code: error.code(),
        title: error.code().sentence(),
        status: response.status().as_u16(),
        detail: error.public_detail(),
        next_step: error.code().next_step(),
        fields: error.field_errors(),
        request_id,
    };
    let bytes = serde_json::to_vec(&body).unwrap_or_default();
    let (mut parts, _) = response.into_parts();
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, bytes.into())
}
