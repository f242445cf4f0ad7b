//! The console: everything that renders, and the server functions behind its forms. It decides
//! nothing: the use cases are `services`, the rules are `domain`.
#![recursion_limit = "512"]

use leptos::prelude::*;
#[cfg(feature = "ssr")]
use leptos_meta::MetaTags;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
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
                <Route path=path!("/sign-in") view=part::entry::SIGN_IN ssr=SsrMode::Async />
                <Route path=path!("/sign-in/link") view=part::entry::LINK ssr=SsrMode::Async />
                <Route path=path!("/sign-up") view=part::entry::SIGN_UP ssr=SsrMode::Async />
                <Route path=path!("/invitation") view=part::entry::INVITATION ssr=SsrMode::Async />
                <Route path=path!("/set-up") view=part::entry::SET_UP ssr=SsrMode::Async />
                <Route path=path!("/ui") view=Gallery ssr=SsrMode::Async />
                <ParentRoute path=path!("") view=ui::Frame ssr=SsrMode::Async>
                    <Route path=path!("/") view=part::home::HOME ssr=SsrMode::Async />
                    <Route path=path!("/projects") view=part::projects::LIST ssr=SsrMode::Async />
                    <Route path=path!("/projects/new") view=part::new_project::NEW ssr=SsrMode::Async />
                    <Route path=path!("/orgs") view=part::organizations::LIST ssr=SsrMode::Async />
                    <admin::AdminRoutes />
                    <Route path=path!("/search") view=part::search::SEARCH ssr=SsrMode::Async />
                    <Route path=path!("/account") view=part::account::ACCOUNT ssr=SsrMode::Async />
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
            <Route path=path!("/") view=part::overview::OVERVIEW ssr=SsrMode::Async />
            <Route path=path!("/servers") view=part::servers::LIST ssr=SsrMode::Async />
            <Route path=path!("/servers/new") view=part::server_form::NEW ssr=SsrMode::Async />
            <server::ServerRoutes />
            <Route path=path!("/tools") view=part::tools::TOOLS ssr=SsrMode::Async />
            <Route path=path!("/members") view=part::members::MEMBERS ssr=SsrMode::Async />
            <Route path=path!("/keys") view=part::keys::LIST ssr=SsrMode::Async />
            <Route path=path!("/keys/new") view=part::keys::NEW ssr=SsrMode::Async />
            <Route path=path!("/keys/:key") view=part::keys::EDIT ssr=SsrMode::Async />
            <Route path=path!("/logs") view=part::logs::LIST ssr=SsrMode::Async />
            <Route path=path!("/logs/:id") view=part::logs::DETAIL ssr=SsrMode::Async />
            <Route path=path!("/activity") view=part::activity::ACTIVITY ssr=SsrMode::Async />
            <Route path=path!("/connect") view=part::connect::CONNECT ssr=SsrMode::Async />
            <Route path=path!("/import") view=part::import::IMPORT ssr=SsrMode::Async />
            <Route path=path!("/settings") view=part::settings::SETTINGS ssr=SsrMode::Async />
            <Route path=path!("/transfer") view=part::settings::TRANSFER ssr=SsrMode::Async />
        </ParentRoute>
    }
    .into_inner()
}

#[cfg(not(debug_assertions))]
use ui::NotFound as Gallery;
/// Development builds show the components; a release has no such page.
#[cfg(debug_assertions)]
use ui::gallery::Gallery;

/// A page's title. leptos_meta writes it into the document as it stands, so the server escapes it.
fn title_line(title: String) -> String {
    let line = if title.is_empty() { "Sluice".to_owned() } else { format!("{title} · Sluice") };
    if cfg!(feature = "ssr") { ui::escape(&line) } else { line }
}
