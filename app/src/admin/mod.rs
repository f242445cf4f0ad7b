//! The installation's own pages, for platform administrators.

pub mod api;
pub mod audit;
pub mod command;
pub mod command_api;
pub mod command_form;
pub mod frame;
pub mod job;
pub mod mail;
pub mod organization;
pub mod route;
pub mod shared;
pub mod shared_api;
pub mod shared_form;
pub mod system;
pub mod user;

pub use audit::AuditPage;
pub use command::{CommandPage, CommandsPage, NewCommandPage};
pub use frame::{AdminFrame, AdminLink};
pub use job::JobsPage;
pub use organization::OrganizationsPage;
pub use route::AdminRoutes;
pub use shared::SharedServersPage;
pub use shared_form::{NewSharedServerPage, SharedServerPage};
pub use system::SystemPage;
pub use user::UsersPage;
