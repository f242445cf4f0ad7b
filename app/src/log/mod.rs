//! A project's log: the page with its filters, and the list that server pages show too.

pub mod api;
pub mod list;
pub mod page;

pub use list::LogList;
pub use page::LogsPage;
