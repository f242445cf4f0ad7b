//! The installation's own pages, for platform administrators.

pub mod api;
pub mod audit;
pub mod frame;
pub mod organization;
pub mod route;
pub mod user;

pub use audit::AuditPage;
pub use frame::AdminLink;
pub use organization::OrganizationsPage;
pub use route::AdminRoutes;
pub use user::UsersPage;
