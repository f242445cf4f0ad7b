//! Servers that platform admins share with projects, and the servers that are of them.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(SharedServer::Table)
                    .col(pk_uuid(SharedServer::Id))
                    .col(string(SharedServer::Name))
                    .col(string(SharedServer::NameKey))
                    .col(text(SharedServer::Definition))
                    .col(blob(SharedServer::Sealed))
                    .col(boolean(SharedServer::Withdrawn))
                    .col(timestamp_with_time_zone(SharedServer::CreatedAt))
                    .col(timestamp_with_time_zone(SharedServer::UpdatedAt))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("shared_server_name")
                    .table(SharedServer::Table)
                    .col(SharedServer::NameKey)
                    .unique()
                    .to_owned(),
            )
            .await?;
        // No foreign key, as SQLite has none in a new column: a shared server that is used is not deleted.
        let change = Table::alter().table(Server::Table).add_column(uuid_null(Server::SharedId)).to_owned();
        manager.alter_table(change).await?;
        manager
            .create_index(
                Index::create().name("server_shared").table(Server::Table).col(Server::SharedId).to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name("server_shared").table(Server::Table).to_owned()).await?;
        let change = Table::alter().table(Server::Table).drop_column(Server::SharedId).to_owned();
        manager.alter_table(change).await?;
        manager.drop_table(Table::drop().table(SharedServer::Table).to_owned()).await
    }
}

#[derive(DeriveIden)]
enum SharedServer {
    Table,
    Id,
    Name,
    NameKey,
    Definition,
    Sealed,
    Withdrawn,
    CreatedAt,
    UpdatedAt,
}

#[derive(DeriveIden)]
enum Server {
    Table,
    SharedId,
}
