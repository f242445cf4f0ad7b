//! Upstreams over raw sockets that do what no HTTP library would let them.

use std::{sync::LazyLock, time::Duration};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// What a server does when its tool is called; until then it is a good one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// A stream of messages that nobody asked for, without end and without the answer. The stream
    /// that belongs to no call is the same.
    EndlessStream,
    /// One event that never ends.
    EndlessEvent,
    /// A body of 1 GB, announced.
    HugeBody,
    /// A body without end, not announced.
    EndlessBody,
    /// 3 MiB of a body, and then nothing more.
    StalledBody,
    /// A result that is nested 200 deep.
    Deep,
    /// A small body that becomes a large one, for who inflates it.
    Bomb,
    /// Headers that come a byte at a time and never end.
    SlowHeaders,
    /// `initialize` is never answered.
    Mute,
}

pub(crate) struct Raw {
    pub(crate) url: String,
    task: JoinHandle<()>,
}

impl Drop for Raw {
    fn drop(&mut self) {
        self.task.abort();
    }
}

pub(crate) async fn serve(way: Way) -> Raw {
    if way == Way::Bomb {
        bomb();
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/mcp", listener.local_addr().expect("an address"));
    let task = tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let _ = talk(stream, way).await;
            });
        }
    });
    Raw { url, task }
}

async fn talk(mut stream: TcpStream, way: Way) -> std::io::Result<()> {
    while let Some((method, message)) = request(&mut stream).await? {
        let reply = |result: Value| json!({ "jsonrpc": "2.0", "id": message["id"], "result": result });
        match (method.as_str(), message["method"].as_str().unwrap_or_default()) {
            ("GET", _) if way == Way::EndlessStream => return endless_stream(&mut stream).await,
            ("GET", _) => head(&mut stream, "405 Method Not Allowed", "content-length: 0\r\n").await?,
            ("DELETE", _) => head(&mut stream, "204 No Content", "").await?,
            (_, "initialize") if way == Way::Mute => std::future::pending().await,
            (_, "initialize") => {
                let result = json!({
                    "protocolVersion": "2025-06-18",
                    "capabilities": { "tools": {} },
                    "serverInfo": { "name": "raw", "version": "1" },
                });
                body(&mut stream, "", reply(result).to_string().as_bytes()).await?;
            }
            (_, "tools/list") => {
                let tools = json!({ "tools": [{ "name": "strike", "inputSchema": { "type": "object" } }] });
                body(&mut stream, "", reply(tools).to_string().as_bytes()).await?;
            }
            (_, "tools/call") => strike(&mut stream, way, &message["id"]).await?,
            _ if message["id"].is_null() => {
                head(&mut stream, "202 Accepted", "content-length: 0\r\n").await?
            }
            _ => body(&mut stream, "", reply(json!({})).to_string().as_bytes()).await?,
        }
    }
    Ok(())
}

async fn strike(stream: &mut TcpStream, way: Way, id: &Value) -> std::io::Result<()> {
    const JSON: &str = "content-type: application/json\r\n";
    let spaces = vec![b' '; 64 * 1024];
    match way {
        Way::EndlessStream => endless_stream(stream).await,
        Way::EndlessEvent => {
            head(stream, "200 OK", "content-type: text/event-stream\r\n").await?;
            stream.write_all(b"data: ").await?;
            loop {
                stream.write_all(&spaces).await?;
            }
        }
        Way::HugeBody => {
            head(stream, "200 OK", &format!("{JSON}content-length: 1000000000\r\n")).await?;
            loop {
                stream.write_all(&spaces).await?;
            }
        }
        Way::EndlessBody => {
            head(stream, "200 OK", JSON).await?;
            loop {
                stream.write_all(&spaces).await?;
            }
        }
        Way::StalledBody => {
            head(stream, "200 OK", JSON).await?;
            stream.write_all(&vec![b' '; 3 * 1024 * 1024]).await?;
            std::future::pending().await
        }
        Way::Deep => {
            let nested = format!("{}{}", "[".repeat(200), "]".repeat(200));
            let text = format!(r#"{{"jsonrpc":"2.0","id":{id},"result":{{"content":[],"x":{nested}}}}}"#);
            body(stream, "", text.as_bytes()).await
        }
        Way::Bomb => body(stream, "content-encoding: gzip\r\n", bomb()).await,
        Way::SlowHeaders => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nx-slow: ").await?;
            loop {
                stream.write_all(b"x").await?;
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
        Way::Mute => std::future::pending().await,
    }
}

async fn endless_stream(stream: &mut TcpStream) -> std::io::Result<()> {
    head(stream, "200 OK", "content-type: text/event-stream\r\n").await?;
    let event = "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}\n\n".repeat(200);
    loop {
        stream.write_all(event.as_bytes()).await?;
    }
}

/// 64 MB of white space in 406 KB. Made once: it takes a while.
fn bomb() -> &'static [u8] {
    static BOMB: LazyLock<Vec<u8>> = LazyLock::new(deflated);
    &BOMB
}

/// By the fixed codes of RFC 1951.
fn deflated() -> Vec<u8> {
    let mut bytes = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let (mut pending, mut count) = (0_u32, 0);
    let mut put = |bits: &str| {
        for bit in bits.bytes() {
            pending |= u32::from(bit - b'0') << count;
            count += 1;
            if count == 8 {
                bytes.push(u8::try_from(pending).expect("a byte"));
                (pending, count) = (0, 0);
            }
        }
    };
    // The last block, fixed codes, one space.
    put("1");
    put("10");
    put("01010000");
    for _ in 0..250_000 {
        // 258 bytes from one byte back.
        put("1100010100000");
    }
    put("0000000");
    put("0000000");
    bytes
}

async fn head(stream: &mut TcpStream, status: &str, headers: &str) -> std::io::Result<()> {
    stream.write_all(format!("HTTP/1.1 {status}\r\n{headers}\r\n").as_bytes()).await
}

async fn body(stream: &mut TcpStream, headers: &str, body: &[u8]) -> std::io::Result<()> {
    let headers = format!("content-type: application/json\r\ncontent-length: {}\r\n{headers}", body.len());
    head(stream, "200 OK", &headers).await?;
    stream.write_all(body).await
}

/// The next request's method and its message; none at the end.
async fn request(stream: &mut TcpStream) -> std::io::Result<Option<(String, Value)>> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break at + 4;
        }
        if stream.read_buf(&mut bytes).await? == 0 {
            return Ok(None);
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
    let length: usize = length.map_or(0, |length| length.trim().parse().expect("a length"));
    while bytes.len() < end + length {
        if stream.read_buf(&mut bytes).await? == 0 {
            return Ok(None);
        }
    }
    let method = head.split(' ').next().unwrap_or_default().to_ascii_uppercase();
    Ok(Some((method, serde_json::from_slice(&bytes[end..end + length]).unwrap_or(Value::Null))))
}
