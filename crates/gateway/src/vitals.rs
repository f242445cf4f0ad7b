//! How the data plane fares, in numbers.

use domain::Timestamp;

use crate::{
    Gateway,
    lock::lock,
    round::{Question, Round},
};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Vitals {
    /// Of the directory in force.
    pub revision: u64,
    /// When that was taken over; none before the first.
    pub replaced_at: Option<Timestamp>,
    /// Sessions of clients.
    pub sessions: usize,
    /// Connections to servers.
    pub connections: usize,
    /// Those of them that are child processes.
    pub processes: usize,
    /// Events that wait to be written, of how many that may.
    pub events_waiting: usize,
    pub events_room: usize,
    /// Events lost since the start because the queue was full.
    pub events_dropped: u64,
    /// The last time that remote servers were asked whether they are there.
    pub checks: Option<Round>,
    /// The last time that all lists were read.
    pub readings: Option<Round>,
}

impl Gateway {
    #[must_use]
    pub fn vitals(&self) -> Vitals {
        let plane = &self.0;
        let (mut connections, mut processes) = (0, 0);
        for upstream in plane.upstreams().values() {
            let open = upstream.connections();
            connections += open;
            if upstream.server.target.transport() == domain::server::Transport::Stdio {
                processes += open;
            }
        }
        let (events_waiting, events_room) = plane.events.filled();
        Vitals {
            revision: plane.directory.load().revision(),
            replaced_at: *lock(&plane.replacing),
            sessions: plane.sessions.count(),
            connections,
            processes,
            events_waiting,
            events_room,
            events_dropped: plane.events.dropped(),
            checks: plane.rounds.last(Question::Check),
            readings: plane.rounds.last(Question::Read),
        }
    }
}
