//! When a call ran among those of its session, as bars on one line of time.

use domain::log::{LogDetail, LogEntry, Outcome};
use leptos::prelude::*;

use crate::{
    i18n::{Log as Texts, took},
    project::ProjectSource,
    ui::LINK_CLASS,
};

/// Calls further away than this many times what the call took, and than this many milliseconds, would
/// leave nothing to see of it.
const REACH: i64 = 20;
const REACH_MS: i64 = 10_000;
/// What is there must be seen: tenths of a percent.
const LEAST: i64 = 5;

/// Where a call lies on the line, in tenths of a percent.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    pub entry: LogEntry,
    pub left: i64,
    pub width: i64,
    pub own: bool,
}

/// The bars in the order of their beginnings, with the first moment and the length of the line in
/// milliseconds. An entry is written when its call ends.
#[must_use]
pub fn bars(detail: &LogDetail) -> (Vec<Bar>, i64, i64) {
    let stretch = |entry: &LogEntry| {
        let took = i64::try_from(entry.duration_ms.unwrap_or_default()).unwrap_or(i64::MAX);
        let end = entry.at.timestamp_millis();
        (end.saturating_sub(took), end)
    };
    let own = stretch(&detail.entry);
    let reach = (own.1 - own.0).saturating_mul(REACH).max(REACH_MS);
    let near = |entry: &&LogEntry| {
        let (start, end) = stretch(entry);
        end >= own.0.saturating_sub(reach) && start <= own.1.saturating_add(reach)
    };
    let mut calls: Vec<_> = detail.around.iter().filter(near).map(|entry| (entry, false)).collect();
    calls.push((&detail.entry, true));
    calls.sort_by_key(|(entry, _)| (stretch(entry).0, entry.id));
    let start = calls.iter().map(|(entry, _)| stretch(entry).0).min().unwrap_or(own.0);
    let end = calls.iter().map(|(entry, _)| stretch(entry).1).max().unwrap_or(own.1);
    let length = (end - start).max(1);
    let bar = |(entry, is_own): (&LogEntry, bool)| {
        let (from, to) = stretch(entry);
        let width = ((to - from) * 1_000 / length).max(LEAST);
        Bar {
            entry: entry.clone(),
            left: ((from - start) * 1_000 / length).min(1_000 - width).max(0),
            width,
            own: is_own,
        }
    };
    (calls.into_iter().map(bar).collect(), start, length)
}

/// `asked` is the place in the list, which goes along to the neighbours.
#[component]
pub fn Timing(detail: LogDetail, asked: String) -> impl IntoView {
    let t = Texts::current();
    let project = ProjectSource::current();
    let (bars, start, length) = bars(&detail);
    let rows = bars
        .into_iter()
        .map(|bar| {
            let name = bar.entry.tool.clone().or_else(|| bar.entry.method.clone()).unwrap_or_default();
            let label = if bar.own {
                view! { <b class="font-semibold">{name}</b> }.into_any()
            } else {
                let href = project.path(&format!("logs/{}{asked}", bar.entry.id));
                view! { <a class=LINK_CLASS href=href>{name}</a> }.into_any()
            };
            let colour = match (bar.entry.outcome, bar.own) {
                (Some(Outcome::ToolError | Outcome::Failed), _) => "fill-bad",
                (_, true) => "fill-accent",
                (_, false) => "fill-line-strong",
            };
            let tenths = |n: i64| format!("{}.{}%", n / 10, n % 10);
            view! {
                <li class="grid grid-cols-[120px_1fr_72px] md:grid-cols-[200px_1fr_88px] gap-3 items-center" aria-current=bar.own.then_some("true")>
                    <span class="truncate font-mono text-xs">{label}</span>
                    <svg class="block w-full h-3" aria-hidden="true">
                        <rect class="fill-surface-sunken" width="100%" height="100%" rx="2" />
                        <rect class=colour x=tenths(bar.left) width=tenths(bar.width) height="100%" rx="2" />
                    </svg>
                    <span class="text-right text-xs tabular-nums text-ink-muted whitespace-nowrap">
                        {took(bar.entry.duration_ms.unwrap_or_default())}
                    </span>
                </li>
            }
        })
        .collect_view();
    let at = |ms: i64| {
        domain::Timestamp::from_timestamp_millis(ms)
            .map(|at| at.format("%H:%M:%S%.3f").to_string())
            .unwrap_or_default()
    };
    let lead = t.timing_lead.replacen("{}", &at(start), 1).replacen("{}", &at(start + length), 1);
    view! {
        <p class="text-ink-muted">{lead}</p>
        <ol class="flex flex-col gap-1">{rows}</ol>
    }
}

#[cfg(test)]
mod tests {
    use domain::{
        LogId, Timestamp,
        log::{Category, Level},
    };

    use super::*;

    fn call(ends: i64, took: u64) -> LogEntry {
        LogEntry {
            id: LogId::new(u64::try_from(ends).unwrap_or_default(), [0; 10]),
            at: Timestamp::from_timestamp_millis(ends).unwrap_or_default(),
            level: Level::Info,
            category: Category::ToolExecution,
            server_id: None,
            server: None,
            key: None,
            session: Some("s".into()),
            method: None,
            tool: None,
            outcome: None,
            code: None,
            duration_ms: Some(took),
            message: String::new(),
            request_id: None,
            arguments: None,
            result: None,
        }
    }

    #[test]
    fn bars_lie_where_their_calls_ran_and_far_ones_are_left_out() {
        let detail = LogDetail {
            entry: call(101_000, 500),
            around: vec![call(1_000, 10), call(100_500, 500), call(101_500, 250), call(102_000, 0)],
        };
        let (bars, start, length) = bars(&detail);
        assert_eq!((start, length), (100_000, 2_000));
        let places: Vec<_> = bars.iter().map(|bar| (bar.left, bar.width, bar.own)).collect();
        assert_eq!(places, [(0, 250, false), (250, 250, true), (625, 125, false), (995, 5, false)]);
    }

    #[test]
    fn a_call_alone_lies_at_the_beginning() {
        let detail = LogDetail { entry: call(5, 0), around: vec![] };
        let (bars, _, length) = bars(&detail);
        assert_eq!((bars.len(), bars[0].left, length), (1, 0, 1));
    }
}
