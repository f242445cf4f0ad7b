//! The data plane: endpoints for MCP clients, sessions, the relay, and supervised upstream servers.
//!
//! It works from a [`Directory`] snapshot and reports [`Event`]s; it knows nothing of the store or
//! of the console. Bodies are relayed raw: what is not understood is passed on, byte for byte.
//! `README.md` beside this crate gives the protocol decisions with their reasons.

#[doc(hidden)]
pub mod check;
pub mod directory;
pub mod reaper;
pub mod toolbox;

mod aggregate;
mod back_off;
mod bridge;
mod call;
mod catalog;
mod clock;
mod endpoint;
mod error;
mod event;
mod gateway;
mod interest;
mod journal;
mod key;
mod lock;
mod mux;
mod offer;
mod options;
mod outbound;
mod probe;
mod process_tree;
mod rate;
mod relay;
mod round;
mod seal;
mod session;
mod stream;
mod supervisor;
mod upstream;
mod vitals;
mod work;

pub use clock::Clock;
pub use directory::{Directory, Target};
pub use error::number_of;
pub use event::{Event, EventReceiver, EventSink, event_channel};
pub use gateway::Gateway;
pub use options::{Limits, Options};
pub use outbound::{InvalidNetwork, OutboundPolicy};
pub use round::{Question, Round};
pub use vitals::Vitals;
