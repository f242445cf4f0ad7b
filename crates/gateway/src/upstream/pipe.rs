//! Lines over a pair of byte streams: a child's standard streams, or a pipe inside this process.

use std::sync::Arc;

use domain::Code;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    sync::mpsc,
};
use wire::line::{Decoder, Line};

use super::Connection;
use crate::{error::Failure, journal, mux::Answer};

const CHUNK: usize = 64 * 1024;

/// Writes messages until the connection ends, then closes the stream.
pub(super) async fn write(
    connection: Arc<Connection>,
    mut outgoing: mpsc::Receiver<String>,
    mut to: impl AsyncWrite + Unpin,
) {
    loop {
        let mut line = tokio::select! {
            biased;
            () = connection.ended() => break,
            line = outgoing.recv() => match line {
                Some(line) => line,
                None => break,
            },
        };
        line.push('\n');
        let written = async {
            to.write_all(line.as_bytes()).await?;
            to.flush().await
        };
        tokio::select! {
            biased;
            () = connection.ended() => break,
            // The reader learns of a broken pipe as well, and knows more of the reason.
            written = written => if written.is_err() { break },
        }
    }
    let _ = to.shutdown().await;
}

/// Reads messages until the stream ends. Takes no message once the connection is over.
pub(super) async fn read(connection: &Arc<Connection>, mut from: impl AsyncRead + Unpin) {
    let mut decoder = Decoder::new(connection.plane.limits.message_bytes);
    let mut buffer = vec![0; CHUNK];
    let mut noise = 0_u64;
    loop {
        let count = tokio::select! {
            biased;
            () = connection.ended() => return,
            count = from.read(&mut buffer) => match count {
                Ok(0) | Err(_) => return,
                Ok(count) => count,
            },
        };
        connection.flow.bytes(count);
        connection.pace().await;
        for line in decoder.push(&buffer[..count]) {
            connection.pace().await;
            if !connection.is_open() {
                return;
            }
            match line {
                Line::Message(message) => connection.receive(message, None),
                Line::Noise(text) => {
                    connection.flow.unasked();
                    noise += 1;
                    if noise == 1 {
                        journal::noise(connection, &connection.server.target.redact(&text));
                    }
                }
                Line::TooLong { id, bytes } => {
                    let failure = Failure::new(Code::TooLargeMessage).detail(format!(
                        "It has {bytes} bytes; {} are the limit.",
                        connection.plane.limits.message_bytes
                    ));
                    // Where the id is hidden behind the result there is still only one candidate
                    // if only one request waits.
                    let id = id.and_then(|id| id.as_number()).or_else(|| connection.mux.only_request());
                    if let Some(id) = id {
                        connection.fail(id, Answer::Failed(failure));
                    }
                }
            }
        }
    }
}
