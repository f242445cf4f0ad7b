//! When a person last looked at a project.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(ProjectVisit::Table)
                    .col(uuid(ProjectVisit::UserId))
                    .col(uuid(ProjectVisit::ProjectId))
                    .col(timestamp_with_time_zone(ProjectVisit::At))
                    .primary_key(Index::create().col(ProjectVisit::UserId).col(ProjectVisit::ProjectId))
                    .foreign_key(
                        ForeignKey::create()
                            .from(ProjectVisit::Table, ProjectVisit::UserId)
                            .to(User::Table, User::Id)
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .from(ProjectVisit::Table, ProjectVisit::ProjectId)
                            .to(Project::Table, Project::Id)
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        // For the deletion of a project.
        manager
            .create_index(
                Index::create()
                    .name("project_visit_project")
                    .table(ProjectVisit::Table)
                    .col(ProjectVisit::ProjectId)
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(ProjectVisit::Table).to_owned()).await
    }
}

#[derive(DeriveIden)]
enum ProjectVisit {
    Table,
    UserId,
    ProjectId,
    At,
}

#[derive(DeriveIden)]
enum Project {
    Table,
    Id,
}

#[derive(DeriveIden)]
enum User {
    Table,
    Id,
}
