//! Whether anybody still waits for an answer that is being read.

use std::{
    future::poll_fn,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    task::Poll,
};

use futures_util::task::AtomicWaker;

/// Kept with who waits; its end is the end of the interest.
pub(crate) struct Wanted(Arc<State>);

/// Kept by who reads.
pub(crate) struct Interest(Arc<State>);

#[derive(Default)]
struct State {
    is_over: AtomicBool,
    /// The reader is about to end it itself, by handing the answer over.
    is_served: AtomicBool,
    reader: AtomicWaker,
}

pub(crate) fn interest() -> (Wanted, Interest) {
    let state = Arc::new(State::default());
    (Wanted(state.clone()), Interest(state))
}

impl Drop for Wanted {
    fn drop(&mut self) {
        self.0.is_over.store(true, SeqCst);
        if !self.0.is_served.load(SeqCst) {
            self.0.reader.wake();
        }
    }
}

impl Interest {
    /// Completes when nobody waits any more and the reader did not bring that about.
    pub(crate) async fn lost(&self) {
        poll_fn(|cx| {
            self.0.reader.register(cx.waker());
            let lost = self.0.is_over.load(SeqCst) && !self.0.is_served.load(SeqCst);
            if lost { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }

    /// Says that what is handed over now may be the answer: [`Self::lost`] then is not to complete.
    pub(crate) fn serve(&self) {
        self.0.is_served.store(true, SeqCst);
    }

    /// Says that it was not the answer.
    pub(crate) fn go_on(&self) {
        self.0.is_served.store(false, SeqCst);
        if self.0.is_over.load(SeqCst) {
            self.0.reader.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[test]
    fn an_interest_is_lost_unless_it_was_served() {
        let (wanted, interest) = interest();
        assert_eq!(interest.lost().now_or_never(), None);
        interest.serve();
        drop(wanted);
        assert_eq!(interest.lost().now_or_never(), None);
        interest.go_on();
        assert_eq!(interest.lost().now_or_never(), Some(()));
    }
}
