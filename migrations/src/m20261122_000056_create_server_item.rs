//! The items of servers' lists, each a row of its own, so that a page reads its items and no others.

use sea_orm_migration::{prelude::*, schema::*, sea_orm::DbBackend};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// What the lists of before hold. `{member}` is its text, however the database reads it.
const FILL: &str = "INSERT INTO server_item \
    (server_id, kind, position, name, said, description_bytes, schema_bytes, definition) \
    SELECT server_id, kind, position, substr(named, 1, 256), \
        called || line || title || line || description || line || named, \
        octet_length(description), octet_length(schema), definition \
    FROM (SELECT server_id, kind, position, definition, line, \
        CASE kind WHEN 'tools' THEN {name} WHEN 'prompts' THEN {name} ELSE coalesce({uriTemplate}, {uri}, '') END AS named, \
        {name} AS called, {title} AS title, {description} AS description, \
        CASE kind WHEN 'tools' THEN {inputSchema} ELSE '' END AS schema \
        FROM (%items) AS item) AS listed \
    WHERE kind = 'tools' OR named <> ''";
const ITEMS_SQLITE: &str = "SELECT server_id, kind, entry.key AS position, entry.value AS definition, \
        char(10) AS line \
    FROM server_list, \
        json_each(CASE WHEN json_valid(items) AND json_type(items) = 'array' THEN items ELSE '[]' END) AS entry \
    WHERE entry.type = 'object'";
const ITEMS_POSTGRES: &str = "SELECT server_id, kind, (number - 1)::integer AS position, \
        value::text AS definition, chr(10) AS line \
    FROM server_list, json_array_elements(items::json) WITH ORDINALITY AS entry (value, number) \
    WHERE items NOT LIKE '%u0000%' AND json_typeof(value) = 'object'";

/// The statement with each `{member}` as the database reads it.
fn fill(backend: DbBackend) -> String {
    let (items, member): (_, fn(&str) -> String) = match backend {
        DbBackend::Sqlite => (ITEMS_SQLITE, |name| format!("json_extract(definition, '$.{name}')")),
        _ => (ITEMS_POSTGRES, |name| format!("definition::json->>'{name}'")),
    };
    let mut text = FILL.replace("%items", items);
    for name in ["uriTemplate", "uri"] {
        text = text.replace(&format!("{{{name}}}"), &member(name));
    }
    for name in ["name", "title", "description", "inputSchema"] {
        let read = format!("coalesce({}, '')", member(name));
        text = text.replace(&format!("{{{name}}}"), &read);
    }
    text
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(ServerItem::Table)
                    .col(uuid(ServerItem::ServerId))
                    .col(string(ServerItem::Kind))
                    .col(integer(ServerItem::Position))
                    .col(string(ServerItem::Name))
                    .col(text(ServerItem::Said))
                    .col(integer(ServerItem::DescriptionBytes))
                    .col(integer(ServerItem::SchemaBytes))
                    // Last, because what is large is not read for what stands before it.
                    .col(text(ServerItem::Definition))
                    .primary_key(
                        Index::create()
                            .col(ServerItem::ServerId)
                            .col(ServerItem::Kind)
                            .col(ServerItem::Position),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .from(ServerItem::Table, ServerItem::ServerId)
                            .to(Server::Table, Server::Id)
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("server_item_name")
                    .table(ServerItem::Table)
                    .col(ServerItem::ServerId)
                    .col(ServerItem::Kind)
                    .col(ServerItem::Name)
                    .to_owned(),
            )
            .await?;
        let fill = fill(manager.get_database_backend());
        manager.get_connection().execute_unprepared(&fill).await.map(drop)
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(ServerItem::Table).to_owned()).await
    }
}

#[derive(DeriveIden)]
enum ServerItem {
    Table,
    ServerId,
    Kind,
    Position,
    Name,
    Said,
    DescriptionBytes,
    SchemaBytes,
    Definition,
}

#[derive(DeriveIden)]
enum Server {
    Table,
    Id,
}
