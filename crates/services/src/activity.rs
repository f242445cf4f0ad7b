//! Wakes live pages: something of this project was written.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use domain::ProjectId;
use tokio::sync::watch;

#[derive(Clone, Default)]
pub struct Activity(Arc<Mutex<HashMap<ProjectId, watch::Sender<()>>>>);

impl Activity {
    /// Wakes at each write of this process to the project's states and log.
    #[must_use]
    pub fn subscribe(&self, project: ProjectId) -> watch::Receiver<()> {
        let mut projects = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Whoever stopped looking leaves an empty channel behind.
        projects.retain(|_, sender| sender.receiver_count() > 0);
        projects.entry(project).or_default().subscribe()
    }

    pub(crate) fn announce(&self, project: ProjectId) {
        if let Some(sender) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&project) {
            sender.send_replace(());
        }
    }
}
