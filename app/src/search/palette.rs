//! What is in the command palette: whatever has a name, by a few of its letters.

use domain::search::Found;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::{
    Entry, Group, Target,
    api::search,
    entry::{entries, fitting},
    page_entry::{actions, administration, organization_of, organizations},
};
use crate::{
    context::Theme,
    i18n::{Locale, Shell, text},
    organization::api::list_organizations,
    ui::{
        Icon, Shape,
        palette::{close, links, project_of},
    },
};

/// The pages that are linked from here, and what can be done from anywhere.
fn commands(project: &str) -> Vec<Entry> {
    let (t, s) = (text(), Shell::current());
    let mut commands: Vec<Entry> = links()
        .into_iter()
        .map(|link| Entry::new(Group::Pages, link.label, Target::Page(link.path)))
        .collect();
    let shown: Vec<Target> = commands.iter().map(|link| link.target.clone()).collect();
    let leads = |path: &str| shown.contains(&Target::Page(path.to_owned()));
    if leads("/admin") {
        add(&mut commands, administration());
    }
    add(&mut commands, actions(project, leads));
    // The forms of the account menu do these: all of them change the whole document.
    let mut button = |label: String, selector: String| {
        commands.push(Entry::new(Group::Actions, label, Target::Button(selector)));
    };
    for theme in Theme::ALL {
        button(t.with(s.action_theme, t.theme(theme)), format!("button[name=theme][value={}]", theme.name()));
    }
    for locale in Locale::ALL {
        let selector = format!("button[name=locale][value={}]", locale.name());
        button(t.with(s.action_language, locale.label()), selector);
    }
    button(t.sign_out.to_owned(), "button[data-sign-out]".to_owned());
    commands
}

/// Each address once: the page's own word for it stays.
fn add(known: &mut Vec<Entry>, entries: Vec<Entry>) {
    for entry in entries {
        if !known.iter().any(|other| other.target == entry.target) {
            known.push(entry);
        }
    }
}

const ITEM_CLASS: &str =
    "flex items-center gap-2 h-8 px-3 rounded-md cursor-pointer min-w-0 aria-selected:bg-accent-soft";

#[component]
pub fn PaletteList() -> impl IntoView {
    let (t, s) = (text(), Shell::current());
    let location = use_location();
    let project = move || project_of(&location.pathname.get_untracked()).to_owned();
    let query = RwSignal::new(String::new());
    let known = RwSignal::new(Vec::<Entry>::new());
    let found = RwSignal::new(Found::default());
    let chosen = RwSignal::new(0_usize);
    let asked = StoredValue::new(0_u32);
    let node = NodeRef::<leptos::html::Input>::new();
    // What came last stays until the next is in, as far as it still fits: the list follows each letter.
    let shown = Memo::new(move |_| {
        let mut all = entries(found.get());
        known.with(|known| all.extend(known.iter().cloned()));
        query.with(|query| fitting(query, &all))
    });
    let ask = move || {
        let this = asked.get_value().wrapping_add(1);
        asked.set_value(this);
        let (q, project) = (query.get_untracked(), project());
        leptos::task::spawn_local(async move {
            let answer = search(q, project).await;
            // Only the last question counts.
            if asked.try_get_value() == Some(this)
                && let Ok(answer) = answer
            {
                found.set(answer);
            }
        });
    };
    // Begun on the server, nothing would come of it.
    Effect::new(move |_| {
        let Some(field) = node.get() else { return };
        known.set(commands(&project()));
        ask();
        let here = location.pathname.get_untracked();
        leptos::task::spawn_local(async move {
            if let Ok(own) = list_organizations().await {
                known.try_update(|known| add(known, organizations(own, organization_of(&here))));
            }
        });
        let _ = field.focus();
    });
    let typed = move |event: leptos::ev::Event| {
        query.set(event_target_value(&event));
        chosen.set(0);
        ask();
    };
    let pressed = move |event: leptos::ev::KeyboardEvent| {
        if event.is_composing() {
            return;
        }
        let count = shown.with_untracked(Vec::len);
        let at = chosen.get_untracked();
        let next = match event.key().as_str() {
            "ArrowDown" if count > 0 => (at + 1) % count,
            "ArrowUp" if count > 0 => (at + count - 1) % count,
            "Enter" => {
                event.prevent_default();
                press(&format!("#palette-{at} [data-run]"));
                return;
            }
            _ => return,
        };
        event.prevent_default();
        chosen.set(next);
        reveal(next);
    };
    let list = move || {
        let shown = shown.get();
        if shown.is_empty() {
            return view! { <p class="py-6 text-center text-ink-muted">{t.nothing_found}</p> }.into_any();
        }
        let mut before = None;
        let rows = shown.into_iter().enumerate().map(|(at, entry)| {
            let group = entry.group;
            let head = (before != Some(group)).then(|| {
                view! { <li class="px-3 pt-2 pb-1 text-xs font-medium text-ink-muted" role="presentation">{group.label()}</li> }
            });
            before = Some(group);
            let inner = view! {
                <span class="text-ink-faint"><Icon shape=group.shape() /></span>
                <span class="truncate">{entry.label}</span>
                {entry.failed.then(|| view! { <span class="inline-flex items-center gap-1 text-bad text-xs"><Icon shape=Shape::Warning />{s.failed}</span> })}
                <span class="ml-auto text-ink-muted text-xs truncate">{entry.detail}</span>
            };
            // A link, so that it can be opened beside this page too; the keyboard stays in the field.
            let item = match entry.target {
                Target::Page(path) => {
                    view! { <a class=ITEM_CLASS href=path tabindex="-1" data-run="" on:click=move |_| close()>{inner}</a> }
                        .into_any()
                }
                Target::Button(selector) => {
                    let run = move |_| {
                        close();
                        press(&selector);
                    };
                    view! { <button class=ITEM_CLASS type="button" tabindex="-1" data-run="" on:click=run>{inner}</button> }
                        .into_any()
                }
            };
            view! {
                {head}
                <li
                    id=format!("palette-{at}")
                    class="rounded-md aria-selected:bg-accent-soft"
                    role="option"
                    aria-selected=move || if chosen.get() == at { "true" } else { "false" }
                    on:mousemove=move |_| chosen.set(at)
                >
                    {item}
                </li>
            }
        });
        view! { {rows.collect_view()} }.into_any()
    };
    view! {
        <div class="flex items-center gap-2 px-3 border-b border-line text-ink-faint">
            <Icon shape=Shape::Search />
            <input
                class="grow min-w-0 h-11 bg-transparent text-ink border-0 placeholder:text-ink-faint"
                type="text"
                role="combobox"
                aria-expanded="true"
                aria-controls="palette-list"
                aria-activedescendant=move || format!("palette-{}", chosen.get())
                aria-label=s.palette
                placeholder=s.palette_placeholder
                autocomplete="off"
                spellcheck="false"
                prop:value=query
                node_ref=node
                on:input=typed
                on:keydown=pressed
            />
        </div>
        <ul id="palette-list" class="max-h-[min(440px,60vh)] overflow-y-auto p-1" role="listbox" aria-label=s.palette_results>
            {list}
        </ul>
        <p class="px-3 py-2 border-t border-line text-ink-faint text-xs">{s.palette_keys}</p>
    }
}

#[cfg(feature = "hydrate")]
mod browser {
    use leptos::prelude::document;
    use wasm_bindgen::JsCast;
    use web_sys::{HtmlElement, ScrollIntoViewOptions, ScrollLogicalPosition};

    pub(super) fn press(selector: &str) {
        let button = document().query_selector(selector).ok().flatten();
        if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
            button.click();
        }
    }

    pub(super) fn reveal(at: usize) {
        let Some(item) = document().get_element_by_id(&format!("palette-{at}")) else { return };
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::Nearest);
        item.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

#[cfg(not(feature = "hydrate"))]
mod browser {
    pub(super) fn press(_: &str) {}
    pub(super) fn reveal(_: usize) {}
}

use browser::{press, reveal};
