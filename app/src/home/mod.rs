//! The first page.

pub mod api;
pub mod page;

pub use page::HomePage;
