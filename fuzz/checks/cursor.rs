//! The cursors of merged lists: each leads back to its place in its own list, and to none in another.

use gateway::check::cursor::{read, write};

/// The input is the mark of a list and a cursor that somebody made up, on two lines.
pub(crate) fn check(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let (mark, made_up) = text.split_once('\n').unwrap_or((&text, ""));
    // Marks are hashes, which have no colon.
    let mark = mark.replace(':', "");
    if let Some(at) = read(made_up, &mark) {
        assert_eq!(read(&write(&mark, at), &mark), Some(at));
    }
    let at = input.iter().fold(0, |sum: usize, byte| sum.wrapping_mul(31) + usize::from(*byte));
    let cursor = write(&mark, at);
    assert!(cursor.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')));
    assert_eq!(read(&cursor, &mark), Some(at));
    assert_eq!(read(&cursor, &format!("{mark}x")), None, "another list");
}
