//! What a key lets its client do, and where it was used last.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // SQLite takes one column a statement.
        for mut column in [
            string(ApiKey::Scope).default("mcp:exec").to_owned(),
            boolean(ApiKey::ChosenServers).default(false).to_owned(),
            integer_null(ApiKey::CallsPerMinute),
            string_null(ApiKey::LastAddress),
            string_null(ApiKey::LastClient),
        ] {
            let table = Table::alter().table(ApiKey::Table).add_column(&mut column).to_owned();
            manager.alter_table(table).await?;
        }
        manager
            .create_table(
                Table::create()
                    .table(ApiKeyServer::Table)
                    .col(uuid(ApiKeyServer::KeyId))
                    .col(uuid(ApiKeyServer::ServerId))
                    .primary_key(Index::create().col(ApiKeyServer::KeyId).col(ApiKeyServer::ServerId))
                    .foreign_key(
                        ForeignKey::create()
                            .from(ApiKeyServer::Table, ApiKeyServer::KeyId)
                            .to(ApiKey::Table, ApiKey::Id)
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .from(ApiKeyServer::Table, ApiKeyServer::ServerId)
                            .to(Server::Table, Server::Id)
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        // For the end of a server.
        manager
            .create_index(
                Index::create()
                    .name("api_key_server_server")
                    .table(ApiKeyServer::Table)
                    .col(ApiKeyServer::ServerId)
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(ApiKeyServer::Table).to_owned()).await?;
        for column in [
            ApiKey::LastClient,
            ApiKey::LastAddress,
            ApiKey::CallsPerMinute,
            ApiKey::ChosenServers,
            ApiKey::Scope,
        ] {
            let table = Table::alter().table(ApiKey::Table).drop_column(column).to_owned();
            manager.alter_table(table).await?;
        }
        Ok(())
    }
}

#[derive(DeriveIden)]
enum ApiKey {
    Table,
    Id,
    Scope,
    ChosenServers,
    CallsPerMinute,
    LastAddress,
    LastClient,
}

#[derive(DeriveIden)]
enum ApiKeyServer {
    Table,
    KeyId,
    ServerId,
}

#[derive(DeriveIden)]
enum Server {
    Table,
    Id,
}
