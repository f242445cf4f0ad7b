//! Session ids: each opens for its owner, with what was sealed, and nothing else opens at all.

use gateway::check::Owner;

const OWNER: Owner = Owner(1, 2, 3);

/// The input is an id that somebody made up, and what a client says of itself.
pub(crate) fn check(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    assert_eq!(OWNER.open(&text), None, "made up");
    let Some(id) = OWNER.seal(&text) else { return };
    assert!(id.bytes().all(|byte| (0x21..=0x7e).contains(&byte)), "visible ASCII (MCP, transports)");
    assert_eq!(OWNER.open(&id).as_deref(), Some(text.trim_matches([' ', '\t', '\n', '\r'])));
    for other in [Owner(9, 2, 3), Owner(1, 9, 3), Owner(1, 2, 9)] {
        assert_eq!(other.open(&id), None, "somebody else");
    }
    let at = input.iter().fold(0, |sum: usize, byte| sum.wrapping_mul(31) + usize::from(*byte)) % id.len();
    let mut changed = id.clone().into_bytes();
    changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
    let changed = String::from_utf8(changed).expect("ASCII");
    assert_eq!(OWNER.open(&changed), None, "changed at {at}");
    assert_eq!(OWNER.open(&id[..at]), None, "cut at {at}");
}
