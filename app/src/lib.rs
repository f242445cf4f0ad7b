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
pub mod playground;
pub mod project;
pub mod search;
pub mod server;
pub mod tool;
pub mod ui;
pub mod usage;

use context::Preferences;

/// The document around the console.
#[cfg(feature = "ssr")]
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let preferences = Preferences::read();
    let css = format!("/pkg/{}", context::meta().css);
    let theme = (preferences.theme != context::Theme::System).then(|| preferences.theme.name());
    view! {
        <!DOCTYPE html>
        <html lang=preferences.locale.name() data-theme=theme>
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
                <Route path=path!("/sign-in") view=account::SignInPage ssr=SsrMode::Async />
                <Route path=path!("/sign-in/link") view=account::LinkPage ssr=SsrMode::Async />
                <Route path=path!("/sign-up") view=account::SignUpPage ssr=SsrMode::Async />
                <Route path=path!("/invitation") view=invitation::InvitationPage ssr=SsrMode::Async />
                <Route path=path!("/set-up") view=account::SetUpPage ssr=SsrMode::Async />
                <ParentRoute path=path!("") view=ui::Frame ssr=SsrMode::Async>
                    <Route path=path!("/") view=home::HomePage ssr=SsrMode::Async />
                    <Route path=path!("/projects") view=project::ListPage ssr=SsrMode::Async />
                    <Route path=path!("/projects/new") view=project::NewPage ssr=SsrMode::Async />
                    <Route path=path!("/orgs") view=organization::ListPage ssr=SsrMode::Async />
                    <Route path=path!("/orgs/:organization") view=organization::DetailPage ssr=SsrMode::Async />
                    <Route path=path!("/search") view=search::SearchPage ssr=SsrMode::Async />
                    <Route path=path!("/account") view=account::AccountPage ssr=SsrMode::Async />
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
            <Route path=path!("/") view=project::OverviewPage ssr=SsrMode::Async />
            <Route path=path!("/servers") view=server::ListPage ssr=SsrMode::Async />
            <Route path=path!("/servers/new") view=server::NewPage ssr=SsrMode::Async />
            <Route path=path!("/servers/import") view=server::ImportPage ssr=SsrMode::Async />
            <Route path=path!("/servers/:server") view=server::DetailPage ssr=SsrMode::Async />
            <Route path=path!("/servers/:server/try") view=playground::TryPage ssr=SsrMode::Async />
            <Route path=path!("/servers/:server/edit") view=server::EditPage ssr=SsrMode::Async />
            <Route path=path!("/tools") view=tool::ToolsPage ssr=SsrMode::Async />
            <Route path=path!("/members") view=member::MembersPage ssr=SsrMode::Async />
            <Route path=path!("/keys") view=key::KeysPage ssr=SsrMode::Async />
            <Route path=path!("/keys/new") view=key::NewPage ssr=SsrMode::Async />
            <Route path=path!("/keys/:key") view=key::EditPage ssr=SsrMode::Async />
            <Route path=path!("/logs") view=log::LogsPage ssr=SsrMode::Async />
            <Route path=path!("/logs/:id") view=log::DetailPage ssr=SsrMode::Async />
            <Route path=path!("/activity") view=activity::ActivityPage ssr=SsrMode::Async />
            <Route path=path!("/connect") view=connect::ConnectPage ssr=SsrMode::Async />
            <Route path=path!("/settings") view=project::SettingsPage ssr=SsrMode::Async />
        </ParentRoute>
    }
    .into_inner()
}

/// A page's title. leptos_meta writes it into the document as it stands, so the server escapes it.
fn title_line(title: String) -> String {
    let line = if title.is_empty() { "Sluice".to_owned() } else { format!("{title} · Sluice") };
    if cfg!(feature = "ssr") { ui::escape(&line) } else { line }
}
