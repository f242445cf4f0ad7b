//! Browser sessions in the database, under the hash of their cookie.

use std::fmt;

use async_trait::async_trait;
use chrono::DateTime;
use domain::{SessionId, Timestamp};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, DbErr, EntityTrait, sea_query::OnConflict};
use serde_json::Value;
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use tower_sessions::{
    SessionStore as Store,
    session::{Id, Record},
    session_store::{Error, Result},
};
use uuid::Uuid;

use crate::{Services, browser, entity::session, new_id};

#[derive(Clone)]
pub struct SessionStore(pub(crate) Services);

impl fmt::Debug for SessionStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionStore")
    }
}

#[async_trait]
impl Store for SessionStore {
    async fn create(&self, record: &mut Record) -> Result<()> {
        loop {
            let row = self.row(record, new_id!(self.0, SessionId))?;
            let inserted = session::Entity::insert(row)
                .on_conflict(OnConflict::column(session::Column::IdHash).do_nothing().to_owned())
                .exec_without_returning(&self.0.inner.database.writer)
                .await;
            match inserted {
                Ok(1) => return Ok(()),
                // Two sessions must never share an id, however unlikely.
                Ok(_) | Err(DbErr::RecordNotInserted) => record.id = Id::default(),
                Err(error) => return Err(backend(error)),
            }
        }
    }

    async fn save(&self, record: &Record) -> Result<()> {
        let found = session::Entity::find_by_id(hash(record.id)).one(&self.0.inner.database.writer).await;
        // A session that was ended meanwhile stays ended, whatever request was under way.
        let Some(found) = found.map_err(backend)? else { return Ok(()) };
        let mut row = self.row(record, SessionId(found.id))?;
        row.created_at = Set(found.created_at);
        row.update(&self.0.inner.database.writer).await.map(drop).map_err(backend)
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let found = session::Entity::find_by_id(hash(*id)).one(&self.0.inner.database.reader).await;
        let now = self.0.clock().now();
        let lifetime = self.0.inner.settings.session_lifetime;
        let Some(row) = found.map_err(backend)?.filter(|row| row.is_good(now, lifetime)) else {
            return Ok(None);
        };
        let mut data: std::collections::HashMap<String, Value> =
            serde_json::from_str(&row.data).map_err(|error| Error::Decode(error.to_string()))?;
        // The public id, by which a person's list of browsers names this one.
        data.insert(browser::SESSION_KEY.to_owned(), Value::String(row.id.to_string()));
        let expiry_date = OffsetDateTime::from_unix_timestamp(row.expires_at.timestamp())
            .map_err(|error| Error::Decode(error.to_string()))?;
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        session::Entity::delete_by_id(hash(*id))
            .exec(&self.0.inner.database.writer)
            .await
            .map(drop)
            .map_err(backend)
    }
}

impl SessionStore {
    fn row(&self, record: &Record, id: SessionId) -> Result<session::ActiveModel> {
        let text = |key: &str| record.data.get(key).and_then(Value::as_str).map(str::to_owned);
        let now = self.0.clock().now();
        Ok(session::ActiveModel {
            id_hash: Set(hash(record.id)),
            id: Set(id.0),
            user_id: Set(text(browser::USER_KEY).and_then(|id| id.parse::<Uuid>().ok())),
            data: Set(serde_json::to_string(&record.data).map_err(|error| Error::Encode(error.to_string()))?),
            ip: Set(text(browser::IP_KEY)),
            user_agent: Set(text(browser::AGENT_KEY)),
            created_at: Set(now),
            last_seen_at: Set(now),
            expires_at: Set(moment(record.expiry_date)),
        })
    }
}

/// A copy of the table must not sign anybody in, so the cookie's id is kept as its hash only.
fn hash(id: Id) -> Vec<u8> {
    Sha256::digest(id.0.to_be_bytes()).to_vec()
}

fn moment(at: OffsetDateTime) -> Timestamp {
    DateTime::from_timestamp(at.unix_timestamp(), 0).unwrap_or_default()
}

fn backend(error: DbErr) -> Error {
    Error::Backend(error.to_string())
}
