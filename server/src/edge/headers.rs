//! Security headers on every answer (OWASP Secure Headers; CSP Level 3).

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderMap, HeaderName, HeaderValue, header};

/// For everything that is not a page: nothing may load or run.
const CSP_NOTHING: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Swagger UI sets style attributes from its scripts and draws icons from data addresses.
pub(crate) const CSP_API_DOCS: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The policy of a console page: our script and style, and WASM, under this page's nonce.
pub(crate) fn csp_page(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self' 'nonce-{nonce}'; \
         img-src 'self' data:; media-src data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; \
         form-action 'self'; frame-ancestors 'none'"
    )
}

/// Whether the public address is https, so that browsers may be told to stay there.
#[derive(Clone, Copy)]
pub(crate) struct Https(pub bool);

pub(crate) async fn secure(State(Https(https)): State<Https>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    default(headers, header::CONTENT_SECURITY_POLICY, CSP_NOTHING);
    default(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    default(headers, header::REFERRER_POLICY, "no-referrer");
    default(headers, header::X_FRAME_OPTIONS, "DENY");
    default(headers, HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    default(headers, HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    default(
        headers,
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    );
    default(headers, header::CACHE_CONTROL, "no-store");
    if https {
        default(headers, header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    response
}

/// The same for the answers of the data plane, which are never pages: without what is said to
/// browsers about documents only. `frame-ancestors` stands for `X-Frame-Options`.
pub(crate) fn secure_data(headers: &mut HeaderMap, Https(https): Https) {
    default(headers, header::CONTENT_SECURITY_POLICY, CSP_NOTHING);
    default(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    default(headers, HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    default(headers, header::CACHE_CONTROL, "no-store");
    if https {
        default(headers, header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
}

fn default(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.entry(name).or_insert(HeaderValue::from_static(value));
}
