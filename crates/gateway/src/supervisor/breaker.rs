//! Keeps callers from starting again and again what fails each time.

use std::{sync::Mutex, time::Duration};

use tokio::time::Instant;

use crate::{back_off, error::Failure, lock::lock};

/// So many failures in a row close the way.
const FAILURES: u32 = 5;

#[derive(Debug, Default)]
struct Row {
    failures: u32,
    /// Until when nobody tries, and why.
    closed: Option<(Instant, Failure)>,
}

/// Counts failed starts in a row. After too many, callers fail at once; when some time has passed,
/// the next one may try, and its failure closes the way for longer.
#[derive(Debug, Default)]
pub(super) struct Breaker(Mutex<Row>);

impl Breaker {
    pub(super) fn check(&self) -> Result<(), Failure> {
        let mut row = lock(&self.0);
        match &row.closed {
            Some((until, failure)) if Instant::now() < *until => Err(failure.clone()),
            Some(_) => {
                row.closed = None;
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// Counts a failure; `words` are what callers hear meanwhile, for `longest` at most.
    pub(super) fn failed(&self, words: Failure, longest: Duration) {
        let mut row = lock(&self.0);
        row.failures = row.failures.saturating_add(1);
        if row.failures >= FAILURES {
            row.closed = Some((Instant::now() + back_off::after(row.failures, longest), words));
        }
    }

    pub(super) fn worked(&self) {
        *lock(&self.0) = Row::default();
    }
}

#[cfg(test)]
mod tests {
    use domain::Code;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn after_too_many_failures_only_time_or_success_opens() {
        let breaker = Breaker::default();
        for _ in 0..FAILURES {
            assert_eq!(breaker.check(), Ok(()));
            breaker.failed(Failure::new(Code::CrashLoop), back_off::PROCESS);
        }
        assert_eq!(breaker.check(), Err(Failure::new(Code::CrashLoop)));
        tokio::time::advance(back_off::after(FAILURES, back_off::PROCESS) * 2).await;
        assert_eq!(breaker.check(), Ok(()), "one may try");
        breaker.failed(Failure::new(Code::CrashLoop), back_off::PROCESS);
        assert!(breaker.check().is_err(), "and closes it again");
        breaker.worked();
        assert_eq!(breaker.check(), Ok(()));
    }
}
