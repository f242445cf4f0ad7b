//! Against sockets whose every byte is known.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    time::timeout,
};

use super::*;

const LIMIT: Duration = Duration::from_secs(5);

async fn listening() -> (TcpListener, Address) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/mcp?x=1", listener.local_addr().expect("an address"));
    let policy = OutboundPolicy::new(&[] as &[&str], true).expect("no networks");
    let _ = rustls::crypto::ring::default_provider().install_default();
    let outbound = Outbound::new(policy);
    let address = outbound.address(&url.parse().expect("a URL"), LIMIT).expect("it is permitted");
    (listener, address)
}

/// Reads one request without a body; none at the end of the connection.
async fn request(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    Some(String::from_utf8(head).expect("text"))
}

async fn get(address: &Address) -> Result<Reply, Failure> {
    timeout(LIMIT, address.send(Method::GET, HeaderMap::new(), Bytes::new())).await.expect("in time")
}

async fn body(reply: Reply) -> Bytes {
    read_body(reply, 1_000, &0.into()).await.expect("a body")
}

#[tokio::test]
async fn one_connection_serves_one_request_after_the_other() {
    let (listener, address) = listening().await;
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        for answer in
            ["content-length: 2\r\n\r\nhi", "transfer-encoding: chunked\r\n\r\n2\r\nho\r\n0\r\n\r\n"]
        {
            let head = request(&mut stream).await.expect("a request");
            assert!(head.starts_with("GET /mcp?x=1 HTTP/1.1\r\n"), "{head}");
            assert!(head.contains(&format!("host: {}\r\n", stream.local_addr().expect("an address"))));
            stream.write_all(format!("HTTP/1.1 200 OK\r\n{answer}").as_bytes()).await.expect("it is read");
        }
        let head = request(&mut stream).await;
        assert!(head.is_some(), "the third request comes the same way");
        stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await.expect("it is read");
        stream
    });
    assert_eq!(body(get(&address).await.expect("an answer")).await, "hi");
    assert_eq!(body(get(&address).await.expect("an answer")).await, "ho");
    assert_eq!(get(&address).await.expect("an answer").status(), 204);
    server.await.expect("it saw what it expected");
}

#[tokio::test]
async fn a_connection_that_closed_while_it_was_unused_costs_nothing() {
    let (listener, address) = listening().await;
    let (closed, is_closed) = oneshot::channel();
    let server = tokio::spawn(async move {
        let (mut first, _) = listener.accept().await.expect("a connection");
        request(&mut first).await;
        first.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n1").await.expect("it is read");
        drop(first);
        let _ = closed.send(());
        let (mut second, _) = listener.accept().await.expect("another connection");
        request(&mut second).await;
        second.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n2").await.expect("it is read");
    });
    assert_eq!(body(get(&address).await.expect("an answer")).await, "1");
    is_closed.await.expect("it closes");
    assert_eq!(body(get(&address).await.expect("an answer")).await, "2");
    server.await.expect("it saw what it expected");
}

/// Whatever comes after an answer must not become the answer of another request.
#[tokio::test]
async fn a_connection_with_bytes_that_nobody_asked_for_is_not_used_again() {
    let (listener, address) = listening().await;
    let (sent, is_sent) = oneshot::channel();
    let server = tokio::spawn(async move {
        let (mut first, _) = listener.accept().await.expect("a connection");
        request(&mut first).await;
        first.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n1").await.expect("it is read");
        first.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nforged").await.expect("it is read");
        let _ = sent.send(());
        let (mut second, _) = listener.accept().await.expect("another connection");
        request(&mut second).await;
        second.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n2").await.expect("it is read");
        first
    });
    assert_eq!(body(get(&address).await.expect("an answer")).await, "1");
    is_sent.await.expect("it is sent");
    assert_eq!(body(get(&address).await.expect("an answer")).await, "2");
    server.await.expect("it saw what it expected");
}

#[tokio::test]
async fn a_connection_that_breaks_before_the_answer_is_a_failure_and_no_second_try() {
    let (listener, address) = listening().await;
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        request(&mut stream).await;
        drop(stream);
        listener
    });
    let failure = get(&address).await.err().expect("no answer");
    assert_eq!(failure.code, Code::ConnectionLost);
    let listener = server.await.expect("it saw what it expected");
    assert!(timeout(Duration::from_millis(50), listener.accept()).await.is_err());
}

#[tokio::test]
async fn a_stream_comes_piece_by_piece_and_ends_with_its_reader() {
    let (listener, address) = listening().await;
    let (go_on, may_go_on) = oneshot::channel();
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        request(&mut stream).await;
        let head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\none\r\n";
        stream.write_all(head).await.expect("it is read");
        may_go_on.await.expect("it is told");
        stream.write_all(b"3\r\ntwo\r\n").await.expect("it is read");
        assert_eq!(stream.read(&mut [0; 1]).await.expect("an end"), 0, "the reader has gone");
    });
    let mut reply = get(&address).await.expect("an answer");
    assert_eq!(reply.chunk().await, Ok(Some("one".into())));
    // Giving up the wait loses nothing.
    assert!(timeout(Duration::from_millis(20), reply.chunk()).await.is_err());
    go_on.send(()).expect("it listens");
    assert_eq!(timeout(LIMIT, reply.chunk()).await.expect("in time"), Ok(Some("two".into())));
    drop(reply);
    timeout(LIMIT, server).await.expect("in time").expect("it saw what it expected");
}

#[tokio::test]
async fn a_certificate_of_nobody_is_told_apart() {
    let (listener, _) = listening().await;
    let url = format!("https://{}/", listener.local_addr().expect("an address"));
    let policy = OutboundPolicy::new(&[] as &[&str], true).expect("no networks");
    let address =
        Outbound::new(policy).address(&url.parse().expect("a URL"), LIMIT).expect("it is permitted");
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        // An alert: handshake failure (RFC 8446 §6.2).
        stream.write_all(&[21, 3, 3, 0, 2, 2, 40]).await.expect("it is read");
        stream
    });
    assert_eq!(get(&address).await.err().expect("no answer").code, Code::TlsFailed);
    drop(server);
}
