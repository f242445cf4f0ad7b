//! What happens in a project, read as fast as its reader takes it. The log itself is the queue: a
//! reader holds a position in it, and no more than one answer of the database.

use std::{collections::BTreeMap, time::Duration};

use domain::{
    LogId, ProjectId, Result, ServerId,
    log::{LogEntry, LogFilter},
    server::ServerStatus,
};
use futures_util::{Stream, stream};
use serde::{Deserialize, Serialize};
use services::{Caller, Services};
use tokio::{
    sync::watch,
    time::{Instant, sleep_until},
};
use utoipa::ToSchema;

/// How often another process's writes are looked for, and whether the caller still may; writes of
/// this one come at once.
const POLL: Duration = Duration::from_secs(2);
/// Entries read in one go.
const AT_ONCE: usize = 200;
/// Entries that may wait for a reader that was up to date once. One that falls further behind is
/// brought to the present.
const PATIENCE: u64 = 10_000;

/// One message of the feed.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum News {
    /// The first message: log entries after this position follow.
    Open {
        project: ProjectId,
        after: LogId,
    },
    /// What a server is doing: each server's at first, then each that changes.
    Status {
        #[serde(flatten)]
        status: ServerStatus,
    },
    /// A server that is gone.
    Removed {
        server_id: ServerId,
        server: String,
    },
    Log {
        entry: Box<LogEntry>,
    },
    /// The reader was too slow: entries after this position are left out, up to `until`.
    Gap {
        lost: u64,
        /// Set where there were too many to count.
        at_least: bool,
        after: LogId,
        until: LogId,
    },
}

/// What of the news is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Only {
    Log,
    Status,
}

pub(super) struct Source {
    services: Services,
    caller: Caller,
    project: ProjectId,
    /// The project as the services take it; its short name may change while somebody listens.
    name: String,
    filter: LogFilter,
    only: Option<Only>,
    position: LogId,
    opened: bool,
    /// The reader has had everything once. Before, it reads what it asked for, however old.
    present: bool,
    /// What a search stopped at is not its end: go on without waiting.
    more: bool,
    patience: u64,
    states: BTreeMap<ServerId, ServerStatus>,
    /// When and at which activity and revision the states were read.
    looked: Option<(Instant, u64, u64)>,
    activity: watch::Receiver<u64>,
    changes: watch::Receiver<u64>,
}

impl Source {
    /// Asks for what the caller may read now; each further look asks again.
    pub(super) async fn open(
        services: Services,
        caller: Caller,
        project: &str,
        filter: LogFilter,
        only: Option<Only>,
    ) -> Result<Self> {
        let project = services.projects().get(&caller, project).await?.id;
        let name = project.to_string();
        // Before the position is taken, so that nothing is written unseen between the two.
        let (activity, changes) = (services.activity().subscribe(project), services.changes().subscribe());
        let newest = services.logs().newest(&caller, &name).await?;
        let (position, present) = filter.after.map_or((newest, true), |after| (after, false));
        let filter = LogFilter { before: None, to: None, limit: None, ..filter };
        Ok(Self {
            services,
            caller,
            project,
            name,
            filter,
            only,
            position,
            opened: false,
            present,
            more: false,
            patience: PATIENCE,
            states: BTreeMap::new(),
            looked: None,
            activity,
            changes,
        })
    }

    #[cfg(test)]
    pub(super) fn with_patience(self, patience: u64) -> Self {
        Self { patience, ..self }
    }

    /// The news as they come, until the caller may not read them any more.
    pub(super) fn news(self) -> impl Stream<Item = Result<Vec<News>>> + Send {
        stream::unfold(Some(self), |source| async {
            let mut source = source?;
            match source.next().await {
                Ok(news) => Some((Ok(news), Some(source))),
                Err(error) => Some((Err(error), None)),
            }
        })
    }

    pub(super) async fn next(&mut self) -> Result<Vec<News>> {
        loop {
            // Marked as seen before the look, so that what comes meanwhile wakes again.
            let activity = *self.activity.borrow_and_update();
            let revision = *self.changes.borrow_and_update();
            self.caller = self.services.accounts().again(&self.caller).await?;
            let mut news = Vec::new();
            if !self.opened {
                self.opened = true;
                news.push(News::Open { project: self.project, after: self.position });
            }
            if self.only != Some(Only::Log) {
                self.look(activity, revision, &mut news).await?;
            }
            if self.only != Some(Only::Status) {
                self.read(&mut news).await?;
            }
            if !news.is_empty() {
                return Ok(news);
            }
            if self.more {
                continue;
            }
            let poll = sleep_until(Instant::now() + POLL);
            tokio::select! {
                _ = self.activity.changed() => {}
                _ = self.changes.changed() => {}
                () = poll => {}
            }
        }
    }

    /// Tells of servers whose state is another than before.
    async fn look(&mut self, activity: u64, revision: u64, news: &mut Vec<News>) -> Result<()> {
        let is_fresh = |(at, seen, known): &(Instant, u64, u64)| {
            at.elapsed() < POLL && (*seen, *known) == (activity, revision)
        };
        if self.looked.as_ref().is_some_and(is_fresh) {
            return Ok(());
        }
        let now = self.services.servers().statuses(&self.caller, &self.name).await?;
        let mut gone = std::mem::take(&mut self.states);
        for status in now {
            let before = gone.remove(&status.server_id);
            if before.as_ref().is_none_or(|before| is_news(before, &status)) {
                news.push(News::Status { status: status.clone() });
            }
            self.states.insert(status.server_id, status);
        }
        news.extend(
            gone.into_values()
                .map(|status| News::Removed { server_id: status.server_id, server: status.server }),
        );
        self.looked = Some((Instant::now(), activity, revision));
        Ok(())
    }

    async fn read(&mut self, news: &mut Vec<News>) -> Result<()> {
        let logs = self.services.logs();
        let mut filter = LogFilter { after: Some(self.position), ..self.filter.clone() };
        if self.present && self.more {
            let missed = logs.missed(&self.caller, &self.name, filter.clone(), self.patience).await?;
            if let Some(missed) = missed {
                let (after, until) = (self.position, missed.position);
                news.push(News::Gap { lost: missed.lost, at_least: missed.at_least, after, until });
                self.position = until;
                filter.after = Some(until);
            }
        }
        let followed = logs.follow(&self.caller, &self.name, filter, AT_ONCE).await?;
        self.position = followed.position;
        self.more = followed.more;
        self.present |= !followed.more;
        news.extend(followed.entries.into_iter().map(|entry| News::Log { entry: Box::new(entry) }));
        Ok(())
    }
}

/// Another look that found the same is none.
fn is_news(before: &ServerStatus, now: &ServerStatus) -> bool {
    ServerStatus { observed_at: now.observed_at, ..before.clone() } != *now
}
