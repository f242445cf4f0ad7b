//! Ids in the order of their making, also within one millisecond: pages and the live tail of the
//! log go by id, and an entry that sorted before one that was shown already would be missed.

use std::sync::{Mutex, PoisonError};

use crate::{Clock, Entropy};

/// A 12-bit counter behind the milliseconds (RFC 9562 §6.2, method 1).
const COUNTER_MAX: u16 = 0x0FFF;

pub(crate) struct Sequence {
    clock: Clock,
    entropy: Entropy,
    last: Mutex<(u64, u16)>,
}

impl Sequence {
    pub(crate) fn new(clock: Clock, entropy: Entropy) -> Self {
        Self { clock, entropy, last: Mutex::default() }
    }

    /// Milliseconds and ten bytes for `domain::id`, larger than all before.
    pub(crate) fn next(&self) -> (u64, [u8; 10]) {
        let mut random: [u8; 10] = self.entropy.name();
        let now = u64::try_from(self.clock.now().timestamp_millis()).unwrap_or_default();
        let (millis, counter) = {
            let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
            *last = match *last {
                (millis, _) if now > millis => (now, u16::from(random[1])),
                // A full counter, or a clock that went back, borrows from the next millisecond.
                (millis, COUNTER_MAX) => (millis + 1, u16::from(random[1])),
                (millis, counter) => (millis, counter + 1),
            };
            *last
        };
        random[..2].copy_from_slice(&counter.to_be_bytes());
        (millis, random)
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use domain::LogId;

    use super::*;

    #[test]
    fn ids_rise_within_a_millisecond() {
        let clock = Clock::fixed(DateTime::from_timestamp(1_790_000_000, 0).expect("a moment"));
        let sequence = Sequence::new(clock, Entropy::seeded(1));
        let ids: Vec<LogId> = (0..10_000)
            .map(|_| {
                let (millis, random) = sequence.next();
                LogId::new(millis, random)
            })
            .collect();
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
