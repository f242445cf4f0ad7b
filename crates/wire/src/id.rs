//! Request ids, kept as they were written: `1` and `"1"` are different, and a peer gets back the
//! very text that it sent.

use std::{fmt, sync::Arc};

use serde_json::value::RawValue;

/// A JSON-RPC id: an integer or a string (MCP forbids null and fractions).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct RequestId(Arc<str>);

impl RequestId {
    /// Longest id that is accepted, in bytes of JSON text.
    pub const MAX: usize = 1_024;

    /// Takes an id over if it is one.
    #[must_use]
    pub fn from_raw(raw: &RawValue) -> Option<Self> {
        let text = raw.get();
        let is_string = text.starts_with('"');
        let is_integer = {
            let digits = text.strip_prefix('-').unwrap_or(text);
            !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
        };
        (text.len() <= Self::MAX && (is_string || is_integer)).then(|| Self(text.into()))
    }

    #[must_use]
    pub fn from_number(number: u64) -> Self {
        Self(number.to_string().into())
    }

    /// The id as JSON text.
    #[must_use]
    pub fn as_json(&self) -> &str {
        &self.0
    }

    /// The id as an unsigned number, if it is one written plainly.
    #[must_use]
    pub fn as_number(&self) -> Option<u64> {
        self.0.parse().ok()
    }
}

impl fmt::Debug for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_integers_and_strings() {
        let id = |text: &str| RequestId::from_raw(&RawValue::from_string(text.to_owned()).expect("JSON"));
        for good in ["1", "0", "-7", "18446744073709551616", r#""a""#, r#""""#, r#""1""#] {
            assert_eq!(id(good).map(|id| id.as_json().to_owned()).as_deref(), Some(good));
        }
        for bad in ["null", "1.5", "1e3", "true", "{}", "[]", "1.0"] {
            assert_eq!(id(bad), None, "{bad}");
        }
        assert_ne!(id("1"), id(r#""1""#));
        assert_eq!(id(&format!("\"{}\"", "x".repeat(2_000))), None, "too long to be kept for each call");
    }
}
