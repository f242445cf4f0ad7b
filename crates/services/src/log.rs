//! A project's log.

use std::collections::BTreeSet;

use domain::{Code, Error, ProjectId, Result, log::NewLogEntry};
use sea_orm::{ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QuerySelect, sqlx};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{Services, database::failed, entity::project, new_id, usage::count::Counts};

mod delete;
mod export;
pub mod follow;
mod insert;
pub(crate) mod query;
mod read;

pub struct Logs<'a>(pub(crate) &'a Services);

impl Logs<'_> {
    /// Writes a batch. Entries of projects that are gone by now are dropped.
    pub async fn append(&self, entries: Vec<NewLogEntry>) -> Result<()> {
        let touched: BTreeSet<_> = entries.iter().map(|entry| entry.project).collect();
        match self.0.inner.database.writer.get_database_backend() {
            DbBackend::Sqlite => self.append_to_sqlite(&touched, entries).await?,
            _ => self.append_anywhere(&touched, entries).await?,
        }
        touched.into_iter().for_each(|project| self.0.activity().announce_entries(project));
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
