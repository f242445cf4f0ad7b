//! The binary `sluice`. Its parts are in this folder; `root.rs` wires them once the data plane is there.

fn main() {}
