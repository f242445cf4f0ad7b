//! Teams: named groups of an organization, with the projects where each holds a role.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(Team::Table)
                    .col(uuid(Team::Id).primary_key())
                    .col(uuid(Team::OrganizationId))
                    .col(string(Team::Slug))
                    .col(string(Team::Name))
                    .col(timestamp_with_time_zone(Team::CreatedAt))
                    .foreign_key(
                        ForeignKey::create()
                            .from(Team::Table, Team::OrganizationId)
                            .to(Organization::Table, Organization::Id)
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("team_slug")
                    .table(Team::Table)
                    .col(Team::OrganizationId)
                    .col(Team::Slug)
                    .unique()
                    .to_owned(),
            )
            .await?;
        members(manager).await?;
        projects(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(TeamProject::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(TeamMember::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(Team::Table).to_owned()).await
    }
}

async fn members(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table(TeamMember::Table)
                .col(uuid(TeamMember::TeamId))
                .col(uuid(TeamMember::UserId))
                .col(uuid_null(TeamMember::AddedBy))
                .col(timestamp_with_time_zone(TeamMember::CreatedAt))
                .primary_key(Index::create().col(TeamMember::TeamId).col(TeamMember::UserId))
                .foreign_key(
                    ForeignKey::create()
                        .from(TeamMember::Table, TeamMember::TeamId)
                        .to(Team::Table, Team::Id)
                        .on_delete(ForeignKeyAction::Cascade),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from(TeamMember::Table, TeamMember::UserId)
                        .to(User::Table, User::Id)
                        .on_delete(ForeignKeyAction::Cascade),
                )
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("team_member_user")
                .table(TeamMember::Table)
                .col(TeamMember::UserId)
                .to_owned(),
        )
        .await
}

async fn projects(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table(TeamProject::Table)
                .col(uuid(TeamProject::TeamId))
                .col(uuid(TeamProject::ProjectId))
                .col(string(TeamProject::Role))
                .col(timestamp_with_time_zone(TeamProject::CreatedAt))
                .primary_key(Index::create().col(TeamProject::TeamId).col(TeamProject::ProjectId))
                .foreign_key(
                    ForeignKey::create()
                        .from(TeamProject::Table, TeamProject::TeamId)
                        .to(Team::Table, Team::Id)
                        .on_delete(ForeignKeyAction::Cascade),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from(TeamProject::Table, TeamProject::ProjectId)
                        .to(Project::Table, Project::Id)
                        .on_delete(ForeignKeyAction::Cascade),
                )
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("team_project_project")
                .table(TeamProject::Table)
                .col(TeamProject::ProjectId)
                .to_owned(),
        )
        .await
}

#[derive(DeriveIden)]
enum Team {
    Table,
    Id,
    OrganizationId,
    Slug,
    Name,
    CreatedAt,
}

#[derive(DeriveIden)]
enum TeamMember {
    Table,
    TeamId,
    UserId,
    AddedBy,
    CreatedAt,
}

#[derive(DeriveIden)]
enum TeamProject {
    Table,
    TeamId,
    ProjectId,
    Role,
    CreatedAt,
}

#[derive(DeriveIden)]
enum Organization {
    Table,
    Id,
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
