//! How a server is offered and kept: its alias on the project's endpoint, its process, its time limits.

use sea_orm_migration::{
    prelude::*,
    schema::*,
    sea_orm::{ConnectionTrait, ExprTrait, prelude::Uuid},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // SQLite takes one column a statement.
        for mut column in [
            string(Server::Alias).default("").to_owned(),
            string(Server::Sharing).default("shared").to_owned(),
            integer_null(Server::SleepAfterMinutes),
            integer_null(Server::MemoryMb),
            integer_null(Server::ConnectSeconds),
            integer_null(Server::InitializeSeconds),
            integer_null(Server::TotalSeconds),
        ] {
            let table = Table::alter().table(Server::Table).add_column(&mut column).to_owned();
            manager.alter_table(table).await?;
        }
        name_existing(manager).await?;
        // Any number of servers may do without a prefix.
        manager
            .create_index(
                Index::create()
                    .name("server_alias")
                    .table(Server::Table)
                    .col(Server::ProjectId)
                    .col(Server::Alias)
                    .unique()
                    .and_where(Expr::col(Server::Alias).ne(""))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name("server_alias").table(Server::Table).to_owned()).await?;
        for column in [
            Server::TotalSeconds,
            Server::InitializeSeconds,
            Server::ConnectSeconds,
            Server::MemoryMb,
            Server::SleepAfterMinutes,
            Server::Sharing,
            Server::Alias,
        ] {
            let table = Table::alter().table(Server::Table).drop_column(column).to_owned();
            manager.alter_table(table).await?;
        }
        Ok(())
    }
}

/// Gives the servers that are there the alias that their name makes: at most 20 characters, and a
/// number behind it where that is taken.
async fn name_existing(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let database = manager.get_connection();
    let servers = Query::select()
        .columns([Server::Id, Server::ProjectId, Server::NameKey])
        .from(Server::Table)
        .order_by(Server::Id, Order::Asc)
        .to_owned();
    let mut taken: Vec<(Uuid, String)> = Vec::new();
    for row in database.query_all(&servers).await? {
        let id: Uuid = row.try_get("", "id")?;
        let project: Uuid = row.try_get("", "project_id")?;
        let name: String = row.try_get("", "name_key")?;
        let base: String = name.chars().take(20).collect();
        let base = base.trim_end_matches(['-', '_']);
        let free = |alias: &String| !taken.contains(&(project, alias.clone()));
        let numbered = (2_u32..).map(|n| {
            let end = format!("-{n}");
            format!("{}{end}", &base[..base.len().min(20 - end.len())])
        });
        let alias = std::iter::once(base.to_owned()).chain(numbered).find(free).unwrap_or_default();
        let update = Query::update()
            .table(Server::Table)
            .value(Server::Alias, alias.clone())
            .and_where(Expr::col(Server::Id).eq(id))
            .to_owned();
        database.execute(&update).await?;
        taken.push((project, alias));
    }
    Ok(())
}

#[derive(DeriveIden)]
enum Server {
    Table,
    Id,
    ProjectId,
    NameKey,
    Alias,
    Sharing,
    SleepAfterMinutes,
    MemoryMb,
    ConnectSeconds,
    InitializeSeconds,
    TotalSeconds,
}
