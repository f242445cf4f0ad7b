//! API keys of a project.

pub mod api;
pub mod page;

pub use page::KeysPage;
