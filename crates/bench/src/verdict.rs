//! The targets, and whether a run met them.

use std::fmt;

use crate::{
    cell::{Cell, Kind},
    report::{Report, Spread, mib},
};

pub(crate) struct Verdict {
    target: String,
    limit: Limit,
    /// None: it could not be measured.
    measured: Option<f64>,
    unit: &'static str,
}

#[derive(Clone, Copy)]
enum Limit {
    AtMost(f64),
    AtLeast(f64),
}

impl Verdict {
    fn is_met(&self) -> bool {
        match (self.limit, self.measured) {
            (_, None) => false,
            (Limit::AtMost(limit), Some(measured)) => measured <= limit,
            (Limit::AtLeast(limit), Some(measured)) => measured >= limit,
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { target, unit, .. } = self;
        let limit = match self.limit {
            Limit::AtMost(limit) => format!("≤ {limit}{unit}"),
            Limit::AtLeast(limit) => format!("≥ {limit}{unit}"),
        };
        let measured = match self.measured {
            None => "not measured".to_owned(),
            Some(value) if value >= 100.0 || value == 0.0 => format!("{value:.0}{unit}"),
            Some(value) => format!("{value:.2}{unit}"),
        };
        let verdict = if self.is_met() { "met" } else { "**missed**" };
        write!(f, "| {target} | {limit} | {measured} | {verdict} |")
    }
}

/// A verdict for each target that the run has measured something for.
pub(crate) fn all(report: &Report) -> Vec<Verdict> {
    let mut all = Vec::new();
    for cell in &report.cells {
        of_cell(cell, &mut all);
    }
    for idle in report.idle.iter().filter(|idle| idle.route == "sluice") {
        let (with, limit) =
            if idle.streams { ("with an open stream", 30.0) } else { ("without a connection", 4.0) };
        all.push(Verdict {
            target: format!("memory of an idle session {with}, {} sessions", idle.sessions),
            limit: Limit::AtMost(limit),
            measured: idle.bytes_each.map(|bytes| bytes / 1024.0),
            unit: " KiB",
        });
    }
    for memory in report.memory.iter().filter(|memory| memory.role == "gateway") {
        for (when, limit, bytes) in [
            ("at rest", 30.0, memory.at_rest),
            ("after small calls", 45.0, memory.after_small),
            ("after 1 MB calls", 45.0, memory.after_large),
        ] {
            all.push(Verdict {
                target: format!("memory of the gateway role {when}"),
                limit: Limit::AtMost(limit),
                measured: Some(mib(bytes)),
                unit: " MiB",
            });
        }
    }
    for start in report.starts.iter().filter(|start| start.route == "sluice") {
        let warmth = if start.cold { "cold" } else { "warm" };
        all.push(Verdict {
            target: format!("start to first call, {warmth}, {} upstream", start.upstream),
            limit: Limit::AtMost(200.0),
            measured: Spread::of(start.milliseconds.iter().copied()).map(|spread| spread.median),
            unit: " ms",
        });
    }
    if !report.cells.is_empty() {
        all.push(Verdict {
            target: "wrong or failed replies".to_owned(),
            limit: Limit::AtMost(0.0),
            measured: Some(report.astray() as f64),
            unit: "",
        });
    }
    all
}

fn of_cell(cell: &Cell, all: &mut Vec<Verdict>) {
    let Cell { kind, sessions, bytes, .. } = *cell;
    let place = format!("{}, {sessions} × {bytes} B", kind.name());
    let mut add = |what: &str, limit, measured, unit| {
        all.push(Verdict { target: format!("{what}: {place}"), limit, measured, unit });
    };
    let streamable = matches!(kind, Kind::Legacy | Kind::Modern);
    if streamable && sessions > 1 && bytes <= 10_000 {
        add("CPU per call ÷ nginx", Limit::AtMost(2.0), cell.cpu_ratio("sluice", "nginx"), "");
    }
    if streamable && sessions == 16 {
        add("calls/s ÷ direct", Limit::AtLeast(0.3), cell.rate_ratio("sluice", "direct"), "");
    }
    if streamable && sessions == 1 && bytes == 100 {
        add("added p50", Limit::AtMost(80.0), cell.added("sluice", |round| round.tally.p50), " µs");
        add("added p99", Limit::AtMost(120.0), cell.added("sluice", |round| round.tally.p99), " µs");
    }
    if kind == Kind::Stdio && sessions > 1 && bytes <= 10_000 {
        add("CPU per call ÷ nginx over HTTP", Limit::AtMost(3.0), cell.cpu_ratio("sluice", "nginx"), "");
    }
    if kind == Kind::Sse && sessions > 1 && bytes <= 10_000 {
        let ratio = cell.cpu_ratio("sluice", "sluice /mcp");
        add("CPU per call ÷ our streamable HTTP", Limit::AtMost(1.5), ratio, "");
    }
}
