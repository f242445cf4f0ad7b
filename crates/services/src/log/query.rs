//! The questions put to the log. Each walks the key, which is a project's entries in the order of time,
//! between two ids: no question grows with the table.

use chrono::TimeDelta;
use domain::{LogId, ProjectId, Result, Timestamp, log::LogFilter};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Select,
    sea_query::{Expr, Func, Order},
};

use crate::{
    database::{containing, failed},
    entity::log_entry,
};

/// A stretch of a project's log: from an id on, and up to before another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) project: ProjectId,
    pub(crate) from: Option<LogId>,
    pub(crate) to: Option<LogId>,
}

impl Span {
    /// Where a filter's times and marks leave something to look at.
    pub(crate) fn of(project: ProjectId, filter: &LogFilter, now: Timestamp) -> Self {
        let within = filter.within.map(|within| now - TimeDelta::hours(within.hours().into()));
        let from = filter.from.or(within.filter(|_| filter.to.is_none())).map(first_id);
        let to = filter.to.map(first_id);
        // `after` itself was seen already.
        let after = filter.after.map(next_id);
        Self { project, from: from.max(after), to: [to, filter.before].into_iter().flatten().min() }
    }

    /// All entries of the stretch.
    pub(crate) fn entries(self) -> Select<log_entry::Entity> {
        let mut query = log_entry::Entity::find().filter(log_entry::COLUMN.project_id.eq(self.project.0));
        if let Some(from) = self.from {
            query = query.filter(log_entry::COLUMN.id.gte(from.0));
        }
        if let Some(to) = self.to {
            query = query.filter(log_entry::COLUMN.id.lt(to.0));
        }
        query
    }

    /// How many there are.
    pub(crate) async fn count(self, connection: &impl ConnectionTrait) -> Result<u64> {
        self.entries().count(connection).await.map_err(failed("counting log entries"))
    }

    /// The id that lies `count` entries from one end of the stretch, if it has so many.
    pub(crate) fn nth(self, order: Order, count: u64) -> Select<log_entry::Entity> {
        self.entries()
            .select_only()
            .column(log_entry::Column::Id)
            .order_by(log_entry::Column::Id, order)
            .offset(count)
            .limit(1)
    }
}

/// The least id of a moment. Ids are given when an entry is written, a moment after it happened.
pub(crate) fn first_id(at: Timestamp) -> LogId {
    LogId::new(u64::try_from(at.timestamp_millis()).unwrap_or_default(), [0; 10])
}

/// The least id after one.
pub(crate) fn next_id(id: LogId) -> LogId {
    LogId(uuid::Uuid::from_u128(id.0.as_u128().saturating_add(1)))
}

/// The greatest id before one.
pub(crate) fn previous_id(id: LogId) -> LogId {
    LogId(uuid::Uuid::from_u128(id.0.as_u128().saturating_sub(1)))
}

/// Whether a filter asks for more than a stretch, so that entries must be looked at to be refused.
pub(crate) fn is_sparse(filter: &LogFilter) -> bool {
    let texts = [&filter.server, &filter.tool, &filter.session, &filter.key, &filter.text];
    filter.level.is_some()
        || filter.category.is_some()
        || filter.outcome.is_some()
        || texts.into_iter().flatten().any(|text| !text.is_empty())
}

/// Leaves what passes the filter.
pub(crate) fn narrow(mut query: Select<log_entry::Entity>, filter: &LogFilter) -> Select<log_entry::Entity> {
    if let Some(level) = filter.level {
        query = query.filter(log_entry::COLUMN.level.gte(level as i32));
    }
    if let Some(category) = filter.category {
        query = query.filter(log_entry::COLUMN.category.eq(category.name()));
    }
    if let Some(outcome) = filter.outcome {
        query = query.filter(log_entry::COLUMN.outcome.eq(outcome.name()));
    }
    for (column, text) in [
        (log_entry::Column::ServerName, &filter.server),
        (log_entry::Column::Tool, &filter.tool),
        (log_entry::Column::Session, &filter.session),
        (log_entry::Column::KeyName, &filter.key),
    ] {
        if let Some(text) = text.as_ref().filter(|text| !text.is_empty()) {
            query = query.filter(column.eq(text));
        }
    }
    if let Some(text) = filter.text.as_ref().filter(|text| !text.is_empty()) {
        let like = |column| Expr::expr(Func::lower(Expr::col(column))).like(containing(text));
        query = query.filter(
            like(log_entry::Column::Message)
                .or(like(log_entry::Column::Tool))
                .or(like(log_entry::Column::Code))
                .or(like(log_entry::Column::Arguments)),
        );
    }
    query
}
