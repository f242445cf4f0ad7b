//! Counts the calls of a batch of log entries, and the statements that add them to their hours.
//!
//! A batch has few tools in few hours, so there is one row for hundreds of entries. Rows go in the
//! order of their key: two writers that add to the same rows take them in the same order, and
//! neither waits for the other in a circle.

use std::{collections::BTreeMap, sync::LazyLock};

use domain::{
    ProjectId,
    log::{Category, NewLogEntry, Outcome},
};
use sea_orm::{
    DbBackend, Statement, Value,
    sqlx::{self, Arguments, Sqlite, error::BoxDynError, query::Query, sqlite::SqliteArguments},
};
use uuid::Uuid;

/// Project, hour, server, tool.
type Key<'a> = (ProjectId, i32, Uuid, &'a str);

struct Count<'a> {
    server_name: &'a str,
    calls: i64,
    errors: i64,
    total_ms: i64,
    max_ms: i64,
}

/// What a batch adds.
pub(crate) struct Counts<'a>(BTreeMap<Key<'a>, Count<'a>>);

impl<'a> Counts<'a> {
    pub(crate) fn of(entries: &'a [NewLogEntry]) -> Self {
        let mut counts = BTreeMap::new();
        for entry in entries {
            let (Category::ToolExecution, Some(outcome)) = (entry.category, entry.outcome) else { continue };
            let server = entry.server.map_or(Uuid::nil(), |id| id.0);
            let tool = entry.tool.as_deref().unwrap_or_default();
            let key = (entry.project, hour(entry.at), server, tool);
            let count = counts.entry(key).or_insert(Count {
                server_name: "",
                calls: 0,
                errors: 0,
                total_ms: 0,
                max_ms: 0,
            });
            let ms = entry.duration_ms.map_or(0, |ms| i64::try_from(ms).unwrap_or(i64::MAX));
            count.server_name = entry.server_name.as_deref().unwrap_or_default();
            count.calls += 1;
            count.errors += i64::from(matches!(outcome, Outcome::ToolError | Outcome::Failed));
            count.total_ms = count.total_ms.saturating_add(ms);
            count.max_ms = count.max_ms.max(ms);
        }
        Self(counts)
    }

    /// For SQLite's own driver, as the log's entries are written.
    pub(crate) fn queries(
        &self,
    ) -> impl Iterator<Item = Result<Query<'static, Sqlite, SqliteArguments>, BoxDynError>> {
        self.0.iter().map(|(key, count)| {
            let mut values = SqliteArguments::default();
            values.add(key.0.0)?;
            values.add(key.1)?;
            values.add(key.2)?;
            values.add(key.3)?;
            values.add(count.server_name)?;
            for number in count.numbers() {
                values.add(number)?;
            }
            Ok(sqlx::query_with(FOR_SQLITE.as_str(), values))
        })
    }

    pub(crate) fn statements(&self, backend: DbBackend) -> impl Iterator<Item = Statement> {
        self.0.iter().map(move |(key, count)| {
            let mut values: Vec<Value> =
                vec![key.0.0.into(), key.1.into(), key.2.into(), key.3.into(), count.server_name.into()];
            values.extend(count.numbers().map(Value::from));
            let text = if backend == DbBackend::Sqlite { &FOR_SQLITE } else { &FOR_POSTGRES };
            Statement::from_sql_and_values(backend, text.as_str(), values)
        })
    }
}

impl Count<'_> {
    fn numbers(&self) -> [i64; 4] {
        [self.calls, self.errors, self.total_ms, self.max_ms]
    }
}

/// Hours since the Unix epoch.
pub(crate) fn hour(at: domain::Timestamp) -> i32 {
    i32::try_from(at.timestamp().div_euclid(3_600)).unwrap_or_default()
}

static FOR_SQLITE: LazyLock<String> = LazyLock::new(|| text(|_| "?".to_owned()));
static FOR_POSTGRES: LazyLock<String> = LazyLock::new(|| text(|number| format!("${number}")));

/// One row a statement: its text stays the same, so the driver finds it prepared.
fn text(parameter: impl Fn(usize) -> String) -> String {
    let parameters: Vec<_> = (1..=9).map(parameter).collect();
    format!(
        "INSERT INTO usage_hour \
         (project_id, hour, server_id, tool, server_name, calls, errors, total_ms, max_ms) \
         VALUES ({}) ON CONFLICT (project_id, hour, server_id, tool) DO UPDATE SET \
         server_name = excluded.server_name, \
         calls = usage_hour.calls + excluded.calls, \
         errors = usage_hour.errors + excluded.errors, \
         total_ms = usage_hour.total_ms + excluded.total_ms, \
         max_ms = CASE WHEN usage_hour.max_ms < excluded.max_ms THEN excluded.max_ms ELSE usage_hour.max_ms END",
        parameters.join(", ")
    )
}
