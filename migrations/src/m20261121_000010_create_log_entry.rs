//! Log entries. Servers and keys are named, not referenced: the log outlives them.
//!
//! Entries are only ever read and deleted within their project, in the order of their ids, which is
//! that of time. So this order is their key; with SQLite it is the table itself, and a new entry is
//! one row at the end of one tree, where a key apart from its table takes three.

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
                    .table(LogEntry::Table)
                    .col(uuid(LogEntry::Id))
                    .col(uuid(LogEntry::ProjectId))
                    .col(timestamp_with_time_zone(LogEntry::At))
                    .col(integer(LogEntry::Level))
                    .col(string(LogEntry::Category))
                    .col(uuid_null(LogEntry::ServerId))
                    .col(string_null(LogEntry::ServerName))
                    .col(uuid_null(LogEntry::KeyId))
                    .col(string_null(LogEntry::KeyName))
                    .col(string_null(LogEntry::Session))
                    .col(string_null(LogEntry::Method))
                    .col(string_null(LogEntry::Tool))
                    .col(string_null(LogEntry::Outcome))
                    .col(string_null(LogEntry::Code))
                    .col(big_integer_null(LogEntry::DurationMs))
                    .col(text(LogEntry::Message))
                    .col(string_null(LogEntry::RequestId))
                    .col(text_null(LogEntry::Arguments))
                    .col(text_null(LogEntry::Result))
                    .foreign_key(
                        ForeignKey::create()
                            .from(LogEntry::Table, LogEntry::ProjectId)
                            .to(Project::Table, Project::Id)
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .primary_key(Index::create().col(LogEntry::ProjectId).col(LogEntry::Id))
                    .extra(if is_sqlite { "WITHOUT ROWID" } else { "" })
                    .to_owned(),
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(LogEntry::Table).to_owned()).await?;
        Ok(())
    }
}

#[derive(DeriveIden)]
enum LogEntry {
    Table,
    Id,
    ProjectId,
    At,
    Level,
    Category,
    ServerId,
    ServerName,
    KeyId,
    KeyName,
    Session,
    Method,
    Tool,
    Outcome,
    Code,
    DurationMs,
    Message,
    RequestId,
    Arguments,
    Result,
}

#[derive(DeriveIden)]
enum Project {
    Table,
    Id,
}
