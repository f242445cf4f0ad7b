//! Mails of invitations: what waits to be sent, and what became of it.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(InvitationMail::Table)
                    .col(uuid(InvitationMail::InvitationId).primary_key())
                    .col(string(InvitationMail::Language))
                    .col(binary_null(InvitationMail::Sealed))
                    .col(string(InvitationMail::State))
                    .col(integer(InvitationMail::Attempts))
                    .col(timestamp_with_time_zone_null(InvitationMail::DueAt))
                    .col(text_null(InvitationMail::Detail))
                    .col(timestamp_with_time_zone(InvitationMail::ChangedAt))
                    .foreign_key(
                        ForeignKey::create()
                            .from(InvitationMail::Table, InvitationMail::InvitationId)
                            .to(Invitation::Table, Invitation::Id)
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("invitation_mail_due")
                    .table(InvitationMail::Table)
                    .col(InvitationMail::DueAt)
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(InvitationMail::Table).to_owned()).await
    }
}

#[derive(DeriveIden)]
enum InvitationMail {
    Table,
    InvitationId,
    Language,
    Sealed,
    State,
    Attempts,
    DueAt,
    Detail,
    ChangedAt,
}

#[derive(DeriveIden)]
enum Invitation {
    Table,
    Id,
}
