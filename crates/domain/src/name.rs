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

/// Longest alias of a server, in characters: clients cap the whole of `{alias}__{tool}` at 60 or so.
pub const ALIAS_MAX: usize = 20;

/// What stands before a server's tools on the project's own endpoint; empty for nothing. Without
/// double underscores and one at its end, so that `{alias}__{tool}` is read in one way only.
pub fn alias(text: &str) -> Result<(), Code> {
    let fits = text.len() <= ALIAS_MAX
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_'))
        && !text.contains("__")
        && !text.ends_with('_');
    if fits { Ok(()) } else { Err(Code::AliasInvalid) }
}

/// The alias that a server's name makes.
#[must_use]
pub fn to_alias(server: &str) -> String {
    let short: String = server.to_ascii_lowercase().chars().take(ALIAS_MAX).collect();
    short.trim_end_matches(['-', '_']).to_owned()
}

/// `base` with a number behind it, for when it is taken.
#[must_use]
pub fn numbered_alias(base: &str, n: u32) -> String {
    let end = format!("-{n}");
    let kept: String = base.chars().take(ALIAS_MAX - end.len().min(ALIAS_MAX)).collect();
    format!("{kept}{end}")
}

/// Whether `alias` is the one that the server's name makes, numbered or not.
#[must_use]
pub fn is_made_alias(alias: &str, server: &str) -> bool {
    let base = to_alias(server);
    let number = alias.rsplit_once('-').and_then(|(_, end)| end.parse().ok());
    alias == base || number.is_some_and(|n| n > 1 && alias == numbered_alias(&base, n))
}

/// A tool's name to clients (SEP-986, kept to what every known client takes).
pub fn tool(text: &str) -> Result<(), Code> {
    let fits = (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'));
    if fits { Ok(()) } else { Err(Code::ToolNameInvalid) }
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
    fn aliases() {
        for good in ["", "a", "search", "a-b_c", "-x", &"a".repeat(20)] {
            assert_eq!(alias(good), Ok(()), "{good}");
        }
        for bad in ["A", "a__b", "a_", "a b", "a.b", "서버", &"a".repeat(21)] {
            assert_eq!(alias(bad), Err(Code::AliasInvalid), "{bad}");
        }
    }

    #[test]
    fn aliases_made_of_names_are_aliases() {
        let long = "a-name-that-is-long--and-longer";
        for (name, made) in [("Search", "search"), (long, "a-name-that-is-long")] {
            assert_eq!(to_alias(name), made);
            assert_eq!(alias(&to_alias(name)), Ok(()), "{name}");
            let second = numbered_alias(&to_alias(name), 12);
            assert_eq!(alias(&second), Ok(()), "{second}");
            assert!(is_made_alias(made, name) && is_made_alias(&second, name), "{name}");
        }
        for other in ["", "searching", "search-1", "search-x", "find-2"] {
            assert!(!is_made_alias(other, "search"), "{other}");
        }
    }

    #[test]
    fn tool_names() {
        for good in ["echo", "a.b-c_D9", &"a".repeat(64)] {
            assert_eq!(tool(good), Ok(()), "{good}");
        }
        for bad in ["", "a b", "a/b", "도구", &"a".repeat(65)] {
            assert_eq!(tool(bad), Err(Code::ToolNameInvalid), "{bad}");
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
