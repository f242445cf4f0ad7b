//! Organizations: the list, and the pages of one.

pub mod activity;
pub mod api;
pub mod frame;
pub mod list;
pub mod member;
pub mod project;
pub mod route;
pub mod settings;
pub mod usage;

pub use frame::{OrganizationFrame, OrganizationSource};
pub use list::ListPage;
pub use route::OrganizationRoutes;
