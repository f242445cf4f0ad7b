//! Listening, serving and stopping.
//!
//! `axum::serve` has no timer for a request's head, so a client that drips bytes would hold a
//! connection for ever; the loop here is hyper's own with that timer (slowloris).

use std::{convert::Infallible, future::Future, net::SocketAddr, time::Duration};

use anyhow::{Context, Result};
use axum::body::Body;
use futures_util::FutureExt;
use http::{HeaderValue, Version, header};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto::Builder, graceful::GracefulShutdown},
};
use tokio::{
    net::{TcpListener, TcpStream},
    time::Instant,
};
use tokio_util::sync::CancellationToken;

use crate::{front::Front, router::HEAD_TIMEOUT};

/// Opens the socket; a port in use is the most common failure of a first start.
pub(crate) async fn listen(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!("cannot listen on {address}; choose another with --listen or SLUICE__SERVER__LISTEN")
    })
}

/// How long connections that nothing is asked on stay open at a stop: who is about to send on one
/// gets an answer, and learns from it to send no more.
const LULL: Duration = Duration::from_millis(500);
/// How long the last answers may take after the end of what they come from.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Serves until `stop` completes, then lets open requests finish until `deadline` has passed; then
/// `end` ends what is behind them, and with it those that are left.
pub(crate) async fn serve(
    listener: TcpListener,
    front: Front,
    stop: impl Future<Output = ()>,
    deadline: Duration,
    end: impl Future<Output = ()>,
) {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(Duration::from_secs(30))
        .max_concurrent_streams(256);
    let graceful = GracefulShutdown::new();
    let leaving = CancellationToken::new();
    let take = |(stream, peer): (TcpStream, SocketAddr)| {
        let _ = stream.set_nodelay(true);
        let (front, leaving) = (front.clone(), leaving.clone());
        let service = service_fn(move |request: http::Request<Incoming>| {
            let (front, leaving, version) = (front.clone(), leaving.clone(), request.version());
            // Boxed, because a connection keeps room for its service's future while it is idle.
            Box::pin(async move {
                let mut response = front.answer(request.map(Body::new), peer).await;
                if leaving.is_cancelled() && version <= Version::HTTP_11 {
                    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
                }
                Ok::<_, Infallible>(response)
            })
        });
        let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service);
        let connection = graceful.watch(connection.into_owned());
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(error, "a connection ended early");
            }
        });
    };
    tokio::pin!(stop);
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => take(accepted),
                Err(error) => {
                    // Out of file descriptors, most likely: leave the others time to end.
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            },
            () = &mut stop => break,
        }
    }
    leaving.cancel();
    // Their clients take them for open already.
    while let Some(Ok(accepted)) = listener.accept().now_or_never() {
        take(accepted);
    }
    drop(listener);
    let begun = Instant::now();
    while graceful.count() > 0 && begun.elapsed() < LULL.min(deadline) {
        tokio::time::sleep(LULL / 50).await;
    }
    let open = graceful.shutdown();
    tokio::pin!(open);
    let all = tokio::time::timeout(deadline.saturating_sub(begun.elapsed()), &mut open).await;
    end.await;
    if all.is_err() {
        tracing::warn!("requests were still open at the deadline");
        let _ = tokio::time::timeout(LAST_WORDS, open).await;
    }
}

/// Completes on SIGINT or SIGTERM.
pub(crate) async fn signal() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            },
            Err(_) => {
                let _ = interrupt.await;
            }
        }
    }
    #[cfg(not(unix))]
    let _ = interrupt.await;
}
