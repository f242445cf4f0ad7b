//! Text that goes into addresses and markup.

/// Percent-encodes one path segment or query value (RFC 3986 §2.3: unreserved characters stay).
#[must_use]
pub fn encode(text: &str) -> String {
    encoded(text, b"-._~")
}

/// Percent-encodes what may not stand in an address, and keeps its structure.
#[must_use]
pub fn encode_path(text: &str) -> String {
    encoded(text, b"-._~/?=&%#:,@+")
}

fn encoded(text: &str, kept: &[u8]) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || kept.contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// Text as HTML, where leptos writes it unescaped: `<title>`, `<textarea>`.
#[must_use]
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_markup() {
        assert_eq!(encode("/projects?a=b c"), "%2Fprojects%3Fa%3Db%20c");
        assert_eq!(encode_path("/projects/a.b?x=1 2\r\n"), "/projects/a.b?x=1%202%0D%0A");
        assert_eq!(escape("</textarea><script>&"), "&lt;/textarea&gt;&lt;script&gt;&amp;");
    }
}
