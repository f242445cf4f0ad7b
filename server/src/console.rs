//! The console's pages and server functions, with what they need to know of each request.

use std::sync::LazyLock;

use app::context::{Identity, Meta};
use axum::{
    Router,
    extract::{ConnectInfo, Request},
    http::request::Parts,
    response::{IntoResponse, Response},
    routing::any,
};
use domain::Error;
use futures_util::future::BoxFuture;
use http::{HeaderValue, Method, header};
use leptos::{WasmSplitManifest, config::LeptosOptions, nonce::use_nonce, prelude::*};
use leptos_axum::{
    AxumRouteListing, LeptosRoutes, ResponseOptions, generate_route_list, handle_server_fns_with_context,
    render_app_async_with_context,
};
use services::Services;
use tower::ServiceExt;
use url::Url;

use crate::{
    asset::Manifest,
    edge::{caller, headers, problem::Problem, request::RequestId},
};

/// The pages that the router knows. Listed once: while leptos lists them, no resource of the whole process
/// loads, and a page that is rendered beside it would wait for ever.
pub(crate) static ROUTES: LazyLock<Vec<AxumRouteListing>> = LazyLock::new(|| generate_route_list(app::App));

/// The console as routes, and its answer to an address that is none of ours.
pub(crate) struct Console {
    pub(crate) routes: Router<Services>,
    missing: Router,
}

impl Console {
    pub(crate) fn new(services: &Services, public_url: &Url) -> Self {
        let manifest = Manifest::load().unwrap_or_default();
        let dir = format!("pkg/{}", manifest.dir);
        let options = LeptosOptions::builder().output_name("sluice").site_pkg_dir(dir.clone()).build();
        // A page names its part's file in its head, so that the browser fetches it at once.
        let files = app::PARTS.iter().map(|part| (part.to_string(), vec![part.to_string()])).collect();
        let parts = (format!("/{dir}"), files, "parts.js".to_owned());
        let parts = WasmSplitManifest(ArcStoredValue::new(parts));
        let context = {
            let (services, css) = (services.clone(), manifest.css);
            let public_url = public_url.as_str().trim_end_matches('/').to_owned();
            move || {
                provide_context(parts.clone());
                provide(&services, &css, &public_url);
            }
        };
        let shell = {
            let options = options.clone();
            move || {
                secure_page();
                app::shell(options.clone())
            }
        };
        let functions = {
            let context = context.clone();
            any(move |request: Request| {
                let context = context.clone();
                async move { handle_server_fns_with_context(context, request).await }
            })
        };
        let missing = Router::new().fallback(render_app_async_with_context(context.clone(), shell.clone()));
        let routes = Router::new()
            .route("/_fn/{*name}", functions)
            .leptos_routes_with_context(&options, ROUTES.clone(), context, shell)
            .with_state(options);
        Self { routes, missing }
    }

    /// A page for people; programs that ask for something else are not given one.
    pub(crate) fn not_found(
        &self,
    ) -> impl Fn(Request) -> BoxFuture<'static, Response> + Clone + Send + Sync + 'static {
        let missing = self.missing.clone();
        move |request| {
            let accept = request.headers().get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
            let wants_page =
                request.method() == Method::GET && accept.is_some_and(|accept| accept.contains("text/html"));
            let missing = missing.clone();
            Box::pin(async move {
                if wants_page {
                    missing.oneshot(request).await.unwrap_or_else(|never| match never {})
                } else {
                    Problem::from(Error::not_found()).into_response()
                }
            })
        }
    }
}

/// Pages may load our script and style, and nothing else.
fn secure_page() {
    if let (Some(nonce), Some(response)) = (use_nonce(), use_context::<ResponseOptions>())
        && let Ok(policy) = HeaderValue::from_str(&headers::csp_page(&nonce))
    {
        response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
        response.insert_header(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    }
}

fn provide(services: &Services, css: &str, public_url: &str) {
    provide_context(services.clone());
    let Some(parts) = use_context::<Parts>() else { return };
    let extensions = &parts.extensions;
    provide_context(Identity(extensions.get::<caller::Identity>().and_then(|identity| identity.0.clone())));
    if let Some(session) = extensions.get::<tower_sessions::Session>() {
        provide_context(session.clone());
    }
    let agent = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    provide_context(Meta {
        request_id: extensions.get::<RequestId>().map(|id| id.0.to_string()).unwrap_or_default(),
        ip: extensions
            .get::<ConnectInfo<std::net::SocketAddr>>()
            .map(|info| info.0.ip().to_string())
            .unwrap_or_default(),
        user_agent: agent.unwrap_or_default().to_owned(),
        css: css.to_owned(),
        public_url: public_url.to_owned(),
    });
}
