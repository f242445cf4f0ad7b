//! The request's id and its one log line.

use std::{sync::Arc, time::Instant};

use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderName, HeaderValue};
use services::Entropy;
use tracing::Instrument;

use super::problem;

/// Names one request in answers, logs and audit. Made here, never taken from the client, so that
/// nobody can write into our log through it.
#[derive(Clone, Debug)]
pub(crate) struct RequestId(pub Arc<str>);

impl RequestId {
    pub(crate) fn new(entropy: &Entropy) -> Self {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut text = [0; 20];
        for (pair, byte) in text.chunks_exact_mut(2).zip(entropy.name::<10>()) {
            pair[0] = DIGITS[usize::from(byte >> 4)];
            pair[1] = DIGITS[usize::from(byte & 0xf)];
        }
        Self(str::from_utf8(&text).unwrap_or_default().into())
    }
}

pub(crate) const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Gives the request its id and span, and turns a [`problem::Problem`] into its body, which needs
/// the id.
pub(crate) async fn trace(State(entropy): State<Entropy>, mut request: Request, next: Next) -> Response {
    let RequestId(id) = RequestId::new(&entropy);
    request.extensions_mut().insert(RequestId(id.clone()));
    let route = request.extensions().get::<MatchedPath>().map_or("unmatched", MatchedPath::as_str);
    let span = tracing::info_span!("http", "otel.name" = %format_args!("http.{route}"), http.method = %request.method(), http.route = route, request.id = %id);
    let started = Instant::now();
    async {
        let response = problem::render(next.run(request).await, &id);
        tracing::debug!(
            http.status = response.status().as_u16(),
            duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
            "answered"
        );
        with_id(response, &id)
    }
    .instrument(span)
    .await
}

pub(crate) fn with_id(mut response: Response, id: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(id) {
        response.headers_mut().insert(HEADER, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_twenty_digits_of_its_own() {
        let entropy = Entropy::seeded(1);
        let expected: String = Entropy::seeded(1).bytes::<10>().iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(*RequestId::new(&entropy).0, *expected);
        assert_ne!(*RequestId::new(&entropy).0, *expected, "the next one is another");
    }
}
