//! Between the two planes: snapshots go one way, what was observed comes the other.

pub(crate) mod feed;
pub(crate) mod record;
pub(crate) mod snapshot;
