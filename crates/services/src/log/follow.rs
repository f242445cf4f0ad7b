//! Follows the log: what was written after a position, oldest first. What is looked at for one answer
//! is bounded, so a follower goes on from where the last answer stopped, whether it held anything or not.

use chrono::TimeDelta;
use domain::{
    Action, LogId, ProjectId, Result,
    log::{LogEntry, LogFilter},
};
use sea_orm::{EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Order};
use uuid::Uuid;

use super::{
    Logs,
    query::{self, Span, is_sparse, narrow},
    read::view,
};
use crate::{Caller, database::failed, entity::log_entry};

/// Entries that are looked at for one answer.
const SEARCHED: u64 = 20_000;
const BEFORE_ALL: LogId = LogId(Uuid::nil());
/// How long an entry may take from getting its id to being there for others: younger stretches of the
/// log are looked at again, even where nothing was found.
const SETTLING: TimeDelta = TimeDelta::seconds(5);

/// Entries after a position, oldest first.
#[derive(Clone, Debug, PartialEq)]
pub struct Followed {
    pub entries: Vec<LogEntry>,
    /// Where to go on; not behind where it was asked from.
    pub position: LogId,
    /// Whether there may be more already.
    pub more: bool,
}

/// What a follower that fell behind did not get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missed {
    pub lost: u64,
    /// Set where there were too many to count.
    pub at_least: bool,
    /// The present, to go on from.
    pub position: LogId,
}

impl Logs<'_> {
    /// The position of the newest entry; of an empty log, before all.
    pub async fn newest(&self, caller: &Caller, project: &str) -> Result<LogId> {
        let project = self.0.projects().allow(caller, project, Action::ViewLogs).await?;
        Ok(self.last(project).await?.unwrap_or(BEFORE_ALL))
    }

    /// The next entries after a position that pass the filter.
    pub async fn follow(
        &self,
        caller: &Caller,
        project: &str,
        filter: LogFilter,
        limit: usize,
    ) -> Result<Followed> {
        let project = self.0.projects().allow(caller, project, Action::ViewLogs).await?;
        self.after(project, &filter, limit).await
    }

    /// Whether more than `patience` entries were written after the filter's position, and if so, what
    /// is passed over by going on with the present.
    pub async fn missed(
        &self,
        caller: &Caller,
        project: &str,
        filter: LogFilter,
        patience: u64,
    ) -> Result<Option<Missed>> {
        let project = self.0.projects().allow(caller, project, Action::ViewLogs).await?;
        let mut span = Span::of(project, &filter, self.0.clock().now());
        if self.nth(span, Order::Asc, patience).await?.is_none() {
            return Ok(None);
        }
        let Some(position) = self.last(project).await? else { return Ok(None) };
        let stop = self.nth(span, Order::Asc, SEARCHED).await?;
        span.to = Some(stop.unwrap_or_else(|| query::next_id(position)));
        let passing: Vec<Uuid> = narrow(span.entries(), &filter)
            .select_only()
            .column(log_entry::Column::Id)
            .into_tuple()
            .all(&self.0.inner.database.reader)
            .await
            .map_err(failed("counting what was missed of the log"))?;
        Ok(Some(Missed { lost: passing.len() as u64, at_least: stop.is_some(), position }))
    }

    pub(super) async fn after(
        &self,
        project: ProjectId,
        filter: &LogFilter,
        limit: usize,
    ) -> Result<Followed> {
        let now = self.0.clock().now();
        let span = Span::of(project, filter, now);
        let stop = if is_sparse(filter) { self.nth(span, Order::Asc, SEARCHED).await? } else { None };
        let searched = Span { to: stop.or(span.to), ..span };
        let mut rows = self.read(searched, filter, Order::Asc, limit + 1).await?;
        let is_full = rows.len() > limit;
        rows.truncate(limit);
        let last = rows.last().map(|row| LogId(row.id)).max(filter.after).unwrap_or(BEFORE_ALL);
        let position = match stop {
            _ if is_full => last,
            Some(stop) => query::previous_id(stop),
            None => last.max(query::first_id(now - SETTLING)),
        };
        let more = is_full || stop.is_some();
        Ok(Followed { entries: rows.into_iter().map(view).collect(), position, more })
    }

    async fn last(&self, project: ProjectId) -> Result<Option<LogId>> {
        let found: Option<Uuid> = log_entry::Entity::find()
            .select_only()
            .column(log_entry::Column::Id)
            .filter(log_entry::COLUMN.project_id.eq(project.0))
            .order_by_desc(log_entry::Column::Id)
            .limit(1)
            .into_tuple()
            .one(&self.0.inner.database.reader)
            .await
            .map_err(failed("reading the end of the log"))?;
        Ok(found.map(LogId))
    }
}
