//! The cursors of merged lists: a place in the list that had this mark. They are good for as long as the list stays
//! what it was.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

#[must_use]
pub fn write(mark: &str, start: usize) -> String {
    URL_SAFE_NO_PAD.encode(format!("{mark}:{start}"))
}

/// The place; none for what is no cursor, or one of another list.
#[must_use]
pub fn read(cursor: &str, mark: &str) -> Option<usize> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    let (of, at) = text.split_once(':')?;
    (of == mark).then(|| at.parse().ok())?
}
