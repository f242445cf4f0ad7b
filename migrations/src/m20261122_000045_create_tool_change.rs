//! What servers changed of their tools, and when each did so last.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(ToolChange::Table)
                    .col(uuid(ToolChange::ServerId))
                    .col(uuid(ToolChange::Id))
                    .col(timestamp_with_time_zone(ToolChange::At))
                    .col(string(ToolChange::Tool))
                    .col(string(ToolChange::Kind))
                    .col(text_null(ToolChange::Before))
                    .col(text_null(ToolChange::After))
                    .col(boolean(ToolChange::Cut))
                    .primary_key(Index::create().col(ToolChange::ServerId).col(ToolChange::Id))
                    .foreign_key(
                        ForeignKey::create()
                            .from(ToolChange::Table, ToolChange::ServerId)
                            .to(Server::Table, Server::Id)
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        let column = timestamp_with_time_zone_null(ServerList::ChangedAt);
        manager.alter_table(Table::alter().table(ServerList::Table).add_column(column).to_owned()).await?;
        // For what the first page tells.
        manager
            .create_index(
                Index::create()
                    .name("server_list_changed")
                    .table(ServerList::Table)
                    .col(ServerList::ChangedAt)
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let index = Index::drop().name("server_list_changed").table(ServerList::Table).to_owned();
        manager.drop_index(index).await?;
        manager
            .alter_table(
                Table::alter().table(ServerList::Table).drop_column(ServerList::ChangedAt).to_owned(),
            )
            .await?;
        manager.drop_table(Table::drop().table(ToolChange::Table).to_owned()).await
    }
}

#[derive(DeriveIden)]
enum ToolChange {
    Table,
    ServerId,
    Id,
    At,
    Tool,
    Kind,
    Before,
    After,
    Cut,
}

#[derive(DeriveIden)]
enum ServerList {
    Table,
    ChangedAt,
}

#[derive(DeriveIden)]
enum Server {
    Table,
    Id,
}
