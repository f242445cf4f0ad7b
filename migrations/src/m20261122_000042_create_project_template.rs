//! Templates: what new projects of an organization may begin with.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(ProjectTemplate::Table)
                    .col(uuid(ProjectTemplate::Id).primary_key())
                    .col(uuid(ProjectTemplate::OrganizationId))
                    .col(string(ProjectTemplate::Name))
                    .col(string(ProjectTemplate::NameKey))
                    .col(text(ProjectTemplate::Description))
                    .col(text(ProjectTemplate::Document))
                    .col(integer(ProjectTemplate::ServerCount))
                    .col(uuid_null(ProjectTemplate::CreatedBy))
                    .col(timestamp_with_time_zone(ProjectTemplate::CreatedAt))
                    .foreign_key(
                        ForeignKey::create()
                            .from(ProjectTemplate::Table, ProjectTemplate::OrganizationId)
                            .to(Organization::Table, Organization::Id)
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("project_template_name")
                    .table(ProjectTemplate::Table)
                    .col(ProjectTemplate::OrganizationId)
                    .col(ProjectTemplate::NameKey)
                    .unique()
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(ProjectTemplate::Table).to_owned()).await
    }
}

#[derive(DeriveIden)]
enum ProjectTemplate {
    Table,
    Id,
    OrganizationId,
    Name,
    NameKey,
    Description,
    Document,
    ServerCount,
    CreatedBy,
    CreatedAt,
}

#[derive(DeriveIden)]
enum Organization {
    Table,
    Id,
}
