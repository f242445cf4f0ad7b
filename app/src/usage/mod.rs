//! How much tools are used: the chart of a project, and the points of any other.

pub mod api;
pub mod panel;

pub use panel::{UsageChart, UsagePanel, bars, range_of, words};
