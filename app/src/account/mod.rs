//! People: signing in and up, and one's own account.

pub mod api;
pub mod browser;
pub mod entry;
pub mod page;
pub mod password;

pub use entry::{AccountFields, LinkPage, SetUpPage, SignInPage, SignUpPage};
pub use page::AccountPage;
