//! The project one is in, and the way to another: favorites and what was used last, with WASM any by its
//! name.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::{Icon, Shape, palette::project_of};
use crate::{
    i18n::{Shell, text},
    part::palette::FINDER,
    project::{
        Favorites,
        api::{ProjectLine, Shortcuts, read_shortcuts},
    },
};

#[component]
pub fn Switcher() -> impl IntoView {
    let location = use_location();
    let here = Memo::new(move |_| project_of(&location.pathname.get()).to_owned());
    let favorites = Favorites::current();
    let shortcuts = Resource::new_blocking(
        move || (here.get(), favorites.version()),
        |(project, _)| read_shortcuts(project),
    );
    // Not a `Boundary`: whoever may not see this page is told so by the page itself, and once.
    view! {
        <Transition fallback=|| ()>
            {move || Suspend::new(async move {
                shortcuts.await.ok().map(|shortcuts| view! { <Menu shortcuts=shortcuts /> })
            })}
        </Transition>
    }
}

pub(crate) const LINK_CLASS: &str = "flex items-center gap-2 h-8 px-2 rounded-md text-ink no-underline min-w-0 hover:bg-accent-soft aria-[current=true]:font-medium";

#[component]
fn Menu(shortcuts: Shortcuts) -> impl IntoView {
    let (t, s) = (text(), Shell::current());
    let current = shortcuts.current.as_ref().map(|project| project.path.clone());
    let (name, organization) = match shortcuts.current {
        Some(project) => (project.name, project.organization),
        None => (s.choose_project.to_owned(), String::new()),
    };
    let mut number = 0;
    let links = shortcuts.projects.into_iter().map(|project| {
        let mine = current.as_ref() == Some(&project.path);
        number += u32::from(project.favorite);
        view! { <Shortcut number=project.favorite.then_some(number) project=project mine=mine /> }
    });
    let links = links.collect_view();
    // The field that finds any other comes when the menu opens first.
    let finder = RwSignal::new(None::<fn() -> AnyView>);
    let opened = move |_| {
        if finder.with_untracked(Option::is_none) {
            leptos::task::spawn_local(async move {
                let field = FINDER.load().await;
                finder.try_set(Some(field));
            });
        }
    };
    view! {
        <details class="md:relative" data-menu="" on:toggle=opened>
            <summary
                class="flex items-center gap-2 min-h-[40px] px-2 py-1 rounded-md border border-line bg-surface-raised cursor-pointer list-none hover:border-line-strong"
                title=s.switch_project
            >
                <span class="text-accent"><Icon shape=Shape::Project /></span>
                <span class="rail-word grow min-w-0">
                    <span class="sr-only">{s.switch_project} ": "</span>
                    <span class="block truncate font-medium">{name}</span>
                    <span class="block truncate text-xs text-ink-muted empty:hidden">{organization}</span>
                </span>
                <span class="rail-word text-ink-faint"><Icon shape=Shape::Down /></span>
            </summary>
            <div class="md:absolute md:left-0 z-40 mt-1 md:w-[320px] p-1 bg-surface-raised border border-line rounded-[10px] md:shadow-[var(--shadow)]">
                {move || finder.get().map(|field| field())}
                <ul>{links}</ul>
                <a class="flex items-center h-8 px-2 mt-1 border-t border-line text-accent no-underline hover:underline" href="/projects">
                    {t.all_projects}
                </a>
            </div>
        </details>
    }
}

#[component]
fn Shortcut(project: ProjectLine, number: Option<u32>, mine: bool) -> impl IntoView {
    let s = Shell::current();
    let used = project.last_used.is_some();
    let failed = (project.health.failed > 0).then(|| {
        let label = s.health_parts(project.health)[1].clone().unwrap_or_default();
        let title = label.clone();
        view! {
            <span class="inline-flex text-bad" title=title>
                <Icon shape=Shape::Warning />
                <span class="sr-only">{label}</span>
            </span>
        }
    });
    view! {
        <li>
            <a
                class=LINK_CLASS
                href=format!("/projects/{}", project.path)
                data-favorite=number.filter(|n| *n <= 9).map(|n| n.to_string())
                aria-current=mine.then_some("true")
            >
                {match number {
                    Some(_) => view! { <span class="text-warn"><Icon shape=Shape::Starred /></span> },
                    None => {
                        let shape = if used { Shape::Clock } else { Shape::Project };
                        view! { <span class="text-ink-faint"><Icon shape=shape /></span> }
                    }
                }}
                <span class="truncate">{project.name}</span>
                {failed}
                <span class="ml-auto text-xs text-ink-muted truncate">{project.organization}</span>
                {number.filter(|n| *n <= 9).map(|n| view! { <kbd class="hidden md:inline text-ink-faint whitespace-nowrap">{format!("Alt {n}")}</kbd> })}
            </a>
        </li>
    }
}
