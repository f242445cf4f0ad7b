//! What every request meets before a handler: its id, its origin, its caller, its headers.

pub mod caller;
pub mod headers;
pub mod origin;
pub mod problem;
pub mod request;
