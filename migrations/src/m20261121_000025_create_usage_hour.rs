//! Tool calls counted by hour: what a chart of a month needs without reading the log of a month.
//!
//! The server and its name may be those of one that is gone, as in the log; the nil id and the empty
//! text stand for none, because a key has no empty places.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let is_sqlite = manager.get_database_backend() == sea_orm::DatabaseBackend::Sqlite;
        manager
            .create_table(
                Table::create()
                    .table(UsageHour::Table)
                    .col(uuid(UsageHour::ProjectId))
                    .col(integer(UsageHour::Hour))
                    .col(uuid(UsageHour::ServerId))
                    .col(string(UsageHour::Tool))
                    .col(string(UsageHour::ServerName))
                    .col(big_integer(UsageHour::Calls))
                    .col(big_integer(UsageHour::Errors))
                    .col(big_integer(UsageHour::TotalMs))
                    .col(big_integer(UsageHour::MaxMs))
                    .foreign_key(
                        ForeignKey::create()
                            .from(UsageHour::Table, UsageHour::ProjectId)
                            .to(Project::Table, Project::Id)
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .primary_key(
                        Index::create()
                            .col(UsageHour::ProjectId)
                            .col(UsageHour::Hour)
                            .col(UsageHour::ServerId)
                            .col(UsageHour::Tool),
                    )
                    .extra(if is_sqlite { "WITHOUT ROWID" } else { "" })
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(UsageHour::Table).to_owned()).await
    }
}

#[derive(DeriveIden)]
enum UsageHour {
    Table,
    ProjectId,
    /// Hours since the Unix epoch.
    Hour,
    ServerId,
    Tool,
    ServerName,
    Calls,
    Errors,
    TotalMs,
    MaxMs,
}

#[derive(DeriveIden)]
enum Project {
    Table,
    Id,
}
