//! Organizations and their members.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(Organization::Table)
                    .col(uuid(Organization::Id).primary_key())
                    .col(string(Organization::Slug).unique_key())
                    .col(string(Organization::Name))
                    .col(boolean(Organization::Personal))
                    .col(timestamp_with_time_zone(Organization::CreatedAt))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table(OrganizationMember::Table)
                    .col(uuid(OrganizationMember::OrganizationId))
                    .col(uuid(OrganizationMember::UserId))
                    .col(string(OrganizationMember::Role))
                    .col(timestamp_with_time_zone(OrganizationMember::CreatedAt))
                    .primary_key(
                        Index::create()
                            .col(OrganizationMember::OrganizationId)
                            .col(OrganizationMember::UserId),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .from(OrganizationMember::Table, OrganizationMember::OrganizationId)
                            .to(Organization::Table, Organization::Id)
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .from(OrganizationMember::Table, OrganizationMember::UserId)
                            .to(User::Table, User::Id)
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("organization_member_user")
                    .table(OrganizationMember::Table)
                    .col(OrganizationMember::UserId)
                    .to_owned(),
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(OrganizationMember::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(Organization::Table).to_owned()).await?;
        Ok(())
    }
}

#[derive(DeriveIden)]
enum Organization {
    Table,
    Id,
    Slug,
    Name,
    Personal,
    CreatedAt,
}

#[derive(DeriveIden)]
enum OrganizationMember {
    Table,
    OrganizationId,
    UserId,
    Role,
    CreatedAt,
}

#[derive(DeriveIden)]
enum User {
    Table,
    Id,
}
