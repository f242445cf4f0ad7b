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
    /// The machine was too busy with something else for this figure to tell anything.
    clouded: bool,
}

/// Share of the machine from which on other processes decide over latencies and rates. Processor time
/// per call is much less touched by them.
const CLOUDED: f64 = 0.15;

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
        let verdict = match self.is_met() {
            _ if self.clouded => "unclear, the machine was busy",
            true => "met",
            false => "**missed**",
        };
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
            clouded: false,
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
                clouded: false,
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
            clouded: false,
        });
    }
    if !report.cells.is_empty() {
        all.push(Verdict {
            target: "wrong or failed replies".to_owned(),
            limit: Limit::AtMost(0.0),
            measured: Some(report.astray() as f64),
            unit: "",
            clouded: false,
        });
    }
    all
}

fn of_cell(cell: &Cell, all: &mut Vec<Verdict>) {
    let Cell { kind, sessions, bytes, .. } = *cell;
    let place = format!("{}, {sessions} × {bytes} B", kind.name());
    let mut add = |what: &str, limit, measured, unit, clouded| {
        all.push(Verdict { target: format!("{what}: {place}"), limit, measured, unit, clouded });
    };
    let cpu_ratio = |other| cell.cpu_ratio("sluice", other);
    let busy = cell.others > CLOUDED;
    let streamable = matches!(kind, Kind::Legacy | Kind::Modern);
    if streamable && sessions > 1 && bytes <= 10_000 {
        add("CPU per call ÷ nginx", Limit::AtMost(2.0), cpu_ratio("nginx"), "", false);
    }
    if streamable && sessions == 16 {
        add("calls/s ÷ direct", Limit::AtLeast(0.3), cell.rate_ratio("sluice", "direct"), "", busy);
    }
    if streamable && sessions == 1 && bytes == 100 {
        add("added p50", Limit::AtMost(80.0), cell.added("sluice", |round| round.tally.p50), " µs", busy);
        add("added p99", Limit::AtMost(120.0), cell.added("sluice", |round| round.tally.p99), " µs", busy);
    }
    if kind == Kind::Stdio && sessions > 1 && bytes <= 10_000 {
        add("CPU per call ÷ nginx over HTTP", Limit::AtMost(3.0), cpu_ratio("nginx"), "", false);
    }
    if kind == Kind::Sse && sessions > 1 && bytes <= 10_000 {
        add("CPU per call ÷ our streamable HTTP", Limit::AtMost(1.5), cpu_ratio("sluice /mcp"), "", false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        cell::{Measured, Round},
        load::Tally,
    };

    fn cell(others: f64, cpu: [u64; 2]) -> Cell {
        let route = |route, cpu| {
            let tally = Tally { seconds: 1.0, calls: 10, p50: Some(9.0), p99: Some(9.0), ..Tally::default() };
            Measured { route, refused: None, rounds: vec![Round { tally, cpu }] }
        };
        let routes = vec![route("direct", None), route("nginx", Some(cpu[0])), route("sluice", Some(cpu[1]))];
        Cell { kind: Kind::Legacy, sessions: 16, bytes: 100, routes, others }
    }

    fn lines(cell: &Cell) -> Vec<String> {
        let mut all = Vec::new();
        of_cell(cell, &mut all);
        all.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_target_is_met_or_missed() {
        let [met, rate] = &lines(&cell(0.0, [100, 150]))[..] else { panic!("two targets") };
        assert!(met.ends_with("| ≤ 2 | 1.50 | met |"), "{met}");
        assert!(rate.ends_with("| ≥ 0.3 | 1.00 | met |"), "{rate}");
        assert!(lines(&cell(0.0, [100, 250]))[0].ends_with("| 2.50 | **missed** |"));
    }

    #[test]
    fn a_busy_machine_says_nothing_of_rates() {
        let [ratio, rate] = &lines(&cell(0.5, [100, 150]))[..] else { panic!("two targets") };
        assert!(ratio.ends_with("met |"), "{ratio}");
        assert!(rate.contains("unclear"), "{rate}");
    }
}
