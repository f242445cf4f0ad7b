//! The pages of one organization.

use leptos::prelude::*;
use leptos_router::{
    SsrMode,
    components::{ParentRoute, Route},
    path,
};

use super::{
    activity::ActivityPage, frame::OrganizationFrame, member::MembersPage, project::ProjectsPage,
    settings::SettingsPage, usage::UsagePage,
};
use crate::team::{TeamPage, TeamsPage};

#[component(transparent)]
pub fn OrganizationRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("/orgs/:organization") view=OrganizationFrame ssr=SsrMode::Async>
            <Route path=path!("/") view=ProjectsPage ssr=SsrMode::Async />
            <Route path=path!("/members") view=MembersPage ssr=SsrMode::Async />
            <Route path=path!("/teams") view=TeamsPage ssr=SsrMode::Async />
            <Route path=path!("/teams/:team") view=TeamPage ssr=SsrMode::Async />
            <Route path=path!("/activity") view=ActivityPage ssr=SsrMode::Async />
            <Route path=path!("/usage") view=UsagePage ssr=SsrMode::Async />
            <Route path=path!("/settings") view=SettingsPage ssr=SsrMode::Async />
        </ParentRoute>
    }
    .into_inner()
}
