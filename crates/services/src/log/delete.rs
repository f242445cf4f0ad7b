//! Old entries go: at somebody's wish, and when their project keeps them no longer.

use chrono::TimeDelta;
use domain::{Action, ProjectId, Result, Timestamp};
use sea_orm::{EntityTrait, QueryFilter, sea_query::Order};
use serde_json::json;
use uuid::Uuid;

use super::{
    Logs,
    query::{Span, first_id},
};
use crate::{
    Caller,
    audit::Place,
    database::failed,
    entity::{log_entry, project},
    new_id,
};

/// Entries deleted in one go. Who writes new ones waits meanwhile.
const PORTION: u64 = 10_000;

impl Logs<'_> {
    /// Deletes a project's entries, or those written before a moment. What comes meanwhile stays.
    pub async fn clear(&self, caller: &Caller, project: &str, before: Option<Timestamp>) -> Result<()> {
        let project = self.0.projects().authorize(caller, project, Action::ClearLogs).await?;
        let to = before.map_or_else(|| new_id!(self.0, LogId), first_id);
        let span = Span { project: project.id, from: None, to: Some(to) };
        // Told first: an interrupted deletion is no secret, and can be asked for again.
        let entries = span.count(&self.0.inner.database.reader).await?;
        let transaction = self.0.inner.database.begin().await?;
        let change = json!({ "entries": entries, "before": before });
        let place = Place::project(&project);
        self.0.audit().record(&transaction, caller, place, "log.clear", project.path(), change).await?;
        transaction.commit().await.map_err(failed("noting that a log is cleared"))?;
        self.delete(span, PORTION).await?;
        self.0.activity().announce(project.id);
        Ok(())
    }

    /// Deletes entries that are older than their project keeps them.
    pub(crate) async fn prune(&self) -> Result<u64> {
        let (now, mut pruned) = (self.0.clock().now(), 0);
        let projects = project::Entity::find()
            .all(&self.0.inner.database.reader)
            .await
            .map_err(failed("reading projects"))?;
        for project in projects {
            let before = now - TimeDelta::days(project.log_retention_days.into());
            let project = ProjectId(project.id);
            self.0.usage().prune(project, before).await?;
            pruned += self.delete(Span { project, from: None, to: Some(first_id(before)) }, PORTION).await?;
        }
        Ok(pruned)
    }

    /// Deletes a stretch from its old end, a portion at a time.
    pub(crate) async fn delete(&self, span: Span, portion: u64) -> Result<u64> {
        let writer = &self.0.inner.database.writer;
        let mut deleted = 0;
        loop {
            let next: Option<Uuid> = span
                .nth(Order::Asc, portion)
                .into_tuple()
                .one(writer)
                .await
                .map_err(failed("looking for old log entries"))?;
            let end = next.or(span.to.map(|to| to.0));
            let mut entries =
                log_entry::Entity::delete_many().filter(log_entry::COLUMN.project_id.eq(span.project.0));
            if let Some(end) = end {
                entries = entries.filter(log_entry::COLUMN.id.lt(end));
            }
            let gone = entries.exec(writer).await.map_err(failed("deleting log entries"))?;
            deleted += gone.rows_affected;
            if next.is_none() {
                return Ok(deleted);
            }
        }
    }
}
