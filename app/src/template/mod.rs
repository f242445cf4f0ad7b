//! Templates: those of an organization, and the choice of one for a new project.

pub mod api;
pub mod choice;
pub mod list;
pub mod save;

pub use choice::{Choices, Contents};
pub use list::TemplatesPage;
pub use save::SaveTemplate;
