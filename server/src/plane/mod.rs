//! Between the two planes: snapshots go one way, what was observed comes the other.

pub mod feed;
pub mod record;
pub mod snapshot;
