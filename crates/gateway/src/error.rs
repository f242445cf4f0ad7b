//! Failures of the data plane and how they look on the wire.
//!
//! A [`Failure`] holds public text only and can be cloned, because one broken connection fails many
//! calls. As JSON-RPC errors ours have numbers outside -32768…-32000, which JSON-RPC and MCP keep
//! for themselves (MCP 2026-07-28 reserves -32020…-32099 as well), so that a client can tell an
//! error of the gateway from one of the upstream:
//!
//! | number | kind | | number | kind |
//! |---|---|---|---|---|
//! | -31001 | invalid | | -31007 | too many |
//! | -31002 | unauthenticated | | -31008 | unavailable |
//! | -31003 | forbidden | | -31009 | upstream |
//! | -31004 | not found | | -31010 | upstream timeout |
//! | -31005 | conflict | | -31011 | internal |
//! | -31006 | too large | | | |

use std::{fmt, time::Duration};

use domain::{Code, Kind};
use serde::Serialize;
use serde_json::value::RawValue;
use wire::{RequestId, envelope};

/// The JSON-RPC error number for a kind of failure of ours.
#[must_use]
pub fn number_of(kind: Kind) -> i64 {
    let n = match kind {
        Kind::Invalid => 1,
        Kind::Unauthenticated => 2,
        Kind::Forbidden => 3,
        Kind::NotFound => 4,
        Kind::Conflict => 5,
        Kind::TooLarge => 6,
        Kind::TooMany => 7,
        Kind::Unavailable => 8,
        Kind::Upstream => 9,
        Kind::UpstreamTimeout => 10,
        Kind::Internal => 11,
    };
    -31_000 - n
}

/// What went wrong, in words for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) code: Code,
    /// What is particular to this case: one or more sentences, nothing private.
    pub(crate) detail: Option<String>,
    /// After how many seconds it is worth trying again, where that is known.
    pub(crate) retry_after: Option<u64>,
}

impl Failure {
    pub(crate) fn new(code: Code) -> Self {
        Self { code, detail: None, retry_after: None }
    }

    pub(crate) fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    pub(crate) fn retry_after(mut self, wait: Duration) -> Self {
        // Rounded up: whoever waits that long is not refused again.
        self.retry_after = Some(wait.as_secs() + u64::from(wait.subsec_nanos() > 0));
        self
    }

    pub(crate) fn detail_if_none(self, detail: impl Into<String>) -> Self {
        if self.detail.is_some() { self } else { self.detail(detail) }
    }

    /// What happened, without the next step.
    pub(crate) fn message(&self) -> String {
        match &self.detail {
            Some(detail) => format!("{} {detail}", self.code.sentence()),
            None => self.code.sentence().to_owned(),
        }
    }

    /// The JSON-RPC error object.
    pub(crate) fn error_object(&self, request_id: Option<&str>) -> Box<RawValue> {
        let code = self.code;
        let retry_after_seconds = self.retry_after;
        let data = Data { code: code.name(), next_step: code.next_step(), request_id, retry_after_seconds };
        // Texts always serialize.
        let data = serde_json::value::to_raw_value(&data).ok();
        let message = format!("{} {}", self.message(), code.next_step());
        envelope::error_object(number_of(code.kind()), &message, data.as_deref())
    }

    /// The JSON-RPC error response to the request `id`, on one line; none stands for `null`.
    pub(crate) fn response(&self, id: Option<&RequestId>, request_id: Option<&str>) -> String {
        envelope::error(id, &self.error_object(request_id))
    }
}

impl From<Code> for Failure {
    fn from(code: Code) -> Self {
        Self::new(code)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

#[derive(Serialize)]
struct Data<'a> {
    code: &'a str,
    next_step: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_seconds: Option<u64>,
}

/// An error response with one of the numbers that JSON-RPC or MCP define.
pub(crate) fn plain_error(id: Option<&RequestId>, number: i64, message: &str) -> String {
    envelope::error(id, &envelope::error_object(number, message, None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_outside_the_reserved_range() {
        for code in Code::ALL {
            let number = number_of(code.kind());
            assert!((-31_099..=-31_001).contains(&number), "{}", code.name());
        }
    }

    #[test]
    fn the_answer_says_what_why_and_what_next() {
        let id = RequestId::from_raw(&RawValue::from_string("\"a\"".into()).expect("JSON"));
        let failure = Failure::new(Code::ProcessExited).detail("Exit status 3.");
        let answer: serde_json::Value =
            serde_json::from_str(&failure.response(id.as_ref(), Some("r1"))).expect("JSON");
        assert_eq!(
            answer,
            serde_json::json!({
                "jsonrpc": "2.0",
                "id": "a",
                "error": {
                    "code": -31009,
                    "message": format!(
                        "{} Exit status 3. {}", Code::ProcessExited.sentence(), Code::ProcessExited.next_step()
                    ),
                    "data": {
                        "code": "upstream.exited",
                        "next_step": Code::ProcessExited.next_step(),
                        "request_id": "r1",
                    },
                },
            })
        );
    }
}
