//! API keys of a project.

pub mod api;
pub mod edit;
pub mod form;
pub mod page;
pub mod row;

pub use edit::{EditPage, NewPage};
pub use page::KeysPage;
