//! Trying tools from the console: the browser is the client, and speaks what every client speaks.
//!
//! What is known without a browser (forms from schemas, messages, streams, programs to copy) is plain
//! functions with tests; `client` alone touches the network.

pub mod api;
#[cfg(feature = "hydrate")]
mod client;
pub mod control;
pub mod deed;
pub mod events;
pub mod history;
pub mod message;
pub mod offer;
pub mod page;
pub mod panel;
pub mod question;
pub mod result;
pub mod schema;
pub mod snippet;
pub mod state;
pub mod template;
#[cfg(test)]
mod tests;
pub mod values;

pub use page::TryPage;
