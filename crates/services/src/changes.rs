//! The change feed: one counter that every change the data plane must see moves on.
//!
//! In this process a watch wakes the data plane at once, and the author of the change waits until
//! it is in force. Another process polls the row.

use std::time::Duration;

use domain::Result;
use sea_orm::{ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, sea_query::Expr};
use tokio::sync::watch;

use crate::{
    database::{Database, failed},
    entity::revision,
};

/// Longest that an author waits for the data plane of this process.
const SETTLE: Duration = Duration::from_secs(2);
const ROW: i32 = 1;

#[derive(Clone)]
pub struct Changes {
    database: Database,
    announced: watch::Sender<u64>,
    applied: watch::Sender<u64>,
}

/// The data plane's side: it says which revision is in force.
pub struct Attached(watch::Sender<u64>);

impl Attached {
    pub fn ack(&self, revision: u64) {
        self.0.send_replace(revision);
    }
}

impl Changes {
    pub(crate) fn new(database: Database) -> Self {
        // Nobody attached counts as everything applied.
        Self { database, announced: watch::Sender::new(0), applied: watch::Sender::new(u64::MAX) }
    }

    #[must_use]
    pub fn attach(&self) -> Attached {
        self.applied.send_replace(0);
        Attached(self.applied.clone())
    }

    /// Wakes at each change of this process.
    #[must_use]
    pub fn subscribe(&self) -> watch::Receiver<u64> {
        self.announced.subscribe()
    }

    /// The present revision, of whichever process.
    pub async fn current(&self) -> Result<u64> {
        Self::read(&self.database.reader).await
    }

    pub(crate) async fn read(connection: &impl ConnectionTrait) -> Result<u64> {
        let row = revision::Entity::find_by_id(ROW)
            .one(connection)
            .await
            .map_err(failed("reading the revision"))?;
        Ok(row.map_or(0, |row| u64::try_from(row.value).unwrap_or_default()))
    }

    /// Moves the revision on, inside the transaction of the change itself.
    pub(crate) async fn bump(&self, transaction: &impl ConnectionTrait) -> Result<u64> {
        revision::Entity::update_many()
            .col_expr(revision::Column::Value, Expr::col(revision::Column::Value).add(1_i64))
            .filter(revision::COLUMN.id.eq(ROW))
            .exec(transaction)
            .await
            .map_err(failed("moving the revision on"))?;
        Self::read(transaction).await
    }

    /// Wakes the data plane after the commit, and waits until the change is in force here.
    pub(crate) async fn settle(&self, revision: u64) {
        self.announced.send_replace(revision);
        let mut applied = self.applied.subscribe();
        let in_force = applied.wait_for(|applied| *applied >= revision);
        if tokio::time::timeout(SETTLE, in_force).await.is_err() {
            tracing::warn!(revision, "the data plane has not taken a change over in time");
        }
    }
}
