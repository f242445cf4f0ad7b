//! API keys of projects.

use chrono::TimeDelta;
use domain::{
    Action, Code, Error, KeyId, ProjectId, Result, SecretInput, Timestamp,
    key::{ApiKey, CreatedKey, NewKey, PLAYGROUND, SHOWN_CHARS, SecretKind, check_given},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    sea_query::Expr,
};
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    Caller, Services,
    account::token::fresh_secret,
    audit::Place,
    database::failed,
    entity::{api_key, user},
    new_id,
    organization::users,
};

/// The form in which secrets of ours are stored: they are random enough to need no slow hash.
#[must_use]
pub fn sha256(secret: &str) -> [u8; 32] {
    Sha256::digest(secret).into()
}

/// Kinds of keys as they are stored.
pub(crate) const CLIENT: &str = "client";
pub(crate) const OWN: &str = "playground";

/// How long a person may try tools before the browser asks for another key.
const TRIAL: TimeDelta = TimeDelta::hours(1);

pub struct Keys<'a>(pub(crate) &'a Services);

impl Keys<'_> {
    pub async fn list(&self, caller: &Caller, project: &str) -> Result<Vec<ApiKey>> {
        let project = self.0.projects().authorize(caller, project, Action::ViewKeys).await?;
        let reader = &self.0.inner.database.reader;
        let rows = api_key::Entity::find()
            .filter(api_key::COLUMN.project_id.eq(project.id.0))
            .filter(api_key::COLUMN.kind.eq(CLIENT))
            .order_by_desc(api_key::Column::Id)
            .all(reader)
            .await
            .map_err(failed("reading keys"))?;
        let people = users(reader, rows.iter().filter_map(|row| row.created_by)).await?;
        Ok(rows.into_iter().map(|row| view(row, &people)).collect())
    }

    pub async fn create(&self, caller: &Caller, project: &str, input: NewKey) -> Result<CreatedKey> {
        let secret = fresh_secret(self.0, SecretKind::ApiKey)?;
        let key = self.insert(caller, project, input, &secret).await?;
        Ok(CreatedKey { key, secret })
    }

    /// A key with which the caller's own browser tries tools: in no list of keys, and for an hour.
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
        let key = view(row, &[]);
        let change = json!({ "prefix": key.prefix, "expires_at": key.expires_at });
        self.0
            .audit()
            .record(&transaction, caller, Place::project(&project), "key.playground", &key.name, change)
            .await?;
        let revision = self.0.changes().bump(&transaction).await?;
        transaction.commit().await.map_err(failed("committing a key"))?;
        self.0.changes().settle(revision).await;
        Ok(CreatedKey { key, secret })
    }

    /// Deletes what the playground left; a person's keys stay, because they say why a client stopped.
    pub(crate) async fn prune(&self) -> Result<()> {
        let now = self.0.clock().now();
        expired(None, now).exec(self.0.database()).await.map(drop).map_err(failed("deleting old keys"))
    }

    /// Stores a key that somebody else generated, if it is as strong as one of ours.
    pub async fn create_given(
        &self,
        caller: &Caller,
        project: &str,
        input: NewKey,
        secret: &str,
    ) -> Result<ApiKey> {
        check_given(SecretKind::ApiKey, secret).map_err(|code| Error::field("secret", code))?;
        self.insert(caller, project, input, &SecretInput::new(secret)).await
    }

    /// Whether a stored key has this secret.
    pub(crate) async fn is(&self, id: KeyId, secret: &str) -> Result<bool> {
        let row = api_key::Entity::find_by_id(id.0)
            .one(self.0.database())
            .await
            .map_err(failed("reading a key"))?;
        Ok(row.is_some_and(|row| row.hash == sha256(secret)))
    }

    async fn insert(
        &self,
        caller: &Caller,
        project: &str,
        input: NewKey,
        secret: &SecretInput,
    ) -> Result<ApiKey> {
        let project = self.0.projects().authorize(caller, project, Action::ManageKeys).await?;
        let input = input.check()?;
        let transaction = self.0.inner.database.begin().await?;
        let taken = api_key::Entity::find()
            .filter(api_key::COLUMN.project_id.eq(project.id.0))
            .filter(api_key::COLUMN.name.eq(&input.name))
            .one(&transaction)
            .await
            .map_err(failed("looking for a key"))?;
        if taken.is_some() {
            return Err(Error::field("name", Code::KeyNameTaken));
        }
        let now = self.0.clock().now();
        let mut row = self.row(caller, project.id, secret);
        row.name = Set(input.name);
        row.expires_at = Set(input.expires_in_days.map(|days| now + TimeDelta::days(days.into())));
        let row = row.insert(&transaction).await.map_err(failed("writing a key"))?;
        let people = users(&transaction, row.created_by.into_iter()).await?;
        let key = view(row, &people);
        let change = json!({ "prefix": key.prefix, "expires_at": key.expires_at });
        self.0
            .audit()
            .record(&transaction, caller, Place::project(&project), "key.create", &key.name, change)
            .await?;
        let revision = self.0.changes().bump(&transaction).await?;
        transaction.commit().await.map_err(failed("committing a key"))?;
        self.0.changes().settle(revision).await;
        Ok(key)
    }

    fn row(&self, caller: &Caller, project: ProjectId, secret: &SecretInput) -> api_key::ActiveModel {
        api_key::ActiveModel {
            id: Set(new_id!(self.0, KeyId).0),
            project_id: Set(project.0),
            name: Set(String::new()),
            hash: Set(sha256(secret.expose_secret()).to_vec()),
            prefix: Set(secret.expose_secret().chars().take(SHOWN_CHARS).collect()),
            created_by: Set(caller.user().map(|user| user.0)),
            created_at: Set(self.0.clock().now()),
            expires_at: Set(None),
            last_used_at: Set(None),
            kind: Set(CLIENT.to_owned()),
        }
    }

    /// Revokes a key: when this returns, the data plane of this process refuses it.
    pub async fn revoke(&self, caller: &Caller, project: &str, id: KeyId) -> Result<()> {
        let project = self.0.projects().authorize(caller, project, Action::ManageKeys).await?;
        let transaction = self.0.inner.database.begin().await?;
        let row = api_key::Entity::find_by_id(id.0)
            .filter(api_key::COLUMN.project_id.eq(project.id.0))
            .one(&transaction)
            .await
            .map_err(failed("reading a key"))?
            .ok_or_else(Error::not_found)?;
        api_key::Entity::delete_by_id(id.0).exec(&transaction).await.map_err(failed("deleting a key"))?;
        let change = json!({ "prefix": row.prefix });
        self.0
            .audit()
            .record(&transaction, caller, Place::project(&project), "key.revoke", row.name, change)
            .await?;
        let revision = self.0.changes().bump(&transaction).await?;
        transaction.commit().await.map_err(failed("committing a revoked key"))?;
        self.0.changes().settle(revision).await;
        Ok(())
    }

    /// Notes when keys were last used; the data plane tells now and then.
    pub async fn record_use(&self, uses: Vec<(KeyId, Timestamp)>) -> Result<()> {
        let transaction = self.0.inner.database.begin().await?;
        for (id, at) in uses {
            note_use(&transaction, id, at).await?;
        }
        transaction.commit().await.map_err(failed("committing uses of keys"))
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

/// Ends all that a person tries tools with.
pub(crate) async fn end_trials(connection: &impl ConnectionTrait, user: Uuid) -> Result<()> {
    api_key::Entity::delete_many()
        .filter(api_key::COLUMN.kind.eq(OWN))
        .filter(api_key::COLUMN.created_by.eq(user))
        .exec(connection)
        .await
        .map(drop)
        .map_err(failed("deleting the keys of somebody who left"))
}

async fn note_use(connection: &impl ConnectionTrait, id: KeyId, at: Timestamp) -> Result<()> {
    api_key::Entity::update_many()
        .col_expr(api_key::Column::LastUsedAt, Expr::value(at))
        .filter(api_key::COLUMN.id.eq(id.0))
        .exec(connection)
        .await
        .map(drop)
        .map_err(failed("noting a key's use"))
}

fn view(row: api_key::Model, people: &[user::Model]) -> ApiKey {
    let creator = people.iter().find(|person| Some(person.id) == row.created_by);
    ApiKey {
        id: KeyId(row.id),
        project_id: ProjectId(row.project_id),
        name: row.name,
        prefix: row.prefix,
        created_by: creator.map(|person| person.name.clone()),
        created_at: row.created_at,
        expires_at: row.expires_at,
        last_used_at: row.last_used_at,
    }
}
