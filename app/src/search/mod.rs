//! Finding things by name: a page, and the palette that the keyboard opens.

pub mod api;
pub mod entry;
pub mod page;

pub use entry::{Entry, Group, Target};
pub use page::SearchPage;
