//! The seeds of a target, and small changes to them.
#![allow(dead_code, reason = "each test takes its part")]

use std::path::Path;

use proptest::prelude::*;

/// All seeds of a target, in `fuzz/corpus/<target>/`.
pub(crate) fn seeds(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(target);
    let files = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = files.map(|file| file.expect("an entry").path()).collect();
    // In one order on all machines, so that a failing case can be repeated.
    paths.sort();
    assert!(!paths.is_empty(), "{} is empty", folder.display());
    paths.iter().map(|path| std::fs::read(path).expect("a seed")).collect()
}

/// Seeds with pieces replaced, cut out, doubled, or taken from one another.
pub(crate) fn changed(target: &str) -> impl Strategy<Value = Vec<u8>> + use<> {
    let seeds = seeds(target);
    let piece = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..4),
        prop::sample::select(vec![b"\"", b"\\", b"{", b"}", b"\n", b"\r", b":", b",", b"0", b"\xff"])
            .prop_map(|piece| piece.to_vec()),
        prop::sample::select(seeds.clone()),
    ];
    let edit = (any::<prop::sample::Index>(), any::<prop::sample::Index>(), piece);
    (prop::sample::select(seeds), proptest::collection::vec(edit, 0..6)).prop_map(|(mut bytes, edits)| {
        for (from, length, piece) in edits {
            let from = from.index(bytes.len() + 1);
            let to = from + length.index(16).min(bytes.len() - from);
            bytes.splice(from..to, piece);
        }
        bytes
    })
}
