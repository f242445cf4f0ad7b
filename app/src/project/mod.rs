//! Projects: the list, a new one, and the frame and pages of one.

pub mod api;
pub mod favorite;
pub mod frame;
pub mod hole;
pub mod import;
pub mod import_api;
pub mod list;
pub mod new;
pub mod overview;
pub mod settings;
pub mod transfer;

pub use favorite::{Favorites, Star};
pub use frame::{ProjectFrame, ProjectSource};
pub use hole::hole_field;
pub use import::ImportPage;
pub use list::{ListPage, ProjectRow};
pub use new::NewPage;
pub use overview::{Endpoints, OverviewPage};
pub use settings::SettingsPage;
pub use transfer::TransferPage;
