//! API keys as the data plane knows them: whose they are, and what they let a client do.

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use domain::{KeyId, ProjectId, ServerId, Timestamp};
use tokio::time::Instant;

/// The servers of its project that a key may use.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Reach {
    /// Those that come later too.
    #[default]
    All,
    /// In order, so that equal sets are equal.
    Only(Arc<[ServerId]>),
}

impl Reach {
    pub fn only(servers: impl IntoIterator<Item = ServerId>) -> Self {
        let mut servers: Vec<_> = servers.into_iter().collect();
        servers.sort_unstable();
        servers.dedup();
        Self::Only(servers.into())
    }

    pub(crate) fn has(&self, server: ServerId) -> bool {
        match self {
            Reach::All => true,
            Reach::Only(servers) => servers.binary_search(&server).is_ok(),
        }
    }

    /// Whether everything within `other` is within this as well.
    fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Reach::All, _) => true,
            (Reach::Only(_), Reach::All) => false,
            (Reach::Only(_), Reach::Only(servers)) => servers.iter().all(|server| self.has(*server)),
        }
    }
}

#[derive(Clone, Debug)]
pub struct KeyEntry {
    pub id: KeyId,
    pub project: ProjectId,
    pub name: String,
    /// SHA-256 of the whole secret, prefix included.
    pub hash: [u8; 32],
    pub expires_at: Option<Timestamp>,
    pub reach: Reach,
    /// Whether it may only list and read: no call of a tool.
    pub read_only: bool,
    /// Calls of tools, reads of resources and of prompts. None: no limit.
    pub calls_per_minute: Option<u32>,
}

impl KeyEntry {
    pub(crate) fn is_over(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|at| at <= now)
    }

    /// Whether a client may do all that it could do with `before`.
    pub(crate) fn covers(&self, before: &Self) -> bool {
        self.reach.covers(&before.reach) && (!self.read_only || before.read_only)
    }
}

/// What was last told of a key's use, and when: it is shown to people, not counted.
#[derive(Debug, Default)]
pub(crate) struct Reported {
    pub(crate) used: ArcSwapOption<Instant>,
    pub(crate) client: ArcSwapOption<Instant>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_covers_what_it_could_do_before() {
        let server = |n| ServerId::new(1, [n; 10]);
        let (all, two, one) = (Reach::All, Reach::only([server(2), server(1)]), Reach::only([server(1)]));
        assert!(all.covers(&two) && two.covers(&one) && one.covers(&one.clone()));
        assert!(!two.covers(&all) && !one.covers(&two));
        assert!(two.has(server(2)) && !one.has(server(2)));
        assert_eq!(two, Reach::only([server(1), server(2), server(1)]), "the order says nothing");
    }
}
