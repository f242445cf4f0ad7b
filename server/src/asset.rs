//! The console's files: WASM, script, style, images. Compiled into a release binary, read from disk
//! in development.

use axum::{
    Router,
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use rust_embed::RustEmbed;
use serde::Deserialize;

// A checkout whose site was not built yet still compiles and tests.
#[derive(RustEmbed)]
#[folder = "../target/site"]
#[allow_missing = true]
struct Site;

/// Which of the built files are current; their names carry a hash of their content.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Manifest {
    /// Common stem of the script and the WASM: `/pkg/{output_name}.js`.
    pub output_name: String,
    /// The style sheet below `/pkg/`.
    pub css: String,
}

impl Manifest {
    /// Reads what `cargo xtask build` wrote; none before the first build.
    pub(crate) fn load() -> Option<Self> {
        serde_json::from_slice(&Site::get("manifest.json")?.data).ok()
    }
}

pub(crate) fn router() -> Router {
    Router::new()
        .route(
            "/pkg/{*path}",
            get(|Path(path): Path<String>, headers: HeaderMap| async move { hashed(&path, &headers) }),
        )
        .route("/favicon.svg", get(|headers: HeaderMap| async move { plain("favicon.svg", &headers) }))
        .route("/favicon.ico", get(|headers: HeaderMap| async move { plain("favicon.svg", &headers) }))
        .route("/robots.txt", get(|| async { "User-agent: *\nDisallow: /\n" }))
        .layer(tower_http::compression::CompressionLayer::new())
}

/// A file whose name changes with its content, so that browsers may keep it for ever.
fn hashed(path: &str, headers: &HeaderMap) -> Response {
    file(&format!("pkg/{path}"), headers, "public, max-age=31536000, immutable")
}

fn plain(path: &str, headers: &HeaderMap) -> Response {
    file(path, headers, "public, max-age=3600")
}

fn file(path: &str, headers: &HeaderMap, cache: &'static str) -> Response {
    let Some(file) = Site::get(path) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let etag: String =
        file.metadata.sha256_hash().iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    let etag = format!("\"{etag}\"");
    let same = headers.get(header::IF_NONE_MATCH).is_some_and(|sent| sent.as_bytes() == etag.as_bytes());
    let kind = match path.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    };
    let mut response = if same {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, kind)], file.data).into_response()
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        response.headers_mut().insert(header::ETAG, etag);
    }
    response
}
