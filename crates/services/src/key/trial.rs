//! Keys with which the console's own pages try tools: in no list of keys, and for an hour.

use chrono::TimeDelta;
use domain::{
    Action, ProjectId, Result, Timestamp,
    key::{CreatedKey, PLAYGROUND, SecretKind},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait, EntityTrait, QueryFilter};
use serde_json::json;
use uuid::Uuid;

use super::{Keys, read};
use crate::{Caller, account::token::fresh_secret, audit::Place, database::failed, entity::api_key};

pub(crate) const OWN: &str = "playground";
/// How long a person may try tools before the browser asks for another key.
const TRIAL: TimeDelta = TimeDelta::hours(1);

impl Keys<'_> {
    /// A key for the caller's own browser.
    pub async fn create_playground(&self, caller: &Caller, project: &str) -> Result<CreatedKey> {
        let project = self.0.projects().authorize(caller, project, Action::ManageKeys).await?;
        let secret = fresh_secret(self.0, SecretKind::ApiKey)?;
        let now = self.0.clock().now();
        let transaction = self.0.inner.database.begin().await?;
        expired(Some(project.id), now).exec(&transaction).await.map_err(failed("deleting old keys"))?;
        let mut row = self.row(caller, project.id, &secret);
        // A name is one key's; the log tells by it whose calls they were.
        let mark = row.id.as_ref().simple().to_string().split_off(24);
        row.name = Set(format!("{PLAYGROUND}{} · {mark}", caller.name()));
        row.expires_at = Set(Some(now + TRIAL));
        row.kind = Set(OWN.to_owned());
        let row = row.insert(&transaction).await.map_err(failed("writing a key"))?;
        let key = read::view(&transaction, row).await?;
        let change = json!({ "prefix": key.prefix, "expires_at": key.expires_at });
        self.0
            .audit()
            .record(&transaction, caller, Place::project(&project), "key.playground", &key.name, change)
            .await?;
        self.settle(transaction).await?;
        Ok(CreatedKey { key, secret })
    }

    /// Deletes what the playground left; a person's keys stay, because they say why a client stopped.
    pub(crate) async fn prune(&self) -> Result<u64> {
        let deleted = expired(None, self.0.clock().now()).exec(self.0.database()).await;
        deleted.map(|deleted| deleted.rows_affected).map_err(failed("deleting old keys"))
    }
}

/// The playground's keys, of one project or of all, that nobody can use any more.
fn expired(project: Option<ProjectId>, now: Timestamp) -> sea_orm::DeleteMany<api_key::Entity> {
    let old = api_key::Entity::delete_many()
        .filter(api_key::COLUMN.kind.eq(OWN))
        .filter(api_key::COLUMN.expires_at.lte(now));
    match project {
        Some(project) => old.filter(api_key::COLUMN.project_id.eq(project.0)),
        None => old,
    }
}

/// Ends what a person tries tools with, in one project or in all.
pub(crate) async fn end_trials(
    connection: &impl ConnectionTrait,
    user: Uuid,
    project: Option<Uuid>,
) -> Result<()> {
    let mut own = api_key::Entity::delete_many()
        .filter(api_key::COLUMN.kind.eq(OWN))
        .filter(api_key::COLUMN.created_by.eq(user));
    if let Some(project) = project {
        own = own.filter(api_key::COLUMN.project_id.eq(project));
    }
    own.exec(connection).await.map(drop).map_err(failed("deleting the keys of somebody who left"))
}
