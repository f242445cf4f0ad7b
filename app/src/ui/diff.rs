//! What changed between two texts: by lines, and within a sentence by words. Marks and words say it;
//! colour only helps.

use leptos::prelude::*;

use crate::i18n::Diff;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    Same,
    Added,
    Removed,
}

/// Cells of the table of common parts; texts that need more are shown as replaced, not compared.
const MOST: usize = 1_000_000;
/// Unchanged lines around a change that are shown.
const AROUND: usize = 3;

/// The shortest way from `before` to `after`, removals first where they meet.
#[must_use]
pub fn compare<'a>(before: &[&'a str], after: &[&'a str]) -> Vec<(Mark, &'a str)> {
    let head = before.iter().zip(after).take_while(|(a, b)| a == b).count();
    let (old, new) = (&before[head..], &after[head..]);
    let tail = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
    let (old, new) = (&old[..old.len() - tail], &new[..new.len() - tail]);
    let mut found: Vec<(Mark, &str)> = before[..head].iter().map(|part| (Mark::Same, *part)).collect();
    if old.len().saturating_mul(new.len()) > MOST {
        found.extend(old.iter().map(|part| (Mark::Removed, *part)));
        found.extend(new.iter().map(|part| (Mark::Added, *part)));
    } else {
        found.extend(middle(old, new));
    }
    found.extend(before[before.len() - tail..].iter().map(|part| (Mark::Same, *part)));
    found
}

/// By the longest common subsequence.
fn middle<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<(Mark, &'a str)> {
    let width = new.len() + 1;
    let mut common = vec![0_u32; (old.len() + 1) * width];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            common[i * width + j] = if old[i] == new[j] {
                common[(i + 1) * width + j + 1] + 1
            } else {
                common[(i + 1) * width + j].max(common[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut found = Vec::with_capacity(old.len() + new.len());
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            found.push((Mark::Same, old[i]));
            (i, j) = (i + 1, j + 1);
        } else if j == new.len() || i < old.len() && common[(i + 1) * width + j] >= common[i * width + j + 1]
        {
            found.push((Mark::Removed, old[i]));
            i += 1;
        } else {
            found.push((Mark::Added, new[j]));
            j += 1;
        }
    }
    found
}

/// Words with the blanks behind them, so that they can be put together again.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = 0;
    let mut blank = false;
    for (at, c) in text.char_indices() {
        if blank && !c.is_whitespace() {
            words.push(&text[start..at]);
            start = at;
        }
        blank = c.is_whitespace();
    }
    if start < text.len() {
        words.push(&text[start..]);
    }
    words
}

/// Lines of a comparison with what is far from any change left out: `None` stands for such a gap.
fn near<'a>(all: &[(Mark, &'a str)]) -> Vec<Option<(Mark, &'a str)>> {
    let changed: Vec<usize> =
        all.iter().enumerate().filter(|(_, (mark, _))| *mark != Mark::Same).map(|(i, _)| i).collect();
    let mut shown = Vec::new();
    for (i, line) in all.iter().enumerate() {
        let at = changed.partition_point(|c| *c < i);
        let close = changed.get(at).is_some_and(|c| c - i <= AROUND)
            || at.checked_sub(1).is_some_and(|before| i - changed[before] <= AROUND);
        if close {
            shown.push(Some(*line));
        } else if !matches!(shown.last(), Some(None)) {
            shown.push(None);
        }
    }
    shown
}

/// Two texts by lines, with what is the same far around left out.
#[component]
pub fn DiffView(#[prop(into)] label: String, before: String, after: String) -> impl IntoView {
    const CLASS: &str = "flex gap-2 px-2 whitespace-pre-wrap";
    const ADDED_CLASS: &str = "flex gap-2 px-2 whitespace-pre-wrap bg-ok-soft";
    const REMOVED_CLASS: &str = "flex gap-2 px-2 whitespace-pre-wrap bg-bad-soft";
    let t = Diff::current();
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let compared = compare(&old, &new);
    if compared.iter().all(|(mark, _)| *mark == Mark::Same) {
        return view! { <p class="text-ink-muted text-xs">{t.same}</p> }.into_any();
    }
    let rows = near(&compared)
        .into_iter()
        .map(|line| {
            let (class, sign, word, text) = match line {
                None => (CLASS, "⋯", t.left_out, ""),
                Some((Mark::Same, text)) => (CLASS, " ", "", text),
                Some((Mark::Added, text)) => (ADDED_CLASS, "+", t.added, text),
                Some((Mark::Removed, text)) => (REMOVED_CLASS, "−", t.removed, text),
            };
            let said = (!word.is_empty()).then(|| view! { <span class="sr-only">{word} " "</span> });
            view! {
                <li class=class>
                    <span class="shrink-0 w-3 text-center text-ink-muted select-none" aria-hidden="true">{sign}</span>
                    {said}
                    <span class="min-w-0 break-words">{text.to_owned()}</span>
                </li>
            }
        })
        .collect_view();
    view! {
        <ol
            class="py-2 rounded-md border border-line bg-surface-sunken font-mono text-xs overflow-auto max-h-[400px]"
            tabindex="0"
            aria-label=label
        >
            {rows}
        </ol>
    }
    .into_any()
}

/// Two versions of a sentence in one.
#[component]
pub fn WordDiff(before: String, after: String) -> impl IntoView {
    let t = Diff::current();
    let compared = compare(&words(&before), &words(&after))
        .into_iter()
        .map(|(mark, word)| {
            let word = word.to_owned();
            match mark {
                Mark::Same => word.into_any(),
                Mark::Added => {
                    view! { <ins class="bg-ok-soft underline"><span class="sr-only">{t.added} " "</span>{word}</ins> }
                        .into_any()
                }
                Mark::Removed => {
                    view! { <del class="bg-bad-soft line-through"><span class="sr-only">{t.removed} " "</span>{word}</del> }
                        .into_any()
                }
            }
        })
        .collect_view();
    view! { <p class="whitespace-pre-wrap break-words">{compared}</p> }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signs(before: &str, after: &str) -> String {
        let (old, new): (Vec<&str>, Vec<&str>) = (before.split(' ').collect(), after.split(' ').collect());
        let sign = |(mark, part): (Mark, &str)| match mark {
            Mark::Same => part.to_owned(),
            Mark::Added => format!("+{part}"),
            Mark::Removed => format!("-{part}"),
        };
        compare(&old, &new).into_iter().map(sign).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_stays_is_found_around_what_changes() {
        for (before, after, expected) in [
            ("a b c", "a b c", "a b c"),
            ("a b c", "a x c", "a -b +x c"),
            ("a b c d", "a c d e", "a -b c d +e"),
            ("a", "b c", "-a +b +c"),
            ("x a b", "a b y", "-x a b +y"),
            ("a a", "a", "a -a"),
        ] {
            assert_eq!(signs(before, after), expected, "{before} → {after}");
        }
    }

    #[test]
    fn both_texts_can_be_read_from_the_comparison() {
        let (before, after) = ("one  two\nthree four ", "one two\n three five four ");
        for (one, other, mark) in [(before, after, Mark::Removed), (after, before, Mark::Added)] {
            let compared = match mark {
                Mark::Removed => compare(&words(one), &words(other)),
                _ => compare(&words(other), &words(one)),
            };
            let kept: String = compared
                .iter()
                .filter(|(m, _)| matches!(m, Mark::Same) || *m == mark)
                .map(|(_, w)| *w)
                .collect();
            assert_eq!(kept, one);
        }
    }

    #[test]
    fn texts_that_are_too_long_to_compare_are_replaced() {
        let many = |prefix: &str| (0..1_001).map(|n| format!("{prefix}{n}")).collect::<Vec<_>>();
        let (old, new) = (many("a"), many("b"));
        let old: Vec<&str> = old.iter().map(String::as_str).collect();
        let new: Vec<&str> = new.iter().map(String::as_str).collect();
        let compared = compare(&old, &new);
        assert_eq!(compared.len(), 2_002);
        assert!(compared[..1_001].iter().all(|(mark, _)| *mark == Mark::Removed));
    }

    #[test]
    fn far_from_a_change_lines_are_left_out() {
        let before: Vec<String> = (0..20).map(|n| n.to_string()).collect();
        let old: Vec<&str> = before.iter().map(String::as_str).collect();
        let mut new = old.clone();
        new[10] = "x";
        let shown = near(&compare(&old, &new));
        assert_eq!(shown.len(), 1 + AROUND + 2 + AROUND + 1, "gap, around, two changes, around, gap");
        assert_eq!((shown[0], shown[shown.len() - 1]), (None, None));
        assert_eq!(shown[1], Some((Mark::Same, "7")));
    }
}
