//! Reads the log: a page of it, one entry with its surroundings, and what there is how often.

use std::collections::BTreeMap;

use domain::{
    Action, Error, LogId, ProjectId, Result, ServerId, Timestamp,
    log::{Category, Level, LogDetail, LogEntry, LogFilter, LogPage, LogSummary},
};
use sea_orm::{
    EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, Order},
};
use uuid::Uuid;

use super::{
    Logs, code,
    follow::Followed,
    query::{self, Span, is_sparse, narrow},
};
use crate::{Caller, database::failed, entity::log_entry};

const PAGE: u32 = 50;
const PAGE_MAX: u32 = 200;
/// Entries that are looked at for one page, in growing steps: most filters are full after the first.
const SEARCHED: [u64; 3] = [1_000, 5_000, 20_000];
/// Entries that a summary counts.
const COUNTED: u64 = 20_000;
/// Calls of a session that are shown on each side of one, and how far they are looked for.
const AROUND: u64 = 10;
const AROUND_SEARCHED: u64 = 2_000;

impl Logs<'_> {
    /// Entries that pass the filter, newest first.
    pub async fn list(&self, caller: &Caller, project: &str, filter: LogFilter) -> Result<LogPage> {
        let project = self.0.projects().authorize(caller, project, Action::ViewLogs).await?;
        let limit = filter.limit.unwrap_or(PAGE).clamp(1, PAGE_MAX);
        self.page(project.id, &filter, limit as usize).await
    }

    pub(super) async fn page(&self, project: ProjectId, filter: &LogFilter, limit: usize) -> Result<LogPage> {
        let span = Span::of(project, filter, self.0.clock().now());
        // A tail must not jump over what does not fit: it goes on from the oldest entries it has not seen.
        if filter.after.is_some() {
            let Followed { mut entries, position, more } = self.after(project, filter, limit).await?;
            entries.reverse();
            return Ok(LogPage { items: entries, next: more.then_some(position), searched_to: None });
        }
        if !is_sparse(filter) {
            return Ok(filled(self.read(span, filter, Order::Desc, limit + 1).await?, limit));
        }
        let mut stop = span;
        for searched in SEARCHED {
            stop.from = self.nth(span, Order::Desc, searched).await?.or(span.from);
            let rows = self.read(stop, filter, Order::Desc, limit + 1).await?;
            if rows.len() > limit || stop.from == span.from {
                return Ok(filled(rows, limit));
            }
            if searched == SEARCHED[SEARCHED.len() - 1] {
                let searched_to = stop.from.and_then(moment);
                return Ok(LogPage { next: stop.from, searched_to, ..filled(rows, limit) });
            }
        }
        Ok(LogPage::default())
    }

    /// One entry, with the calls of its session around it.
    pub async fn get(&self, caller: &Caller, project: &str, id: LogId) -> Result<LogDetail> {
        let project = self.0.projects().authorize(caller, project, Action::ViewLogs).await?;
        let found = log_entry::Entity::find()
            .filter(log_entry::COLUMN.project_id.eq(project.id.0))
            .filter(log_entry::COLUMN.id.eq(id.0))
            .one(&self.0.inner.database.reader)
            .await
            .map_err(failed("reading a log entry"))?;
        let entry = view(found.ok_or_else(Error::not_found)?);
        let mut around = Vec::new();
        if let Some(session) = entry.session.clone() {
            let filter = LogFilter { session: Some(session), ..LogFilter::default() };
            let calls = |span: Span, order| self.calls(span, filter.clone(), order);
            let earlier = Span { project: project.id, from: None, to: Some(id) };
            around = calls(earlier, Order::Desc).await?;
            around.reverse();
            let later = LogFilter { after: Some(id), ..LogFilter::default() };
            around.extend(calls(Span::of(project.id, &later, self.0.clock().now()), Order::Asc).await?);
        }
        Ok(LogDetail { entry, around })
    }

    /// The calls next to one end of the stretch.
    async fn calls(&self, mut span: Span, filter: LogFilter, order: Order) -> Result<Vec<LogEntry>> {
        match order {
            Order::Asc => span.to = self.nth(span, Order::Asc, AROUND_SEARCHED).await?.or(span.to),
            _ => span.from = self.nth(span, Order::Desc, AROUND_SEARCHED).await?.or(span.from),
        }
        let rows = narrow(span.entries(), &filter)
            .filter(log_entry::COLUMN.duration_ms.is_not_null())
            .order_by(log_entry::Column::Id, order)
            .limit(AROUND)
            .all(&self.0.inner.database.reader)
            .await
            .map_err(failed("reading a session's calls"))?;
        Ok(rows.into_iter().map(view).map(LogEntry::without_payload).collect())
    }

    /// How many entries of each level and category the filter's time has.
    pub async fn summary(&self, caller: &Caller, project: &str, filter: LogFilter) -> Result<LogSummary> {
        let project = self.0.projects().authorize(caller, project, Action::ViewLogs).await?;
        let filter = LogFilter { before: None, after: None, ..filter };
        let mut span = Span::of(project.id, &filter, self.0.clock().now());
        let stop = self.nth(span, Order::Desc, COUNTED).await?;
        span.from = stop.map(query::next_id).or(span.from);
        let rows: Vec<(i32, String, i64)> = span
            .entries()
            .select_only()
            .column(log_entry::Column::Level)
            .column(log_entry::Column::Category)
            .column_as(Expr::cust("COUNT(*)"), "entries")
            .group_by(log_entry::Column::Level)
            .group_by(log_entry::Column::Category)
            .into_tuple()
            .all(&self.0.inner.database.reader)
            .await
            .map_err(failed("counting the log"))?;
        let (mut levels, mut categories) = (BTreeMap::new(), BTreeMap::new());
        for (level_number, name, entries) in rows {
            let entries = u64::try_from(entries).unwrap_or_default();
            *levels.entry(level(level_number)).or_insert(0) += entries;
            *categories.entry(name.parse().unwrap_or(Category::Error)).or_insert(0) += entries;
        }
        Ok(LogSummary {
            levels: levels.into_iter().collect(),
            categories: categories.into_iter().collect(),
            counted_to: stop.and_then(moment),
        })
    }

    pub(super) async fn nth(&self, span: Span, order: Order, count: u64) -> Result<Option<LogId>> {
        let found: Option<Uuid> = span
            .nth(order, count)
            .into_tuple()
            .one(&self.0.inner.database.reader)
            .await
            .map_err(failed("measuring the log"))?;
        Ok(found.map(LogId))
    }

    pub(super) async fn read(
        &self,
        span: Span,
        filter: &LogFilter,
        order: Order,
        limit: usize,
    ) -> Result<Vec<log_entry::Model>> {
        narrow(span.entries(), filter)
            .order_by(log_entry::Column::Id, order)
            .limit(limit as u64)
            .all(&self.0.inner.database.reader)
            .await
            .map_err(failed("reading the log"))
    }
}

/// A page of rows of which one more than `limit` was asked for.
fn filled(mut rows: Vec<log_entry::Model>, limit: usize) -> LogPage {
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|row| LogId(row.id));
    LogPage { items: rows.into_iter().map(view).collect(), next, searched_to: None }
}

/// When an id was given (RFC 9562 §5.7: the first 48 bits are Unix milliseconds).
pub(super) fn moment(id: LogId) -> Option<Timestamp> {
    let millis = i64::try_from(id.0.as_u128() >> 80).ok()?;
    Timestamp::from_timestamp_millis(millis)
}

fn level(number: i32) -> Level {
    usize::try_from(number).ok().and_then(|i| Level::ALL.get(i)).copied().unwrap_or(Level::Info)
}

pub(super) fn view(row: log_entry::Model) -> LogEntry {
    LogEntry {
        id: LogId(row.id),
        at: row.at,
        level: level(row.level),
        category: row.category.parse().unwrap_or(Category::Error),
        server_id: row.server_id.map(ServerId),
        server: row.server_name,
        key: row.key_name,
        session: row.session,
        method: row.method,
        tool: row.tool,
        outcome: row.outcome.and_then(|name| name.parse().ok()),
        code: row.code.as_deref().and_then(code),
        duration_ms: row.duration_ms.and_then(|ms| u64::try_from(ms).ok()),
        message: row.message,
        request_id: row.request_id,
        arguments: row.arguments,
        result: row.result,
    }
}
