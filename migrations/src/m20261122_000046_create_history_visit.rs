//! Up to when a person has seen what a server changed of its tools.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(HistoryVisit::Table)
                    .col(uuid(HistoryVisit::UserId))
                    .col(uuid(HistoryVisit::ServerId))
                    .col(timestamp_with_time_zone(HistoryVisit::SeenTo))
                    .primary_key(Index::create().col(HistoryVisit::UserId).col(HistoryVisit::ServerId))
                    .foreign_key(
                        ForeignKey::create()
                            .from(HistoryVisit::Table, HistoryVisit::UserId)
                            .to(User::Table, User::Id)
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .from(HistoryVisit::Table, HistoryVisit::ServerId)
                            .to(Server::Table, Server::Id)
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        // For the deletion of a server.
        manager
            .create_index(
                Index::create()
                    .name("history_visit_server")
                    .table(HistoryVisit::Table)
                    .col(HistoryVisit::ServerId)
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(HistoryVisit::Table).to_owned()).await
    }
}

#[derive(DeriveIden)]
enum HistoryVisit {
    Table,
    UserId,
    ServerId,
    SeenTo,
}

#[derive(DeriveIden)]
enum Server {
    Table,
    Id,
}

#[derive(DeriveIden)]
enum User {
    Table,
    Id,
}
