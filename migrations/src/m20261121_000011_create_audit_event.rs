//! Who changed what. Nothing is referenced: the trail outlives everything.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(AuditEvent::Table)
                    .col(uuid(AuditEvent::Id).primary_key())
                    .col(timestamp_with_time_zone(AuditEvent::At))
                    .col(uuid_null(AuditEvent::Actor))
                    .col(string(AuditEvent::ActorName))
                    .col(string(AuditEvent::Action))
                    .col(uuid_null(AuditEvent::OrganizationId))
                    .col(uuid_null(AuditEvent::ProjectId))
                    .col(text(AuditEvent::Target))
                    .col(text(AuditEvent::Change))
                    .col(string_null(AuditEvent::RequestId))
                    .col(string_null(AuditEvent::Ip))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("audit_event_project")
                    .table(AuditEvent::Table)
                    .col(AuditEvent::ProjectId)
                    .col(AuditEvent::Id)
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("audit_event_organization")
                    .table(AuditEvent::Table)
                    .col(AuditEvent::OrganizationId)
                    .col(AuditEvent::Id)
                    .to_owned(),
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(AuditEvent::Table).to_owned()).await?;
        Ok(())
    }
}

#[derive(DeriveIden)]
enum AuditEvent {
    Table,
    Id,
    At,
    Actor,
    ActorName,
    Action,
    OrganizationId,
    ProjectId,
    Target,
    Change,
    RequestId,
    Ip,
}
