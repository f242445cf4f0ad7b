//! The pages of one server.

use leptos::prelude::*;
use leptos_router::{
    SsrMode,
    components::{ParentRoute, Route},
    path,
};

use super::frame::ServerFrame;
use crate::part::{
    history, playground, server as part, server_copy, server_form, server_logs, server_offers, server_tools,
};

#[component(transparent)]
pub fn ServerRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("/servers/:server") view=ServerFrame ssr=SsrMode::Async>
            <Route path=path!("/") view=part::OVERVIEW ssr=SsrMode::Async />
            <Route path=path!("/tools") view=server_tools::TOOLS ssr=SsrMode::Async />
            <Route path=path!("/resources") view=server_offers::RESOURCES ssr=SsrMode::Async />
            <Route path=path!("/prompts") view=server_offers::PROMPTS ssr=SsrMode::Async />
            <Route path=path!("/try") view=playground::TRY ssr=SsrMode::Async />
            <Route path=path!("/logs") view=server_logs::LOGS ssr=SsrMode::Async />
            <Route path=path!("/history") view=history::HISTORY ssr=SsrMode::Async />
            <Route path=path!("/settings") view=server_form::SETTINGS ssr=SsrMode::Async />
            <Route path=path!("/copy") view=server_copy::COPY ssr=SsrMode::Async />
            // What the settings' address was.
            <Route path=path!("/edit") view=server_form::SETTINGS ssr=SsrMode::Async />
        </ParentRoute>
    }
    .into_inner()
}
