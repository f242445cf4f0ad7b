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
    /// The folder of the program below `/pkg/`, named by what is in it.
    pub dir: String,
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
    // A release brings its files compressed as well; what else is compressed is done as it is sent.
    let small = accepts_brotli(headers).then(|| Site::get(&format!("{path}.br"))).flatten();
    let encoding = small.as_ref().map(|_| HeaderValue::from_static("br"));
    let Some(file) = small.or_else(|| Site::get(path)) else {
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
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = encoding {
        response.headers_mut().insert(header::CONTENT_ENCODING, encoding);
    }
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        response.headers_mut().insert(header::ETAG, etag);
    }
    response
}

/// Whether the request takes Brotli (RFC 9110 §12.5.3). Browsers name it without a weight, and only
/// over https or on loopback.
fn accepts_brotli(headers: &HeaderMap) -> bool {
    let values = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|encoding| encoding.trim() == "br")
}
