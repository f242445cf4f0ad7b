//! The pages of one organization.

use leptos::prelude::*;
use leptos_router::{
    SsrMode,
    components::{ParentRoute, Route},
    path,
};

use super::frame::OrganizationFrame;
use crate::part;

#[component(transparent)]
pub fn OrganizationRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("/orgs/:organization") view=OrganizationFrame ssr=SsrMode::Async>
            <Route path=path!("/") view=part::organization::PROJECTS ssr=SsrMode::Async />
            <Route path=path!("/members") view=part::organization::MEMBERS ssr=SsrMode::Async />
            <Route path=path!("/teams") view=part::teams::LIST ssr=SsrMode::Async />
            <Route path=path!("/teams/:team") view=part::teams::DETAIL ssr=SsrMode::Async />
            <Route path=path!("/templates") view=part::templates::LIST ssr=SsrMode::Async />
            <Route path=path!("/activity") view=part::organization::ACTIVITY ssr=SsrMode::Async />
            <Route path=path!("/usage") view=part::organization::USAGE ssr=SsrMode::Async />
            <Route path=path!("/settings") view=part::organization::SETTINGS ssr=SsrMode::Async />
        </ParentRoute>
    }
    .into_inner()
}
