//! The pages of one organization.

use leptos::prelude::*;
use leptos_router::{
    SsrMode,
    components::{ParentRoute, Route},
    path,
};

use super::frame::OrganizationFrame;
use crate::{page, part};

#[component(transparent)]
pub fn OrganizationRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("/orgs/:organization") view=OrganizationFrame ssr=SsrMode::Async>
            <Route path=path!("/") view={page::<part::organization::Projects>()} ssr=SsrMode::Async />
            <Route path=path!("/members") view={page::<part::organization::Members>()} ssr=SsrMode::Async />
            <Route path=path!("/teams") view={page::<part::teams::List>()} ssr=SsrMode::Async />
            <Route path=path!("/teams/:team") view={page::<part::teams::Detail>()} ssr=SsrMode::Async />
            <Route path=path!("/templates") view={page::<part::templates::List>()} ssr=SsrMode::Async />
            <Route path=path!("/activity") view={page::<part::organization::Activity>()} ssr=SsrMode::Async />
            <Route path=path!("/usage") view={page::<part::organization::Usage>()} ssr=SsrMode::Async />
            <Route path=path!("/settings") view={page::<part::organization::Settings>()} ssr=SsrMode::Async />
        </ParentRoute>
    }
    .into_inner()
}
