//! The one HTTP client for everything outside: resolve, filter, connect, cap.
//!
//! A server's address is typed by a person, so without a guard it is a way into the network that
//! Sluice stands in (SSRF). Every address that a name resolves to is judged, and the connection is
//! made to a judged address and to no other, so a name that changes its mind between two look-ups
//! gains nothing. Redirects are off: they would carry credentials to another origin and step
//! around the judgement. Proxies of the environment are ignored, for they would resolve for us.

use std::{
    error::Error as StdError,
    fmt,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use domain::Code;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use crate::error::Failure;

pub use policy::{InvalidNetwork, OutboundPolicy};

mod policy;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// An address that the policy refuses; found again in a reqwest error's chain of causes.
#[derive(Debug)]
struct Forbidden(String);

impl fmt::Display for Forbidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl StdError for Forbidden {}

/// The guarded client. Cheap to clone; connections are pooled.
#[derive(Clone, Debug)]
pub(crate) struct Outbound {
    policy: Arc<OutboundPolicy>,
    client: reqwest::Client,
}

impl Outbound {
    /// # Errors
    /// When the TLS provider cannot be set up.
    pub(crate) fn new(policy: OutboundPolicy) -> Result<Self, reqwest::Error> {
        let policy = Arc::new(policy);
        #[expect(
            clippy::disallowed_methods,
            reason = "this is the guarded client that everybody else must use"
        )]
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .connect_timeout(CONNECT_TIMEOUT)
            .dns_resolver(GuardedResolver(policy.clone()))
            .user_agent(concat!("Sluice/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { policy, client })
    }

    /// A request to `url`. A literal address is judged here, because nothing resolves it later.
    pub(crate) fn request(
        &self,
        method: http::Method,
        url: &Url,
    ) -> Result<reqwest::RequestBuilder, Failure> {
        self.check(url)?;
        Ok(self.client.request(method, url.clone()))
    }

    fn check(&self, url: &Url) -> Result<(), Failure> {
        if !matches!(url.scheme(), "http" | "https") || !url.username().is_empty() || url.password().is_some()
        {
            return Err(Failure::new(Code::UrlInvalid));
        }
        let address: IpAddr = match url.host() {
            Some(Host::Ipv4(address)) => address.into(),
            Some(Host::Ipv6(address)) => address.into(),
            Some(Host::Domain(_)) => return Ok(()),
            None => return Err(Failure::new(Code::UrlInvalid)),
        };
        if self.policy.permits(address) { Ok(()) } else { Err(forbidden(&address.to_string())) }
    }
}

fn forbidden(what: &str) -> Failure {
    Failure::new(Code::AddressForbidden).detail(format!("`{what}` is not allowed by `outbound.allow`."))
}

struct GuardedResolver(Arc<OutboundPolicy>);

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let policy = self.0.clone();
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let permitted: Vec<SocketAddr> =
                found.iter().copied().filter(|a| policy.permits(a.ip())).collect();
            match (permitted.is_empty(), found.first()) {
                (true, Some(first)) => Err(Forbidden(format!("{} ({})", name.as_str(), first.ip())).into()),
                _ => Ok(Box::new(permitted.into_iter()) as Addrs),
            }
        })
    }
}

/// What a failed request means in front of a person. The cause's own words may hold the URL's query
/// and so stay private, except where they are about the address or the certificate.
pub(crate) fn failure(error: &reqwest::Error) -> Failure {
    let mut cause: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(error) = cause {
        if let Some(Forbidden(what)) = error.downcast_ref() {
            return forbidden(what);
        }
        if let Some(tls) = tls_error(error) {
            return Failure::new(Code::TlsFailed).detail(format!("{tls}."));
        }
        cause = error.source();
    }
    if error.is_timeout() && !error.is_connect() {
        Failure::new(Code::UpstreamTimeout)
    } else if error.is_connect() || error.is_request() {
        Failure::new(Code::ConnectFailed).detail(root(error))
    } else {
        Failure::new(Code::ConnectionLost)
    }
}

fn tls_error<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a rustls::Error> {
    // hyper wraps the TLS error in an io::Error, whose `source` skips the error it holds.
    error
        .downcast_ref::<rustls::Error>()
        .or_else(|| error.downcast_ref::<std::io::Error>()?.get_ref()?.downcast_ref::<rustls::Error>())
}

/// The innermost cause, such as "Connection refused (os error 111)": it names no address.
fn root(error: &reqwest::Error) -> String {
    let mut cause: &(dyn StdError + 'static) = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    format!("{cause}.")
}

/// Reads a whole body, refusing to hold more than `limit` bytes.
pub(crate) async fn read_body(mut response: reqwest::Response, limit: usize) -> Result<Bytes, Failure> {
    let too_large = || Failure::new(Code::TooLargeMessage).detail(format!("The limit is {limit} bytes."));
    if response
        .content_length()
        .is_some_and(|length| usize::try_from(length).is_ok_and(|length| length > limit))
    {
        return Err(too_large());
    }
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(|e| failure(&e))? {
        if body.len() + chunk.len() > limit {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}
