//! Slows guessing: a window of attempts for each account and for each address. In memory, because
//! an attacker who can restart Sluice does not need to guess.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use chrono::TimeDelta;
use domain::{Code, Error, Result, Timestamp};

use crate::Clock;

const WINDOW: TimeDelta = TimeDelta::minutes(1);
const PER_ACCOUNT: u32 = 5;
/// Higher, because an office shares one address.
const PER_ADDRESS: u32 = 30;
/// Windows kept before finished ones are swept.
const SWEEP: usize = 10_000;

pub(crate) struct Throttle {
    clock: Clock,
    windows: Mutex<HashMap<String, (Timestamp, u32)>>,
}

impl Throttle {
    pub(crate) fn new(clock: Clock) -> Self {
        Self { clock, windows: Mutex::default() }
    }

    /// Counts an attempt, or refuses it.
    pub(crate) fn attempt(&self, account: &str, ip: Option<&str>) -> Result<()> {
        let now = self.clock.now();
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        if windows.len() >= SWEEP {
            windows.retain(|_, (start, _)| now - *start < WINDOW);
        }
        let mut count = |key: String, most: u32| {
            let (start, count) = windows.entry(key).or_insert((now, 0));
            if now - *start >= WINDOW {
                (*start, *count) = (now, 0);
            }
            *count += 1;
            *count <= most
        };
        let account = count(format!("account {account}"), PER_ACCOUNT);
        let address = ip.is_none_or(|ip| count(format!("address {ip}"), PER_ADDRESS));
        if account && address { Ok(()) } else { Err(Error::new(Code::TooManyAttempts)) }
    }

    /// The person came in: their earlier mistakes are forgotten.
    pub(crate) fn succeeded(&self, account: &str) {
        self.windows.lock().unwrap_or_else(PoisonError::into_inner).remove(&format!("account {account}"));
    }
}
