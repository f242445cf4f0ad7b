//! Patterns that admins write for what fills a hole. The engine takes linear time, whatever they write.

use regex::{Regex, RegexBuilder};

/// Bytes of a compiled pattern at most.
const SIZE: usize = 1 << 20;

/// Of the whole value, and of one line.
fn compiled(pattern: &str) -> Option<Regex> {
    RegexBuilder::new(&format!(r"\A(?:{pattern})\z")).size_limit(SIZE).build().ok()
}

/// Whether it is one by itself, too: `a)|(b` would be none, and would escape from what is around it.
pub(super) fn is_valid(pattern: &str) -> bool {
    Regex::new(pattern).is_ok() && compiled(pattern).is_some()
}

/// Whether the whole value matches; a pattern that is none matches nothing.
pub(crate) fn matches(pattern: &str, value: &str) -> bool {
    compiled(pattern).is_some_and(|pattern| pattern.is_match(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_of_the_whole_value() {
        assert!(matches("/srv/[a-z]+", "/srv/data"));
        for value in ["/srv/data/x", "x/srv/data", "/srv/data\n", "/srv/"] {
            assert!(!matches("/srv/[a-z]+", value), "{value:?}");
        }
        assert!(matches("a|b", "b") && !matches("a|b", "ab"));
        for pattern in ["a)|(b", "(", "x{1000}{1000}{1000}"] {
            assert!(!is_valid(pattern), "{pattern}");
        }
    }
}
