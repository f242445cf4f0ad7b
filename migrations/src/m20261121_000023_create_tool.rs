//! The names of the tools that servers listed, so that a tool is found without reading lists.

use sea_orm_migration::{prelude::*, schema::*, sea_orm::DbBackend};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// What the lists of before hold. Names that are no names, or too long for an index, are left out.
const FILL_SQLITE: &str = "INSERT OR IGNORE INTO tool (server_id, name) \
    SELECT server_id, json_extract(item.value, '$.name') \
    FROM server_list, json_each(CASE WHEN json_valid(items) THEN items ELSE '[]' END) AS item \
    WHERE kind = 'tools' AND length(json_extract(item.value, '$.name')) BETWEEN 1 AND 256";
const FILL_POSTGRES: &str = "INSERT INTO tool (server_id, name) \
    SELECT DISTINCT server_id, item->>'name' \
    FROM server_list, json_array_elements(items::json) AS item \
    WHERE kind = 'tools' AND items NOT LIKE '%u0000%' AND length(item->>'name') BETWEEN 1 AND 256";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(Tool::Table)
                    .col(uuid(Tool::ServerId))
                    .col(string(Tool::Name))
                    .primary_key(Index::create().col(Tool::ServerId).col(Tool::Name))
                    .foreign_key(
                        ForeignKey::create()
                            .from(Tool::Table, Tool::ServerId)
                            .to(Server::Table, Server::Id)
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        let fill = match manager.get_database_backend() {
            DbBackend::Sqlite => FILL_SQLITE,
            _ => FILL_POSTGRES,
        };
        manager.get_connection().execute_unprepared(fill).await.map(drop)
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Tool::Table).to_owned()).await
    }
}

#[derive(DeriveIden)]
enum Tool {
    Table,
    ServerId,
    Name,
}

#[derive(DeriveIden)]
enum Server {
    Table,
    Id,
}
