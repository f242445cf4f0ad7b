//! Keys as people see them.

use std::collections::HashMap;

use domain::{
    Action, Error, KeyId, ProjectId, Result, ServerId,
    key::{ApiKey, KeyFilter, KeyScope, KeyServer},
};
use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::{CLIENT, Keys, reach, stored};
use crate::{
    Caller,
    database::failed,
    entity::{api_key, user},
    organization::users,
};

impl Keys<'_> {
    /// The keys of a project, the newest first.
    pub async fn list(&self, caller: &Caller, project: &str) -> Result<Vec<ApiKey>> {
        self.find(caller, project, &KeyFilter::default()).await
    }

    /// Those that fit.
    pub async fn find(&self, caller: &Caller, project: &str, filter: &KeyFilter) -> Result<Vec<ApiKey>> {
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
        let mut servers = reach::of_project(reader, project.id).await?;
        let now = self.0.clock().now();
        let keys = rows.into_iter().map(|row| whole(row, &people, &mut servers));
        Ok(keys.filter(|key| filter.fits(key, now)).collect())
    }

    pub async fn get(&self, caller: &Caller, project: &str, id: KeyId) -> Result<ApiKey> {
        let project = self.0.projects().authorize(caller, project, Action::ViewKeys).await?;
        let reader = &self.0.inner.database.reader;
        let row = stored(reader, project.id, id).await?;
        if row.kind != CLIENT {
            return Err(Error::not_found());
        }
        view(reader, row).await
    }
}

/// One key with what belongs to it.
pub(super) async fn view(connection: &impl ConnectionTrait, row: api_key::Model) -> Result<ApiKey> {
    let people = users(connection, row.created_by.into_iter()).await?;
    let mut servers = HashMap::from([(row.id, reach::of_key(connection, row.id).await?)]);
    Ok(whole(row, &people, &mut servers))
}

fn whole(
    row: api_key::Model,
    people: &[user::Model],
    servers: &mut HashMap<Uuid, Vec<(Uuid, String)>>,
) -> ApiKey {
    let creator = people.iter().find(|person| Some(person.id) == row.created_by);
    let chosen = servers.remove(&row.id).unwrap_or_default();
    let chosen = chosen.into_iter().map(|(id, name)| KeyServer { id: ServerId(id), name });
    ApiKey {
        id: KeyId(row.id),
        project_id: ProjectId(row.project_id),
        name: row.name,
        prefix: row.prefix,
        servers: row.chosen_servers.then(|| chosen.collect()),
        scope: scope(&row.scope),
        calls_per_minute: row.calls_per_minute.and_then(|n| u32::try_from(n).ok()),
        created_by: creator.map(|person| person.name.clone()),
        created_at: row.created_at,
        expires_at: row.expires_at,
        last_used_at: row.last_used_at,
        last_address: row.last_address,
        last_client: row.last_client,
    }
}

/// A scope as it is stored; one that this release does not know lets read only.
pub(crate) fn scope(name: &str) -> KeyScope {
    KeyScope::parse(name).unwrap_or(KeyScope::Read)
}
