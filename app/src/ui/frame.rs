//! What surrounds every page of somebody signed in: the rail, the account menu, the place for content.

use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::{
    components::{A, Outlet},
    hooks::use_location,
};

use super::{Boundary, Icon, KeyHelp, Palette, Shape, Switcher, palette::open_palette, use_keyboard};
use crate::{
    account::api::{SetLocale, SetRail, SetTheme, SignOut, Viewer, read_viewer},
    admin::AdminLink,
    context::{Preferences, Theme},
    error::AppError,
    i18n::{Locale, Shell, text},
    project::Favorites,
};

/// Who is looking; read once for all pages within the frame.
#[derive(Clone, Copy)]
pub struct ViewerSource(pub Resource<Result<Viewer, AppError>>);

impl ViewerSource {
    #[must_use]
    pub fn current() -> Self {
        expect_context()
    }
}

#[component]
pub fn Frame() -> impl IntoView {
    let (t, s) = (text(), Shell::current());
    let source = ViewerSource(Resource::new_blocking(|| (), |()| read_viewer()));
    provide_context(source);
    provide_context(Favorites::new());
    use_keyboard();
    view! {
        <a
            class="sr-only focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-50 focus:px-3 focus:py-2 focus:bg-surface-raised focus:border focus:border-line focus:rounded-md"
            href="#content"
            rel="external"
        >
            {t.skip}
        </a>
        <div class="md:flex min-h-screen">
            <header class="rail md:w-[232px] md:shrink-0 md:sticky md:top-0 md:h-screen bg-surface-sunken border-b md:border-b-0 md:border-r border-line">
                <div class="md:hidden flex items-center gap-2 h-12 px-3">
                    <button
                        class="inline-flex items-center justify-center w-9 h-9 rounded-md text-ink cursor-pointer hover:bg-accent-soft"
                        type="button"
                        popovertarget="rail"
                        aria-label=s.menu
                    >
                        <Icon shape=Shape::Menu />
                    </button>
                    <Logo />
                    <a
                        class="inline-flex items-center justify-center w-9 h-9 ml-auto rounded-md text-ink hover:bg-accent-soft"
                        href="/search"
                        aria-label=t.search
                        on:click=open_palette
                    >
                        <Icon shape=Shape::Search />
                    </a>
                </div>
                // A sheet over narrow pages, which opens without WASM; wide ones always show it.
                <div
                    id="rail"
                    popover="auto"
                    class="m-0 p-3 md:py-4 left-0 right-auto w-[280px] max-w-[85vw] md:w-full md:max-w-none h-full border-0 border-r md:border-r-0 border-line bg-surface-sunken text-ink md:flex md:flex-col md:static md:overflow-visible"
                >
                    <div class="flex flex-col gap-1 min-h-full">
                        <div class="px-2 py-1 mb-2"><Logo /></div>
                        <Switcher />
                        <a
                            class="flex items-center gap-2 h-8 px-2 mt-2 mb-2 rounded-md border border-line text-ink-muted no-underline hover:border-line-strong hover:text-ink"
                            href="/search"
                            on:click=open_palette
                        >
                            <Icon shape=Shape::Search />
                            <span class="rail-word grow">{s.search_open}</span>
                            <kbd class="rail-word hidden md:inline text-ink-faint">"Ctrl K"</kbd>
                        </a>
                        <nav class="flex flex-col gap-1 grow" aria-label=t.main_navigation>
                            <RailLink href="/" shape=Shape::Home label=s.home go="h" exact=true />
                            <RailLink href="/projects" shape=Shape::Project label=t.projects go="p" />
                            <RailLink href="/orgs" shape=Shape::Organization label=t.organizations go="z" />
                            <AdminLink />
                        </nav>
                        <Boundary load=move || async move {
                            let viewer = source.0.await?;
                            Ok(view! { <AccountMenu viewer=viewer /> }.into_any())
                        } />
                        <RailSwitch />
                    </div>
                </div>
            </header>
            <main id="content" class="grow min-w-0 px-4 md:px-8 py-6">
                <div class="max-w-[1200px] mx-auto">
                    <Outlet />
                </div>
            </main>
        </div>
        <KeyHelp />
        <Palette />
    }
}

#[component]
fn Logo() -> impl IntoView {
    view! {
        <a class="flex items-center gap-2 font-semibold text-ink no-underline" href="/">
            <img class="w-5 h-5" src="/favicon.svg" alt="" />
            <span class="rail-word">"Sluice"</span>
        </a>
    }
}

/// Icons only, or words beside them. A plain form, as for the theme.
#[component]
fn RailSwitch() -> impl IntoView {
    let s = Shell::current();
    let narrow = Preferences::current().narrow_rail;
    let (value, label, shape) =
        if narrow { ("wide", s.rail_wide, Shape::Right) } else { ("narrow", s.rail_narrow, Shape::Left) };
    let here = here();
    view! {
        <form class="hidden md:block" method="post" action=SetRail::url()>
            <input type="hidden" name="back" value=here />
            <button
                class="flex items-center gap-2 w-full h-8 px-2 rounded-md text-ink-muted cursor-pointer hover:bg-accent-soft hover:text-ink"
                type="submit"
                name="rail"
                value=value
                title=label
            >
                <Icon shape=shape />
                <span class="rail-word">{label}</span>
            </button>
        </form>
    }
}

/// The address of the present page, to come back to.
fn here() -> impl Fn() -> String + Clone + Send + Sync + 'static {
    let location = use_location();
    move || format!("{}{}", location.pathname.get(), with_mark(&location.search.get()))
}

#[component]
pub fn RailLink(
    href: &'static str,
    shape: Shape,
    label: &'static str,
    #[prop(optional)] go: Option<&'static str>,
    /// Not the present page while one below it is.
    #[prop(optional)]
    exact: bool,
) -> impl IntoView {
    view! {
        <A
            href=href
            exact=exact
            attr:data-go=go
            attr:title=label
            attr:class="flex items-center gap-2 h-8 px-2 rounded-md text-ink-muted no-underline hover:bg-accent-soft hover:text-ink aria-[current=page]:bg-accent-soft aria-[current=page]:text-ink aria-[current=page]:font-medium"
        >
            <Icon shape=shape />
            <span class="rail-word">{label}</span>
        </A>
    }
}

/// Opens without WASM: a native disclosure.
#[component]
fn AccountMenu(viewer: Viewer) -> impl IntoView {
    let t = text();
    let label = t.with(Shell::current().account_menu, &viewer.name);
    view! {
        <details class="md:relative" data-menu="">
            <summary
                class="flex items-center gap-2 h-8 px-2 rounded-md cursor-pointer list-none hover:bg-accent-soft"
                aria-label=label
            >
                <Icon shape=Shape::Account />
                <span class="rail-word truncate">{viewer.name}</span>
            </summary>
            <div class="md:absolute md:left-0 md:bottom-[40px] z-40 md:w-[240px] p-3 flex flex-col gap-3 bg-surface-raised border border-line rounded-[10px] shadow-[var(--shadow)]">
                <p class="text-ink-muted text-xs truncate">{viewer.email}</p>
                <a class="text-ink no-underline hover:underline" href="/account" data-page="">
                    {t.account}
                </a>
                <Appearance />
                <form method="post" action=SignOut::url()>
                    <button class="w-full text-left text-ink cursor-pointer hover:underline" type="submit" data-sign-out="">
                        {t.sign_out}
                    </button>
                </form>
            </div>
        </details>
    }
}

const CHOICE_CLASS: &str = "px-2 h-6 rounded-md text-xs cursor-pointer text-ink-muted hover:text-ink aria-pressed:bg-accent-soft aria-pressed:text-ink aria-pressed:font-medium";

/// Language and theme. Plain forms on purpose: both change the whole document.
#[component]
pub fn Appearance() -> impl IntoView {
    let preferences = Preferences::current();
    let t = text();
    let here = here();
    let locales = Locale::ALL.map(|locale| (locale.name(), locale.label(), locale == preferences.locale));
    let themes = Theme::ALL.map(|theme| (theme.name(), t.theme(theme), theme == preferences.theme));
    let choice = |name: &'static str, value: &'static str, label: &'static str, on: bool| {
        view! {
            <button class=CHOICE_CLASS type="submit" name=name value=value aria-pressed=if on { "true" } else { "false" }>
                {label}
            </button>
        }
    };
    view! {
        <form class="flex items-center gap-1 flex-wrap" method="post" action=SetLocale::url()>
            <span class="sr-only">{t.language}</span>
            <input type="hidden" name="back" value=here.clone() />
            {locales.map(|(value, label, on)| choice("locale", value, label, on)).collect_view()}
        </form>
        <form class="flex items-center gap-1 flex-wrap" method="post" action=SetTheme::url()>
            <span class="sr-only">{t.theme_label}</span>
            <input type="hidden" name="back" value=here />
            {themes.map(|(value, label, on)| choice("theme", value, label, on)).collect_view()}
        </form>
    }
}

fn with_mark(search: &str) -> String {
    if search.is_empty() { String::new() } else { format!("?{}", search.trim_start_matches('?')) }
}

/// The frame of pages for people who are not signed in.
#[component]
pub fn Plain(#[prop(into)] title: String, children: Children) -> impl IntoView {
    view! {
        <Bare>
            <h1 class="text-lg font-semibold">{title}</h1>
            {children()}
        </Bare>
    }
}

/// One card under the product's name: for pages that stand outside of the console.
#[component]
pub fn Bare(children: Children) -> impl IntoView {
    view! {
        <main class="min-h-screen flex flex-col items-center px-4 py-12 bg-surface-sunken">
            <a class="flex items-center gap-2 mb-6 text-lg font-semibold text-ink no-underline" href="/">
                <img class="w-6 h-6" src="/favicon.svg" alt="" />
                "Sluice"
            </a>
            <div class="w-full max-w-[400px] flex flex-col gap-4 p-6 bg-surface-raised border border-line rounded-[10px]">
                {children()}
            </div>
            <div class="mt-6 flex flex-col items-center gap-1">
                <Appearance />
            </div>
        </main>
    }
}

/// A page's heading with its one main action.
#[component]
pub fn PageHead(
    #[prop(into)] title: String,
    #[prop(optional, into)] lead: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="flex items-start justify-between gap-4 flex-wrap mb-4">
            <div class="min-w-0">
                <h1 class="text-xl font-semibold break-words">{title}</h1>
                {(!lead.is_empty()).then(|| view! { <p class="mt-1 text-ink-muted break-words">{lead}</p> })}
            </div>
            {children.map(|children| view! { <div class="flex gap-2 flex-wrap">{children()}</div> })}
        </div>
    }
}

/// A titled part of a page.
#[component]
pub fn Card(
    #[prop(into)] title: String,
    #[prop(optional, into)] lead: String,
    children: Children,
) -> impl IntoView {
    view! {
        <section class="mb-6 p-4 border border-line rounded-[10px] bg-surface-raised min-w-0">
            <h2 class="font-semibold">{title}</h2>
            {(!lead.is_empty()).then(|| view! { <p class="mt-1 text-ink-muted">{lead}</p> })}
            <div class="mt-3 flex flex-col gap-3 min-w-0">{children()}</div>
        </section>
    }
}
