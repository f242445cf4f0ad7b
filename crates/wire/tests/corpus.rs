//! The fuzz targets' seeds, and small changes to them, through the same checks.

#[path = "../../../fuzz/checks/mod.rs"]
mod checks;
#[path = "../../../fuzz/checks/corpus.rs"]
mod corpus;

use proptest::prelude::*;

macro_rules! targets {
    ($($target:ident: $seeds:ident, $changes:ident;)*) => {
        $(
            #[test]
            fn $seeds() {
                for seed in corpus::seeds(stringify!($target)) {
                    checks::$target::check(&seed);
                }
            }
        )*
        proptest! {
            // Failing cases become seeds, not files of proptest's.
            #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
            $(
                #[test]
                fn $changes(input in corpus::changed(stringify!($target))) {
                    checks::$target::check(&input);
                }
            )*
        }
    };
}

targets! {
    envelope: messages_are_written_as_they_were_meant, changed_messages_too;
    sse: events_are_those_of_the_standard, changed_streams_too;
    line: lines_are_the_same_in_any_chunks, changed_lines_too;
    agreement: headers_agree_with_their_body_or_not, changed_headers_too;
    edit: edits_leave_the_rest_as_it_was, changed_objects_too;
}
