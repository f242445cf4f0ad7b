//! Projects and their members.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(Project::Table)
                    .col(uuid(Project::Id).primary_key())
                    .col(uuid(Project::OrganizationId))
                    .col(string(Project::Slug))
                    .col(string(Project::Name))
                    .col(text(Project::Description))
                    .col(boolean(Project::LogPayloads))
                    .col(integer(Project::LogRetentionDays))
                    .col(timestamp_with_time_zone(Project::CreatedAt))
                    .col(timestamp_with_time_zone(Project::UpdatedAt))
                    .foreign_key(
                        ForeignKey::create()
                            .from(Project::Table, Project::OrganizationId)
                            .to(Organization::Table, Organization::Id)
                            .on_delete(ForeignKeyAction::Restrict),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("project_slug")
                    .table(Project::Table)
                    .col(Project::OrganizationId)
                    .col(Project::Slug)
                    .unique()
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table(ProjectMember::Table)
                    .col(uuid(ProjectMember::ProjectId))
                    .col(uuid(ProjectMember::UserId))
                    .col(string(ProjectMember::Role))
                    .col(uuid_null(ProjectMember::AddedBy))
                    .col(timestamp_with_time_zone(ProjectMember::CreatedAt))
                    .primary_key(Index::create().col(ProjectMember::ProjectId).col(ProjectMember::UserId))
                    .foreign_key(
                        ForeignKey::create()
                            .from(ProjectMember::Table, ProjectMember::ProjectId)
                            .to(Project::Table, Project::Id)
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .from(ProjectMember::Table, ProjectMember::UserId)
                            .to(User::Table, User::Id)
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .from(ProjectMember::Table, ProjectMember::AddedBy)
                            .to(User::Table, User::Id)
                            .on_delete(ForeignKeyAction::SetNull),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("project_member_user")
                    .table(ProjectMember::Table)
                    .col(ProjectMember::UserId)
                    .to_owned(),
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(ProjectMember::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(Project::Table).to_owned()).await?;
        Ok(())
    }
}

#[derive(DeriveIden)]
enum Project {
    Table,
    Id,
    OrganizationId,
    Slug,
    Name,
    Description,
    LogPayloads,
    LogRetentionDays,
    CreatedAt,
    UpdatedAt,
}

#[derive(DeriveIden)]
enum ProjectMember {
    Table,
    ProjectId,
    UserId,
    Role,
    AddedBy,
    CreatedAt,
}

#[derive(DeriveIden)]
enum Organization {
    Table,
    Id,
}

#[derive(DeriveIden)]
enum User {
    Table,
    Id,
}
