//! Invitations to a project: the page of who was invited, and the list for who invites.

pub mod api;
pub mod list;
pub mod page;

pub use list::{AddedNote, InvitationList};
pub use page::InvitationPage;
