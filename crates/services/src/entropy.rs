//! Randomness, as a parameter.

use std::{
    cell::RefCell,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use sha2::{Digest, Sha256};

#[derive(Clone, Debug)]
pub struct Entropy(Source);

#[derive(Clone, Debug)]
enum Source {
    Os,
    Seeded(u64, Arc<AtomicU64>),
}

impl Entropy {
    /// The operating system's generator.
    #[must_use]
    pub fn os() -> Self {
        Self(Source::Os)
    }

    /// Repeatable bytes, for tests only.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self(Source::Seeded(seed, Arc::default()))
    }

    /// Fills `bytes`.
    ///
    /// # Panics
    /// When the operating system has no randomness: nothing safe can be done without it.
    pub fn fill(&self, bytes: &mut [u8]) {
        match &self.0 {
            Source::Os => {
                getrandom::fill(bytes).expect("the operating system's random generator works");
            }
            Source::Seeded(seed, counter) => {
                for chunk in bytes.chunks_mut(32) {
                    let step = counter.fetch_add(1, Ordering::Relaxed);
                    let block = Sha256::digest([seed.to_le_bytes(), step.to_le_bytes()].concat());
                    chunk.copy_from_slice(&block[..chunk.len()]);
                }
            }
        }
    }

    /// Bytes for names that are no secrets, such as ids: they come out of a reserve of this thread,
    /// because each of them is made for a call, and a call of the system costs more than the rest of it.
    #[must_use]
    pub fn name<const N: usize>(&self) -> [u8; N] {
        match &self.0 {
            Source::Os => RESERVE.with_borrow_mut(|reserve| reserve.take(|bytes| self.fill(bytes))),
            Source::Seeded(..) => self.bytes(),
        }
    }

    #[must_use]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }
}

thread_local! {
    static RESERVE: RefCell<Reserve> = const { RefCell::new(Reserve { bytes: [0; RESERVED], left: 0 }) };
}

const RESERVED: usize = 480;

/// Random bytes that nobody had yet: the first `left` ones.
struct Reserve {
    bytes: [u8; RESERVED],
    left: usize,
}

impl Reserve {
    fn take<const N: usize>(&mut self, refill: impl FnOnce(&mut [u8])) -> [u8; N] {
        const { assert!(N <= RESERVED) };
        if self.left < N {
            refill(&mut self.bytes);
            self.left = RESERVED;
        }
        self.left -= N;
        let mut taken = [0; N];
        taken.copy_from_slice(&self.bytes[self.left..self.left + N]);
        taken
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_byte_of_the_reserve_is_given_twice() {
        let mut reserve = Reserve { bytes: [0; RESERVED], left: 0 };
        let mut next = 0_u64;
        let names: Vec<u64> = (0..200)
            .map(|_| {
                u64::from_be_bytes(reserve.take(|bytes| {
                    bytes.chunks_mut(8).for_each(|chunk| {
                        chunk.copy_from_slice(&next.to_be_bytes());
                        next += 1;
                    });
                }))
            })
            .collect();
        assert_eq!(names.iter().collect::<HashSet<_>>().len(), names.len());
        assert_eq!(next, 4 * 60, "one filling is for 60 names of eight bytes");
    }

    #[test]
    fn names_of_all_threads_differ() {
        let threads: Vec<_> = (0..4)
            .map(|_| {
                std::thread::spawn(|| (0..1_000).map(|_| Entropy::os().name::<10>()).collect::<Vec<_>>())
            })
            .collect();
        let names: Vec<_> =
            threads.into_iter().flat_map(|thread| thread.join().expect("it only makes names")).collect();
        assert_eq!(names.iter().collect::<HashSet<_>>().len(), names.len());
    }
}
