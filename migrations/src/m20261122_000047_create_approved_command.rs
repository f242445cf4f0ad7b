//! Commands that platform admins approve, and the servers that are made from them.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(ApprovedCommand::Table)
                    .col(pk_uuid(ApprovedCommand::Id))
                    .col(string(ApprovedCommand::Name))
                    .col(string_uniq(ApprovedCommand::NameKey))
                    .col(text(ApprovedCommand::Description))
                    .col(string(ApprovedCommand::Program))
                    .col(text(ApprovedCommand::Args))
                    .col(string_null(ApprovedCommand::WorkingDirectory))
                    .col(text(ApprovedCommand::Holes))
                    .col(text(ApprovedCommand::Variables))
                    .col(boolean(ApprovedCommand::Withdrawn))
                    .col(timestamp_with_time_zone(ApprovedCommand::CreatedAt))
                    .col(timestamp_with_time_zone(ApprovedCommand::UpdatedAt))
                    .to_owned(),
            )
            .await?;
        // SQLite takes one change at a time, and no foreign key in a new column: a command that is used
        // is not deleted.
        for mut column in [uuid_null(Server::CommandId), text_null(Server::CommandValues)] {
            let change = Table::alter().table(Server::Table).add_column(&mut column).to_owned();
            manager.alter_table(change).await?;
        }
        manager
            .create_index(
                Index::create().name("server_command").table(Server::Table).col(Server::CommandId).to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name("server_command").table(Server::Table).to_owned()).await?;
        for column in [Server::CommandId, Server::CommandValues] {
            let change = Table::alter().table(Server::Table).drop_column(column).to_owned();
            manager.alter_table(change).await?;
        }
        manager.drop_table(Table::drop().table(ApprovedCommand::Table).to_owned()).await
    }
}

#[derive(DeriveIden)]
enum ApprovedCommand {
    Table,
    Id,
    Name,
    NameKey,
    Description,
    Program,
    Args,
    WorkingDirectory,
    Holes,
    Variables,
    Withdrawn,
    CreatedAt,
    UpdatedAt,
}

#[derive(DeriveIden)]
enum Server {
    Table,
    CommandId,
    CommandValues,
}
