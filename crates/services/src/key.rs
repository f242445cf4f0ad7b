//! API keys of projects.

use domain::{
    Action, Code, Error, KeyId, ProjectId, Result, SecretInput,
    key::{ApiKey, CreatedKey, NewKey, SHOWN_CHARS, SecretKind, check_given},
    project::Project,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{
    Caller, Services, account::token::fresh_secret, audit::Place, database::failed, entity::api_key, new_id,
};

pub(crate) use read::scope;
pub(crate) use trial::{OWN, end_trials};

mod change;
mod reach;
mod read;
mod trial;
mod usage;

/// The form in which secrets of ours are stored: they are random enough to need no slow hash.
#[must_use]
pub fn sha256(secret: &str) -> [u8; 32] {
    Sha256::digest(secret).into()
}

/// What keys of clients are stored as; the console's own are of another kind.
pub(crate) const CLIENT: &str = "client";

pub struct Keys<'a>(pub(crate) &'a Services);

impl Keys<'_> {
    pub async fn create(&self, caller: &Caller, project: &str, input: NewKey) -> Result<CreatedKey> {
        let project = self.0.projects().authorize(caller, project, Action::ManageKeys).await?;
        let secret = fresh_secret(self.0, SecretKind::ApiKey)?;
        let key = self.insert(caller, &project, input, &secret).await?;
        Ok(CreatedKey { key, secret })
    }

    /// Stores a key that somebody else generated, if it is as strong as one of ours.
    pub async fn create_given(
        &self,
        caller: &Caller,
        project: &str,
        input: NewKey,
        secret: &str,
    ) -> Result<ApiKey> {
        let project = self.0.projects().authorize(caller, project, Action::ManageKeys).await?;
        check_given(SecretKind::ApiKey, secret).map_err(|code| Error::field("secret", code))?;
        self.insert(caller, &project, input, &SecretInput::new(secret)).await
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
        project: &Project,
        input: NewKey,
        secret: &SecretInput,
    ) -> Result<ApiKey> {
        let transaction = self.0.inner.database.begin().await?;
        let key = self.insert_in(&transaction, caller, project, input, secret).await?;
        self.settle(transaction).await?;
        Ok(key)
    }

    async fn insert_in(
        &self,
        transaction: &DatabaseTransaction,
        caller: &Caller,
        project: &Project,
        input: NewKey,
        secret: &SecretInput,
    ) -> Result<ApiKey> {
        let now = self.0.clock().now();
        let input = input.check(now, None)?;
        name_is_free(transaction, project.id, &input.name, None).await?;
        let servers = reach::choose(transaction, project.id, input.servers.as_deref()).await?;
        let mut row = self.row(caller, project.id, secret);
        row.expires_at = Set(input.end(now));
        row.scope = Set(input.scope.name().to_owned());
        row.calls_per_minute = Set(input.calls_per_minute.and_then(|n| i32::try_from(n).ok()));
        row.chosen_servers = Set(servers.is_some());
        row.name = Set(input.name);
        let row = row.insert(transaction).await.map_err(failed("writing a key"))?;
        reach::write(transaction, row.id, servers.as_deref()).await?;
        let key = read::view(transaction, row).await?;
        self.0
            .audit()
            .record(transaction, caller, Place::project(project), "key.create", &key.name, made(&key))
            .await?;
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
            scope: Set(domain::key::KeyScope::Exec.name().to_owned()),
            chosen_servers: Set(false),
            calls_per_minute: Set(None),
            last_address: Set(None),
            last_client: Set(None),
        }
    }

    /// Revokes a key: when this returns, the data plane of this process refuses it.
    pub async fn revoke(&self, caller: &Caller, project: &str, id: KeyId) -> Result<()> {
        let project = self.0.projects().authorize(caller, project, Action::ManageKeys).await?;
        let transaction = self.0.inner.database.begin().await?;
        let row = stored(&transaction, project.id, id).await?;
        api_key::Entity::delete_by_id(id.0).exec(&transaction).await.map_err(failed("deleting a key"))?;
        let change = json!({ "prefix": row.prefix });
        self.0
            .audit()
            .record(&transaction, caller, Place::project(&project), "key.revoke", row.name, change)
            .await?;
        self.settle(transaction).await
    }

    /// Commits, and waits until the data plane of this process works by it.
    async fn settle(&self, transaction: DatabaseTransaction) -> Result<()> {
        let revision = self.0.changes().bump(&transaction).await?;
        transaction.commit().await.map_err(failed("committing a change of keys"))?;
        self.0.changes().settle(revision).await;
        Ok(())
    }
}

/// A key of the project. The console's own have no page and are not changed.
async fn stored(connection: &impl ConnectionTrait, project: ProjectId, id: KeyId) -> Result<api_key::Model> {
    api_key::Entity::find_by_id(id.0)
        .filter(api_key::COLUMN.project_id.eq(project.0))
        .one(connection)
        .await
        .map_err(failed("reading a key"))?
        .ok_or_else(Error::not_found)
}

/// Names are unique in a project; `but` is the key that may keep its own.
async fn name_is_free(
    connection: &impl ConnectionTrait,
    project: ProjectId,
    name: &str,
    but: Option<KeyId>,
) -> Result<()> {
    let taken = api_key::Entity::find()
        .filter(api_key::COLUMN.project_id.eq(project.0))
        .filter(api_key::COLUMN.name.eq(name))
        .one(connection)
        .await
        .map_err(failed("looking for a key"))?;
    match taken {
        Some(row) if Some(KeyId(row.id)) != but => Err(Error::field("name", Code::KeyNameTaken)),
        _ => Ok(()),
    }
}

/// What the audit trail tells of a new key.
fn made(key: &ApiKey) -> Value {
    json!({
        "prefix": key.prefix,
        "expires_at": key.expires_at,
        "servers": reach::named(key),
        "scope": key.scope.name(),
        "calls_per_minute": key.calls_per_minute,
    })
}
