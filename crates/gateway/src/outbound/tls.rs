//! TLS towards upstream servers, set up when the first of them wants it: reading the certificates that
//! this machine trusts costs time and memory, and a gateway in front of local servers needs none.

use std::{io, sync::Arc};

use rustls::{ClientConfig, pki_types::ServerName};
use rustls_platform_verifier::BuilderVerifierExt;
use tokio::{net::TcpStream, sync::OnceCell, task::spawn_blocking};
use tokio_rustls::{TlsConnector, client::TlsStream};

#[derive(Clone, Default)]
pub(super) struct Tls(Arc<OnceCell<TlsConnector>>);

impl Tls {
    /// # Errors
    /// Those of TLS hold a `rustls::Error`.
    pub(super) async fn connect(
        &self,
        name: ServerName<'static>,
        stream: TcpStream,
    ) -> io::Result<TlsStream<TcpStream>> {
        self.0.get_or_try_init(connector).await?.connect(name, stream).await
    }
}

async fn connector() -> io::Result<TlsConnector> {
    // The trusted certificates are files.
    let config = spawn_blocking(|| ClientConfig::builder().with_platform_verifier()).await?;
    let mut config = config.map_err(io::Error::other)?.with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsConnector::from(Arc::new(config)))
}
