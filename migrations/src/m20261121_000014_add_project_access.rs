//! Whether a project's endpoints ask for a key.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut access = string(Project::Access).default("key").to_owned();
        manager.alter_table(Table::alter().table(Project::Table).add_column(&mut access).to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(Table::alter().table(Project::Table).drop_column(Project::Access).to_owned())
            .await
    }
}

#[derive(DeriveIden)]
enum Project {
    Table,
    Access,
}
