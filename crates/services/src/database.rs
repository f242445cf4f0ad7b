//! Opens the database that a URL names, and begins transactions on it.

use std::time::Duration;

use domain::{Error, Result};
use sea_orm::{
    ConnectOptions, Database as SeaOrm, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    TransactionOptions, TransactionTrait,
    sea_query::LikeExpr,
    sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous},
};

/// One writer and many readers. On PostgreSQL both are the same pool.
#[derive(Clone, Debug)]
pub(crate) struct Database {
    pub(crate) writer: DatabaseConnection,
    pub(crate) reader: DatabaseConnection,
}

impl Database {
    pub(crate) async fn open(url: &str) -> Result<Self> {
        let opened = if url.starts_with("sqlite:") { sqlite(url).await } else { postgres(url).await };
        opened.map_err(|error| Error::internal("opening the database").source(error))
    }

    /// Begins a transaction that may write. SQLite takes its write lock now and not half-way, where
    /// a second writer would be refused instead of waiting.
    pub(crate) async fn begin(&self) -> Result<DatabaseTransaction> {
        let begun = match self.writer.get_database_backend() {
            DbBackend::Sqlite => {
                let options = TransactionOptions {
                    sqlite_transaction_mode: Some(sea_orm::SqliteTransactionMode::Immediate),
                    ..TransactionOptions::default()
                };
                self.writer.begin_with_options(options).await
            }
            _ => self.writer.begin().await,
        };
        begun.map_err(failed("beginning a transaction"))
    }
}

/// Turns a database failure into ours, saying what was tried.
pub(crate) fn failed(what: &'static str) -> impl Fn(DbErr) -> Error {
    move |error| Error::internal(what).source(error)
}

/// A pattern for what holds `text` in any case; the column must be in lower case.
pub(crate) fn containing(text: &str) -> LikeExpr {
    LikeExpr::new(format!("%{}%", escaped(&text.to_lowercase()))).escape('!')
}

/// Text for a pattern whose escape is `!`, to be taken as it stands.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('!', "!!").replace('%', "!%").replace('_', "!_")
}

fn options(url: &str) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    // Statements carry nothing secret, but they drown everything else.
    options.sqlx_logging(false);
    options.connect_timeout(Duration::from_secs(10)).acquire_timeout(Duration::from_secs(10));
    options
}

async fn sqlite(url: &str) -> Result<Database, DbErr> {
    // A database in memory lives in its one connection.
    let in_memory = url.contains(":memory:");
    let mut writer = options(url);
    writer.min_connections(1).max_connections(1);
    writer.map_sqlx_sqlite_opts(|o| {
        o.journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .busy_timeout(Duration::from_secs(10))
    });
    let writer = SeaOrm::connect(writer).await?;
    if in_memory {
        return Ok(Database { reader: writer.clone(), writer });
    }
    let mut reader = options(url);
    reader.min_connections(1).max_connections(6);
    reader.map_sqlx_sqlite_opts(|o| {
        o.read_only(true).create_if_missing(false).busy_timeout(Duration::from_secs(10))
    });
    Ok(Database { writer, reader: SeaOrm::connect(reader).await? })
}

async fn postgres(url: &str) -> Result<Database, DbErr> {
    let mut pool = options(url);
    pool.min_connections(1).max_connections(10);
    let pool = SeaOrm::connect(pool).await?;
    Ok(Database { writer: pool.clone(), reader: pool })
}
