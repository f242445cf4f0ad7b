//! One member of a JSON file put in or taken out, with every other byte as it was, comments included.

use std::ops::Range;

use anyhow::{Context, Result, bail, ensure};
use serde::Serialize;
use serde_json::{Map, Value, ser::PrettyFormatter};

/// The text, and what of it is JSON: of the same length, so places in one are places in the other.
struct Source<'a> {
    text: &'a str,
    /// Without comments.
    plain: String,
    /// And without commas that end a list.
    json: String,
    value: Value,
}

struct Member {
    name: String,
    start: usize,
    value: Range<usize>,
}

struct Object {
    open: usize,
    close: usize,
    members: Vec<Member>,
}

pub(super) fn put(text: &str, servers: &str, comments: bool, name: &str, entry: &Value) -> Result<String> {
    if text.trim_start_matches('\u{feff}').trim().is_empty() {
        return put("{}\n", servers, comments, name, entry);
    }
    let source = Source::read(text, comments)?;
    let mut expected = source.value.clone();
    let root = source.object(source.json.find('{').context("it holds no object")?);
    let unit = source.unit(&root);
    let after = match root.members.iter().find(|member| member.name == servers) {
        None => {
            let all = Value::Object(Map::from_iter([(name.to_owned(), entry.clone())]));
            source.append(&root, servers, &all, 0, &unit)
        }
        Some(member) => {
            ensure!(source.json[member.value.start..].starts_with('{'), "`{servers}` is no object there");
            let object = source.object(member.value.start);
            match object.members.iter().find(|member| member.name == name) {
                None => source.append(&object, name, entry, 1, &unit),
                Some(ours) => {
                    let written = source.written(entry, 2, &unit);
                    format!("{}{written}{}", &text[..ours.value.start], &text[ours.value.end..])
                }
            }
        }
    };
    expected[servers][name] = entry.clone();
    confirm(&after, comments, &expected, name)?;
    Ok(after)
}

/// None if there is no such member.
pub(super) fn remove(text: &str, servers: &str, comments: bool, name: &str) -> Result<Option<String>> {
    if text.trim_start_matches('\u{feff}').trim().is_empty() {
        return Ok(None);
    }
    let source = Source::read(text, comments)?;
    let mut expected = source.value.clone();
    let removed = expected.get_mut(servers).and_then(Value::as_object_mut).and_then(|all| all.remove(name));
    if removed.is_none() {
        return Ok(None);
    }
    let root = source.object(source.json.find('{').context("it holds no object")?);
    let member = root.members.iter().find(|member| member.name == servers).context("it has changed")?;
    let after = source.cut(&source.object(member.value.start), name)?;
    confirm(&after, comments, &expected, name)?;
    Ok(Some(after))
}

pub(super) fn same(one: &str, other: &str, comments: bool) -> bool {
    let read = |text: &str| Source::read(text, comments).map(|source| source.value);
    matches!((read(one), read(other)), (Ok(one), Ok(other)) if one == other)
}

/// What was written must be what was meant, whatever odd form the file has.
fn confirm(after: &str, comments: bool, expected: &Value, name: &str) -> Result<()> {
    let right = Source::read(after, comments).is_ok_and(|read| read.value == *expected);
    ensure!(right, "`{name}` cannot be changed without changing more: edit the file by hand");
    Ok(())
}

impl<'a> Source<'a> {
    fn read(text: &'a str, comments: bool) -> Result<Self> {
        let plain = if comments { without_comments(text) } else { text.to_owned() };
        // A mark of the byte order is three bytes that JSON does not know.
        let plain = plain.replacen('\u{feff}', "   ", 1);
        let json = if comments { without_last_commas(&plain) } else { plain.clone() };
        let value: Value =
            serde_json::from_str(&json).map_err(|error| anyhow::anyhow!("it is no valid JSON: {error}"))?;
        ensure!(value.is_object(), "it is JSON, but no object");
        Ok(Self { text, plain, json, value })
    }

    /// The members of the object at `open`.
    fn object(&self, open: usize) -> Object {
        let bytes = self.json.as_bytes();
        let mut object = Object { open, close: open, members: Vec::new() };
        let (mut at, mut depth) = (open, 0_usize);
        let mut key: Option<(String, usize)> = None;
        let mut value: Option<Range<usize>> = None;
        while at < bytes.len() {
            let byte = bytes[at];
            let end = if byte == b'"' { string_end(bytes, at) } else { at + 1 };
            match byte {
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth -= 1,
                _ => {}
            }
            let finished = depth == 0 || (depth == 1 && byte == b',');
            if finished {
                if let (Some((name, start)), Some(value)) = (key.take(), value.take()) {
                    object.members.push(Member { name, start, value });
                }
                if depth == 0 {
                    object.close = at;
                    break;
                }
            } else if at > open && !byte.is_ascii_whitespace() {
                match (&key, &mut value) {
                    (None, _) if byte == b'"' => {
                        let name = serde_json::from_str(&self.json[at..end]).unwrap_or_default();
                        key = Some((name, at));
                    }
                    (Some(_), None) if byte != b':' || depth > 1 => value = Some(at..end),
                    (Some(_), Some(value)) => value.end = end,
                    _ => {}
                }
            }
            at = end;
        }
        object
    }

    /// One step of indentation, as the file has it.
    fn unit(&self, root: &Object) -> String {
        let first = root.members.first().map(|member| &self.text[root.open + 1..member.start]);
        let line = first.and_then(|blank| blank.rsplit_once('\n')).map(|(_, indent)| indent);
        let usual = line.filter(|indent| !indent.is_empty() && indent.trim().is_empty());
        usual.unwrap_or("  ").to_owned()
    }

    fn end(&self) -> &'static str {
        if self.text.contains("\r\n") { "\r\n" } else { "\n" }
    }

    /// A value whose first line stands at `depth` steps.
    fn written(&self, value: &Value, depth: usize, unit: &str) -> String {
        let mut out = Vec::new();
        let formatter = PrettyFormatter::with_indent(unit.as_bytes());
        let mut serializer = serde_json::Serializer::with_formatter(&mut out, formatter);
        // Writing to memory does not fail, and keys are strings.
        let _ = value.serialize(&mut serializer);
        String::from_utf8_lossy(&out).replace('\n', &format!("{}{}", self.end(), unit.repeat(depth)))
    }

    /// After the last member of an object that itself stands at `depth`, behind its comments.
    fn append(&self, object: &Object, name: &str, value: &Value, depth: usize, unit: &str) -> String {
        let (text, end) = (self.text, self.end());
        let inner = unit.repeat(depth + 1);
        let key = Value::from(name);
        let line = format!("{end}{inner}{key}: {}", self.written(value, depth + 1, unit));
        let last = object.members.last().map_or(object.open + 1, |member| member.value.end);
        let comma = !object.members.is_empty() && !self.plain[last..object.close].contains(',');
        let comma = if comma { "," } else { "" };
        let between = text[last..object.close].trim_end();
        let blank = &text[last + between.len()..object.close];
        let blank =
            if blank.contains('\n') { blank.to_owned() } else { format!("{end}{}", unit.repeat(depth)) };
        format!("{}{comma}{between}{line}{blank}{}", &text[..last], &text[object.close..])
    }

    /// Without a member, its line and one comma.
    fn cut(&self, object: &Object, name: &str) -> Result<String> {
        let text = self.text;
        let Some(at) = object.members.iter().position(|member| member.name == name) else {
            bail!("it has changed");
        };
        let member = &object.members[at];
        let blank = text[..member.start].trim_end_matches([' ', '\t']);
        let blank = blank.strip_suffix('\n').map_or(blank, |line| line.strip_suffix('\r').unwrap_or(line));
        let next = object.members.get(at + 1).map_or(object.close, |next| next.start);
        let after = self.plain[member.value.end..next].find(',').map(|n| member.value.end + n + 1);
        let (mut head, tail) = (blank.to_owned(), &text[after.unwrap_or(member.value.end)..]);
        if after.is_none() && at > 0 {
            let before = object.members[at - 1].value.end;
            if let Some(comma) = self.plain[before..member.start].find(',') {
                head.remove(before + comma);
            }
        }
        Ok(head + tail)
    }
}

/// Where the string that begins at `at` ends.
fn string_end(bytes: &[u8], at: usize) -> usize {
    let mut end = at + 1;
    while end < bytes.len() && bytes[end] != b'"' {
        end += if bytes[end] == b'\\' { 2 } else { 1 };
    }
    (end + 1).min(bytes.len())
}

/// Blanks in place of comments; line breaks stay, so that errors name the right line.
fn without_comments(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let end = match (bytes[at], bytes.get(at + 1)) {
            (b'"', _) => {
                at = string_end(&bytes, at);
                continue;
            }
            (b'/', Some(b'/')) => bytes[at..].iter().position(|b| *b == b'\n').map(|n| at + n),
            (b'/', Some(b'*')) => {
                bytes[at + 2..].windows(2).position(|pair| pair == b"*/").map(|n| at + n + 4)
            }
            _ => {
                at += 1;
                continue;
            }
        };
        let end = end.unwrap_or(bytes.len());
        bytes[at..end].iter_mut().filter(|byte| !byte.is_ascii_whitespace()).for_each(|byte| *byte = b' ');
        at = end;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Blanks in place of commas that nothing follows.
fn without_last_commas(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b'"' {
            at = string_end(&bytes, at);
            continue;
        }
        if bytes[at] == b',' {
            let next = bytes[at + 1..].iter().find(|byte| !byte.is_ascii_whitespace());
            if matches!(next, Some(b'}' | b']')) {
                bytes[at] = b' ';
            }
        }
        at += 1;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
