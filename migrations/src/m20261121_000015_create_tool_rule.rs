//! How single tools are offered. A rule outlives its tool's absence, so it goes by the tool's name.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(ToolRule::Table)
                    .col(uuid(ToolRule::ServerId))
                    .col(string(ToolRule::Tool))
                    .col(boolean(ToolRule::Hidden))
                    .col(string_null(ToolRule::Alias))
                    .col(text_null(ToolRule::Description))
                    .col(timestamp_with_time_zone(ToolRule::UpdatedAt))
                    .primary_key(Index::create().col(ToolRule::ServerId).col(ToolRule::Tool))
                    .foreign_key(
                        ForeignKey::create()
                            .from(ToolRule::Table, ToolRule::ServerId)
                            .to(Server::Table, Server::Id)
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(ToolRule::Table).to_owned()).await
    }
}

#[derive(DeriveIden)]
enum ToolRule {
    Table,
    ServerId,
    Tool,
    Hidden,
    Alias,
    Description,
    UpdatedAt,
}

#[derive(DeriveIden)]
enum Server {
    Table,
    Id,
}
