//! A key as a form of the console sends it: everything is text.

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use super::{ApiKey, KeyScope, NewKey};
use crate::{Code, Error, Result, Timestamp};

/// The choice of `expires` that means the date beside it.
pub const ON_DATE: &str = "date";
/// The choice of `expires` that changes nothing.
pub const KEEP: &str = "keep";
/// The choice of `reach` that means the servers that are ticked.
pub const CHOSEN: &str = "chosen";

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyForm {
    #[serde(default)]
    pub name: String,
    /// Days, [`ON_DATE`], [`KEEP`], or empty for never.
    #[serde(default)]
    pub expires: String,
    /// The last day on which it works, in UTC.
    #[serde(default)]
    pub expires_on: String,
    /// The exact end that [`KEEP`] means.
    #[serde(default)]
    pub kept: String,
    #[serde(default)]
    pub reach: String,
    /// Ids of servers.
    #[serde(default)]
    pub servers: Vec<String>,
    #[serde(default)]
    pub scope: String,
    #[serde(default)]
    pub calls_per_minute: String,
}

impl KeyForm {
    /// What a new key's form begins with.
    #[must_use]
    pub fn fresh() -> Self {
        Self { expires: "90".to_owned(), scope: KeyScope::Exec.name().to_owned(), ..Self::default() }
    }

    #[must_use]
    pub fn of(key: &ApiKey) -> Self {
        Self {
            name: key.name.clone(),
            expires: if key.expires_at.is_some() { KEEP.to_owned() } else { String::new() },
            expires_on: String::new(),
            kept: key.expires_at.map(|at| at.to_rfc3339()).unwrap_or_default(),
            reach: if key.servers.is_some() { CHOSEN.to_owned() } else { String::new() },
            servers: key.servers.iter().flatten().map(|server| server.id.to_string()).collect(),
            scope: key.scope.name().to_owned(),
            calls_per_minute: key.calls_per_minute.map(|n| n.to_string()).unwrap_or_default(),
        }
    }

    pub fn input(self) -> Result<NewKey> {
        let (mut expires_at, mut expires_in_days) = (None, None);
        match self.expires.as_str() {
            "" => {}
            ON_DATE => {
                let last = end_of(&self.expires_on);
                expires_at = Some(last.ok_or_else(|| Error::field("expires_on", Code::ExpiryInvalid))?);
            }
            KEEP => expires_at = self.kept.parse::<Timestamp>().ok(),
            // What is no number is out of range, which the check says.
            days => expires_in_days = Some(days.parse().unwrap_or_default()),
        }
        let calls_per_minute = match self.calls_per_minute.trim() {
            "" => None,
            text => Some(text.parse().unwrap_or_default()),
        };
        Ok(NewKey {
            name: self.name,
            expires_in_days,
            expires_at,
            servers: (self.reach == CHOSEN).then_some(self.servers),
            scope: KeyScope::parse(&self.scope).unwrap_or_default(),
            calls_per_minute,
        })
    }
}

/// The last second of a day.
fn end_of(day: &str) -> Option<Timestamp> {
    let day = NaiveDate::parse_from_str(day.trim(), "%Y-%m-%d").ok()?;
    Some(day.and_time(NaiveTime::from_hms_opt(23, 59, 59)?).and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_says_what_the_key_shall_be() {
        let form = KeyForm {
            name: "ci".into(),
            expires: ON_DATE.into(),
            expires_on: "2026-12-31".into(),
            reach: CHOSEN.into(),
            servers: vec!["a".into()],
            scope: "mcp:read".into(),
            calls_per_minute: " 60 ".into(),
            ..KeyForm::default()
        };
        let key = form.clone().input().expect("a key");
        assert_eq!(key.expires_at.map(|at| at.to_rfc3339()).as_deref(), Some("2026-12-31T23:59:59+00:00"));
        assert_eq!((key.servers, key.scope), (Some(vec!["a".to_owned()]), KeyScope::Read));
        assert_eq!((key.calls_per_minute, key.expires_in_days), (Some(60), None));
        let all =
            KeyForm { reach: String::new(), expires: "30".into(), ..form.clone() }.input().expect("a key");
        assert_eq!(
            (all.servers, all.expires_in_days),
            (None, Some(30)),
            "ticks of a hidden list do not count"
        );
        let error = KeyForm { expires_on: "soon".into(), ..form.clone() }.input().expect_err("no date");
        assert_eq!(error.field_errors()[0].field, "expires_on");
        let nonsense = KeyForm { expires: "x".into(), calls_per_minute: "y".into(), ..form };
        let nonsense = nonsense.input().expect("left to the check");
        assert_eq!((nonsense.expires_in_days, nonsense.calls_per_minute), (Some(0), Some(0)));
    }
}
