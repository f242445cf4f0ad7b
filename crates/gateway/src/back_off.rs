//! How long to wait before the next try.

use std::time::Duration;

const FIRST: Duration = Duration::from_secs(1);
/// The longest wait before a process is started again, which may cost a machine much.
pub(crate) const PROCESS: Duration = Duration::from_secs(60);
/// The longest wait before a remote server is asked again, which costs nobody anything.
pub(crate) const REMOTE: Duration = Duration::from_secs(15);

/// The wait after so many failures in a row: longer each time up to `longest`, and never the same for
/// all, or everybody would come back at once to a server that just came up.
pub(crate) fn after(failures: u32, longest: Duration) -> Duration {
    jittered(longest.min(FIRST * (1 << failures.saturating_sub(1).min(6))))
}

/// A duration that differs by up to a quarter from `duration`.
pub(crate) fn jittered(duration: Duration) -> Duration {
    let mut random = [0_u8; 2];
    // Without randomness there is no jitter, and nothing worse.
    let part = match getrandom::fill(&mut random) {
        Ok(()) => f64::from(u16::from_le_bytes(random)) / f64::from(u16::MAX),
        Err(_) => 0.5,
    };
    duration.mul_f64(0.75 + part / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_bound_and_differ() {
        for (failures, longest, base) in [
            (1, PROCESS, 1),
            (2, REMOTE, 2),
            (4, REMOTE, 8),
            (5, REMOTE, 15),
            (6, PROCESS, 32),
            (7, PROCESS, 60),
            (1_000, REMOTE, 15),
        ] {
            let wait = after(failures, longest);
            let base = Duration::from_secs(base);
            assert!(wait >= base.mul_f64(0.75) && wait <= base.mul_f64(1.25), "{failures}: {wait:?}");
        }
        let waits: std::collections::HashSet<Duration> = (0..20).map(|_| after(7, PROCESS)).collect();
        assert!(waits.len() > 1);
    }
}
