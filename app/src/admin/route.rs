//! The pages for administrators.

use leptos::prelude::*;
use leptos_router::{
    SsrMode,
    components::{ParentRoute, Route},
    path,
};

use crate::part::{admin as part, commands, server_form, shared_servers};

#[component(transparent)]
pub fn AdminRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("/admin") view=part::FRAME ssr=SsrMode::Async>
            <Route path=path!("/") view=part::USERS ssr=SsrMode::Async />
            <Route path=path!("/organizations") view=part::ORGANIZATIONS ssr=SsrMode::Async />
            <Route path=path!("/servers") view=shared_servers::LIST ssr=SsrMode::Async />
            <Route path=path!("/servers/new") view=server_form::SHARED_NEW ssr=SsrMode::Async />
            <Route path=path!("/servers/:shared") view=server_form::SHARED ssr=SsrMode::Async />
            <Route path=path!("/commands") view=commands::LIST ssr=SsrMode::Async />
            <Route path=path!("/commands/new") view=commands::NEW ssr=SsrMode::Async />
            <Route path=path!("/commands/:command") view=commands::DETAIL ssr=SsrMode::Async />
            <Route path=path!("/system") view=part::SYSTEM ssr=SsrMode::Async />
            <Route path=path!("/jobs") view=part::JOBS ssr=SsrMode::Async />
            <Route path=path!("/audit") view=part::AUDIT ssr=SsrMode::Async />
        </ParentRoute>
    }
    .into_inner()
}
