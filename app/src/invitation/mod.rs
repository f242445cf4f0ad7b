//! Invitations to a project or an organization: the page of who was invited, and the form and the list
//! for who invites.

pub mod api;
mod form;
pub mod list;
pub mod page;

pub use form::Adding;
pub use list::InvitationList;
pub use page::InvitationPage;
