//! Who may do what in a project.

pub mod api;
pub mod page;

pub use page::MembersPage;
