//! What every request meets before a handler: its id, its origin, its caller, its headers.

pub(crate) mod caller;
pub(crate) mod headers;
pub(crate) mod origin;
pub(crate) mod problem;
pub(crate) mod proxy;
pub(crate) mod request;
