//! Projects that a person keeps at hand, in the order in which they were chosen.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(Favorite::Table)
                    .col(uuid(Favorite::UserId))
                    .col(uuid(Favorite::ProjectId))
                    .col(timestamp_with_time_zone(Favorite::CreatedAt))
                    .primary_key(Index::create().col(Favorite::UserId).col(Favorite::ProjectId))
                    .foreign_key(
                        ForeignKey::create()
                            .from(Favorite::Table, Favorite::UserId)
                            .to(User::Table, User::Id)
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .from(Favorite::Table, Favorite::ProjectId)
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
                    .name("favorite_project")
                    .table(Favorite::Table)
                    .col(Favorite::ProjectId)
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Favorite::Table).to_owned()).await
    }
}

#[derive(DeriveIden)]
enum Favorite {
    Table,
    UserId,
    ProjectId,
    CreatedAt,
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
