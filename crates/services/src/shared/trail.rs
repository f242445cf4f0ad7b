//! What the trail tells of a changed shared server.

use domain::Result;
use serde_json::{Value, json};

use super::{Row, definition};

/// What was before and after. Values are told by the names of those that were replaced.
pub(super) fn told(before: Option<&Row>, after: &Row, replaced: &[String]) -> Result<Value> {
    let old = before.map(fields).transpose()?.unwrap_or_default();
    let pairs = fields(after)?.into_iter().enumerate().filter_map(|(i, (name, new))| {
        let old = old.get(i).map(|(_, old)| old);
        (old.map(String::as_str).unwrap_or_default() != new).then(|| (name.to_owned(), json!([old, new])))
    });
    let mut told: serde_json::Map<String, Value> = pairs.collect();
    if !replaced.is_empty() {
        told.insert("secrets".to_owned(), json!(["••••", format!("•••• ({})", replaced.join(", "))]));
    }
    Ok(Value::Object(told))
}

fn fields(row: &Row) -> Result<Vec<(&'static str, String)>> {
    let input = definition(row)?;
    let names = |list: &[domain::server::VariableInput]| -> String {
        list.iter().map(|variable| variable.name.as_str()).collect::<Vec<_>>().join(", ")
    };
    let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
    let command: Vec<String> = std::iter::once(input.command).chain(input.args).collect();
    Ok(vec![
        ("env", names(&input.env)),
        ("headers", names(&input.headers)),
        ("name", input.name),
        ("description", input.description),
        ("transport", input.transport.name().to_owned()),
        ("command", command.join(" ")),
        ("working_directory", input.working_directory.unwrap_or_default()),
        ("url", input.url),
        ("builtin", input.builtin),
        ("timeout_seconds", input.timeout_seconds.to_string()),
        ("sharing", input.sharing.name().to_owned()),
        ("sleep_after_minutes", number(input.sleep_after_minutes)),
        ("memory_mb", number(input.memory_mb)),
        ("connect_seconds", number(input.connect_seconds)),
        ("initialize_seconds", number(input.initialize_seconds)),
        ("total_seconds", number(input.total_seconds)),
        ("withdrawn", row.withdrawn.to_string()),
    ])
}
