//! One origin and the connections to it.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use domain::Code;
use http::Request;
use http_body_util::Full;
use rustls::pki_types::ServerName;
use socket2::{SockRef, TcpKeepalive};
use tokio::{
    net::TcpStream,
    time::{Instant, timeout},
};

use super::{
    OutboundPolicy, forbidden,
    line::{Line, Stream, Unsent},
    reply::Reply,
    tls::Tls,
};
use crate::{error::Failure, lock::lock};

/// How long a quiet connection may be gone before that is noticed.
const KEEP_ALIVE: Duration = Duration::from_secs(30);
/// How long an unused connection is kept for the next request.
const IDLE: Duration = Duration::from_secs(60);
/// Unused connections that are kept.
const POOL: usize = 64;

/// Scheme, host and port (RFC 6454).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Origin {
    pub(super) is_tls: bool,
    /// A name, or a literal address without brackets.
    pub(super) host: String,
    pub(super) port: u16,
}

pub(super) struct Site {
    origin: Origin,
    /// How long it may take to take a connection.
    limit: Duration,
    policy: Arc<OutboundPolicy>,
    tls: Tls,
    /// Unused connections, the latest last.
    idle: Mutex<Vec<(Line, Instant)>>,
}

impl Site {
    pub(super) fn new(origin: Origin, limit: Duration, policy: Arc<OutboundPolicy>, tls: Tls) -> Self {
        Self { origin, limit, policy, tls, idle: Mutex::default() }
    }

    pub(super) async fn send(self: &Arc<Self>, mut request: Request<Full<Bytes>>) -> Result<Reply, Failure> {
        loop {
            let kept = self.take();
            let is_new = kept.is_none();
            let line = match kept {
                Some(line) => line,
                None => Box::pin(self.connect()).await?,
            };
            match line.send(request).await {
                Ok((line, response)) => return Ok(Reply::new(self.clone(), line, response)),
                // One that was closed while it lay here says so before anything is sent.
                Err(Unsent { request: Some(unsent), .. }) if !is_new => request = *unsent,
                Err(Unsent { failure, .. }) => return Err(failure),
            }
        }
    }

    fn take(&self) -> Option<Line> {
        let mut idle = lock(&self.idle);
        let (line, since) = idle.pop()?;
        if since.elapsed() < IDLE {
            return Some(line);
        }
        // All others are older.
        idle.clear();
        None
    }

    /// Keeps a connection for the next request.
    pub(super) fn put(&self, line: Line) {
        let mut idle = lock(&self.idle);
        if idle.len() < POOL {
            idle.push((line, Instant::now()));
        }
    }

    pub(super) fn sweep(&self) {
        lock(&self.idle).retain(|(_, since)| since.elapsed() < IDLE);
    }

    async fn connect(&self) -> Result<Line, Failure> {
        timeout(self.limit, self.dial()).await.unwrap_or_else(|_| {
            let text = format!("It took no connection within {} s.", self.limit.as_secs_f32());
            Err(Failure::new(Code::ConnectFailed).detail(text))
        })
    }

    async fn dial(&self) -> Result<Line, Failure> {
        let addresses = self.resolve().await?;
        let mut last = None;
        for (tried, address) in addresses.iter().enumerate() {
            // One that leads nowhere leaves time for the next.
            let share = self.limit / u32::try_from(addresses.len() - tried).unwrap_or(u32::MAX);
            match timeout(share, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => return self.open(stream).await,
                Ok(Err(error)) => last = Some(error),
                Err(_) => last = Some(io::ErrorKind::TimedOut.into()),
            }
        }
        Err(unreachable(&last.unwrap_or_else(|| io::ErrorKind::NotFound.into())))
    }

    /// The addresses that may be connected to.
    async fn resolve(&self) -> Result<Vec<SocketAddr>, Failure> {
        let Origin { host, port, .. } = &self.origin;
        if let Ok(address) = host.parse::<IpAddr>() {
            return Ok(vec![(address, *port).into()]);
        }
        let found: Vec<SocketAddr> =
            tokio::net::lookup_host((host.as_str(), *port)).await.map_err(|e| unreachable(&e))?.collect();
        let permitted: Vec<_> = found.iter().copied().filter(|a| self.policy.permits(a.ip())).collect();
        match (permitted.is_empty(), found.first()) {
            (true, Some(first)) => Err(forbidden(&format!("{host} ({})", first.ip()))),
            _ => Ok(permitted),
        }
    }

    async fn open(&self, stream: TcpStream) -> Result<Line, Failure> {
        let _ = stream.set_nodelay(true);
        let _ = SockRef::from(&stream)
            .set_tcp_keepalive(&TcpKeepalive::new().with_time(KEEP_ALIVE).with_interval(KEEP_ALIVE));
        let stream = if self.origin.is_tls {
            let name =
                ServerName::try_from(self.origin.host.clone()).map_err(|_| Failure::new(Code::UrlInvalid))?;
            let secured = self.tls.connect(name, stream).await.map_err(|error| unreachable(&error))?;
            Stream::Tls(Box::new(secured))
        } else {
            Stream::Plain(stream)
        };
        Line::new(stream).await
    }
}

/// What a failed connection means in front of a person. Neither an operating system's word, such as
/// "Connection refused (os error 111)", nor one of TLS tells anything secret.
fn unreachable(error: &io::Error) -> Failure {
    match error.get_ref().and_then(|cause| cause.downcast_ref::<rustls::Error>()) {
        Some(tls) => Failure::new(Code::TlsFailed).detail(format!("{tls}.")),
        None => Failure::new(Code::ConnectFailed).detail(format!("{error}.")),
    }
}
