//! Who changed what in a project, in sentences.

pub mod api;
pub mod page;
pub mod sentence;

pub use page::{ActivityPage, EventRow};
