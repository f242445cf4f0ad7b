//! A command line as a shell would split it, without ever being one: quotes, escapes and comments are
//! understood; what only a shell can do is refused.

use crate::Code;

/// The words of `text` (POSIX shell §2.2, quoting).
pub(super) fn split(text: &str) -> Result<Vec<String>, Code> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match rest.next().ok_or(Code::DetectInvalid)? {
                        '\'' => break,
                        c => word.push(c),
                    }
                }
            }
            '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match rest.next().ok_or(Code::DetectInvalid)? {
                        '"' => break,
                        '`' => return Err(Code::ShellNeeded),
                        '$' if rest.peek() == Some(&'(') => return Err(Code::ShellNeeded),
                        '\\' => match rest.next().ok_or(Code::DetectInvalid)? {
                            c @ ('"' | '\\' | '$' | '`') => word.push(c),
                            '\n' => {}
                            c => word.extend(['\\', c]),
                        },
                        c => word.push(c),
                    }
                }
            }
            '\\' => match rest.next() {
                // A line that goes on.
                Some('\n') => {}
                Some('\r') if rest.peek() == Some(&'\n') => drop(rest.next()),
                Some(c) => word.get_or_insert_default().push(c),
                None => return Err(Code::DetectInvalid),
            },
            c if c.is_whitespace() => words.extend(word.take()),
            '#' if word.is_none() => while rest.next_if(|c| *c != '\n').is_some() {},
            // What a manual writes for a value of one's own.
            '<' if placeholder(rest.clone()) => {
                let word = word.get_or_insert_default();
                word.push('<');
                for c in rest.by_ref() {
                    word.push(c);
                    if c == '>' {
                        break;
                    }
                }
            }
            // Addresses are pasted without quotes.
            '&' | ';' | '(' | ')' if word.as_ref().is_some_and(|word| word.contains("://")) => {
                word.get_or_insert_default().push(c);
            }
            '|' | '&' | ';' | '<' | '>' | '(' | ')' | '`' => return Err(Code::ShellNeeded),
            '$' if rest.peek() == Some(&'(') => return Err(Code::ShellNeeded),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    Ok(words)
}

/// Whether `rest` goes on like `your key>`.
fn placeholder(rest: impl Iterator<Item = char>) -> bool {
    let mut inner = rest.take(60).skip_while(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ' ' | '\''));
    inner.next() == Some('>')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_as_a_shell_would_split_them() {
        for (text, expected) in [
            ("npx -y server", &["npx", "-y", "server"][..]),
            ("  a\tb\n c ", &["a", "b", "c"]),
            ("a 'b c' d", &["a", "b c", "d"]),
            (r#"a "b \"c\" \n" d"#, &["a", r#"b "c" \n"#, "d"]),
            (r"a b\ c", &["a", "b c"]),
            ("a \\\n  b", &["a", "b"]),
            ("a \\\r\n  b", &["a", "b"]),
            ("A='x y'z b", &["A=x yz", "b"]),
            ("a '' b", &["a", "", "b"]),
            ("a b # the rest", &["a", "b"]),
            ("a b#c", &["a", "b#c"]),
            ("KEY=<your key> run", &["KEY=<your key>", "run"]),
            ("mcp-remote https://a.test/mcp?x=1&y=2", &["mcp-remote", "https://a.test/mcp?x=1&y=2"]),
            ("", &[]),
        ] {
            let found = split(text).unwrap_or_else(|code| panic!("{text}: {code:?}"));
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn what_only_a_shell_can_do_is_refused() {
        for text in
            ["a | b", "a && b", "a; b", "a > f", "a < f", "a $(b)", "a `b`", "a \"$(b)\"", "(a)", "a &"]
        {
            assert_eq!(split(text), Err(Code::ShellNeeded), "{text}");
        }
        for text in ["a 'b", "a \"b", "a \\"] {
            assert_eq!(split(text), Err(Code::DetectInvalid), "{text}");
        }
        assert_eq!(split("a '$(b) | c'"), Ok(vec!["a".to_owned(), "$(b) | c".to_owned()]));
    }
}
