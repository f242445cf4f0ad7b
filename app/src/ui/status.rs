//! States as icon, word and colour together.

use domain::{
    log::{Level, Outcome},
    project::Health,
    server::Status,
};
use leptos::prelude::*;

use super::{Icon, Shape};
use crate::i18n::{Shell, text};

const OK_CLASS: &str = "inline-flex items-center gap-1 align-middle text-ok whitespace-nowrap";
const WARN_CLASS: &str = "inline-flex items-center gap-1 align-middle text-warn whitespace-nowrap";
const BAD_CLASS: &str = "inline-flex items-center gap-1 align-middle text-bad whitespace-nowrap";
const INFO_CLASS: &str = "inline-flex items-center gap-1 align-middle text-info whitespace-nowrap";
const FAINT_CLASS: &str = "inline-flex items-center gap-1 align-middle text-ink-muted whitespace-nowrap";

#[component]
pub fn StatusBadge(status: Status) -> impl IntoView {
    let (class, shape) = match status {
        Status::Ready => (OK_CLASS, Shape::Check),
        Status::Idle => (OK_CLASS, Shape::Circle),
        Status::Starting => (INFO_CLASS, Shape::Clock),
        Status::Unknown => (FAINT_CLASS, Shape::Circle),
        Status::Disabled => (FAINT_CLASS, Shape::Dash),
        Status::Failed => (BAD_CLASS, Shape::Warning),
    };
    let word = text().status(status);
    view! { <span class=class><Icon shape=shape />{word}</span> }
}

#[component]
pub fn LevelBadge(level: Level) -> impl IntoView {
    let (class, shape) = match level {
        Level::Debug => (FAINT_CLASS, Shape::Dash),
        Level::Info => (INFO_CLASS, Shape::Circle),
        Level::Warning => (WARN_CLASS, Shape::Warning),
        Level::Error | Level::Critical => (BAD_CLASS, Shape::Warning),
    };
    let word = text().level(level);
    view! { <span class=class><Icon shape=shape />{word}</span> }
}

#[component]
pub fn OutcomeBadge(outcome: Outcome) -> impl IntoView {
    let (class, shape) = match outcome {
        Outcome::Ok => (OK_CLASS, Shape::Check),
        Outcome::ToolError => (WARN_CLASS, Shape::Warning),
        Outcome::Failed => (BAD_CLASS, Shape::Cross),
        Outcome::Cancelled => (FAINT_CLASS, Shape::Dash),
    };
    let word = text().outcome(outcome);
    view! { <span class=class><Icon shape=shape />{word}</span> }
}

/// How the servers of a project are: what is zero is left out.
#[component]
pub fn HealthBadge(health: Health) -> impl IntoView {
    let t = Shell::current();
    let kinds = [(OK_CLASS, Shape::Check), (BAD_CLASS, Shape::Warning), (FAINT_CLASS, Shape::Dash)];
    let parts = t.health_parts(health).into_iter().zip(kinds).filter_map(|(words, (class, shape))| {
        words.map(|words| view! { <span class=class><Icon shape=shape />{words}</span> })
    });
    let none = (health.servers() == 0).then(|| view! { <span class=FAINT_CLASS>{t.no_servers}</span> });
    view! { <span class="inline-flex flex-wrap gap-x-3 align-middle text-xs">{parts.collect_view()}{none}</span> }
}

/// A short mark beside a name.
#[component]
pub fn Badge(#[prop(into)] label: String) -> impl IntoView {
    view! { <span class="inline-block px-1.5 rounded-md bg-surface-sunken border border-line text-ink-muted text-xs whitespace-nowrap">{label}</span> }
}
