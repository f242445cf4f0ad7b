//! The statements that write log entries.
//!
//! Entries come in any number, and each call makes one. A statement for just as many rows as there
//! are would be a new one nearly each time: rendered, sent and parsed again. There are a few sizes
//! instead, whose texts never change, so that the driver finds them prepared.

use std::sync::LazyLock;

use domain::{
    Code, LogId,
    log::{NewLogEntry, Outcome},
};
use sea_orm::{
    DbBackend, Statement, Value,
    sqlx::{self, Arguments, Sqlite, error::BoxDynError, query::Query, sqlite::SqliteArguments},
};

/// Rows of a statement, from many to one: what does not fill one size is left to the next.
const SIZES: [usize; 4] = [64, 16, 4, 1];

const COLUMNS: [&str; 19] = [
    "id",
    "project_id",
    "at",
    "level",
    "category",
    "server_id",
    "server_name",
    "key_id",
    "key_name",
    "session",
    "method",
    "tool",
    "outcome",
    "code",
    "duration_ms",
    "message",
    "request_id",
    "arguments",
    "result",
];

/// The texts for each of [`SIZES`].
type Texts = [String; SIZES.len()];

/// Unnumbered: SQLite looks for the name of a numbered parameter among all of them.
static FOR_SQLITE: LazyLock<Texts> = LazyLock::new(|| SIZES.map(|rows| text(rows, |_| "?".to_owned())));
static FOR_POSTGRES: LazyLock<Texts> =
    LazyLock::new(|| SIZES.map(|rows| text(rows, |number| format!("${number}"))));

fn text(rows: usize, parameter: impl Fn(usize) -> String) -> String {
    let columns = COLUMNS.map(|column| format!("\"{column}\"")).join(", ");
    let row = |row| {
        let first = row * COLUMNS.len() + 1;
        let parameters: Vec<_> = (first..first + COLUMNS.len()).map(&parameter).collect();
        format!("({})", parameters.join(", "))
    };
    let rows: Vec<_> = (0..rows).map(row).collect();
    format!("INSERT INTO \"log_entry\" ({columns}) VALUES {}", rows.join(", "))
}

/// The statement for as many of `rows` as the largest size that they fill, which it takes off.
pub(super) fn statement(
    backend: DbBackend,
    rows: &mut impl ExactSizeIterator<Item = (LogId, NewLogEntry)>,
) -> Statement {
    let size = size(rows.len());
    let mut values = Vec::with_capacity(SIZES[size] * COLUMNS.len());
    for (id, entry) in rows.by_ref().take(SIZES[size]) {
        values.extend(row(id, entry));
    }
    let texts = if backend == DbBackend::Sqlite { &FOR_SQLITE } else { &FOR_POSTGRES };
    Statement::from_sql_and_values(backend, texts[size].as_str(), values)
}

/// The same for SQLite's own driver: values go to it as they are, where a [`Statement`] copies all of
/// them twice.
pub(super) fn query(
    rows: &mut impl ExactSizeIterator<Item = (LogId, NewLogEntry)>,
) -> Result<Query<'static, Sqlite, SqliteArguments>, BoxDynError> {
    let size = size(rows.len());
    let mut values = SqliteArguments::default();
    values.reserve(SIZES[size] * COLUMNS.len(), 0);
    for (id, entry) in rows.by_ref().take(SIZES[size]) {
        bind(&mut values, id, entry)?;
    }
    Ok(sqlx::query_with(FOR_SQLITE[size].as_str(), values))
}

/// The largest of [`SIZES`] that so many rows fill.
fn size(rows: usize) -> usize {
    SIZES.iter().position(|size| *size <= rows).unwrap_or(SIZES.len() - 1)
}

/// Adds the values in the order of [`COLUMNS`].
fn bind(values: &mut SqliteArguments, id: LogId, entry: NewLogEntry) -> Result<(), BoxDynError> {
    values.add(id.0)?;
    values.add(entry.project.0)?;
    values.add(entry.at)?;
    values.add(entry.level as i32)?;
    values.add(entry.category.name())?;
    values.add(entry.server.map(|id| id.0))?;
    values.add(entry.server_name)?;
    values.add(entry.key.map(|id| id.0))?;
    values.add(entry.key_name)?;
    values.add(entry.session)?;
    values.add(entry.method)?;
    values.add(entry.tool)?;
    values.add(entry.outcome.map(Outcome::name))?;
    values.add(entry.code.map(Code::name))?;
    values.add(entry.duration_ms.map(milliseconds))?;
    values.add(entry.message)?;
    values.add(entry.request_id)?;
    values.add(entry.arguments)?;
    values.add(entry.result)
}

fn milliseconds(ms: u64) -> i64 {
    i64::try_from(ms).unwrap_or(i64::MAX)
}

/// The values in the order of [`COLUMNS`].
fn row(id: LogId, entry: NewLogEntry) -> [Value; COLUMNS.len()] {
    [
        id.0.into(),
        entry.project.0.into(),
        entry.at.into(),
        (entry.level as i32).into(),
        entry.category.name().into(),
        entry.server.map(|id| id.0).into(),
        entry.server_name.into(),
        entry.key.map(|id| id.0).into(),
        entry.key_name.into(),
        entry.session.into(),
        entry.method.into(),
        entry.tool.into(),
        entry.outcome.map(|outcome| outcome.name().to_owned()).into(),
        entry.code.map(|code| code.name().to_owned()).into(),
        entry.duration_ms.map(milliseconds).into(),
        entry.message.into(),
        entry.request_id.into(),
        entry.arguments.into(),
        entry.result.into(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_its_own_parameters() {
        assert!(FOR_SQLITE[3].starts_with("INSERT INTO \"log_entry\" (\"id\", \"project_id\", \"at\", "));
        assert!(FOR_SQLITE[3].ends_with(&format!("\"result\") VALUES ({}?)", "?, ".repeat(18))));
        for (size, rows) in SIZES.into_iter().enumerate() {
            assert_eq!(FOR_SQLITE[size].matches('?').count(), rows * COLUMNS.len());
            assert!(FOR_POSTGRES[size].ends_with(&format!(", ${})", rows * COLUMNS.len())));
        }
    }
}
