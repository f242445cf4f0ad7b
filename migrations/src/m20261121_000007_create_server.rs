//! Upstream MCP servers and their sealed variables and headers.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(Server::Table)
                    .col(uuid(Server::Id).primary_key())
                    .col(uuid(Server::ProjectId))
                    .col(string(Server::Name))
                    .col(string(Server::NameKey))
                    .col(text(Server::Description))
                    .col(string(Server::Transport))
                    .col(text(Server::Command))
                    .col(text(Server::Args))
                    .col(text_null(Server::WorkingDirectory))
                    .col(text(Server::Url))
                    .col(string(Server::Builtin))
                    .col(integer(Server::TimeoutSeconds))
                    .col(boolean(Server::Enabled))
                    .col(big_integer(Server::Generation))
                    .col(timestamp_with_time_zone(Server::CreatedAt))
                    .col(timestamp_with_time_zone(Server::UpdatedAt))
                    .foreign_key(
                        ForeignKey::create()
                            .from(Server::Table, Server::ProjectId)
                            .to(Project::Table, Project::Id)
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("server_name")
                    .table(Server::Table)
                    .col(Server::ProjectId)
                    .col(Server::NameKey)
                    .unique()
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table(ServerVariable::Table)
                    .col(uuid(ServerVariable::Id).primary_key())
                    .col(uuid(ServerVariable::ServerId))
                    .col(string(ServerVariable::Kind))
                    .col(integer(ServerVariable::Position))
                    .col(string(ServerVariable::Name))
                    .col(blob(ServerVariable::Sealed))
                    .foreign_key(
                        ForeignKey::create()
                            .from(ServerVariable::Table, ServerVariable::ServerId)
                            .to(Server::Table, Server::Id)
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("server_variable_name")
                    .table(ServerVariable::Table)
                    .col(ServerVariable::ServerId)
                    .col(ServerVariable::Kind)
                    .col(ServerVariable::Name)
                    .unique()
                    .to_owned(),
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(ServerVariable::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(Server::Table).to_owned()).await?;
        Ok(())
    }
}

#[derive(DeriveIden)]
enum Server {
    Table,
    Id,
    ProjectId,
    Name,
    NameKey,
    Description,
    Transport,
    Command,
    Args,
    WorkingDirectory,
    Url,
    Builtin,
    TimeoutSeconds,
    Enabled,
    Generation,
    CreatedAt,
    UpdatedAt,
}

#[derive(DeriveIden)]
enum ServerVariable {
    Table,
    Id,
    ServerId,
    Kind,
    Position,
    Name,
    Sealed,
}

#[derive(DeriveIden)]
enum Project {
    Table,
    Id,
}
