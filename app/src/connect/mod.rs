//! Connecting clients: what each needs, its key, and whether it has arrived.

pub mod api;
pub mod check;
mod choose;
pub mod configuration;
pub mod key;
pub mod page;
pub mod target;

pub use page::ConnectPage;
