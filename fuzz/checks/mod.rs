//! What must hold for every input of a codec. Each function takes bytes as they come and panics where something
//! does not hold. The fuzz targets call them, and so do the tests of the crates, with the same seeds.
#![allow(dead_code, reason = "each test takes its part")]

pub(crate) mod agreement;
pub(crate) mod edit;
pub(crate) mod envelope;
pub(crate) mod line;
pub(crate) mod sse;

/// Cuts an input into chunks. Its first byte says how long they are, so that the fuzzer can choose.
fn chunks(input: &[u8]) -> (&[u8], impl Iterator<Item = &[u8]>) {
    let (size, rest) = input.split_first().unwrap_or((&0, &[]));
    (rest, rest.chunks(usize::from(size % 32) + 1))
}
