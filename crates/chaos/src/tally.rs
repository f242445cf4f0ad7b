//! What happened, counted, and what must not happen, kept in words.

use std::{
    collections::BTreeMap,
    fmt::{self, Write},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// Violations of one kind told in full; a broken build makes thousands of the same.
const EXAMPLES: u64 = 5;

/// What Sluice must never do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Violation {
    /// A request without an answer, or one whose answer took too long.
    Lost,
    /// Something of another request, or of another client.
    Crossed,
    /// Something that came after the end of what it belongs to.
    Stray,
    /// An error that is not one of ours, so that nobody can tell what to do.
    Unnamed,
    /// An error that none of the faults explains.
    Unexplained,
    /// A tool that is no longer listed, or no longer known.
    Vanished,
    /// A session that a restart was to leave as it is.
    Forgotten,
    /// A server without a fault of its own failed because of others.
    Spread,
    /// A client without good answers although all is well again.
    Unhealed,
    /// Processes, files, memory or work that stay behind.
    Leaked,
    /// A stop that took too long, or failed.
    Stuck,
}

impl Violation {
    const ALL: [Self; 11] = [
        Self::Lost,
        Self::Crossed,
        Self::Stray,
        Self::Unnamed,
        Self::Unexplained,
        Self::Vanished,
        Self::Forgotten,
        Self::Spread,
        Self::Unhealed,
        Self::Leaked,
        Self::Stuck,
    ];
}

#[derive(Default)]
struct Counts {
    calls: u64,
    answers: u64,
    progress: u64,
    cancelled: u64,
    sessions: u64,
    reconnected: u64,
    slowest: Duration,
    broken: BTreeMap<&'static str, u64>,
    errors: BTreeMap<String, u64>,
    faults: BTreeMap<&'static str, u64>,
    notes: Vec<(String, String)>,
    violations: BTreeMap<Violation, u64>,
    examples: Vec<String>,
}

#[derive(Default)]
pub(crate) struct Tally(Mutex<Counts>);

impl Tally {
    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn asked(&self) {
        self.counts().calls += 1;
    }

    pub(crate) fn answered(&self, after: Duration) {
        let mut counts = self.counts();
        counts.answers += 1;
        counts.slowest = counts.slowest.max(after);
    }

    pub(crate) fn progressed(&self) {
        self.counts().progress += 1;
    }

    pub(crate) fn cancelled(&self) {
        self.counts().cancelled += 1;
    }

    pub(crate) fn opened(&self) {
        self.counts().sessions += 1;
    }

    pub(crate) fn reconnected(&self) {
        self.counts().reconnected += 1;
    }

    pub(crate) fn refused(&self, code: &str, after: Duration) {
        let mut counts = self.counts();
        *counts.errors.entry(code.to_owned()).or_default() += 1;
        counts.slowest = counts.slowest.max(after);
    }

    pub(crate) fn broken(&self, by: &'static str) {
        *self.counts().broken.entry(by).or_default() += 1;
    }

    pub(crate) fn fault(&self, name: &'static str) {
        *self.counts().faults.entry(name).or_default() += 1;
    }

    pub(crate) fn note(&self, name: impl Into<String>, value: impl Into<String>) {
        self.counts().notes.push((name.into(), value.into()));
    }

    pub(crate) fn violation(&self, violation: Violation, what: impl Into<String>) {
        let mut counts = self.counts();
        let count = counts.violations.entry(violation).or_default();
        *count += 1;
        if *count <= EXAMPLES {
            counts.examples.push(format!("{violation:?}: {}", what.into()));
        }
    }

    pub(crate) fn is_clean(&self) -> bool {
        self.counts().violations.is_empty()
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = self.counts();
        let mut rows: Vec<(String, String)> = Vec::new();
        let mut row = |name: &str, value: &dyn fmt::Display| rows.push((name.to_owned(), value.to_string()));
        row("calls", &counts.calls);
        row("  answers", &counts.answers);
        row("  cancelled by the client", &counts.cancelled);
        for (by, count) in &counts.broken {
            row(&format!("  broken by {by}"), count);
        }
        for (code, count) in &counts.errors {
            row(&format!("  error {code}"), count);
        }
        row("progress", &counts.progress);
        row("slowest answer", &format!("{:.1} s", counts.slowest.as_secs_f32()));
        row("sessions opened", &counts.sessions);
        row("streams reconnected", &counts.reconnected);
        for (name, count) in &counts.faults {
            row(&format!("fault: {name}"), count);
        }
        for (name, value) in &counts.notes {
            row(name, value);
        }
        for violation in Violation::ALL {
            let count = counts.violations.get(&violation).copied().unwrap_or_default();
            row(&format!("{violation:?}").to_lowercase(), &count);
        }
        let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
        let mut text = String::new();
        for (name, value) in rows {
            writeln!(text, "{name:width$}  {value}")?;
        }
        for example in &counts.examples {
            writeln!(text, "! {example}")?;
        }
        f.write_str(text.trim_end())
    }
}
