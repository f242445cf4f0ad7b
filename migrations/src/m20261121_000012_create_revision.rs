//! One row that counts the changes which the data plane must see.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(Revision::Table)
                    .col(integer(Revision::Id).primary_key())
                    .col(big_integer(Revision::Value))
                    .to_owned(),
            )
            .await?;
        let row = Query::insert()
            .into_table(Revision::Table)
            .columns([Revision::Id, Revision::Value])
            .values_panic([1.into(), 1_i64.into()])
            .to_owned();
        manager.execute(row).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Revision::Table).to_owned()).await?;
        Ok(())
    }
}

#[derive(DeriveIden)]
enum Revision {
    Table,
    Id,
    Value,
}
