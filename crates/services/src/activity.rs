//! Wakes live pages: something of this project was written.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use domain::ProjectId;
use tokio::sync::watch;

#[derive(Clone, Default)]
pub struct Activity(Arc<Mutex<HashMap<ProjectId, watch::Sender<u64>>>>);

impl Activity {
    /// Wakes at each write of this process to the project's states and log. The number moves on where it
    /// was more than log entries.
    #[must_use]
    pub fn subscribe(&self, project: ProjectId) -> watch::Receiver<u64> {
        let mut projects = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Whoever stopped looking leaves an empty channel behind.
        projects.retain(|_, sender| sender.receiver_count() > 0);
        projects.entry(project).or_default().subscribe()
    }

    pub(crate) fn announce(&self, project: ProjectId) {
        self.wake(project, 1);
    }

    /// Only the log has grown.
    pub(crate) fn announce_entries(&self, project: ProjectId) {
        self.wake(project, 0);
    }

    fn wake(&self, project: ProjectId, by: u64) {
        if let Some(sender) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&project) {
            sender.send_modify(|number| *number = number.wrapping_add(by));
        }
    }
}
