//! The tools of a project, of all its servers.

pub mod page;

pub use page::ToolsPage;
