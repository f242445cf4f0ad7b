//! Finding things by name: a page, and the palette that the keyboard opens.

pub mod api;
pub mod entry;
pub mod finder;
pub mod page;
mod page_entry;
pub mod palette;

pub use entry::{Entry, Group, Target};
pub use finder::Finder;
pub use page::SearchPage;
pub use palette::PaletteList;
