//! A server's lists as last read: tools move here, and resources, templates and prompts join them.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(ServerList::Table)
                    .col(uuid(ServerList::ServerId))
                    .col(string(ServerList::Kind))
                    .col(text(ServerList::Items))
                    .col(integer(ServerList::ItemCount))
                    .col(big_integer(ServerList::Version))
                    .col(string(ServerList::Hash))
                    .col(timestamp_with_time_zone_null(ServerList::ReadAt))
                    .col(string_null(ServerList::Code))
                    .col(text_null(ServerList::Detail))
                    .primary_key(Index::create().col(ServerList::ServerId).col(ServerList::Kind))
                    .foreign_key(
                        ForeignKey::create()
                            .from(ServerList::Table, ServerList::ServerId)
                            .to(Server::Table, Server::Id)
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        let connection = manager.get_connection();
        connection
            .execute_unprepared(
                "INSERT INTO server_list (server_id, kind, items, item_count, version, hash, read_at) \
                 SELECT server_id, 'tools', tools, tool_count, 1, '', observed_at \
                 FROM server_state WHERE tools IS NOT NULL",
            )
            .await?;
        // SQLite takes one change at a time.
        for column in [ServerState::Tools, ServerState::ToolCount] {
            let change = Table::alter().table(ServerState::Table).drop_column(column).to_owned();
            manager.alter_table(change).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut columns = [text_null(ServerState::Tools), integer(ServerState::ToolCount).default(0).take()];
        for column in &mut columns {
            let change = Table::alter().table(ServerState::Table).add_column(column).to_owned();
            manager.alter_table(change).await?;
        }
        let of_state = "SELECT %s FROM server_list \
                        WHERE server_list.server_id = server_state.server_id AND kind = 'tools'";
        for (column, from) in [("tools", "items"), ("tool_count", "item_count")] {
            let select = of_state.replace("%s", from);
            let fill = format!("UPDATE server_state SET {column} = ({select}) WHERE EXISTS ({select})");
            manager.get_connection().execute_unprepared(&fill).await?;
        }
        manager.drop_table(Table::drop().table(ServerList::Table).to_owned()).await
    }
}

#[derive(DeriveIden)]
enum ServerList {
    Table,
    ServerId,
    Kind,
    Items,
    ItemCount,
    Version,
    Hash,
    ReadAt,
    Code,
    Detail,
}

#[derive(DeriveIden)]
enum ServerState {
    Table,
    Tools,
    ToolCount,
}

#[derive(DeriveIden)]
enum Server {
    Table,
    Id,
}
