//! Requests of browser pages: only from our own origin and from listed ones (MCP transports: a
//! server must check `Origin` against DNS rebinding).

use http::{HeaderMap, header};
use url::{Host, Url};

#[derive(Clone, Debug)]
pub(crate) struct Origins {
    /// Complete origins, as browsers write them.
    listed: Vec<String>,
    /// Whether pages of this machine may call, on any port: so it is while Sluice itself can be
    /// reached from this machine only.
    loopback: bool,
}

impl Origins {
    pub(crate) fn new(public: &Url, further: &[String]) -> Self {
        let mut listed = vec![public.origin().ascii_serialization()];
        listed.extend(further.iter().map(|origin| origin.trim_end_matches('/').to_ascii_lowercase()));
        Self { listed, loopback: is_loopback(public) }
    }

    /// Whether the request comes from a page that may not call. Programs send no `Origin`.
    pub(crate) fn refuses(&self, headers: &HeaderMap) -> bool {
        let mut origins = headers.get_all(header::ORIGIN).iter();
        let Some(origin) = origins.next() else { return false };
        let Some(origin) = origin.to_str().ok().filter(|_| origins.next().is_none()) else { return true };
        let listed = self.listed.iter().any(|listed| listed.eq_ignore_ascii_case(origin));
        // `null` is what sandboxed frames and local files send: anybody's.
        !(listed || self.loopback && Url::parse(origin).is_ok_and(|origin| is_loopback(&origin)))
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refuses(public: &str, origin: &str) -> bool {
        let origins = Origins::new(&public.parse().expect("a URL"), &["https://tools.example/".to_owned()]);
        let mut headers = HeaderMap::new();
        headers.insert(header::ORIGIN, origin.parse().expect("a header"));
        origins.refuses(&headers)
    }

    #[test]
    fn pages_of_other_sites_are_refused() {
        for (public, origin, refused) in [
            ("https://mcp.example/gate", "https://mcp.example", false),
            ("https://mcp.example", "https://tools.example", false),
            ("https://mcp.example", "http://mcp.example", true),
            ("https://mcp.example", "https://mcp.example.evil.test", true),
            ("https://mcp.example", "http://127.0.0.1:6274", true),
            ("https://mcp.example", "null", true),
            ("http://127.0.0.1:8080", "http://localhost:6274", false),
            ("http://127.0.0.1:8080", "http://[::1]:1", false),
            ("http://127.0.0.1:8080", "http://evil.test", true),
            ("http://127.0.0.1:8080", "http://127.0.0.1.evil.test", true),
            ("http://127.0.0.1:8080", "null", true),
        ] {
            assert_eq!(refuses(public, origin), refused, "{public} {origin}");
        }
        let origins = Origins::new(&"https://mcp.example".parse().expect("a URL"), &[]);
        assert!(!origins.refuses(&HeaderMap::new()), "programs send none");
    }
}
