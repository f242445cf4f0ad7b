//! What was measured, as tables and as JSON.

use std::fmt;

use serde::Serialize;

use crate::{
    cell::{Cell, Measured, Pace, Round},
    idle::{Idle, Memory},
    start::Start,
    verdict,
};

#[derive(Debug, Serialize)]
pub(crate) struct Machine {
    processor: String,
    processors: usize,
    kernel: String,
    nginx: String,
    sluice: String,
    load_average: String,
}

impl Machine {
    pub(crate) fn here(nginx: String, sluice: String) -> Self {
        let read = |path| std::fs::read_to_string(path).unwrap_or_default().trim().to_owned();
        let model = read("/proc/cpuinfo")
            .lines()
            .find_map(|line| Some(line.strip_prefix("model name")?.split_once(": ")?.1.to_owned()));
        Self {
            processor: model.unwrap_or_else(|| "unknown".to_owned()),
            processors: std::thread::available_parallelism().map_or(0, usize::from),
            kernel: read("/proc/sys/kernel/osrelease"),
            nginx,
            sluice,
            load_average: read("/proc/loadavg").split(' ').next().unwrap_or_default().to_owned(),
        }
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { processor, processors, kernel, nginx, sluice, load_average } = self;
        write!(
            f,
            "{processors} × {processor}, Linux {kernel}, {nginx}, {sluice}; load average at the start {load_average}"
        )
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct Report {
    pub(crate) machine: Machine,
    pub(crate) pace: Pace,
    pub(crate) cells: Vec<Cell>,
    pub(crate) idle: Vec<Idle>,
    pub(crate) memory: Vec<Memory>,
    pub(crate) starts: Vec<Start>,
}

impl Report {
    pub(crate) fn new(machine: Machine, pace: Pace) -> Self {
        Self { machine, pace, cells: Vec::new(), idle: Vec::new(), memory: Vec::new(), starts: Vec::new() }
    }

    /// Prints a cell as soon as it is measured, and keeps it.
    pub(crate) fn add(&mut self, cell: Cell, first: bool) {
        if first {
            println!("\n### {}\n", cell.kind.name());
            println!(
                "| sessions × bytes | route | calls/s | CPU µs/call | added p50 µs | p99 | p99.9 | CPU ÷ nginx | calls ÷ direct | wrong, failed | others |"
            );
            println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        }
        for measured in &cell.routes {
            println!("{}", row(&cell, measured));
        }
        self.cells.push(cell);
    }

    pub(crate) fn print_memory(&self) {
        println!("\n### memory\n");
        println!("| idle sessions | route | KiB each |\n| --- | --- | --- |");
        for Idle { route, streams, sessions, bytes_each, trouble } in &self.idle {
            let with = if *streams { "with an open stream" } else { "without a connection" };
            let each = bytes_each.map_or_else(
                || format!("– {}", trouble.as_deref().unwrap_or_default()),
                |bytes| format!("{:.1}", bytes / 1024.0),
            );
            println!("| {sessions} {with} | {route} | {each} |");
        }
        println!(
            "\n| `sluice serve --role` | MiB at rest | after small calls | after 1 MB calls |\n| --- | --- | --- | --- |"
        );
        for Memory { role, at_rest, after_small, after_large } in &self.memory {
            let [at_rest, after_small, after_large] =
                [at_rest, after_small, after_large].map(|bytes| mib(*bytes));
            println!("| {role} | {at_rest:.1} | {after_small:.1} | {after_large:.1} |");
        }
    }

    pub(crate) fn print_starts(&self) {
        println!("\n### start to first call\n\n| route | upstream | start | ms |\n| --- | --- | --- | --- |");
        for Start { route, upstream, cold, milliseconds, trouble } in &self.starts {
            let warmth = if *cold { "cold" } else { "warm" };
            let time = Spread::of(milliseconds.iter().copied()).map_or_else(
                || format!("– {}", trouble.as_deref().unwrap_or_default()),
                |spread| spread.show(0),
            );
            println!("| {route} | {upstream} | {warmth} | {time} |");
        }
    }

    pub(crate) fn print_verdicts(&self) {
        println!("\n### targets\n\n| target | limit | measured | |\n| --- | --- | --- | --- |");
        for verdict in verdict::all(self) {
            println!("{verdict}");
        }
    }

    /// Whether no reply was wrong and no call failed.
    pub(crate) fn is_right(&self) -> bool {
        let refused = self.cells.iter().flat_map(|cell| &cell.routes).any(|route| route.refused.is_some());
        !refused && self.astray() == 0
    }

    pub(crate) fn astray(&self) -> u64 {
        let rounds = self.cells.iter().flat_map(|cell| &cell.routes).flat_map(|route| &route.rounds);
        rounds.map(|round| round.tally.wrong + round.tally.failed).sum()
    }
}

pub(crate) fn mib(bytes: u64) -> f64 {
    bytes as f64 / (1024.0 * 1024.0)
}

fn row(cell: &Cell, measured: &Measured) -> String {
    let size = format!("{} × {}", cell.sessions, cell.bytes);
    let name = measured.route;
    if let Some(why) = &measured.refused {
        return format!("| {size} | {name} | not served: {} | | | | | | | | |", why.replace('|', "/"));
    }
    let show = |spread: Option<Spread>, digits| spread.map_or("–".to_owned(), |spread| spread.show(digits));
    let number = |value: Option<f64>, digits: usize| {
        value.map_or("–".to_owned(), |value| format!("{value:.digits$}"))
    };
    let added = |pick: fn(&Round) -> Option<f64>| number(cell.added(name, pick), 0);
    let (wrong, failed) = measured
        .rounds
        .iter()
        .fold((0, 0), |(wrong, failed), round| (wrong + round.tally.wrong, failed + round.tally.failed));
    let trouble = measured.rounds.iter().find_map(|round| round.tally.trouble.as_deref());
    format!(
        "| {size} | {name} | {} | {} | {} | {} | {} | {} | {} | {wrong}, {failed} {} | {:.0} % |",
        show(Spread::of(measured.rounds.iter().map(Round::rate)), 0),
        show(Spread::of(measured.rounds.iter().filter_map(Round::cpu_per_call)), 1),
        added(|round| round.tally.p50),
        added(|round| round.tally.p99),
        added(|round| round.tally.p999),
        number(cell.cpu_ratio(name, "nginx"), 2),
        number(cell.rate_ratio(name, "direct"), 2),
        trouble.unwrap_or_default().replace('|', "/"),
        cell.others * 100.0,
    )
}

impl Cell {
    pub(crate) fn route(&self, name: &str) -> Option<&Measured> {
        self.routes.iter().find(|measured| measured.route == name && !measured.rounds.is_empty())
    }

    /// Median of what a percentile of each round is above direct's in the same turn. For direct
    /// itself, the percentile.
    pub(crate) fn added(&self, name: &str, pick: fn(&Round) -> Option<f64>) -> Option<f64> {
        let (route, direct) = (self.route(name)?, self.route("direct")?);
        let pairs = route.rounds.iter().zip(&direct.rounds);
        let base = |direct: &Round| if name == "direct" { Some(0.0) } else { pick(direct) };
        Some(Spread::of(pairs.filter_map(|(ours, direct)| Some(pick(ours)? - base(direct)?)))?.median)
    }

    pub(crate) fn cpu_ratio(&self, name: &str, other: &str) -> Option<f64> {
        let cpu =
            |name| Some(Spread::of(self.route(name)?.rounds.iter().filter_map(Round::cpu_per_call))?.median);
        Some(cpu(name)? / cpu(other)?)
    }

    pub(crate) fn rate_ratio(&self, name: &str, other: &str) -> Option<f64> {
        let rate = |name| Some(Spread::of(self.route(name)?.rounds.iter().map(Round::rate))?.median);
        Some(rate(name)? / rate(other)?)
    }
}

/// The middle of some measurements, and how far they lie apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spread {
    pub(crate) least: f64,
    pub(crate) median: f64,
    pub(crate) most: f64,
}

impl Spread {
    pub(crate) fn of(values: impl Iterator<Item = f64>) -> Option<Self> {
        let mut values: Vec<f64> = values.collect();
        values.sort_unstable_by(f64::total_cmp);
        let (least, most) = (*values.first()?, *values.last()?);
        let (low, high) = (values[(values.len() - 1) / 2], values[values.len() / 2]);
        Some(Self { least, median: f64::midpoint(low, high), most })
    }

    fn show(&self, digits: usize) -> String {
        format!("{:.digits$} ({:.digits$}–{:.digits$})", self.median, self.least, self.most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle() {
        let of = |values: &[f64]| Spread::of(values.iter().copied());
        assert_eq!(of(&[3.0, 1.0, 2.0]), Some(Spread { least: 1.0, median: 2.0, most: 3.0 }));
        assert_eq!(of(&[4.0, 1.0]), Some(Spread { least: 1.0, median: 2.5, most: 4.0 }));
        assert_eq!(of(&[]), None);
    }
}
