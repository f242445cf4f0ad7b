//! The upstream over streamable HTTP (`/mcp`) and over HTTP+SSE (`/sse`, `/messages`).

use std::{
    collections::HashMap,
    convert::Infallible,
    net::SocketAddr,
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll},
};

use anyhow::Result;
use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Either, Full};
use hyper::{
    body::{Body, Frame},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::{
    net::TcpListener,
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
};

use super::{Era, Reply, answer};
use crate::load::event;

type Answer = Response<Either<Full<Bytes>, Events>>;

struct Upstream {
    era: Era,
    next: AtomicU64,
    streams: Mutex<HashMap<u64, UnboundedSender<Bytes>>>,
}

pub(super) async fn serve(listen: SocketAddr, era: Era) -> Result<()> {
    let listener = TcpListener::bind(listen).await?;
    println!("{}", listener.local_addr()?);
    let upstream = Arc::new(Upstream { era, next: AtomicU64::new(1), streams: Mutex::default() });
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let upstream = upstream.clone();
        tokio::spawn(async move {
            let service = service_fn(move |request| handle(upstream.clone(), request));
            // A client that goes away is no failure of ours.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

async fn handle(
    upstream: Arc<Upstream>,
    request: Request<hyper::body::Incoming>,
) -> Result<Answer, hyper::Error> {
    let (head, body) = request.into_parts();
    Ok(match (head.method, head.uri.path()) {
        (Method::POST, "/mcp") => {
            let body = body.collect().await?.to_bytes();
            upstream.streamable(answer(upstream.era, &body))
        }
        (Method::GET, "/mcp") if upstream.era == Era::Legacy => stream(Bytes::from_static(b": open\n\n")).1,
        (Method::DELETE, "/mcp") => empty(StatusCode::NO_CONTENT),
        (Method::GET, "/sse") => upstream.open(),
        (Method::POST, "/messages") => {
            let session = head.uri.query().and_then(|query| query.strip_prefix("sessionId=")?.parse().ok());
            let body = body.collect().await?.to_bytes();
            upstream.message(session, answer(Era::Legacy, &body))
        }
        (_, "/mcp" | "/sse" | "/messages") => empty(StatusCode::METHOD_NOT_ALLOWED),
        _ => empty(StatusCode::NOT_FOUND),
    })
}

impl Upstream {
    fn streamable(&self, reply: Reply) -> Answer {
        match reply {
            Reply::Answer(bytes) => json(bytes),
            Reply::Opened(bytes) => {
                let mut response = json(bytes);
                let id = self.next.fetch_add(1, Ordering::Relaxed);
                response.headers_mut().insert("mcp-session-id", HeaderValue::from(id));
                response
            }
            Reply::Unknown(bytes) => {
                let mut response = json(bytes);
                if self.era == Era::Modern {
                    *response.status_mut() = StatusCode::NOT_FOUND;
                }
                response
            }
            Reply::Listening(bytes) => stream(event::encode("message", &bytes)).1,
            Reply::Nothing => empty(StatusCode::ACCEPTED),
            Reply::Malformed => empty(StatusCode::BAD_REQUEST),
        }
    }

    fn open(&self) -> Answer {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let (sender, response) =
            stream(event::encode("endpoint", format!("/messages?sessionId={id}").as_bytes()));
        let mut streams = self.streams.lock().unwrap_or_else(PoisonError::into_inner);
        streams.retain(|_, stream| !stream.is_closed());
        streams.insert(id, sender);
        response
    }

    fn message(&self, session: Option<u64>, reply: Reply) -> Answer {
        let streams = self.streams.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(stream) = session.and_then(|id| streams.get(&id)) else {
            return empty(StatusCode::NOT_FOUND);
        };
        if let Reply::Answer(bytes) | Reply::Opened(bytes) | Reply::Unknown(bytes) = reply {
            // Its reader may have left.
            let _ = stream.send(event::encode("message", &bytes));
        }
        empty(StatusCode::ACCEPTED)
    }
}

/// A stream that ends when its reader leaves.
struct Events {
    incoming: UnboundedReceiver<Bytes>,
    _open: UnboundedSender<Bytes>,
}

impl Body for Events {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.incoming.poll_recv(context).map(|next| next.map(|bytes| Ok(Frame::data(bytes))))
    }
}

fn stream(first: Bytes) -> (UnboundedSender<Bytes>, Answer) {
    let (sender, incoming) = unbounded_channel();
    let _ = sender.send(first);
    let body = Either::Right(Events { incoming, _open: sender.clone() });
    (sender, typed(body, "text/event-stream"))
}

fn json(bytes: Bytes) -> Answer {
    typed(Either::Left(Full::new(bytes)), "application/json")
}

fn typed(body: Either<Full<Bytes>, Events>, kind: &'static str) -> Answer {
    let mut response = Response::new(body);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

fn empty(status: StatusCode) -> Answer {
    let mut response = Response::new(Either::Left(Full::default()));
    *response.status_mut() = status;
    response
}
