//! Lists projects page by page in the order of their names.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_index(
                Index::create()
                    .name("project_name")
                    .table(Project::Table)
                    .col(Project::Name)
                    .col(Project::Id)
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name("project_name").table(Project::Table).to_owned()).await
    }
}

#[derive(DeriveIden)]
enum Project {
    Table,
    Id,
    Name,
}
