//! The whole HTTP surface and its layers, on one screen.

use std::time::Duration;

use axum::{Extension, Router, extract::DefaultBodyLimit, middleware, response::IntoResponse, routing::get};
use domain::{Code, Error};
use services::Services;
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer, Predicate,
        predicate::{NotForContentType, SizeAbove},
    },
};
use tower_sessions::{Expiry, SessionManagerLayer, cookie::SameSite};
use url::Url;
use utoipa_swagger_ui::SwaggerUi;

pub use crate::api::live::Feeds;
use crate::{
    api, asset,
    config::{Config, Role},
    console,
    edge::{caller, headers, origin, problem::Problem, proxy::Proxies, request},
    front::Front,
    health::{self, Readiness},
};

/// What the router is made of.
pub struct Parts {
    pub services: Services,
    pub gateway: gateway::Gateway,
    pub readiness: Readiness,
    pub public_url: Url,
    pub feeds: Feeds,
}

/// Everything that this process serves.
pub fn build(config: &Config, parts: Parts) -> Front {
    let https = headers::Https(parts.public_url.scheme() == "https");
    let entropy = parts.services.entropy().clone();
    // The data plane judges Origin itself, because MCP clients in browsers are allowed others, and
    // its streams must not be compressed or buffered.
    // A list that does not parse is refused with the configuration.
    let proxies = Proxies::new(&config.server.trusted_proxies).unwrap_or_default();
    let gateway = (config.server.role != Role::Console).then(|| parts.gateway.clone());
    Front::new(gateway, router(config, parts, https), entropy, https, proxies)
}

fn router(config: &Config, parts: Parts, https: headers::Https) -> Router {
    let Parts { services, gateway, readiness, public_url, feeds } = parts;
    let plane = api::call::Plane((config.server.role == Role::All).then_some(gateway));
    let origins = origin::Origins::new(&public_url, config.server.listen.port());

    let mut router = Router::new().fallback(not_found);
    if config.server.role != Role::Gateway {
        let console = console::Console::new(&services, &public_url);
        let missing = console.not_found();
        let control = Router::new()
            .merge(api::router())
            .layer(Extension(plane))
            .layer(Extension(feeds))
            .layer(DefaultBodyLimit::max(config.limits.api_body_bytes))
            .merge(console.routes)
            .layer(middleware::from_fn_with_state(services.clone(), caller::identify))
            .layer(session_layer(config, &services, https.0))
            .layer(middleware::from_fn_with_state(origins.clone(), origin::check))
            .layer(CompressionLayer::new().compress_when(compressible()))
            .with_state(services.clone());
        router = router.merge(control).merge(asset::router()).merge(api_docs()).fallback(missing);
    }
    router
        .merge(health::router(readiness))
        .method_not_allowed_fallback(method_not_allowed)
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn_with_state(https, headers::secure))
        .layer(middleware::from_fn_with_state(services.entropy().clone(), request::trace))
}

fn session_layer(
    config: &Config,
    services: &Services,
    https: bool,
) -> SessionManagerLayer<services::SessionStore> {
    // `__Host-` binds the cookie to this host and to https (RFC 6265bis §4.1.3.2); plain http, which
    // the configuration allows on loopback only, cannot carry it.
    let name = if https { "__Host-sluice" } else { "sluice" };
    SessionManagerLayer::new(services.session_store())
        .with_name(name)
        .with_secure(https)
        .with_http_only(true)
        // Strict would drop the session on the way back from an identity provider.
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(time::Duration::hours(config.accounts.session_idle_hours.into())))
}

/// Streams of server-sent events must arrive event by event, so they are left alone.
fn compressible() -> impl Predicate {
    SizeAbove::new(512).and(NotForContentType::SSE).and(NotForContentType::IMAGES)
}

fn api_docs() -> Router {
    Router::new()
        .merge(SwaggerUi::new("/api/docs").url("/api/openapi.json", api::document()))
        .layer(tower_http::set_header::SetResponseHeaderLayer::overriding(
            http::header::CONTENT_SECURITY_POLICY,
            http::HeaderValue::from_static(headers::CSP_API_DOCS),
        ))
        .route("/api", get(|| async { axum::response::Redirect::permanent("/api/docs/") }))
}

async fn not_found() -> Problem {
    Error::not_found().into()
}

async fn method_not_allowed() -> impl IntoResponse {
    (http::StatusCode::METHOD_NOT_ALLOWED, Problem::from(Error::new(Code::MethodNotAllowed)))
}

pub(crate) fn panicked(panic: Box<dyn std::any::Any + Send>) -> axum::response::Response {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("a panic without words");
    Problem::from(Error::internal(format!("a handler panicked: {text}"))).into_response()
}

/// How long a connection may take to send its request's head.
pub const HEAD_TIMEOUT: Duration = Duration::from_secs(15);
