//! Bars over time, as our own SVG. The drawing stretches to its place and knows only tokens, so it
//! is right in any width and both themes; what it says stands behind it as a table for those who do
//! not see it.

use leptos::prelude::*;

use crate::i18n::group;

/// Units of the drawing: its height, and what a bar takes with its gap.
const HEIGHT: f64 = 100.0;
const STEP: f64 = 10.0;
const GAP: f64 = 2.0;
/// What is there must be seen, however much larger another bar is.
const LEAST: f64 = 2.0;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// When, for the hover and the table.
    pub label: String,
    /// A short form for below the first and the last bar.
    pub short: String,
    pub total: u64,
    /// How many of the total are bad.
    pub bad: u64,
}

/// What the numbers are, in the reader's language.
#[derive(Clone, Copy, Debug)]
pub struct ChartWords {
    pub label: &'static str,
    pub when: &'static str,
    pub total: &'static str,
    pub bad: &'static str,
    /// The largest bar.
    pub most: &'static str,
    pub none: &'static str,
}

/// A chart with its legend, its scale and its table.
#[component]
pub fn BarChart(bars: Vec<Bar>, words: ChartWords) -> impl IntoView {
    let (total, bad) = sums(&bars);
    let most = bars.iter().map(|bar| bar.total).max().unwrap_or_default();
    let ends = bars.first().zip(bars.last()).map(|(first, last)| (first.short.clone(), last.short.clone()));
    let (first, last) = ends.unwrap_or_default();
    let middle = bars.get(bars.len() / 2).map(|bar| bar.short.clone());
    view! {
        <figure class="m-0 min-w-0">
            <figcaption class="flex gap-4 mb-2 text-xs text-ink-muted">
                <span class="inline-flex items-center gap-1.5">
                    <span class="w-2 h-2 rounded-xs bg-accent" aria-hidden="true"></span>
                    {words.total} " " <b class="font-semibold text-ink tabular-nums">{group(total)}</b>
                </span>
                <span class="inline-flex items-center gap-1.5">
                    <span class="w-2 h-2 rounded-xs bg-bad" aria-hidden="true"></span>
                    {words.bad} " " <b class="font-semibold text-ink tabular-nums">{group(bad)}</b>
                </span>
                {(most > 0).then(|| view! { <span class="ml-auto tabular-nums">{words.most} " " {group(most)} " · UTC"</span> })}
            </figcaption>
            <div class="relative" aria-hidden="true">
                <Drawing bars=bars.clone() words=words class="block w-full h-32" />
                {(most == 0)
                    .then(|| view! { <p class="absolute inset-0 flex items-center justify-center text-ink-muted">{words.none}</p> })}
            </div>
            <div class="flex justify-between mt-1 text-xs text-ink-faint tabular-nums" aria-hidden="true">
                <span>{first}</span>
                <span>{middle}</span>
                <span>{last}</span>
            </div>
            <Numbers bars=bars words=words />
        </figure>
    }
}

/// The drawing alone, small enough to stand in a line of text.
#[component]
pub fn Sparkline(bars: Vec<Bar>, words: ChartWords) -> impl IntoView {
    let (total, bad) = sums(&bars);
    let told = format!("{}: {} {}, {} {}", words.label, words.total, group(total), words.bad, group(bad));
    view! {
        <span class="inline-block align-middle" role="img" aria-label=told>
            <Drawing bars=bars words=words class="block w-24 h-6" />
        </span>
    }
}

/// One path for each colour, before a column for each bar that one points at.
#[component]
fn Drawing(bars: Vec<Bar>, words: ChartWords, class: &'static str) -> impl IntoView {
    let width = STEP * bars.len().max(1) as f64;
    let most = bars.iter().map(|bar| bar.total).max().unwrap_or_default().max(1) as f64;
    let (mut good, mut bad) = (String::new(), String::new());
    let mut columns = Vec::with_capacity(bars.len());
    for (i, bar) in bars.iter().enumerate() {
        let left = i as f64 * STEP + GAP / 2.0;
        let tall = |n: u64| if n == 0 { 0.0 } else { (n as f64 / most * HEIGHT).max(LEAST) };
        let fails = tall(bar.bad);
        let all = tall(bar.total).max(if bar.total > bar.bad { fails + LEAST } else { fails }).min(HEIGHT);
        let fails = fails.min(all);
        block(&mut bad, left, HEIGHT - fails, fails);
        block(&mut good, left, HEIGHT - all, all - fails);
        let told = format!(
            "{} · {} {} · {} {}",
            bar.label,
            words.total,
            group(bar.total),
            words.bad,
            group(bar.bad)
        );
        let x = i as f64 * STEP;
        columns.push(view! {
            <rect class="fill-transparent hover:fill-surface-sunken" x=x y="0" width=STEP height=HEIGHT>
                <title>{told}</title>
            </rect>
        });
    }
    view! {
        <svg
            class=class
            viewBox=format!("0 0 {width} {HEIGHT}")
            preserveAspectRatio="none"
            shape-rendering="crispEdges"
            aria-hidden="true"
        >
            {columns}
            <path class="fill-accent pointer-events-none" d=good />
            <path class="fill-bad pointer-events-none" d=bad />
            <path class="stroke-line" d=format!("M0 {HEIGHT}H{width}") stroke-width="1" vector-effect="non-scaling-stroke" />
        </svg>
    }
}

fn block(path: &mut String, left: f64, top: f64, height: f64) {
    if height > 0.0 {
        path.push_str(&format!("M{left} {top:.1}h{}v{height:.1}h-{}z", STEP - GAP, STEP - GAP));
    }
}

/// The same as a table, for those who do not see the drawing. Within an element that is hidden, because
/// a table is as large as it must be.
#[component]
fn Numbers(bars: Vec<Bar>, words: ChartWords) -> impl IntoView {
    let rows = bars
        .into_iter()
        .map(|bar| {
            view! { <tr><th scope="row">{bar.label}</th><td>{group(bar.total)}</td><td>{group(bar.bad)}</td></tr> }
        })
        .collect_view();
    view! {
        <div class="sr-only">
            <table>
                <caption>{words.label}</caption>
                <thead>
                    <tr><th scope="col">{words.when}</th><th scope="col">{words.total}</th><th scope="col">{words.bad}</th></tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

fn sums(bars: &[Bar]) -> (u64, u64) {
    (bars.iter().map(|bar| bar.total).sum(), bars.iter().map(|bar| bar.bad).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_stands_on_the_line_and_nothing_draws_nothing() {
        let mut path = String::new();
        block(&mut path, 1.0, 100.0, 0.0);
        assert_eq!(path, "");
        block(&mut path, 1.0, 60.0, 40.0);
        assert_eq!(path, "M1 60.0h8v40.0h-8z");
    }
}
