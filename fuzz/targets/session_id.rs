#![no_main]

#[path = "../checks/session_id.rs"]
mod session_id;

libfuzzer_sys::fuzz_target!(|input: &[u8]| session_id::check(input));
