//! The console: everything that renders, and the server functions behind its forms. It decides
//! nothing: the use cases are `services`, the rules are `domain`.
#![recursion_limit = "512"]

use leptos::prelude::*;
#[cfg(feature = "ssr")]
use leptos_meta::MetaTags;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    Lazy, LazyRoute, SsrMode,
    components::{ParentRoute, Route, Router, Routes},
    path,
};

pub mod account;
pub mod activity;
pub mod admin;
pub mod codec;
pub mod connect;
pub mod context;
#[cfg(feature = "ssr")]
mod draft;
pub mod error;
pub mod home;
pub mod i18n;
pub mod invitation;
pub mod key;
pub mod live;
pub mod log;
pub mod member;
pub mod organization;
mod part;
pub mod playground;
pub mod project;
pub mod search;
pub mod server;
pub mod team;
pub mod template;
pub mod tool;
pub mod ui;
pub mod usage;

use context::Preferences;
pub use part::PARTS;

/// The document around the console.
#[cfg(feature = "ssr")]
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let preferences = Preferences::read();
    let css = format!("/pkg/{}", context::meta().css);
    let theme = (preferences.theme != context::Theme::System).then(|| preferences.theme.name());
    let rail = preferences.narrow_rail.then_some("narrow");
    view! {
        <!DOCTYPE html>
        <html lang=preferences.locale.name() data-theme=theme data-rail=rail>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                // A form that was sent without WASM is answered by a redirect to the page it came from.
                <meta name="referrer" content="same-origin" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="stylesheet" href=css />
                <HydrationScripts options=options />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_context(Preferences::read());
    view! {
        <Title formatter=title_line />
        <Router>
            <Routes fallback=ui::NotFound>
                <Route path=path!("/sign-in") view={page::<part::entry::SignIn>()} ssr=SsrMode::Async />
                <Route path=path!("/sign-in/link") view={page::<part::entry::Link>()} ssr=SsrMode::Async />
                <Route path=path!("/sign-up") view={page::<part::entry::SignUp>()} ssr=SsrMode::Async />
                <Route path=path!("/invitation") view={page::<part::entry::Invitation>()} ssr=SsrMode::Async />
                <Route path=path!("/set-up") view={page::<part::entry::SetUp>()} ssr=SsrMode::Async />
                <Route path=path!("/ui") view=Gallery ssr=SsrMode::Async />
                <ParentRoute path=path!("") view=ui::Frame ssr=SsrMode::Async>
                    <Route path=path!("/") view={page::<part::home::Home>()} ssr=SsrMode::Async />
                    <Route path=path!("/projects") view={page::<part::projects::List>()} ssr=SsrMode::Async />
                    <Route path=path!("/projects/new") view={page::<part::new_project::New>()} ssr=SsrMode::Async />
                    <Route path=path!("/orgs") view={page::<part::organizations::List>()} ssr=SsrMode::Async />
                    <admin::AdminRoutes />
                    <Route path=path!("/search") view={page::<part::search::Search>()} ssr=SsrMode::Async />
                    <Route path=path!("/account") view={page::<part::account::Account>()} ssr=SsrMode::Async />
                    <organization::OrganizationRoutes />
                    <ProjectRoutes />
                </ParentRoute>
            </Routes>
        </Router>
    }
}

/// The pages of one project.
#[component(transparent)]
fn ProjectRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("/projects/:project") view=project::ProjectFrame ssr=SsrMode::Async>
            <Route path=path!("/") view={page::<part::overview::Overview>()} ssr=SsrMode::Async />
            <Route path=path!("/servers") view={page::<part::servers::List>()} ssr=SsrMode::Async />
            <Route path=path!("/servers/new") view={page::<part::server_form::New>()} ssr=SsrMode::Async />
            <Route path=path!("/servers/:server") view={page::<part::server::Detail>()} ssr=SsrMode::Async />
            <Route path=path!("/servers/:server/try") view={page::<part::playground::Try>()} ssr=SsrMode::Async />
            <Route path=path!("/servers/:server/edit") view={page::<part::server_form::Edit>()} ssr=SsrMode::Async />
            <Route path=path!("/tools") view={page::<part::tools::Tools>()} ssr=SsrMode::Async />
            <Route path=path!("/members") view={page::<part::members::Members>()} ssr=SsrMode::Async />
            <Route path=path!("/keys") view={page::<part::keys::List>()} ssr=SsrMode::Async />
            <Route path=path!("/keys/new") view={page::<part::keys::New>()} ssr=SsrMode::Async />
            <Route path=path!("/keys/:key") view={page::<part::keys::Edit>()} ssr=SsrMode::Async />
            <Route path=path!("/logs") view={page::<part::logs::List>()} ssr=SsrMode::Async />
            <Route path=path!("/logs/:id") view={page::<part::logs::Detail>()} ssr=SsrMode::Async />
            <Route path=path!("/activity") view={page::<part::activity::Activity>()} ssr=SsrMode::Async />
            <Route path=path!("/connect") view={page::<part::connect::Connect>()} ssr=SsrMode::Async />
            <Route path=path!("/import") view={page::<part::import::Import>()} ssr=SsrMode::Async />
            <Route path=path!("/settings") view={page::<part::settings::Settings>()} ssr=SsrMode::Async />
            <Route path=path!("/transfer") view={page::<part::settings::Transfer>()} ssr=SsrMode::Async />
        </ParentRoute>
    }
    .into_inner()
}

#[cfg(not(debug_assertions))]
use ui::NotFound as Gallery;
/// Development builds show the components; a release has no such page.
#[cfg(debug_assertions)]
use ui::gallery::Gallery;

/// A page that comes with its part of the program.
fn page<P: LazyRoute>() -> Lazy<P> {
    Lazy::new()
}

/// A page's title. leptos_meta writes it into the document as it stands, so the server escapes it.
fn title_line(title: String) -> String {
    let line = if title.is_empty() { "Sluice".to_owned() } else { format!("{title} · Sluice") };
    if cfg!(feature = "ssr") { ui::escape(&line) } else { line }
}
