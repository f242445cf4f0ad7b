//! One layer against requests from other sites: DNS rebinding and forged form posts.
//!
//! No list of exceptions: every unsafe method passes here, whatever its route, and so does every
//! WebSocket, which a page of any site may open and read. Browsers send `Origin` or `Sec-Fetch-Site`
//! with each of them, so their absence means that no browser asks and no cookie was added behind
//! anybody's back.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::{Code, Error};
use http::{HeaderMap, Method, header};
use url::Url;

use super::problem::Problem;
use crate::config::is_loopback;

/// The authorities (`host:port`) and origins that are ours.
#[derive(Clone, Debug)]
pub(crate) struct Origins(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    origins: Vec<String>,
    authorities: Vec<String>,
}

impl Origins {
    /// `listen_port` is accepted on loopback names, for health checks and local tools.
    pub(crate) fn new(public: &Url, listen_port: u16) -> Self {
        let mut origins = vec![public.origin().ascii_serialization()];
        let mut authorities = vec![authority(public)];
        for host in ["127.0.0.1", "localhost", "[::1]"] {
            authorities.push(format!("{host}:{listen_port}"));
            if is_loopback(public) {
                let port = public.port_or_known_default().unwrap_or(listen_port);
                origins.push(format!("{}://{host}:{port}", public.scheme()));
                authorities.push(format!("{host}:{port}"));
            }
        }
        Self(Arc::new(Inner { origins, authorities }))
    }

    fn refuses(&self, method: &Method, headers: &HeaderMap, uri_authority: Option<&str>) -> bool {
        // HTTP/2 carries the authority in the target instead of a Host header.
        let host = headers.get(header::HOST).and_then(|h| h.to_str().ok()).or(uri_authority);
        let host_is_ours = host.is_some_and(|h| self.0.authorities.iter().any(|a| a.eq_ignore_ascii_case(h)));
        if !host_is_ours {
            return true;
        }
        if method.is_safe() && !headers.contains_key(header::UPGRADE) {
            return false;
        }
        if let Some(origin) = headers.get(header::ORIGIN) {
            return !self.0.origins.iter().any(|ours| ours.as_bytes() == origin.as_bytes());
        }
        headers.get("sec-fetch-site").is_some_and(|site| !matches!(site.as_bytes(), b"same-origin" | b"none"))
    }
}

fn authority(url: &Url) -> String {
    match (url.host_str(), url.port()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (host, _) => host.unwrap_or_default().to_owned(),
    }
}

pub(crate) async fn check(State(origins): State<Origins>, request: Request, next: Next) -> Response {
    let authority = request.uri().authority().map(http::uri::Authority::as_str);
    if origins.refuses(request.method(), request.headers(), authority) {
        return Problem::from(Error::new(Code::OriginForbidden)).into_response();
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refuses(public: &str, method: Method, headers: &[(&'static str, &str)]) -> bool {
        let origins = Origins::new(&Url::parse(public).expect("an address"), 8080);
        let headers = headers
            .iter()
            .map(|(k, v)| (http::HeaderName::from_static(k), v.parse().expect("a value")))
            .collect();
        origins.refuses(&method, &headers, None)
    }

    #[test]
    fn hosts() {
        let public = "https://mcp.example.org";
        for good in ["mcp.example.org", "127.0.0.1:8080", "localhost:8080"] {
            assert!(!refuses(public, Method::GET, &[("host", good)]), "{good}");
        }
        for bad in ["evil.test", "mcp.example.org.evil.test", "127.0.0.1", "mcp.example.org:81", ""] {
            assert!(refuses(public, Method::GET, &[("host", bad)]), "{bad}");
        }
        assert!(refuses(public, Method::GET, &[]), "no host at all");
    }

    #[test]
    fn unsafe_methods_need_our_origin() {
        let host = ("host", "127.0.0.1:8080");
        let public = "http://127.0.0.1:8080";
        for (headers, refused) in [
            (vec![("origin", "http://127.0.0.1:8080")], false),
            (vec![("origin", "http://localhost:8080")], false),
            (vec![], false),
            (vec![("sec-fetch-site", "same-origin")], false),
            (vec![("sec-fetch-site", "none")], false),
            (vec![("origin", "null")], true),
            (vec![("origin", "http://127.0.0.1:9090")], true),
            (vec![("origin", "https://127.0.0.1:8080")], true),
            (vec![("origin", "http://evil.test")], true),
            (vec![("sec-fetch-site", "cross-site")], true),
            (vec![("sec-fetch-site", "same-site")], true),
            (vec![("origin", "http://evil.test"), ("sec-fetch-site", "same-origin")], true),
        ] {
            let mut with_host = vec![host];
            with_host.extend(headers.iter().copied());
            assert_eq!(refuses(public, Method::POST, &with_host), refused, "{headers:?}");
            assert!(!refuses(public, Method::GET, &with_host), "reading changes nothing");
            with_host.push(("upgrade", "websocket"));
            assert_eq!(refuses(public, Method::GET, &with_host), refused, "a WebSocket with {headers:?}");
        }
    }
}
