//! Finds what needs somebody: failed servers and keys that run out, however many there are of others.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_index(
                Index::create()
                    .name("server_state_status")
                    .table(ServerState::Table)
                    .col(ServerState::Status)
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create().name("api_key_expiry").table(ApiKey::Table).col(ApiKey::ExpiresAt).to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let expiry = Index::drop().name("api_key_expiry").table(ApiKey::Table).to_owned();
        manager.drop_index(expiry).await?;
        let status = Index::drop().name("server_state_status").table(ServerState::Table).to_owned();
        manager.drop_index(status).await
    }
}

#[derive(DeriveIden)]
enum ServerState {
    Table,
    Status,
}

#[derive(DeriveIden)]
enum ApiKey {
    Table,
    ExpiresAt,
}
