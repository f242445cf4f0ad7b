//! Keys that exist: another form, or a successor.

use chrono::TimeDelta;
use domain::{
    Action, Code, Error, KeyId, Result,
    key::{ApiKey, CreatedKey, NewKey, Rotation, SecretKind},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use serde_json::{Value, json};

use super::{CLIENT, Keys, made, name_is_free, reach, read, stored};
use crate::{Caller, account::token::fresh_secret, audit::Place, database::failed, entity::api_key};

impl Keys<'_> {
    /// Gives a key another form; its secret stays. When this returns, the data plane of this process
    /// works by it.
    pub async fn update(&self, caller: &Caller, project: &str, id: KeyId, input: NewKey) -> Result<ApiKey> {
        let project = self.0.projects().authorize(caller, project, Action::ManageKeys).await?;
        let now = self.0.clock().now();
        let transaction = self.0.inner.database.begin().await?;
        let row = stored(&transaction, project.id, id).await?;
        if row.kind != CLIENT {
            return Err(Error::not_found());
        }
        let before = read::view(&transaction, row.clone()).await?;
        let input = input.check(now, before.expires_at)?;
        name_is_free(&transaction, project.id, &input.name, Some(id)).await?;
        let servers = reach::choose(&transaction, project.id, input.servers.as_deref()).await?;
        let end = input.end(now);
        let mut change: api_key::ActiveModel = row.into();
        change.name = Set(input.name);
        change.expires_at = Set(end);
        change.scope = Set(input.scope.name().to_owned());
        change.calls_per_minute = Set(input.calls_per_minute.and_then(|n| i32::try_from(n).ok()));
        change.chosen_servers = Set(servers.is_some());
        let row = change.update(&transaction).await.map_err(failed("changing a key"))?;
        reach::write(&transaction, row.id, servers.as_deref()).await?;
        let after = read::view(&transaction, row).await?;
        self.0
            .audit()
            .record(
                &transaction,
                caller,
                Place::project(&project),
                "key.update",
                &after.name,
                difference(&before, &after),
            )
            .await?;
        self.settle(transaction).await?;
        Ok(after)
    }

    /// Makes a key of the same rules and lifetime, and ends the old one after the overlap, in which
    /// clients are moved over.
    pub async fn rotate(
        &self,
        caller: &Caller,
        project: &str,
        id: KeyId,
        rotation: Rotation,
    ) -> Result<CreatedKey> {
        let project = self.0.projects().authorize(caller, project, Action::ManageKeys).await?;
        let rotation = rotation.check()?;
        let now = self.0.clock().now();
        let secret = fresh_secret(self.0, SecretKind::ApiKey)?;
        let transaction = self.0.inner.database.begin().await?;
        let row = stored(&transaction, project.id, id).await?;
        if row.kind != CLIENT {
            return Err(Error::not_found());
        }
        let old = read::view(&transaction, row.clone()).await?;
        let name = match rotation.name.filter(|name| !name.trim().is_empty()) {
            Some(name) => name,
            None => next_name(&transaction, &row).await?,
        };
        let input = NewKey {
            name,
            expires_at: old.expires_at.map(|end| now + (end - old.created_at)),
            servers: old.servers.as_ref().map(|all| all.iter().map(|s| s.id.to_string()).collect()),
            scope: old.scope,
            calls_per_minute: old.calls_per_minute,
            expires_in_days: None,
        };
        if input.servers.as_ref().is_some_and(Vec::is_empty) {
            // Its servers are gone; a successor would reach nothing either.
            return Err(Error::field("servers", Code::Required));
        }
        let key = self.insert_in(&transaction, caller, &project, input, &secret).await?;
        let end = now + TimeDelta::hours(rotation.overlap_hours.into());
        let end = old.expires_at.map_or(end, |stands| stands.min(end));
        let mut change: api_key::ActiveModel = row.into();
        change.expires_at = Set(Some(end));
        change.update(&transaction).await.map_err(failed("ending a key"))?;
        let mut told = made(&key);
        told["successor"] = json!(key.name);
        told["expires_at"] = json!([old.expires_at, end]);
        self.0
            .audit()
            .record(&transaction, caller, Place::project(&project), "key.rotate", &old.name, told)
            .await?;
        self.settle(transaction).await?;
        Ok(CreatedKey { key, secret })
    }
}

/// The name with the next number: `ci`, `ci 2`, `ci 3`.
async fn next_name(connection: &impl ConnectionTrait, row: &api_key::Model) -> Result<String> {
    let names: Vec<String> = api_key::Entity::find()
        .select_only()
        .column(api_key::Column::Name)
        .filter(api_key::COLUMN.project_id.eq(row.project_id))
        .into_tuple()
        .all(connection)
        .await
        .map_err(failed("reading names of keys"))?;
    let numbered = row.name.rsplit_once(' ').and_then(|(stem, n)| Some((stem, n.parse::<u32>().ok()?)));
    let (stem, from) = numbered.unwrap_or((&row.name, 1));
    let free = (from.saturating_add(1)..).map(|n| format!("{stem} {n}")).find(|name| !names.contains(name));
    Ok(free.unwrap_or_default())
}

/// What changed, each as it was and as it is.
fn difference(before: &ApiKey, after: &ApiKey) -> Value {
    json!({
        "name": [before.name, after.name],
        "expires_at": [before.expires_at, after.expires_at],
        "servers": [reach::named(before), reach::named(after)],
        "scope": [before.scope.name(), after.scope.name()],
        "calls_per_minute": [before.calls_per_minute, after.calls_per_minute],
    })
}
