//! What things may be called.

use crate::Code;

/// Longest display name, in characters.
pub const NAME_MAX: usize = 80;
/// Longest description, in characters.
pub const DESCRIPTION_MAX: usize = 2_000;

/// A short name in an address: `acme`, `payments`. Never contains a dot, so that `org.project` is
/// unambiguous, and never has the length of a UUID's 36 characters with its hyphens in place.
pub fn slug(text: &str) -> Result<(), Code> {
    let bytes = text.as_bytes();
    let edge = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let fits = (1..=40).contains(&bytes.len())
        && bytes.iter().all(|b| edge(b) || *b == b'-')
        && bytes.first().is_some_and(edge)
        && bytes.last().is_some_and(edge)
        && uuid::Uuid::parse_str(text).is_err();
    if fits { Ok(()) } else { Err(Code::SlugInvalid) }
}

/// An MCP server's name in its project. It becomes the alias in `{alias}__{tool}`, so it holds no
/// double underscore and only characters that MCP allows in tool names (SEP-986).
pub fn server(text: &str) -> Result<(), Code> {
    let bytes = text.as_bytes();
    let fits = (1..=40).contains(&bytes.len())
        && bytes.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
        && bytes.first().is_some_and(u8::is_ascii_alphanumeric)
        && !text.contains("__")
        && !text.ends_with('_')
        && uuid::Uuid::parse_str(text).is_err();
    if fits { Ok(()) } else { Err(Code::ServerNameInvalid) }
}

/// A name for people: any text of one line.
pub fn display(text: &str) -> Result<(), Code> {
    if text.trim().is_empty() {
        Err(Code::Required)
    } else if text.chars().count() > NAME_MAX || text.chars().any(char::is_control) {
        Err(Code::TooLong)
    } else {
        Ok(())
    }
}

pub fn description(text: &str) -> Result<(), Code> {
    if text.chars().count() > DESCRIPTION_MAX { Err(Code::TooLong) } else { Ok(()) }
}

/// An e-mail address, checked for shape only: whether it is somebody's shows when they use it.
pub fn email(text: &str) -> Result<(), Code> {
    let fits = text.len() <= 254
        && !text.chars().any(|c| c.is_whitespace() || c.is_control())
        && text.split_once('@').is_some_and(|(local, host)| {
            !local.is_empty()
                && !host.contains('@')
                && !host.is_empty()
                && !host.starts_with('.')
                && !host.ends_with('.')
        });
    if fits { Ok(()) } else { Err(Code::EmailInvalid) }
}

/// The form under which an address is compared and stored.
#[must_use]
pub fn normal_email(text: &str) -> String {
    text.trim().to_lowercase()
}

/// A slug made from free text; empty when nothing usable is left.
#[must_use]
pub fn to_slug(text: &str) -> String {
    let mut slug = String::new();
    for c in text.to_lowercase().chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
        if slug.len() == 40 {
            break;
        }
    }
    slug.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs() {
        for good in ["a", "acme", "team-7", "0x", &"a".repeat(40)] {
            assert_eq!(slug(good), Ok(()), "{good}");
        }
        for bad in ["", "-a", "a-", "A", "a.b", "a_b", "a b", "é", &"a".repeat(41), "../x", "a/b"] {
            assert_eq!(slug(bad), Err(Code::SlugInvalid), "{bad}");
        }
        assert!(slug("01890a5d-ac96-774b-bcce-b302099a8057").is_err(), "an id is no slug");
    }

    #[test]
    fn server_names() {
        for good in ["everything", "My-Server", "a_b", "7zip"] {
            assert_eq!(server(good), Ok(()), "{good}");
        }
        for bad in ["", "a__b", "_a", "a_", "a b", "a.b", "a/b", "서버", &"a".repeat(41)] {
            assert!(server(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn emails() {
        for good in ["a@b", "owner@acme.test", "x+y@sub.example.org"] {
            assert_eq!(email(good), Ok(()), "{good}");
        }
        for bad in ["", "a", "@b", "a@", "a b@c", "a@b@c", "a@.b", "a@b.", "a@b\n"] {
            assert!(email(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn slugs_from_text_are_slugs() {
        assert_eq!(to_slug("Acme Payments!"), "acme-payments");
        assert_eq!(to_slug("결제"), "");
        for text in ["A  b--c", "x".repeat(60).as_str(), "Ünïcode name"] {
            assert_eq!(slug(&to_slug(text)), Ok(()), "{text}");
        }
    }
}
