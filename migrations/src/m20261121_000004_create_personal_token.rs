//! Access tokens of people for the REST API.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(PersonalToken::Table)
                    .col(uuid(PersonalToken::Id).primary_key())
                    .col(uuid(PersonalToken::UserId))
                    .col(string(PersonalToken::Name))
                    .col(binary_len(PersonalToken::Hash, 32).unique_key())
                    .col(string(PersonalToken::Prefix))
                    .col(timestamp_with_time_zone(PersonalToken::CreatedAt))
                    .col(timestamp_with_time_zone_null(PersonalToken::ExpiresAt))
                    .col(timestamp_with_time_zone_null(PersonalToken::LastUsedAt))
                    .foreign_key(
                        ForeignKey::create()
                            .from(PersonalToken::Table, PersonalToken::UserId)
                            .to(User::Table, User::Id)
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("personal_token_user")
                    .table(PersonalToken::Table)
                    .col(PersonalToken::UserId)
                    .to_owned(),
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(PersonalToken::Table).to_owned()).await?;
        Ok(())
    }
}

#[derive(DeriveIden)]
enum PersonalToken {
    Table,
    Id,
    UserId,
    Name,
    Hash,
    Prefix,
    CreatedAt,
    ExpiresAt,
    LastUsedAt,
}

#[derive(DeriveIden)]
enum User {
    Table,
    Id,
}
