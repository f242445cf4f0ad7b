//! Signed-in browsers. The cookie's id is stored as a hash, so a copy of the table signs nobody in.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(Session::Table)
                    .col(binary_len(Session::IdHash, 32).primary_key())
                    .col(uuid(Session::Id).unique_key())
                    .col(uuid_null(Session::UserId))
                    .col(text(Session::Data))
                    .col(string_null(Session::Ip))
                    .col(text_null(Session::UserAgent))
                    .col(timestamp_with_time_zone(Session::CreatedAt))
                    .col(timestamp_with_time_zone(Session::LastSeenAt))
                    .col(timestamp_with_time_zone(Session::ExpiresAt))
                    .foreign_key(
                        ForeignKey::create()
                            .from(Session::Table, Session::UserId)
                            .to(User::Table, User::Id)
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create().name("session_user").table(Session::Table).col(Session::UserId).to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("session_expiry")
                    .table(Session::Table)
                    .col(Session::ExpiresAt)
                    .to_owned(),
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Session::Table).to_owned()).await?;
        Ok(())
    }
}

#[derive(DeriveIden)]
enum Session {
    Table,
    IdHash,
    Id,
    UserId,
    Data,
    Ip,
    UserAgent,
    CreatedAt,
    LastSeenAt,
    ExpiresAt,
}

#[derive(DeriveIden)]
enum User {
    Table,
    Id,
}
