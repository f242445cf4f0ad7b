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

/// How long it must be calm at a stop before nothing new is taken: a client's next request often
/// belongs to its last one, and is missed as much.
const LULL: Duration = Duration::from_millis(500);
/// How long it may take to become calm.
const LISTENING: Duration = Duration::from_secs(10);
const LOOK: Duration = Duration::from_millis(10);
/// How long the last answers may take after the end of what they come from.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Serves until `stop` completes, and then until nobody is `busy`, telling clients to send no more on
/// their connections. Open requests may finish until `deadline` has passed; then `end` ends what is
/// behind them, and with it those that are left.
pub(crate) async fn serve(
    listener: TcpListener,
    front: Front,
    stop: impl Future<Output = ()>,
    deadline: Duration,
    busy: impl Fn() -> bool,
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
    let begun = Instant::now();
    let mut calm_since = begun;
    while calm_since.elapsed() < LULL && begun.elapsed() < LISTENING.min(deadline / 2) {
        match tokio::time::timeout(LOOK, listener.accept()).await {
            Ok(Ok(accepted)) => take(accepted),
            Ok(Err(_)) => tokio::time::sleep(LOOK).await,
            Err(_) => {}
        }
        if busy() {
            calm_since = Instant::now();
        }
    }
    // Their clients take them for open already.
    while let Some(Ok(accepted)) = listener.accept().now_or_never() {
        take(accepted);
    }
    drop(listener);
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

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    use axum::{Router, routing::get};
    use services::Entropy;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        sync::{Semaphore, oneshot},
    };

    use super::*;
    use crate::edge::{headers::Https, proxy::Proxies};

    /// Sends a request and gives all that is answered until the connection ends.
    async fn ask(address: SocketAddr, path: &str) -> std::io::Result<String> {
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(format!("GET {path} HTTP/1.1\r\nhost: test\r\n\r\n").as_bytes()).await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        Ok(answer)
    }

    #[tokio::test]
    async fn a_stop_serves_what_still_comes_while_something_is_under_way() {
        let (under_way, gate) = (Arc::new(AtomicUsize::new(0)), Arc::new(Semaphore::new(0)));
        let slow = {
            let (under_way, gate) = (under_way.clone(), gate.clone());
            move || async move {
                under_way.fetch_add(1, Ordering::SeqCst);
                let _ = gate.acquire().await;
                under_way.fetch_sub(1, Ordering::SeqCst);
                "slow"
            }
        };
        let router = Router::new().route("/slow", get(slow)).route("/quick", get(|| async { "quick" }));
        let front = Front::new(None, router, Entropy::os(), Https(false), Proxies::default());
        let listener = listen("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let (ended, busy) = (Arc::new(AtomicUsize::new(0)), under_way.clone());
        let serving = tokio::spawn({
            let ended = ended.clone();
            serve(
                listener,
                front,
                async move { drop(stopped.await) },
                Duration::from_secs(30),
                move || busy.load(Ordering::SeqCst) > 0,
                async move {
                    ended.fetch_add(1, Ordering::SeqCst);
                },
            )
        });
        let first = tokio::spawn(ask(address, "/slow"));
        while under_way.load(Ordering::SeqCst) == 0 {
            tokio::task::yield_now().await;
        }
        stop.send(()).unwrap();
        // Longer than the lull, because the first is still under way.
        for _ in 0..4 {
            let late = ask(address, "/quick").await.unwrap();
            assert!(late.starts_with("HTTP/1.1 200") && late.ends_with("quick"), "{late}");
            tokio::time::sleep(LULL / 2).await;
        }
        assert_eq!(ended.load(Ordering::SeqCst), 0);
        gate.add_permits(1);
        let first = first.await.unwrap().unwrap();
        assert!(first.ends_with("slow") && first.to_lowercase().contains("connection: close"), "{first}");
        serving.await.unwrap();
        assert_eq!(ended.load(Ordering::SeqCst), 1);
        assert!(ask(address, "/quick").await.is_err(), "nobody listens any more");
    }

    #[tokio::test]
    async fn what_is_open_at_the_deadline_does_not_keep_it_from_ending() {
        let router = Router::new().route("/never", get(std::future::pending::<&str>));
        let front = Front::new(None, router, Entropy::os(), Https(false), Proxies::default());
        let listener = listen("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let address = listener.local_addr().unwrap();
        let asked = tokio::spawn(ask(address, "/never"));
        let begun = Instant::now();
        serve(listener, front, std::future::ready(()), LULL, || true, std::future::ready(())).await;
        assert!(begun.elapsed() < LULL + LAST_WORDS + Duration::from_secs(5), "{:?}", begun.elapsed());
        asked.abort();
    }
}
