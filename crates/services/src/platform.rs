//! How the installation fares, for its administrators.

use std::sync::Arc;

use domain::{
    Action, Resource, Result,
    platform::{DatabaseStatus, ProcessStatus, SystemStatus},
};
use sea_orm::{DbBackend, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter, Statement};

use crate::{Caller, Services, database::failed, entity::session};

/// What the process that serves says of itself. The composition root knows; it lends it here.
pub type Vitals = Arc<dyn Fn() -> ProcessStatus + Send + Sync>;

pub struct Platform<'a>(pub(crate) &'a Services);

#[derive(FromQueryResult)]
struct Size {
    bytes: i64,
}

impl Platform<'_> {
    pub async fn status(&self, caller: &Caller) -> Result<SystemStatus> {
        caller.require(Action::ManagePlatform, &Resource::Platform)?;
        let reader = &self.0.inner.database.reader;
        let (kind, size) = match reader.get_database_backend() {
            DbBackend::Postgres => ("PostgreSQL", "SELECT pg_database_size(current_database()) AS bytes"),
            _ => (
                "SQLite",
                "SELECT page_count * page_size AS bytes FROM pragma_page_count(), pragma_page_size()",
            ),
        };
        let size = Statement::from_string(reader.get_database_backend(), size);
        let size =
            Size::find_by_statement(size).one(reader).await.map_err(failed("measuring the database"))?;
        let now = self.0.clock().now();
        let browsers = session::Entity::find()
            .filter(session::COLUMN.user_id.is_not_null())
            .filter(session::COLUMN.expires_at.gt(now))
            .count(reader)
            .await
            .map_err(failed("counting sessions"))?;
        Ok(SystemStatus {
            database: DatabaseStatus {
                kind: kind.to_owned(),
                bytes: size.map_or(0, |size| u64::try_from(size.bytes).unwrap_or_default()),
                revision: self.0.changes().current().await?,
            },
            browsers,
            process: self.0.vitals.as_ref().map(|vitals| vitals()),
            mail: self.0.mails().are_sent(),
            now,
        })
    }
}
