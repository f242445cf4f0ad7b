//! MCP servers of a project: list, form, detail.

pub mod advanced;
pub mod api;
pub mod approved;
pub mod bulk;
pub mod copy;
pub mod detect;
pub mod form;
pub mod frame;
pub mod history;
pub mod list;
pub mod listing;
pub mod logs;
pub mod new;
pub mod offers;
pub mod overview;
pub mod remedy;
pub mod report;
pub mod route;
pub mod rows;
pub mod settings;
pub mod tool;
pub mod tool_api;
pub mod tool_list;
pub mod tools;
pub mod trouble;

pub use copy::CopyPage;
pub use frame::ServerFrame;
pub use history::HistoryPage;
pub use list::ListPage;
pub use logs::LogsPage;
pub use new::NewPage;
pub use offers::{PromptsPage, ResourcesPage};
pub use overview::OverviewPage;
pub use route::ServerRoutes;
pub use settings::SettingsPage;
pub use tools::ToolsPage;
