//! The level of log messages at a legacy server, which has one for a connection, whoever uses it: the
//! least that any of its clients asked for. What is too much for one of them is left out on its way
//! back.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    time::Duration,
};

use serde_json::{json, value::RawValue};
use wire::{envelope, method};

use super::{Connection, Owner};
use crate::{error::Failure, session::Session};

const NAMES: [&str; 8] = ["debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"];
const UNKNOWN: u8 = u8::MAX;
/// A call may be waiting behind it.
const LIMIT: Duration = Duration::from_secs(5);

/// Its place among the levels; none for what is no level.
pub(crate) fn rank(level: &RawValue) -> Option<u8> {
    let name: String = serde_json::from_str(level.get()).ok()?;
    NAMES.iter().zip(0..).find_map(|(known, rank)| (*known == name).then_some(rank))
}

/// What a connection knows of its level.
pub(super) struct Level {
    /// The one that the server was told.
    told: AtomicU8,
    /// The least of modern clients, who say it on each request and never take it back.
    modern: AtomicU8,
    telling: tokio::sync::Mutex<()>,
}

impl Default for Level {
    fn default() -> Self {
        Self {
            told: AtomicU8::new(UNKNOWN),
            modern: AtomicU8::new(UNKNOWN),
            telling: tokio::sync::Mutex::default(),
        }
    }
}

impl Connection {
    /// Whether the server sends what a modern client asks for, or could not be brought to.
    pub(crate) fn logs_from(&self, level: &RawValue) -> bool {
        let told = self.level.told.load(Ordering::Acquire);
        let enough = rank(level).is_none_or(|rank| told != UNKNOWN && told <= rank);
        enough || !self.hello().is_some_and(|hello| hello.can("logging"))
    }

    /// Tells the server the level of a modern client's request.
    pub(crate) async fn log_from(self: &Arc<Self>, level: &RawValue) {
        if let Some(rank) = rank(level) {
            self.level.modern.fetch_min(rank, Ordering::AcqRel);
            // Its call is worth more than its log.
            let _ = self.tell_level().await;
        }
    }

    /// Tells the server the least level of all clients, where that is another one than before.
    pub(crate) async fn tell_level(self: &Arc<Self>) -> Result<(), Failure> {
        let _telling = self.level.telling.lock().await;
        let least = self.least_level();
        if least == UNKNOWN || least == self.level.told.load(Ordering::Acquire) {
            return Ok(());
        }
        let params = envelope::raw(json!({ "level": NAMES[usize::from(least)] }).to_string());
        let told = self.request(method::SET_LEVEL, Some(&params), LIMIT).await;
        // A server that does not want to be told is not told again.
        self.level.told.store(least, Ordering::Release);
        told.map(drop)
    }

    fn least_level(&self) -> u8 {
        let of = |session: &Session| session.log_level().and_then(|level| rank(&level)).unwrap_or(UNKNOWN);
        let sessions = match &self.owner {
            Owner::Session(seat, _) => return seat.upgrade().map_or(UNKNOWN, |seat| of(&seat)),
            Owner::Shared | Owner::Key(_) => self.plane.sessions.of_server(&self.server),
        };
        let theirs = sessions.iter().filter(|session| self.is_theirs(session)).map(|session| of(session));
        theirs.min().unwrap_or(UNKNOWN).min(self.level.modern.load(Ordering::Acquire))
    }
}
