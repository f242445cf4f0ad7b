//! One connection, driven by whoever waits for what it brings.
//!
//! hyper keeps a connection apart from the requests on it, so that a task can drive it. Here the two
//! are always polled together, in the task that made the request: what the connection brings needs
//! no waking of anybody. Only what comes from outside, from the socket, wakes that task.

use std::{
    future::Future,
    io,
    pin::{Pin, pin},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    task::{Context, Poll, Wake, Waker},
};

use bytes::Bytes;
use domain::Code;
use futures_util::task::AtomicWaker;
use http::{Request, Response};
use http_body_util::Full;
use hyper::{
    body::Incoming,
    client::conn::http1::{self, SendRequest},
};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};
use tokio_rustls::client::TlsStream;

use crate::error::Failure;

/// Times that connection and request are polled in turn before others have theirs.
const TURNS: u32 = 8;

pub(super) struct Line {
    sender: SendRequest<Full<Bytes>>,
    /// None when it is closed.
    connection: Option<Box<http1::Connection<TokioIo<Stream>, Full<Bytes>>>>,
    bell: Arc<Bell>,
    waker: Waker,
}

/// A request that got no answer; it comes back if nothing of it was sent.
pub(super) struct Unsent {
    pub(super) request: Option<Box<Request<Full<Bytes>>>>,
    pub(super) failure: Failure,
}

impl Line {
    pub(super) async fn new(stream: Stream) -> Result<Self, Failure> {
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(|e| lost(&e))?;
        let bell = Arc::new(Bell::default());
        let waker = Waker::from(bell.clone());
        Ok(Self { sender, connection: Some(Box::new(connection)), bell, waker })
    }

    /// Sends a request and waits for the head of its answer.
    pub(super) async fn send(
        mut self,
        request: Request<Full<Bytes>>,
    ) -> Result<(Self, Response<Incoming>), Unsent> {
        let answer = self.sender.try_send_request(request);
        match self.drive(answer).await {
            Ok(response) => Ok((self, response)),
            Err(mut error) => {
                let request = error.take_message().map(Box::new);
                Err(Unsent { request, failure: lost(error.error()) })
            }
        }
    }

    /// Waits for something that this connection brings about.
    pub(super) async fn drive<T>(&mut self, wanted: impl Future<Output = T>) -> T {
        let mut wanted = pin!(wanted);
        std::future::poll_fn(|cx| {
            let bell = self.bell.clone();
            bell.task.register(cx.waker());
            bell.is_polled.store(true, SeqCst);
            for _ in 0..TURNS {
                bell.rang.store(false, SeqCst);
                self.poll();
                // Whatever it waits for happens in a turn of the connection, which it follows.
                if let Poll::Ready(done) = wanted.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                    bell.is_polled.store(false, SeqCst);
                    return Poll::Ready(done);
                }
                if !bell.rang.load(SeqCst) {
                    break;
                }
            }
            bell.is_polled.store(false, SeqCst);
            if bell.rang.load(SeqCst) {
                cx.waker().wake_by_ref();
            }
            Poll::Pending
        })
        .await
    }

    fn poll(&mut self) {
        if let Some(connection) = &mut self.connection
            && Pin::new(connection).poll(&mut Context::from_waker(&self.waker)).is_ready()
        {
            self.connection = None;
        }
    }

    /// Whether it can be used for another request. To be asked at the end of an answer.
    pub(super) fn is_reusable(&mut self) -> bool {
        if !self.sender.is_ready() {
            self.poll();
        }
        // Nobody's task is told of what happens to an unused connection.
        self.bell.task.take();
        self.connection.is_some() && self.sender.is_ready()
    }
}

/// The exchange broke off. The cause's own words may hold what was sent, and so stay private.
pub(super) fn lost(_: &hyper::Error) -> Failure {
    Failure::new(Code::ConnectionLost)
}

/// Wakes the task that drives a connection, unless it is at it.
#[derive(Default)]
struct Bell {
    task: AtomicWaker,
    is_polled: AtomicBool,
    rang: AtomicBool,
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.rang.store(true, SeqCst);
        if !self.is_polled.load(SeqCst) {
            self.task.wake();
        }
    }
}

pub(super) enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Stream::Plain(stream) => Pin::new(stream).poll_read(cx, buffer),
            Stream::Tls(stream) => Pin::new(stream).poll_read(cx, buffer),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Stream::Plain(stream) => Pin::new(stream).poll_write(cx, bytes),
            Stream::Tls(stream) => Pin::new(stream).poll_write(cx, bytes),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Stream::Plain(stream) => Pin::new(stream).poll_write_vectored(cx, parts),
            Stream::Tls(stream) => Pin::new(stream).poll_write_vectored(cx, parts),
        }
    }

    fn is_write_vectored(&self) -> bool {
        match self {
            Stream::Plain(stream) => stream.is_write_vectored(),
            Stream::Tls(stream) => stream.is_write_vectored(),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Stream::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Stream::Tls(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Stream::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Stream::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}
