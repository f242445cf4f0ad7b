//! Tables that become stacked rows on narrow screens, and what belongs to lists.

use domain::Timestamp;
use leptos::prelude::*;

use super::{Failure, PLAIN_CLASS};
use crate::i18n::text;

pub const ROW_CLASS: &str =
    "block md:table-row py-2 md:py-0 border-b border-line last:border-b-0 hover:bg-surface-sunken";
pub const CELL_CLASS: &str = "block md:table-cell py-0.5 md:py-2 px-3 md:align-middle min-w-0 break-words";
/// A short cell: beside its neighbours on a narrow screen, and gone there while empty.
pub const SHORT_CLASS: &str = "inline-block md:table-cell whitespace-nowrap py-0.5 md:py-2 px-3 md:align-middle empty:hidden md:empty:table-cell";
pub const LINK_CLASS: &str = "text-accent no-underline hover:underline";
/// Within running text colour alone does not tell a link (WCAG 2.2, 1.4.1).
pub const TEXT_LINK_CLASS: &str = "text-accent underline";

/// A table with its column heads; `children` are rows.
#[component]
pub fn Table(#[prop(into)] label: String, columns: Vec<&'static str>, children: Children) -> impl IntoView {
    let columns = columns.into_iter().map(|label| Column { label, ..Column::default() }).collect();
    view! { <SortTable label=label columns=columns>{children()}</SortTable> }
}

/// A head of a table that can be sorted.
#[derive(Clone, Debug, Default)]
pub struct Column {
    pub label: &'static str,
    /// Where the list is sorted by it; none: it cannot be.
    pub href: Option<String>,
    /// Whether the list is sorted by it now, and then whether downwards.
    pub down: Option<bool>,
    /// For a column whose cells speak for themselves.
    pub unseen: bool,
}

#[component]
pub fn SortTable(#[prop(into)] label: String, columns: Vec<Column>, children: Children) -> impl IntoView {
    let heads = columns
        .into_iter()
        .map(|column| {
            let sort = column.down.map(|down| if down { "descending" } else { "ascending" });
            let mark = column.down.map(|down| if down { " ↓" } else { " ↑" });
            let label = column.label;
            let words = match column.href {
                Some(href) => view! {
                    <a class="text-ink-muted no-underline hover:text-ink" href=href>
                        {label}
                        <span aria-hidden="true">{mark}</span>
                    </a>
                }
                .into_any(),
                None if column.unseen => view! { <span class="sr-only">{label}</span> }.into_any(),
                None => label.into_any(),
            };
            view! {
                <th class="py-2 px-3 text-xs font-medium text-ink-muted whitespace-nowrap" scope="col" aria-sort=sort>
                    {words}
                </th>
            }
        })
        .collect_view();
    view! {
        <div class="border border-line rounded-[10px] bg-surface-raised overflow-x-auto">
            <table class="block md:table w-full border-collapse text-left" aria-label=label>
                <thead class="hidden md:table-header-group">
                    <tr class="border-b border-line">{heads}</tr>
                </thead>
                <tbody class="block md:table-row-group">{children()}</tbody>
            </table>
        </div>
    }
}

/// A moment: how long ago, with the exact time on hover. `now` comes from the server, so that both
/// halves of the console write the same.
#[component]
pub fn Ago(at: Timestamp, now: Timestamp) -> impl IntoView {
    let t = text();
    let exact = at.format("%Y-%m-%d %H:%M:%S UTC").to_string();
    view! {
        <time class="whitespace-nowrap" datetime=at.to_rfc3339() title=exact>
            {t.relative((now - at).num_seconds())}
        </time>
    }
}

/// The same in rows that are kept while the list around them is read again: `now` is the list's, because
/// what a kept row makes for itself goes with the reading that made it.
#[component]
pub fn LiveAgo(at: Timestamp, now: RwSignal<Timestamp>) -> impl IntoView {
    let t = text();
    let exact = at.format("%Y-%m-%d %H:%M:%S UTC").to_string();
    view! {
        <time class="whitespace-nowrap" datetime=at.to_rfc3339() title=exact>
            {move || t.relative((now.try_get().unwrap_or(at) - at).num_seconds())}
        </time>
    }
}

/// Fields that narrow a list. The state is the address: it can be sent to somebody, and the back
/// button undoes it. `clear` is the address without a filter, if one is set.
#[component]
pub fn FilterBar(#[prop(into)] action: String, clear: Option<String>, children: Children) -> impl IntoView {
    let t = text();
    view! {
        <form class="flex gap-2 flex-wrap items-end mb-4" method="get" action=action role="search">
            {children()}
            <button class=PLAIN_CLASS type="submit">
                {t.filter}
            </button>
            {clear.map(|href| view! { <a class="h-8 inline-flex items-center px-2 text-accent" href=href>{t.clear_filter}</a> })}
        </form>
    }
}

const SMALL_CLASS: &str = "h-8 px-2 rounded-md border border-line-strong bg-surface-raised text-ink min-w-0";

#[component]
pub fn FilterText(
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(into)] value: String,
    /// The `<datalist>` of what it offers.
    #[prop(optional, into)]
    list: Option<String>,
) -> impl IntoView {
    view! {
        <label class="flex flex-col gap-0.5 text-xs text-ink-muted">
            {label}
            <input class=SMALL_CLASS type="search" name=name value=value list=list data-filter="" />
        </label>
    }
}

/// A moment, as browsers let one choose it.
#[component]
pub fn FilterTime(
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(into)] value: String,
) -> impl IntoView {
    view! {
        <label class="flex flex-col gap-0.5 text-xs text-ink-muted">
            {label}
            <input class=SMALL_CLASS type="datetime-local" name=name value=value />
        </label>
    }
}

/// A choice among `options` (value, label); the empty value stands for all, unless one must be chosen.
#[component]
pub fn FilterChoice(
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(into)] value: String,
    options: Vec<(String, String)>,
    #[prop(optional)] must: bool,
) -> impl IntoView {
    let all = (!must).then(|| (String::new(), text().all.to_owned()));
    let options = all
        .into_iter()
        .chain(options)
        .map(|(option, label)| {
            let selected = option == value;
            view! { <option value=option selected=selected>{label}</option> }
        })
        .collect_view();
    view! {
        <label class="flex flex-col gap-0.5 text-xs text-ink-muted">
            {label}
            <select class=SMALL_CLASS name=name>
                {options}
            </select>
        </label>
    }
}

/// A destructive action behind one deliberate step, without dialogs: opens in place.
#[component]
pub fn Danger(
    #[prop(into)] label: String,
    /// Of the form within: what failed must be seen.
    #[prop(optional)]
    failure: Option<Failure>,
    children: Children,
) -> impl IntoView {
    let open = move || failure.is_some_and(|failure| failure.error.with(Option::is_some));
    view! {
        <details class="rounded-md" open=open>
            <summary class="inline-flex items-center h-8 px-3 rounded-md border border-line text-bad text-sm font-medium cursor-pointer list-none hover:bg-bad-soft">
                {label}
            </summary>
            <div class="mt-3 flex flex-col gap-3 max-w-[560px]">{children()}</div>
        </details>
    }
}

/// Text as its author laid it out: JSON, error output.
#[component]
pub fn CodeBlock(#[prop(into)] code: String, #[prop(into)] label: String) -> impl IntoView {
    view! {
        <pre
            class="p-3 rounded-md border border-line bg-surface-sunken text-xs overflow-auto max-h-[400px] whitespace-pre-wrap break-words"
            tabindex="0"
            aria-label=label
        >
            <code>{code}</code>
        </pre>
    }
}

/// Names with their values.
#[component]
pub fn Facts(facts: Vec<(&'static str, AnyView)>) -> impl IntoView {
    let rows = facts
        .into_iter()
        .map(|(name, value)| {
            view! {
                <dt class="text-ink-muted">{name}</dt>
                <dd class="min-w-0 break-words mb-2 md:mb-0">{value}</dd>
            }
        })
        .collect_view();
    view! { <dl class="md:grid md:grid-cols-[160px_1fr] gap-x-4 gap-y-2">{rows}</dl> }
}
