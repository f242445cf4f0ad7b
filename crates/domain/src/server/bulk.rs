//! One action on many servers.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{Code, Result, error::Checks, log::named};

/// Servers that one request may name.
pub const BULK_MAX: usize = 200;

named! {
    BulkAction { Enable "enable", Disable "disable", Restart "restart", Delete "delete" }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BulkInput {
    pub action: BulkAction,
    /// Ids or names, up to 200.
    pub servers: Vec<String>,
}

impl BulkInput {
    /// Trims the names and drops what stands twice.
    pub fn check(mut self) -> Result<Self> {
        let mut servers: Vec<String> = Vec::with_capacity(self.servers.len());
        for name in self.servers.iter().map(|name| name.trim()).filter(|name| !name.is_empty()) {
            if !servers.iter().any(|other| other.eq_ignore_ascii_case(name)) {
                servers.push(name.to_owned());
            }
        }
        self.servers = servers;
        let mut checks = Checks::default();
        checks.require(!self.servers.is_empty(), "servers", Code::Required);
        checks.require(self.servers.len() <= BULK_MAX, "servers", Code::TooLong);
        checks.finish()?;
        Ok(self)
    }
}

/// What came of the action on one server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BulkItem {
    /// As the request named it.
    pub server: String,
    pub done: bool,
    /// Why it was not done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Code>,
    /// What is particular to this failure, in English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// Each server's outcome, in the order of the request. One failure stops none of the others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BulkReport {
    pub action: BulkAction,
    pub items: Vec<BulkItem>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(servers: &[&str]) -> Result<Vec<String>> {
        let servers = servers.iter().map(|name| (*name).to_owned()).collect();
        Ok(BulkInput { action: BulkAction::Restart, servers }.check()?.servers)
    }

    #[test]
    fn each_server_is_named_once() {
        assert_eq!(check(&["a", " b ", "A", ""]).expect("two servers"), ["a", "b"]);
    }

    #[test]
    fn none_and_too_many_are_refused() {
        let many: Vec<String> = (0..=BULK_MAX).map(|n| format!("s{n}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        for (servers, code) in [(&[" "][..], Code::Required), (&many[..], Code::TooLong)] {
            let error = check(servers).expect_err("no good number of servers");
            assert_eq!(
                (error.field_errors()[0].field.as_str(), error.field_errors()[0].code),
                ("servers", code)
            );
        }
    }
}
