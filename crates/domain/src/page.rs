//! Lists that come in numbered pages.

/// Items of a page unless told otherwise, and at most.
const LIMIT: u32 = 100;
const MOST: u32 = 500;

/// What of a list stands on a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slice {
    number: u32,
    /// Items on the pages before.
    pub skipped: u64,
    pub limit: u64,
}

impl Slice {
    /// Pages count from 1.
    #[must_use]
    pub fn new(page: Option<u32>, limit: Option<u32>) -> Self {
        let number = page.unwrap_or(1).max(1);
        let limit = u64::from(limit.unwrap_or(LIMIT).clamp(1, MOST));
        Self { number, skipped: u64::from(number - 1) * limit, limit }
    }

    /// The page after this one, if the list has `found` items and goes on.
    #[must_use]
    pub fn next(&self, found: u64) -> Option<u32> {
        (found > self.skipped + self.limit).then(|| self.number.saturating_add(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_meet_and_end() {
        let first = Slice::new(None, None);
        assert_eq!((first.skipped, first.limit, first.next(101)), (0, 100, Some(2)));
        assert_eq!(first.next(100), None, "a full last page is the last one");
        let third = Slice::new(Some(3), Some(7));
        assert_eq!((third.skipped, third.limit, third.next(22)), (14, 7, Some(4)));
        assert_eq!(Slice::new(Some(0), Some(0)), Slice::new(Some(1), Some(1)));
        assert_eq!(Slice::new(Some(u32::MAX), Some(9_999)).limit, 500);
    }
}
