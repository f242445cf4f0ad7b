//! What a key is for: a client, or the console's own playground.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut kind = string(ApiKey::Kind).default("client").to_owned();
        manager.alter_table(Table::alter().table(ApiKey::Table).add_column(&mut kind).to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table(ApiKey::Table).drop_column(ApiKey::Kind).to_owned()).await
    }
}

#[derive(DeriveIden)]
enum ApiKey {
    Table,
    Kind,
}
