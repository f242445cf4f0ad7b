//! Text of a server as people must see it: with what it hides from them.

use std::borrow::Cow;
use std::fmt::Write;

/// Characters that show nothing, or turn around what stands beside them (Unicode TR36 §3.2): a model
/// reads them, a person does not.
const fn is_hidden(c: char) -> bool {
    matches!(c,
        '\0'..='\u{8}' | '\u{B}'..='\u{1F}' | '\u{7F}'..='\u{9F}' | '\u{AD}' | '\u{34F}' | '\u{61C}'
        | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}'
        | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Emoji are put together by an invisible joiner and selector, which hide nothing there.
fn joins(before: Option<char>, c: char, after: Option<char>) -> bool {
    let drawn = |c: Option<char>| c.is_some_and(|c| c >= '\u{203C}' && !is_hidden(c));
    match c {
        '\u{FE0F}' => drawn(before) || before.is_some_and(|c| c.is_ascii_digit() || "#*".contains(c)),
        '\u{200D}' => (drawn(before) || before == Some('\u{FE0F}')) && drawn(after),
        _ => false,
    }
}

/// The ASCII letter that a tag character stands for: whole sentences have been smuggled in these.
fn tagged(c: char) -> Option<char> {
    match u32::from(c) {
        code @ 0xE_0020..=0xE_007E => char::from_u32(code - 0xE_0000),
        _ => None,
    }
}

/// Whether something in a text cannot be seen.
#[must_use]
pub fn hides(text: &str) -> bool {
    matches!(visible(text), Cow::Owned(_))
}

/// The text with each hidden character as its number, `‹U+202E›`, and with what tags spell as text.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    let mut changed = false;
    let mut before = None;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let line_end = c == '\r' && rest.peek() == Some(&'\n');
        if let Some(letter) = tagged(c) {
            changed = true;
            shown.push_str("‹tags: ");
            shown.push(letter);
            while let Some(letter) = rest.peek().copied().and_then(tagged) {
                shown.push(letter);
                rest.next();
            }
            shown.push('›');
        } else if is_hidden(c) && !line_end && !joins(before, c, rest.peek().copied()) {
            changed = true;
            // A String takes whatever is written.
            let _ = write!(shown, "‹U+{:04X}›", u32::from(c));
        } else {
            shown.push(c);
        }
        before = Some(c);
    }
    if changed { Cow::Owned(shown) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_shown() {
        for (text, shown) in [
            ("send\u{200B} it", "send‹U+200B› it"),
            ("\u{202E}txt.exe", "‹U+202E›txt.exe"),
            ("a\u{E0068}\u{E0069}b", "a‹tags: hi›b"),
            ("a\u{FE00}\u{FE0F}", "a‹U+FE00›‹U+FE0F›"),
            ("bell\u{7}", "bell‹U+0007›"),
            ("zero\u{200D}width", "zero‹U+200D›width"),
        ] {
            assert_eq!(visible(text), shown);
            assert!(hides(text), "{shown}");
        }
    }

    #[test]
    fn what_people_write_stays_as_it_is() {
        for text in ["", "a b\n\tc\r\nd", "검색합니다.", "naïve café", "⚠️ careful", "👩‍👩‍👧", "🏳️‍🌈 1️⃣", "日本語"]
        {
            assert_eq!(visible(text), text);
            assert!(!hides(text), "{text}");
        }
    }
}
