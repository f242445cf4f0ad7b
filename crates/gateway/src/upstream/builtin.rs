//! Servers inside Sluice, spoken to like any other: over a pipe, with a handshake.

use std::sync::Arc;

use domain::Code;
use tokio::sync::mpsc;

use super::{Connection, Link, PIPE_QUEUE, pipe};
use crate::{error::Failure, toolbox};

const BUFFER: usize = 64 * 1024;

pub(super) fn start(connection: &Arc<Connection>, name: &str) -> Result<(), Failure> {
    if !domain::server::BUILTINS.contains(&name) {
        return Err(Failure::new(Code::BuiltinUnknown));
    }
    let (ours, theirs) = tokio::io::duplex(BUFFER);
    let (outgoing, messages) = mpsc::channel(PIPE_QUEUE);
    let _ = connection.link.set(Link::Pipe(outgoing));
    let (from, to) = tokio::io::split(ours);
    let tasks = &connection.plane.tasks;
    tasks.spawn(pipe::write(connection.clone(), messages, to));
    let clock = connection.plane.clock.clone();
    let (reader, served) = (connection.clone(), connection.clone());
    tasks.spawn(async move {
        pipe::read(&reader, from).await;
        reader.close(Failure::new(Code::ConnectionLost));
    });
    tasks.spawn(async move {
        tokio::select! {
            () = served.ended() => {}
            _ = toolbox::serve(clock, theirs) => {}
        }
        served.released.cancel();
    });
    Ok(())
}
