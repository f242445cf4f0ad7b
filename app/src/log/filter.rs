//! The filter of the log as the address carries it.

use domain::{
    Timestamp,
    log::{Level, LogFilter},
};
use leptos_router::params::ParamsMap;

use crate::ui::encode;

/// The filter's members that the address carries.
pub const FIELDS: [&str; 11] =
    ["level", "category", "outcome", "server", "tool", "session", "key", "text", "within", "from", "to"];

/// What is shown unless more is asked for: debug entries are many.
pub const LEVEL: Level = Level::Info;

/// A member of the address; empty text is none.
#[must_use]
pub fn value(query: &ParamsMap, name: &str) -> Option<String> {
    query.get(name).filter(|value| !value.is_empty())
}

#[must_use]
pub fn filter(query: &ParamsMap) -> LogFilter {
    let get = |name| value(query, name);
    LogFilter {
        level: get("level").and_then(|name| name.parse().ok()).or(Some(LEVEL)),
        category: get("category").and_then(|name| name.parse().ok()),
        outcome: get("outcome").and_then(|name| name.parse().ok()),
        server: get("server"),
        tool: get("tool"),
        session: get("session"),
        key: get("key"),
        text: get("text"),
        within: get("within").and_then(|name| name.parse().ok()),
        from: get("from").and_then(|text| moment(&text)),
        to: get("to").and_then(|text| moment(&text)),
        before: get("before").and_then(|id| id.parse().ok()),
        after: None,
        limit: Some(50),
    }
}

/// The members that are set, as a query.
#[must_use]
pub fn query(query: &ParamsMap) -> String {
    let set = FIELDS.iter().filter_map(|name| Some(format!("{name}={}", encode(&value(query, name)?))));
    set.collect::<Vec<_>>().join("&")
}

/// The place in the list that an address carries, to come back to: `?` and its query, or nothing.
#[must_use]
pub fn place(asked: &ParamsMap) -> String {
    let before = value(asked, "before").map(|id| format!("before={}", encode(&id)));
    let parts: Vec<_> =
        Some(query(asked)).into_iter().chain(before).filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { String::new() } else { format!("?{}", parts.join("&")) }
}

/// The filter as the query of the API, which takes nothing for granted.
#[must_use]
pub fn api_query(filter: &LogFilter) -> String {
    let mut set = Vec::new();
    let mut add = |name: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            set.push(format!("{name}={}", encode(&value)));
        }
    };
    add("level", filter.level.map(|level| level.name().to_owned()));
    add("category", filter.category.map(|category| category.name().to_owned()));
    add("outcome", filter.outcome.map(|outcome| outcome.name().to_owned()));
    add("server", filter.server.clone());
    add("tool", filter.tool.clone());
    add("session", filter.session.clone());
    add("key", filter.key.clone());
    add("text", filter.text.clone());
    add("within", filter.within.map(|within| within.name().to_owned()));
    let exact = |at: Timestamp| at.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    add("from", filter.from.map(exact));
    add("to", filter.to.map(exact));
    set.join("&")
}

/// A moment as `<input type="datetime-local">` writes it, taken as UTC like all times of the console.
fn moment(text: &str) -> Option<Timestamp> {
    let forms = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S%.f"];
    let parsed = forms.iter().find_map(|form| chrono::NaiveDateTime::parse_from_str(text, form).ok())?;
    Some(parsed.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_says_what_is_asked_for_and_nonsense_says_nothing() {
        let asked: ParamsMap = [
            ("level", "error"),
            ("tool", "a b"),
            ("from", "2026-11-21T10:30"),
            ("to", "yesterday"),
            ("category", "none"),
            ("session", ""),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
        let made = filter(&asked);
        assert_eq!(place(&ParamsMap::new()), "");
        assert_eq!(
            place(
                &[("before", "x y"), ("tool", "a")]
                    .map(|(k, v)| (k.to_owned(), v.to_owned()))
                    .into_iter()
                    .collect()
            ),
            "?tool=a&before=x%20y"
        );
        assert_eq!((made.level, made.category, made.session.clone()), (Some(Level::Error), None, None));
        assert_eq!(made.from.map(|at| at.to_rfc3339()).as_deref(), Some("2026-11-21T10:30:00+00:00"));
        assert_eq!(made.to, None);
        assert_eq!(
            query(&asked),
            "level=error&category=none&tool=a%20b&from=2026-11-21T10%3A30&to=yesterday"
        );
        assert_eq!(api_query(&made), "level=error&tool=a%20b&from=2026-11-21T10%3A30%3A00Z");
        assert_eq!(filter(&ParamsMap::new()).level, Some(LEVEL));
    }
}
