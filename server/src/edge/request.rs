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

pub(crate) const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Gives the request its id and span, and turns a [`problem::Problem`] into its body, which needs
/// the id.
pub(crate) async fn trace(State(entropy): State<Entropy>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("unmatched", MatchedPath::as_str).to_owned();
    named(&entropy, &route, request, |request| next.run(request)).await
}

/// The same around any way to an answer.
pub(crate) async fn named<F: Future<Output = Response>>(
    entropy: &Entropy,
    route: &str,
    mut request: Request,
    answer: impl FnOnce(Request) -> F,
) -> Response {
    let mut random = [0_u8; 10];
    entropy.fill(&mut random);
    let id: Arc<str> = random.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into();
    request.extensions_mut().insert(RequestId(id.clone()));
    request.extensions_mut().insert(gateway::RequestName(id.clone()));
    let span = tracing::info_span!("http", "otel.name" = format!("http.{route}"), http.method = %request.method(), http.route = route, request.id = %id);
    let started = Instant::now();
    async {
        let response = problem::render(answer(request).await, &id);
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

fn with_id(mut response: Response, id: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(id) {
        response.headers_mut().insert(HEADER, value);
    }
    response
}
