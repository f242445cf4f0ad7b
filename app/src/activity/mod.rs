//! Who changed what, in sentences: in a project, and in several.

pub mod api;
pub mod page;
pub mod sentence;
pub mod trail;

pub use page::{ActivityPage, EventRow};
pub use trail::{TrailFilter, TrailList, asked};
