//! What the log says of one server, newest first. The project's own log has the filters.

use domain::log::LogFilter;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::frame::{ServerSource, ServerTitle};
use crate::{i18n::text, log::LogList};

/// Entries of a page.
const SHOWN: u32 = 50;

#[component]
pub fn LogsPage() -> impl IntoView {
    let source = ServerSource::current();
    let query = use_query_map();
    let filter = Signal::derive(move || LogFilter {
        server: Some(source.name.get()),
        limit: Some(SHOWN),
        before: query.read().get("before").and_then(|id| id.parse().ok()),
        ..LogFilter::default()
    });
    let base = Signal::derive(move || source.href("logs"));
    view! {
        <ServerTitle part=text().logs />
        <LogList filter=filter base=base />
    }
}
