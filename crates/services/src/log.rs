//! A project's log.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use domain::{
    Action, Code, Error, LogId, ProjectId, Result, ServerId,
    log::{Category, Level, LogEntry, LogFilter, LogPage, NewLogEntry},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, Func, LikeExpr, Order},
    sqlx,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::{
    Caller, Services,
    audit::Place,
    database::failed,
    entity::{log_entry, project},
    new_id,
    usage::count::Counts,
};

mod insert;

const PAGE: u32 = 50;
const PAGE_MAX: u32 = 200;

pub struct Logs<'a>(pub(crate) &'a Services);

impl Logs<'_> {
    /// Entries that pass the filter, newest first.
    pub async fn list(&self, caller: &Caller, project: &str, filter: LogFilter) -> Result<LogPage> {
        let project = self.0.projects().authorize(caller, project, Action::ViewLogs).await?;
        let limit = filter.limit.unwrap_or(PAGE).clamp(1, PAGE_MAX);
        let mut query = log_entry::Entity::find().filter(log_entry::COLUMN.project_id.eq(project.id.0));
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
            (log_entry::Column::ServerName, filter.server),
            (log_entry::Column::Tool, filter.tool),
            (log_entry::Column::Session, filter.session),
        ] {
            if let Some(text) = text.filter(|text| !text.is_empty()) {
                query = query.filter(column.eq(text));
            }
        }
        if let Some(text) = filter.text.filter(|text| !text.is_empty()) {
            let pattern =
                format!("%{}%", text.to_lowercase().replace('!', "!!").replace('%', "!%").replace('_', "!_"));
            let message = Func::lower(Expr::col(log_entry::Column::Message));
            query = query.filter(Expr::expr(message).like(LikeExpr::new(pattern).escape('!')));
        }
        if let Some(before) = filter.before {
            query = query.filter(log_entry::COLUMN.id.lt(before.0));
        }
        if let Some(after) = filter.after {
            query = query.filter(log_entry::COLUMN.id.gt(after.0));
        }
        // A tail must not jump over what does not fit: it goes on from the oldest entries it has not seen.
        let order = if filter.after.is_some() { Order::Asc } else { Order::Desc };
        let mut rows = query
            .order_by(log_entry::Column::Id, order.clone())
            .limit(u64::from(limit) + 1)
            .all(&self.0.inner.database.reader)
            .await
            .map_err(failed("reading the log"))?;
        let more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let next = match (more, order) {
            (true, Order::Desc) => rows.last().map(|row| LogId(row.id)),
            _ => None,
        };
        rows.sort_unstable_by_key(|row| std::cmp::Reverse(row.id));
        Ok(LogPage { items: rows.into_iter().map(view).collect(), next })
    }

    /// Writes a batch. Entries of projects that are gone by now are dropped.
    pub async fn append(&self, entries: Vec<NewLogEntry>) -> Result<()> {
        let touched: BTreeSet<_> = entries.iter().map(|entry| entry.project).collect();
        match self.0.inner.database.writer.get_database_backend() {
            DbBackend::Sqlite => self.append_to_sqlite(&touched, entries).await?,
            _ => self.append_anywhere(&touched, entries).await?,
        }
        touched.into_iter().for_each(|project| self.0.activity().announce(project));
        Ok(())
    }

    async fn append_anywhere(&self, touched: &BTreeSet<ProjectId>, entries: Vec<NewLogEntry>) -> Result<()> {
        let transaction = self.0.inner.database.begin().await?;
        let there: Vec<uuid::Uuid> = project::Entity::find()
            .select_only()
            .column(project::Column::Id)
            .filter(project::COLUMN.id.is_in(touched.iter().map(|id| id.0)))
            .into_tuple()
            .all(&transaction)
            .await
            .map_err(failed("reading projects"))?;
        let entries: Vec<_> = entries.into_iter().filter(|entry| there.contains(&entry.project.0)).collect();
        for statement in Counts::of(&entries).statements(transaction.get_database_backend()) {
            transaction.execute_raw(statement).await.map_err(failed("counting calls"))?;
        }
        self.write(&transaction, entries).await?;
        transaction.commit().await.map_err(failed("committing the log"))
    }

    /// Past the mapping of values that all other statements go through: the log is written for each
    /// call, and half of the work was theirs.
    async fn append_to_sqlite(&self, touched: &BTreeSet<ProjectId>, entries: Vec<NewLogEntry>) -> Result<()> {
        let pool = self.0.inner.database.writer.get_sqlite_connection_pool();
        let failed = |what| move |error: sqlx::Error| Error::internal(what).source(error);
        let begun = pool.begin_with("BEGIN IMMEDIATE").await;
        let mut transaction = begun.map_err(failed("beginning to write the log"))?;
        let mut there = BTreeSet::new();
        for id in touched {
            let found = sqlx::query("SELECT 1 FROM project WHERE id = ?")
                .bind(id.0)
                .fetch_optional(&mut *transaction)
                .await
                .map_err(failed("reading projects"))?;
            if found.is_some() {
                there.insert(*id);
            }
        }
        let entries: Vec<_> = entries.into_iter().filter(|entry| there.contains(&entry.project)).collect();
        for query in Counts::of(&entries).queries() {
            let query = query.map_err(|error| Error::internal(error.to_string()))?;
            query.execute(&mut *transaction).await.map_err(failed("counting calls"))?;
        }
        let mut rows = entries.into_iter().map(|entry| (new_id!(self.0, LogId), entry));
        while rows.len() > 0 {
            let query = insert::query(&mut rows).map_err(|error| Error::internal(error.to_string()))?;
            query.execute(&mut *transaction).await.map_err(failed("writing the log"))?;
        }
        transaction.commit().await.map_err(failed("committing the log"))
    }

    /// Writes entries as part of the change that they tell of.
    pub(crate) async fn write(
        &self,
        connection: &impl ConnectionTrait,
        entries: Vec<NewLogEntry>,
    ) -> Result<()> {
        let mut rows = entries.into_iter().map(|entry| (new_id!(self.0, LogId), entry));
        while rows.len() > 0 {
            connection
                .execute_raw(insert::statement(connection.get_database_backend(), &mut rows))
                .await
                .map_err(failed("writing the log"))?;
        }
        Ok(())
    }

    pub async fn clear(&self, caller: &Caller, project: &str) -> Result<()> {
        let project = self.0.projects().authorize(caller, project, Action::ClearLogs).await?;
        let transaction = self.0.inner.database.begin().await?;
        let deleted = log_entry::Entity::delete_many()
            .filter(log_entry::COLUMN.project_id.eq(project.id.0))
            .exec(&transaction)
            .await
            .map_err(failed("clearing the log"))?;
        let change = json!({ "entries": deleted.rows_affected });
        self.0
            .audit()
            .record(&transaction, caller, Place::project(&project), "log.clear", project.path(), change)
            .await?;
        transaction.commit().await.map_err(failed("committing a cleared log"))?;
        self.0.activity().announce(project.id);
        Ok(())
    }

    /// Deletes entries that are older than their project keeps them.
    pub(crate) async fn prune(&self) -> Result<()> {
        let now = self.0.clock().now();
        let projects = project::Entity::find()
            .all(&self.0.inner.database.reader)
            .await
            .map_err(failed("reading projects"))?;
        for project in projects {
            let before = now - TimeDelta::days(project.log_retention_days.into());
            self.0.usage().prune(ProjectId(project.id), before).await?;
            log_entry::Entity::delete_many()
                .filter(log_entry::COLUMN.project_id.eq(project.id))
                .filter(log_entry::COLUMN.at.lt(before))
                .exec(&self.0.inner.database.writer)
                .await
                .map_err(failed("deleting old log entries"))?;
        }
        Ok(())
    }
}

fn view(row: log_entry::Model) -> LogEntry {
    LogEntry {
        id: LogId(row.id),
        at: row.at,
        level: usize::try_from(row.level)
            .ok()
            .and_then(|i| Level::ALL.get(i))
            .copied()
            .unwrap_or(Level::Info),
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

/// A stored code; one that this version does not know is none.
pub(crate) fn code(name: &str) -> Option<Code> {
    from_name(name)
}

/// Reads a stored name of an enum whose serde form is its name.
pub(crate) fn from_name<T: DeserializeOwned>(name: &str) -> Option<T> {
    serde_json::from_value(Value::String(name.to_owned())).ok()
}

/// Writes a value as JSON text for a column.
pub(crate) fn to_json(value: &impl Serialize) -> Option<String> {
    serde_json::to_string(value).ok()
}
