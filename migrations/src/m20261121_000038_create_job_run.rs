//! The last run of each background job, for every process to see.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(JobRun::Table)
                    .col(string(JobRun::Name).primary_key())
                    .col(timestamp_with_time_zone(JobRun::StartedAt))
                    .col(big_integer(JobRun::DurationMs))
                    .col(big_integer(JobRun::Items))
                    .col(string_null(JobRun::Code))
                    .col(string_null(JobRun::RunBy))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(JobRun::Table).to_owned()).await
    }
}

#[derive(DeriveIden)]
enum JobRun {
    Table,
    Name,
    StartedAt,
    DurationMs,
    /// What it deleted.
    Items,
    /// Why it failed; none when it did what it should.
    Code,
    /// Who asked for it; none when it was time.
    RunBy,
}
