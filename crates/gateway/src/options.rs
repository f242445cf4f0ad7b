//! What the data plane is told when it starts.

use std::{path::PathBuf, time::Duration};

use secrecy::SecretBox;
use url::Url;

use crate::{Clock, EventSink, OutboundPolicy};

/// Bounds on what one client or one server can make Sluice hold.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Bytes of a request body of a client.
    pub body_bytes: usize,
    /// Bytes of one message of an upstream: a line of stdio, an event of a stream.
    pub message_bytes: usize,
    /// Bytes of one JSON answer of an upstream over HTTP.
    pub response_bytes: usize,
    /// Bytes of one message to a client of the older SSE transport; a larger answer becomes an
    /// error. Some clients end the whole session over a large event, and streamable HTTP is there
    /// for large answers.
    pub sse_event_bytes: usize,
    /// Open sessions for each key; the one idle longest makes room.
    pub sessions_per_key: usize,
    /// Open sessions of all keys of a project together; the one idle longest makes room.
    pub sessions_per_project: usize,
    /// Requests that one session may have waiting.
    pub calls_per_session: usize,
    /// Messages that may wait for one slow reader before its stream is closed.
    pub stream_messages: usize,
    /// Bytes that may wait for one slow reader before its stream is closed.
    pub stream_bytes: usize,
    /// How long a session without an open stream may go unused.
    pub session_idle: Duration,
    /// Between two comments that keep a quiet stream open: under 30 s, the shortest read time-out
    /// of known clients.
    pub keep_alive: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        const MIB: usize = 1024 * 1024;
        Self {
            body_bytes: 4 * MIB,
            message_bytes: 16 * MIB,
            response_bytes: 64 * MIB,
            sse_event_bytes: 16 * MIB,
            sessions_per_key: 200,
            sessions_per_project: 2_000,
            calls_per_session: 64,
            stream_messages: 256,
            stream_bytes: 96 * MIB,
            session_idle: Duration::from_secs(30 * 60),
            keep_alive: Duration::from_secs(15),
        }
    }
}

#[derive(Debug)]
pub struct Options {
    pub limits: Limits,
    pub outbound: OutboundPolicy,
    /// Whether servers may be commands at all.
    pub stdio_enabled: bool,
    pub clock: Clock,
    pub events: EventSink,
    /// Origin and optional path prefix under which clients reach Sluice.
    pub public_url: Url,
    /// Further origins whose pages may call.
    pub allowed_origins: Vec<String>,
    /// Whether projects that are open may be reached without a key: only sensible where nobody but
    /// this machine's users can connect.
    pub open_access: bool,
    /// The program that runs [`crate::reaper::run`] when started as `PROGRAM supervise -- COMMAND…`.
    /// Without it a killed Sluice leaves its children behind.
    pub reaper: Option<PathBuf>,
    /// Seals what sessions need to go on after a restart into their ids. Without it a restart ends
    /// all sessions.
    pub session_key: Option<SecretBox<[u8; 32]>>,
}
