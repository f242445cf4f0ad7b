//! The pages for administrators.

use leptos::prelude::*;
use leptos_router::{
    SsrMode,
    components::{ParentRoute, Route},
    path,
};

use super::frame::AdminFrame;
use crate::{page, part::admin as part};

#[component(transparent)]
pub fn AdminRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("/admin") view=AdminFrame ssr=SsrMode::Async>
            <Route path=path!("/") view={page::<part::Users>()} ssr=SsrMode::Async />
            <Route path=path!("/organizations") view={page::<part::Organizations>()} ssr=SsrMode::Async />
            <Route path=path!("/system") view={page::<part::System>()} ssr=SsrMode::Async />
            <Route path=path!("/jobs") view={page::<part::Jobs>()} ssr=SsrMode::Async />
            <Route path=path!("/audit") view={page::<part::Audit>()} ssr=SsrMode::Async />
        </ParentRoute>
    }
    .into_inner()
}
