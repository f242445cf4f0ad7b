//! Texts of what servers changed of their tools.

use domain::tool::{ChangeKind, Difference, visible};

use super::Locale;

texts! { History;
    lead "What this server changed of its tools, newest first. Descriptions and schemas are instructions to models: read what is new in them." "이 서버가 도구에서 바꾼 내용을 최신순으로 보여 줍니다. 설명과 스키마는 모델에 주는 지시이므로 새로 들어온 내용을 읽어 보십시오.";
    empty "No changes yet" "변경이 없습니다";
    empty_body "Each time the server lists its tools, they are compared with the list before. What differs appears here; the newest 200 changes are kept." "서버가 도구 목록을 줄 때마다 이전 목록과 비교합니다. 달라진 내용이 여기에 나타나며 최근 200건을 보관합니다.";
    nothing "No change of this tool" "이 도구의 변경이 없습니다";
    nothing_body "Tools are found by their own name, as the server gives it." "서버가 정한 도구 이름으로 찾습니다.";
    tool "Tool" "도구";
    only_this "Only this tool" "이 도구만";
    whole "Definition" "정의";
    before_after "Definition before and after" "이전과 이후의 정의";
    cut "The definition was too large to be kept: only its name, title and the beginning of its description are compared." "정의가 너무 커서 보관하지 않았습니다. 이름, 제목, 설명의 앞부분만 비교합니다.";
    hidden "It contains characters that people do not see and models read" "사람에게는 보이지 않고 모델은 읽는 문자가 있습니다";
    hidden_next "They are shown here as ‹U+…›. Hide the tool until you know what they are for." "여기서는 ‹U+…›로 표시합니다. 용도를 알 때까지 도구를 숨기십시오.";
    elsewhere "Something else of the definition changed; see below." "정의의 다른 부분이 바뀌었습니다. 아래에서 확인하십시오.";
    newest "Newest" "최신";
    older "Older" "이전";
}

/// A server's words as a name within a sentence: nothing in them is hidden, or ends the name.
fn name(text: &str) -> String {
    format!("`{}`", visible(text).replace('`', "'").replace(['\n', '\r'], " "))
}

fn names(texts: &[String]) -> String {
    texts.iter().map(|text| name(text)).collect::<Vec<_>>().join(", ")
}

impl History {
    #[must_use]
    pub const fn kind(&self, kind: ChangeKind) -> &'static str {
        match (self.locale, kind) {
            (Locale::English, ChangeKind::Added) => "Added",
            (Locale::English, ChangeKind::Removed) => "Removed",
            (Locale::English, ChangeKind::Changed) => "Changed",
            (Locale::Korean, ChangeKind::Added) => "추가",
            (Locale::Korean, ChangeKind::Removed) => "삭제",
            (Locale::Korean, ChangeKind::Changed) => "변경",
        }
    }

    /// One sentence; names in it stand between back quotes.
    #[must_use]
    pub fn difference(&self, difference: &Difference) -> String {
        match self.locale {
            Locale::English => english(difference),
            Locale::Korean => korean(difference),
        }
    }
}

fn english(difference: &Difference) -> String {
    use Difference as D;
    let word = |value: Option<bool>| value.map_or("not given", |value| if value { "true" } else { "false" });
    match difference {
        D::Title { before, after } => was("The title", before.as_deref(), after.as_deref()),
        D::Description => "The description changed:".to_owned(),
        D::Hint { hint, before, after } => {
            format!("{} is {} now; it was {}.", name(hint), word(*after), word(*before))
        }
        D::ArgumentAdded { argument, required: true } => {
            format!("Argument {} is new and required.", name(argument))
        }
        D::ArgumentAdded { argument, .. } => format!("Argument {} is new and optional.", name(argument)),
        D::ArgumentRemoved { argument } => format!("Argument {} is gone.", name(argument)),
        D::ArgumentRequired { argument } => format!("Argument {} became required.", name(argument)),
        D::ArgumentOptional { argument } => format!("Argument {} became optional.", name(argument)),
        D::ArgumentDescribed { argument, .. } => {
            format!("Argument {} is described differently:", name(argument))
        }
        D::ValuesAdded { argument, values } => {
            format!("{} may now also be {}.", name(argument), names(values))
        }
        D::ValuesRemoved { argument, values } => {
            format!("{} may no longer be {}.", name(argument), names(values))
        }
        D::Keyword { argument, keyword, before, after } => {
            let of = if argument.is_empty() { "the input".to_owned() } else { name(argument) };
            was(&format!("{} of {of}", name(keyword)), before.as_deref(), after.as_deref())
        }
        D::Output => "The schema of its results changed.".to_owned(),
        D::Member { member } => format!("{} changed.", name(member)),
    }
}

fn was(what: &str, before: Option<&str>, after: Option<&str>) -> String {
    match (before, after) {
        (Some(before), Some(after)) => format!("{what} is {} now; it was {}.", name(after), name(before)),
        (None, Some(after)) => format!("{what} is new: {}.", name(after)),
        (Some(before), None) => format!("{what} is gone; it was {}.", name(before)),
        (None, None) => format!("{what} changed."),
    }
}

fn korean(difference: &Difference) -> String {
    use Difference as D;
    let word = |value: Option<bool>| value.map_or("없음", |value| if value { "true" } else { "false" });
    let argument_of = |argument: &str| format!("{} 인자", name(argument));
    match difference {
        D::Title { before, after } => turned("제목이", before.as_deref(), after.as_deref()),
        D::Description => "설명이 바뀌었습니다.".to_owned(),
        D::Hint { hint, before, after } => {
            format!("{} 값이 바뀌었습니다: {} → {}", name(hint), word(*before), word(*after))
        }
        D::ArgumentAdded { argument, required } => {
            let must = if *required { "필수" } else { "선택" };
            format!("{}가 추가되었습니다({must}).", argument_of(argument))
        }
        D::ArgumentRemoved { argument } => format!("{}가 없어졌습니다.", argument_of(argument)),
        D::ArgumentRequired { argument } => format!("{}가 필수가 되었습니다.", argument_of(argument)),
        D::ArgumentOptional { argument } => format!("{}가 선택이 되었습니다.", argument_of(argument)),
        D::ArgumentDescribed { argument, .. } => format!("{}의 설명이 바뀌었습니다.", argument_of(argument)),
        D::ValuesAdded { argument, values } => {
            format!("{}에 {} 값도 쓸 수 있습니다.", argument_of(argument), names(values))
        }
        D::ValuesRemoved { argument, values } => {
            format!("{}에 이제 {} 값을 쓸 수 없습니다.", argument_of(argument), names(values))
        }
        D::Keyword { argument, keyword, before, after } => {
            let of = if argument.is_empty() { "입력".to_owned() } else { argument_of(argument) };
            turned(&format!("{of}의 {} 값이", name(keyword)), before.as_deref(), after.as_deref())
        }
        D::Output => "결과 스키마가 바뀌었습니다.".to_owned(),
        D::Member { member } => format!("{} 항목이 바뀌었습니다.", name(member)),
    }
}

fn turned(what: &str, before: Option<&str>, after: Option<&str>) -> String {
    let or_none = |text: Option<&str>| text.map_or_else(|| "없음".to_owned(), name);
    format!("{what} 바뀌었습니다: {} → {}", or_none(before), or_none(after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_sentences() {
        let (en, ko) = (History::of(Locale::English), History::of(Locale::Korean));
        let limit = || "limit".to_owned();
        for (difference, english, korean) in [
            (
                Difference::ArgumentRequired { argument: limit() },
                "Argument `limit` became required.",
                "`limit` 인자가 필수가 되었습니다.",
            ),
            (
                Difference::ValuesAdded {
                    argument: "mode".into(),
                    values: vec!["fast".into(), "b`ad".into()],
                },
                "`mode` may now also be `fast`, `b'ad`.",
                "`mode` 인자에 `fast`, `b'ad` 값도 쓸 수 있습니다.",
            ),
            (
                Difference::Keyword {
                    argument: limit(),
                    keyword: "maximum".into(),
                    before: Some("10".into()),
                    after: Some("50".into()),
                },
                "`maximum` of `limit` is `50` now; it was `10`.",
                "`limit` 인자의 `maximum` 값이 바뀌었습니다: `10` → `50`",
            ),
            (
                Difference::Title { before: None, after: Some("Safe\u{202E}".into()) },
                "The title is new: `Safe‹U+202E›`.",
                "제목이 바뀌었습니다: 없음 → `Safe‹U+202E›`",
            ),
        ] {
            assert_eq!(en.difference(&difference), english);
            assert_eq!(ko.difference(&difference), korean);
        }
    }
}
