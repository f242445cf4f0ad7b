//! Search by name: how well a name fits what was typed, and what was found.

use serde::{Deserialize, Serialize};

use crate::server::Status;

/// Characters of a query that count.
pub const LONGEST: usize = 64;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
pub struct SearchQuery {
    /// Letters of a name, in their order; others may stand between them.
    #[serde(default)]
    pub q: String,
    /// `org.project` from which somebody searches: what is in it comes first.
    #[serde(default)]
    pub project: Option<String>,
}

/// The best of each kind, best first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Found {
    pub projects: Vec<FoundProject>,
    pub servers: Vec<FoundServer>,
    pub tools: Vec<FoundTool>,
}

impl Found {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.projects.is_empty() && self.servers.is_empty() && self.tools.is_empty()
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FoundProject {
    /// `org.project`.
    pub project: String,
    pub name: String,
    pub organization: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FoundServer {
    /// `org.project`.
    pub project: String,
    pub project_name: String,
    pub name: String,
    pub status: Status,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FoundTool {
    /// `org.project`.
    pub project: String,
    pub project_name: String,
    pub server: String,
    pub name: String,
}

/// How well `name` fits `query`: its characters must come in their order, in any case and with others
/// between them; spaces do not count. The more of them begin words or follow one another, the better.
/// An empty query fits everything equally.
#[must_use]
pub fn score(query: &str, name: &str) -> Option<u32> {
    let wanted: Vec<char> = plain(query);
    if wanted.is_empty() {
        return Some(0);
    }
    let letters: Vec<char> = name.chars().collect();
    let folded: Vec<char> = letters.iter().map(|c| fold(*c)).collect();
    let starts: Vec<usize> = (0..folded.len()).filter(|at| folded[*at] == wanted[0]).collect();
    let best = starts.into_iter().filter_map(|start| from(start, &wanted, &letters, &folded)).max()?;
    let whole = if folded == wanted { 20 } else { 0 };
    Some(best + whole)
}

/// What is compared of a query.
#[must_use]
pub fn plain(query: &str) -> Vec<char> {
    query.chars().filter(|c| !c.is_whitespace()).map(fold).take(LONGEST).collect()
}

/// One lower-case character, also where a language writes two.
fn fold(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

/// The points of taking the first letter at `start`, and then each as a beginning of a word if there is
/// one ahead, else as soon as it comes.
fn from(start: usize, wanted: &[char], letters: &[char], folded: &[char]) -> Option<u32> {
    let mut points = 0;
    let mut next = start;
    for (i, letter) in wanted.iter().enumerate() {
        let ahead = || (next..folded.len()).filter(|at| folded[*at] == *letter);
        let follows = i > 0 && folded.get(next) == Some(letter);
        let at = if i == 0 || follows {
            next
        } else {
            ahead().find(|at| begins_word(letters, *at)).or_else(|| ahead().next())?
        };
        points += 1;
        points += if begins_word(letters, at) { 8 } else { 0 };
        points += if follows { 5 } else { 0 };
        points += if at == 0 { 4 } else { 0 };
        next = at + 1;
    }
    Some(points)
}

fn begins_word(letters: &[char], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).map(|before| letters[before]) else { return true };
    !before.is_alphanumeric() || (before.is_lowercase() && letters[at].is_uppercase())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ranked<'a>(query: &str, names: &[&'a str]) -> Vec<&'a str> {
        let mut found: Vec<_> = names.iter().filter_map(|name| Some((score(query, name)?, *name))).collect();
        found.sort_by_key(|(points, name)| (std::cmp::Reverse(*points), name.len()));
        found.into_iter().map(|(_, name)| name).collect()
    }

    #[test]
    fn letters_come_in_their_order() {
        assert!(score("ctm", "current_time").is_some());
        assert!(score("mtc", "current_time").is_none());
        assert!(score("current_times", "current_time").is_none());
        assert_eq!(score("", "anything"), Some(0));
        assert_eq!(score("  ", "anything"), Some(0));
    }

    #[test]
    fn beginnings_of_words_and_runs_come_first() {
        assert_eq!(ranked("ct", &["exact", "current_time", "cat"]), ["current_time", "cat", "exact"]);
        assert_eq!(ranked("pay", &["display", "payments", "p-a-y"])[2], "display");
        assert_eq!(ranked("time", &["current_time", "time", "timeout"]), ["time", "timeout", "current_time"]);
        assert_eq!(ranked("gi", &["legible", "GetIssue"]), ["GetIssue", "legible"]);
        assert_eq!(ranked("결제", &["팀 결제", "결제 도구"]), ["결제 도구", "팀 결제"]);
    }

    #[test]
    fn case_and_spaces_do_not_count() {
        assert_eq!(score("Acme Pay", "acme-payments"), score("acmepay", "Acme-Payments"));
    }

    proptest! {
        #[test]
        fn every_name_fits_itself_and_its_beginnings(name in "[a-zA-Z_.-]{1,30}", end in 1_usize..30) {
            let part: String = name.chars().take(end).collect();
            prop_assert!(score(&part, &name).is_some());
            prop_assert!(score(&name, &name) >= score(&part, &name));
        }

        #[test]
        fn anything_can_be_typed(query in ".{0,80}", name in ".{0,80}") {
            let _ = score(&query, &name);
        }
    }
}
