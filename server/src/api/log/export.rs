//! Log entries as lines of a file.

use bytes::Bytes;
use domain::log::LogEntry;
use serde::Deserialize;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Format {
    /// A JSON object a line.
    #[default]
    Ndjson,
    /// With a line of names first. Cells that a spreadsheet would calculate begin with `'`.
    Csv,
}

const COLUMNS: [&str; 17] = [
    "id",
    "at",
    "level",
    "category",
    "server",
    "tool",
    "method",
    "outcome",
    "code",
    "duration_ms",
    "message",
    "session",
    "key",
    "request_id",
    "server_id",
    "arguments",
    "result",
];

impl Format {
    pub(super) const fn extension(self) -> &'static str {
        match self {
            Format::Ndjson => "ndjson",
            Format::Csv => "csv",
        }
    }

    pub(super) const fn content_type(self) -> &'static str {
        match self {
            Format::Ndjson => "application/x-ndjson",
            Format::Csv => "text/csv; charset=utf-8; header=present",
        }
    }

    /// What stands before all entries.
    pub(super) fn head(self) -> Option<String> {
        (self == Format::Csv).then(|| format!("{}\r\n", COLUMNS.join(",")))
    }

    pub(super) fn lines(self, entries: &[LogEntry]) -> Bytes {
        let mut out = String::new();
        for entry in entries {
            match self {
                Format::Ndjson => {
                    out.push_str(&serde_json::to_string(entry).unwrap_or_default());
                    out.push('\n');
                }
                Format::Csv => {
                    let cells = cells(entry).map(|cell| cell.map(|text| quoted(&text)).unwrap_or_default());
                    out.push_str(&cells.join(","));
                    out.push_str("\r\n");
                }
            }
        }
        out.into()
    }
}

/// In the order of [`COLUMNS`].
fn cells(entry: &LogEntry) -> [Option<String>; COLUMNS.len()] {
    [
        Some(entry.id.to_string()),
        Some(entry.at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true)),
        Some(entry.level.name().to_owned()),
        Some(entry.category.name().to_owned()),
        entry.server.clone(),
        entry.tool.clone(),
        entry.method.clone(),
        entry.outcome.map(|outcome| outcome.name().to_owned()),
        entry.code.map(|code| code.name().to_owned()),
        entry.duration_ms.map(|ms| ms.to_string()),
        Some(entry.message.clone()),
        entry.session.clone(),
        entry.key.clone(),
        entry.request_id.clone(),
        entry.server_id.map(|id| id.to_string()),
        entry.arguments.clone(),
        entry.result.clone(),
    ]
}

/// A cell as RFC 4180 writes it. What others sent stands in cells: a text that a spreadsheet would run
/// as a formula is made plain text by the mark that spreadsheets know (OWASP, CSV injection).
fn quoted(text: &str) -> String {
    let runs = text.trim_start_matches(' ').starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    let guard = if runs { "'" } else { "" };
    if runs || text.contains(['"', ',', '\r', '\n']) {
        return format!("\"{guard}{}\"", text.replace('"', "\"\""));
    }
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_never_formulas() {
        for (text, cell) in [
            ("plain", "plain"),
            ("a,b", "\"a,b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("two\nlines", "\"two\nlines\""),
            ("=1+1", "\"'=1+1\""),
            (" @SUM(A1)", "\"' @SUM(A1)\""),
            ("-3", "\"'-3\""),
            ("", ""),
        ] {
            assert_eq!(quoted(text), cell);
        }
    }
}
