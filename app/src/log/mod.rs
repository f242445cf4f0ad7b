//! A project's log: the page with its filters, an entry's own page, and the list that other pages show too.

pub mod api;
pub mod clean;
pub mod detail;
pub mod filter;
pub mod list;
pub mod page;
pub mod summary;
pub mod timing;

pub use detail::DetailPage;
pub use list::LogList;
pub use page::LogsPage;
