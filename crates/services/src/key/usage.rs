//! When, from where and by what keys were used last.

use std::collections::BTreeMap;

use domain::{KeyId, Result, key::KeyUse};
use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter, sea_query::Expr};

use super::Keys;
use crate::{database::failed, entity::api_key};

impl Keys<'_> {
    /// Notes uses of keys, oldest first; the data plane tells now and then.
    pub async fn record_use(&self, uses: Vec<KeyUse>) -> Result<()> {
        let mut last: BTreeMap<KeyId, KeyUse> = BTreeMap::new();
        for used in uses {
            match last.get_mut(&used.key) {
                Some(known) => {
                    known.at = known.at.max(used.at);
                    known.address = used.address.or_else(|| known.address.take());
                    known.client = used.client.or_else(|| known.client.take());
                }
                None => drop(last.insert(used.key, used)),
            }
        }
        let transaction = self.0.inner.database.begin().await?;
        for used in last.into_values() {
            note(&transaction, used).await?;
        }
        transaction.commit().await.map_err(failed("committing uses of keys"))
    }
}

async fn note(connection: &impl ConnectionTrait, used: KeyUse) -> Result<()> {
    let mut update =
        api_key::Entity::update_many().col_expr(api_key::Column::LastUsedAt, Expr::value(used.at));
    if let Some(address) = used.address {
        update = update.col_expr(api_key::Column::LastAddress, Expr::value(address));
    }
    if let Some(client) = used.client {
        update = update.col_expr(api_key::Column::LastClient, Expr::value(client));
    }
    update
        .filter(api_key::COLUMN.id.eq(used.key.0))
        .exec(connection)
        .await
        .map(drop)
        .map_err(failed("noting a key's use"))
}
