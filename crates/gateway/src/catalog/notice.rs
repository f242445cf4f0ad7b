//! Which lists are said to have changed.

use std::sync::atomic::{AtomicU8, Ordering};

use domain::server::ListKind;
use tokio::sync::Notify;

/// A set of lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Kinds(u8);

impl Kinds {
    pub(crate) const ALL: Self = Self(0b1111);
    pub(crate) const TOOLS: Self = Self(Self::bit(ListKind::Tools));
    const NONE: Self = Self(0);

    const fn bit(kind: ListKind) -> u8 {
        1 << kind as u8
    }

    pub(crate) const fn has(self, kind: ListKind) -> bool {
        self.0 & Self::bit(kind) != 0
    }

    /// The lists that a `notifications/…/list_changed` is about; none when it is about something else.
    pub(crate) fn of_notice(method: &str) -> Option<Self> {
        Some(match method {
            "notifications/tools/list_changed" => Self::TOOLS,
            // There is no notice of templates alone.
            "notifications/resources/list_changed" => {
                Self(Self::bit(ListKind::Resources) | Self::bit(ListKind::Templates))
            }
            "notifications/prompts/list_changed" => Self(Self::bit(ListKind::Prompts)),
            _ => return None,
        })
    }
}

/// The notification that tells clients of a changed list.
pub(crate) fn method(kind: ListKind) -> &'static str {
    match kind {
        ListKind::Tools => "notifications/tools/list_changed",
        ListKind::Resources | ListKind::Templates => "notifications/resources/list_changed",
        ListKind::Prompts => "notifications/prompts/list_changed",
    }
}

/// What a server said of its lists and nobody has looked at yet. However often it says so, there is
/// one thing to do.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    waiting: AtomicU8,
    told: Notify,
}

impl Changes {
    pub(crate) fn tell(&self, kinds: Kinds) {
        self.waiting.fetch_or(kinds.0, Ordering::AcqRel);
        self.told.notify_one();
    }

    /// What waits, which is then taken care of.
    pub(crate) fn take(&self) -> Kinds {
        Kinds(self.waiting.swap(0, Ordering::AcqRel))
    }

    /// Waits until there is something to look at.
    pub(crate) async fn next(&self) -> Kinds {
        loop {
            let kinds = self.take();
            if kinds != Kinds::NONE {
                return kinds;
            }
            self.told.notified().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_burst_is_one_change() {
        let changes = Changes::default();
        for method in ["tools", "prompts", "tools", "resources"] {
            let kinds = Kinds::of_notice(&format!("notifications/{method}/list_changed"));
            changes.tell(kinds.expect("a list"));
        }
        assert_eq!(changes.next().await, Kinds::ALL);
        assert_eq!(changes.take(), Kinds::NONE);
        assert_eq!(Kinds::of_notice("notifications/roots/list_changed"), None);
    }
}
