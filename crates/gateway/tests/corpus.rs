//! The seeds of the data plane's fuzz targets, and small changes to them, through the same checks.

#[path = "../../../fuzz/checks/corpus.rs"]
mod corpus;
#[path = "../../../fuzz/checks/cursor.rs"]
mod cursor;
#[path = "../../../fuzz/checks/session_id.rs"]
mod session_id;

use proptest::prelude::*;

#[test]
fn an_id_opens_for_its_owner_only() {
    for seed in corpus::seeds("session_id") {
        session_id::check(&seed);
    }
}

#[test]
fn a_cursor_leads_to_its_place_only() {
    for seed in corpus::seeds("cursor") {
        cursor::check(&seed);
    }
}

proptest! {
    // Failing cases become seeds, not files of proptest's.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn changed_ids_too(input in corpus::changed("session_id")) {
        session_id::check(&input);
    }

    #[test]
    fn changed_cursors_too(input in corpus::changed("cursor")) {
        cursor::check(&input);
    }
}
