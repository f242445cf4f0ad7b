//! The one HTTP client for everything outside: resolve, judge, connect, cap.
//!
//! A server's address is typed by a person, so without a guard it is a way into the network that
//! Sluice stands in (SSRF). Every address that a name resolves to is judged, and the connection is
//! made to a judged address and to no other, so a name that changes its mind between two look-ups
//! gains nothing. Redirects are not followed: they would carry credentials to another origin and
//! step around the judgement. Proxies of the environment are ignored, for they would resolve for us.
//!
//! It speaks HTTP/1.1, as the MCP SDKs' own clients do, one exchange after the other on each of its
//! connections. Whoever waits for an answer drives the connection: no task stands between a call
//! and its socket.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, Weak},
    time::Duration,
};

use bytes::Bytes;
use domain::Code;
use http::{HeaderMap, HeaderValue, Method, Request, Uri, header};
use http_body_util::Full;
use url::{Host, Url};

use crate::{error::Failure, lock::lock};

pub use policy::{InvalidNetwork, OutboundPolicy};
pub(crate) use reply::{Reply, read_body};

use site::{Origin, Site};
use tls::Tls;

mod line;
mod policy;
mod reply;
mod site;
#[cfg(test)]
mod tests;
mod tls;

const USER_AGENT: HeaderValue = HeaderValue::from_static(concat!("Sluice/", env!("CARGO_PKG_VERSION")));

/// The guarded client.
pub(crate) struct Outbound {
    policy: Arc<OutboundPolicy>,
    tls: Tls,
    /// Sites in use, by origin and by the time that they may take to take a connection.
    sites: Mutex<HashMap<(Origin, Duration), Weak<Site>>>,
}

impl Outbound {
    pub(crate) fn new(policy: OutboundPolicy) -> Self {
        Self { policy: Arc::new(policy), tls: Tls::default(), sites: Mutex::default() }
    }

    /// An address to send requests to, whose site may take `limit` to take a connection. A literal
    /// IP address is judged here, a name whenever it is resolved.
    pub(crate) fn address(&self, url: &Url, limit: Duration) -> Result<Address, Failure> {
        let invalid = || Failure::new(Code::UrlInvalid);
        if !matches!(url.scheme(), "http" | "https") || !url.username().is_empty() || url.password().is_some()
        {
            return Err(invalid());
        }
        let literal: Option<IpAddr> = match url.host().ok_or_else(invalid)? {
            Host::Ipv4(address) => Some(address.into()),
            Host::Ipv6(address) => Some(address.into()),
            Host::Domain(_) => None,
        };
        if let Some(address) = literal.filter(|address| !self.policy.permits(*address)) {
            return Err(forbidden(&address.to_string()));
        }
        let name = url.host_str().ok_or_else(invalid)?;
        let host = match url.port() {
            Some(port) => HeaderValue::try_from(format!("{name}:{port}")),
            None => HeaderValue::try_from(name),
        };
        let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
        let target = format!("{}{query}", url.path()).parse().map_err(|_| invalid())?;
        let origin = Origin {
            is_tls: url.scheme() == "https",
            host: literal.map_or_else(|| name.to_owned(), |address| address.to_string()),
            port: url.port_or_known_default().ok_or_else(invalid)?,
        };
        Ok(Address { site: self.site(origin, limit), host: host.map_err(|_| invalid())?, target })
    }

    fn site(&self, origin: Origin, limit: Duration) -> Arc<Site> {
        let mut sites = lock(&self.sites);
        let known = sites.entry((origin.clone(), limit)).or_default();
        known.upgrade().unwrap_or_else(|| {
            let site = Site::new(origin, limit, self.policy.clone(), self.tls.clone());
            let site = Arc::new(site);
            *known = Arc::downgrade(&site);
            site
        })
    }

    /// Closes connections that nobody used for long. To be called now and then.
    pub(crate) fn sweep(&self) {
        lock(&self.sites).retain(|_, site| match site.upgrade() {
            Some(site) => {
                site.sweep();
                true
            }
            None => false,
        });
    }
}

/// Where requests go: a site, and an address there.
#[derive(Clone)]
pub(crate) struct Address {
    site: Arc<Site>,
    host: HeaderValue,
    target: Uri,
}

impl Address {
    /// Sends a request and waits for the head of its answer.
    pub(crate) async fn send(
        &self,
        method: Method,
        headers: HeaderMap,
        body: Bytes,
    ) -> Result<Reply, Failure> {
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = method;
        *request.uri_mut() = self.target.clone();
        *request.headers_mut() = headers;
        request.headers_mut().insert(header::HOST, self.host.clone());
        request.headers_mut().entry(header::USER_AGENT).or_insert(USER_AGENT);
        self.site.send(request).await
    }
}

fn forbidden(what: &str) -> Failure {
    Failure::new(Code::AddressForbidden).detail(format!("`{what}` is not allowed by `outbound.allow`."))
}
