//! Organizations: the list, one with its members.

pub mod api;
pub mod detail;
pub mod list;

pub use detail::DetailPage;
pub use list::ListPage;
