//! Whether somebody knows the password of their account: one that was made with a link has a random one.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut set = boolean(User::PasswordSet).default(true).to_owned();
        manager.alter_table(Table::alter().table(User::Table).add_column(&mut set).to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table(User::Table).drop_column(User::PasswordSet).to_owned()).await
    }
}

#[derive(DeriveIden)]
enum User {
    Table,
    PasswordSet,
}
