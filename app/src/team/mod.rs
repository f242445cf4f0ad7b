//! Teams of an organization: the list, and one with its members and projects.

pub mod api;
pub mod detail;
pub mod list;

pub use detail::TeamPage;
pub use list::TeamsPage;
