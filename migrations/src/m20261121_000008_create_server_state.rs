//! What the data plane last saw of a server.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(ServerState::Table)
                    .col(uuid(ServerState::ServerId).primary_key())
                    .col(big_integer(ServerState::Generation))
                    .col(string(ServerState::Status))
                    .col(string_null(ServerState::Code))
                    .col(text_null(ServerState::Detail))
                    .col(text_null(ServerState::Info))
                    .col(text_null(ServerState::Initialize))
                    .col(text_null(ServerState::Tools))
                    .col(integer(ServerState::ToolCount))
                    .col(text(ServerState::Stderr))
                    .col(timestamp_with_time_zone(ServerState::ObservedAt))
                    .foreign_key(
                        ForeignKey::create()
                            .from(ServerState::Table, ServerState::ServerId)
                            .to(Server::Table, Server::Id)
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(ServerState::Table).to_owned()).await?;
        Ok(())
    }
}

#[derive(DeriveIden)]
enum ServerState {
    Table,
    ServerId,
    Generation,
    Status,
    Code,
    Detail,
    Info,
    Initialize,
    Tools,
    ToolCount,
    Stderr,
    ObservedAt,
}

#[derive(DeriveIden)]
enum Server {
    Table,
    Id,
}
