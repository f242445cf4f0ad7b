//! Names on a project's own endpoint: `{alias}__{name}`, within what clients and models take.

use sha2::{Digest, Sha256};

/// Characters of a name. Models' interfaces end at 64, and some clients put a prefix of their own
/// before it; their common ground is 60.
pub(crate) const BUDGET: usize = 60;
const HASH: usize = 8;

/// The name of a server's tool or prompt; too long a one is cut and told from others by a hash of the
/// whole, so that it is the same after every restart.
pub(crate) fn exposed(alias: &str, name: &str) -> String {
    let whole = if alias.is_empty() { name.to_owned() } else { format!("{alias}__{name}") };
    if whole.chars().count() <= BUDGET {
        return whole;
    }
    let hash: String =
        Sha256::digest(whole.as_bytes()).iter().take(HASH / 2).map(|byte| format!("{byte:02x}")).collect();
    let head: String = whole.chars().take(BUDGET - HASH - 1).collect();
    format!("{head}_{hash}")
}

/// Whether a name had to be cut.
pub(crate) fn is_cut(alias: &str, name: &str) -> bool {
    let prefix = if alias.is_empty() { 0 } else { alias.chars().count() + 2 };
    prefix + name.chars().count() > BUDGET
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_stable_and_within_the_budget() {
        assert_eq!(exposed("git", "log"), "git__log");
        assert_eq!(exposed("", "log"), "log");
        assert_eq!(exposed("a", &"x".repeat(57)).len(), 60);
        assert!(!is_cut("a", &"x".repeat(57)) && is_cut("a", &"x".repeat(58)));
        let long = exposed("server", &"y".repeat(100));
        assert_eq!(long, exposed("server", &"y".repeat(100)));
        assert_eq!(long.len(), BUDGET);
        assert_ne!(long, exposed("server", &"y".repeat(101)), "the hash is of the whole");
        assert!(long.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'));
    }
}
