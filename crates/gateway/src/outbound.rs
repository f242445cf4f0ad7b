//! The one HTTP client for everything outside: resolve, filter, connect, cap.
//!
//! A server's address is typed by a person, so without a guard it is a way into the network that
//! Sluice stands in (SSRF). Every address that a name resolves to is judged, and the connection is
//! made to a judged address and to no other, so a name that changes its mind between two look-ups
//! gains nothing. Redirects are off: they would carry credentials to another origin and step
//! around the judgement. Proxies of the environment are ignored, for they would resolve for us.

use std::{
    collections::HashMap,
    error::Error as StdError,
    fmt,
    net::{IpAddr, SocketAddr},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use domain::Code;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use crate::{error::Failure, lock::lock};

pub use policy::{InvalidNetwork, OutboundPolicy};

mod policy;

/// How long a host may take to take a connection, where nothing else is said.
const CONNECT: Duration = Duration::from_secs(10);
/// How long a quiet connection may be gone before that is noticed.
const KEEP_ALIVE: Duration = Duration::from_secs(30);
/// How long an unused connection is kept for the next request.
const POOL_IDLE: Duration = Duration::from_secs(60);
/// Unused connections to one host that are kept.
const POOL: usize = 64;

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
    /// One for each time limit in use, because a limit belongs to a client as a whole.
    clients: Arc<Mutex<HashMap<Duration, reqwest::Client>>>,
}

impl Outbound {
    /// # Errors
    /// When the TLS provider cannot be set up.
    pub(crate) fn new(policy: OutboundPolicy) -> Result<Self, reqwest::Error> {
        let policy = Arc::new(policy);
        let client = Self::client(&policy, CONNECT)?;
        Ok(Self { policy, clients: Arc::new(Mutex::new(HashMap::from([(CONNECT, client.clone())]))), client })
    }

    /// The same for servers that may take `limit` to take a connection.
    pub(crate) fn connecting_within(&self, limit: Duration) -> Result<Self, Failure> {
        let mut clients = lock(&self.clients);
        let client = match clients.get(&limit) {
            Some(client) => client.clone(),
            None => {
                let made = Self::client(&self.policy, limit).map_err(|_| Failure::new(Code::Internal))?;
                clients.insert(limit, made.clone());
                made
            }
        };
        drop(clients);
        Ok(Self { client, ..self.clone() })
    }

    fn client(policy: &Arc<OutboundPolicy>, connect: Duration) -> Result<reqwest::Client, reqwest::Error> {
        #[expect(
            clippy::disallowed_methods,
            reason = "this is the guarded client that everybody else must use"
        )]
        reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .connect_timeout(connect)
            .tcp_keepalive(KEEP_ALIVE)
            .http2_keep_alive_interval(KEEP_ALIVE)
            .http2_keep_alive_timeout(KEEP_ALIVE)
            .pool_idle_timeout(POOL_IDLE)
            .pool_max_idle_per_host(POOL)
            .dns_resolver(GuardedResolver(policy.clone()))
            .user_agent(concat!("Sluice/", env!("CARGO_PKG_VERSION")))
            .build()
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

/// Refuses a compressed body: none was asked for, and a small one may become a very large one.
pub(crate) fn uncompressed(response: &reqwest::Response) -> Result<(), Failure> {
    let encodings = response.headers().get_all(http::header::CONTENT_ENCODING);
    if encodings.iter().all(|encoding| encoding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        return Ok(());
    }
    Err(Failure::new(Code::ProtocolViolation).detail("It sent a compressed body, which nobody asked for."))
}

/// So many of the largest bodies may be read from one server at the same time.
const BODIES: usize = 4;

/// Bytes that are held of a body while it is read; they are given back at the end.
struct Held<'a> {
    all: &'a AtomicUsize,
    own: usize,
}

impl Held<'_> {
    /// Whether that many more may be held.
    fn take(&mut self, bytes: usize, limit: usize) -> bool {
        self.own += bytes;
        self.all.fetch_add(bytes, Ordering::Relaxed) + bytes <= limit
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.all.fetch_sub(self.own, Ordering::Relaxed);
    }
}

/// Reads a whole body, refusing to hold more than `limit` bytes of it, or a few times that of all
/// that are being read and counted in `reading`.
pub(crate) async fn read_body(
    mut response: reqwest::Response,
    limit: usize,
    reading: &AtomicUsize,
) -> Result<Bytes, Failure> {
    uncompressed(&response)?;
    let too_large = || Failure::new(Code::TooLargeMessage).detail(format!("The limit is {limit} bytes."));
    if response
        .content_length()
        .is_some_and(|length| usize::try_from(length).is_ok_and(|length| length > limit))
    {
        return Err(too_large());
    }
    let mut held = Held { all: reading, own: 0 };
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(|e| failure(&e))? {
        if body.len() + chunk.len() > limit {
            return Err(too_large());
        }
        if !held.take(chunk.len(), limit.saturating_mul(BODIES)) {
            return Err(Failure::new(Code::UpstreamBusy)
                .detail("Its answers that are being read are too large taken together."));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}
