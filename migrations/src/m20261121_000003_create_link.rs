//! Links that work once: set-up and sign-in.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(Link::Table)
                    .col(binary_len(Link::TokenHash, 32).primary_key())
                    .col(string(Link::Purpose))
                    .col(uuid_null(Link::UserId))
                    .col(timestamp_with_time_zone(Link::ExpiresAt))
                    .foreign_key(
                        ForeignKey::create()
                            .from(Link::Table, Link::UserId)
                            .to(User::Table, User::Id)
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Link::Table).to_owned()).await?;
        Ok(())
    }
}

#[derive(DeriveIden)]
enum Link {
    Table,
    TokenHash,
    Purpose,
    UserId,
    ExpiresAt,
}

#[derive(DeriveIden)]
enum User {
    Table,
    Id,
}
