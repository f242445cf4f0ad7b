//! MCP servers of a project: list, form, detail.

pub mod advanced;
pub mod api;
pub mod approved;
pub mod bulk;
pub mod copy;
pub mod detail;
pub mod detect;
pub mod edit;
pub mod form;
pub mod history;
pub mod list;
pub mod listing;
pub mod offers;
pub mod remedy;
pub mod report;
pub mod rows;
pub mod shared;
pub mod tabs;
pub mod tool;
pub mod tool_api;
pub mod tools;
pub mod trouble;

pub use detail::DetailPage;
pub use edit::{EditPage, NewPage};
pub use history::HistoryPage;
pub use list::ListPage;
