//! The parts that pages are made of. Native elements first; a page that needs new CSS lacks a part here.

pub mod boundary;
pub mod button;
pub mod callout;
pub mod chart;
pub mod choice;
pub mod copy;
pub mod diff;
pub mod field;
pub mod frame;
#[cfg(debug_assertions)]
pub mod gallery;
pub mod icon;
pub mod json;
pub mod keyboard;
pub mod palette;
pub mod prose;
pub mod segment;
pub mod status;
pub mod switch;
pub mod switcher;
pub mod table;
pub mod tabs;
pub mod text;

pub use boundary::{Boundary, ErrorView, NotFound};
pub use button::{BUTTON_CLASS, Button, DANGER_CLASS, LinkButton, PLAIN_CLASS, SHORT_BUTTON_CLASS, Submit};
pub use callout::{Callout, EmptyState, FormError, Tone};
pub use chart::{Bar, BarChart, ChartWords, Sparkline};
pub use choice::{ChoiceField, Choices, FilterOffer, Find};
pub use copy::{CopyButton, CopyField, Download, hydrated};
pub use diff::{DiffView, WordDiff};
pub use field::{
    CONTROL_CLASS, CheckField, CodeArea, Failure, SelectField, TextArea, TextField, emptied, failure,
    failure_or, field_id,
};
pub use frame::{Appearance, Bare, Card, Frame, PageHead, Plain, RailLink, ViewerSource};
pub use icon::{Icon, Shape};
pub use json::JsonTree;
pub use keyboard::{KeyHelp, use_keyboard};
pub use palette::Palette;
pub use prose::prose;
pub use segment::Segments;
pub use status::{Badge, HealthBadge, LevelBadge, OutcomeBadge, StatusBadge};
pub use switch::Switch;
pub use switcher::Switcher;
pub use table::{
    Ago, CELL_CLASS, CodeBlock, Column, Danger, Facts, FilterBar, FilterChoice, FilterText, FilterTime,
    LINK_CLASS, LiveAgo, ROW_CLASS, SHORT_CLASS, SortTable, TEXT_LINK_CLASS, Table,
};
pub use tabs::{Tab, Tabs};
pub use text::{encode, encode_path, escape};
