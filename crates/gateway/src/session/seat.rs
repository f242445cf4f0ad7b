//! A session's place at a server.

use std::{ops::Deref, sync::Arc};

use arc_swap::ArcSwapOption;
use domain::{Code, ServerId};

use super::Session;
use crate::{error::Failure, upstream::Connection};

/// A session at one server: all of its calls there, and the connection that may be its own.
pub(crate) struct Seat {
    session: Arc<Session>,
    pub(crate) server: ServerId,
    /// The upstream connection of this session alone, where the server is not shared.
    pub(crate) connection: ArcSwapOption<Connection>,
    /// Held while `connection` is made.
    pub(crate) connecting: tokio::sync::Mutex<()>,
}

impl Seat {
    /// A seat that its session does not keep: for sessions that are one request.
    pub(crate) fn new(session: Arc<Session>, server: ServerId) -> Self {
        Self { session, server, connection: ArcSwapOption::empty(), connecting: tokio::sync::Mutex::new(()) }
    }

    /// Closes the connection that is this session's own.
    pub(crate) fn leave(&self) {
        if let Some(connection) = self.connection.swap(None) {
            connection.close(Failure::new(Code::ConnectionLost));
        }
    }
}

impl Deref for Seat {
    type Target = Session;

    fn deref(&self) -> &Session {
        &self.session
    }
}
