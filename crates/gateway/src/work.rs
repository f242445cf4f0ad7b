//! What is still to be done for a call when it was sent: reading its answer.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use tokio::runtime::Handle;
use tokio_util::task::TaskTracker;

/// Done in the task of whoever waits for it, which spares a task for each call. When that one goes
/// away, it is finished in a task of its own: the answer belongs in the log, and to the upstream.
#[must_use = "it is done by whoever waits for it, or after `detach`"]
pub(crate) struct Work {
    rest: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    tasks: TaskTracker,
}

impl Work {
    pub(crate) fn new(tasks: &TaskTracker, work: impl Future<Output = ()> + Send + 'static) -> Self {
        Self { rest: Some(Box::pin(work)), tasks: tasks.clone() }
    }

    /// Has it done in a task of its own.
    pub(crate) fn detach(self) {
        drop(self);
    }
}

impl Future for Work {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let Some(work) = &mut self.rest else { return Poll::Ready(()) };
        let done = work.as_mut().poll(cx);
        if done.is_ready() {
            self.rest = None;
        }
        done
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        // Without a runtime the process is at its end.
        if let Some(rest) = self.rest.take()
            && Handle::try_current().is_ok()
        {
            self.tasks.spawn(rest);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{future::pending, time::Duration};

    use tokio::{
        sync::oneshot,
        time::{sleep, timeout},
    };

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_its_waiter_leaves_is_finished_all_the_same() {
        let tasks = TaskTracker::new();
        let (done, finished) = oneshot::channel();
        let work = Work::new(&tasks, async {
            sleep(Duration::from_secs(2)).await;
            let _ = done.send(());
        });
        assert!(timeout(Duration::from_secs(1), work).await.is_err());
        assert_eq!(finished.await, Ok(()));
    }

    #[tokio::test]
    async fn what_is_done_is_not_done_again() {
        let tasks = TaskTracker::new();
        Work::new(&tasks, async {}).await;
        assert_eq!(tasks.len(), 0);
        Work::new(&tasks, pending()).detach();
        assert_eq!(tasks.len(), 1);
    }
}
