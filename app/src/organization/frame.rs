//! What surrounds the pages of one organization: its name and its tabs.

use domain::{Action, Resource as Target, organization::Organization};
use leptos::prelude::*;
use leptos_router::{
    components::Outlet,
    hooks::{use_location, use_params_map},
};

use super::api::get_organization;
use crate::{
    error::AppError,
    i18n::{Templates, text},
    ui::{Badge, Boundary, Tab, Tabs, ViewerSource},
};

/// The organization of the address, for the pages within the frame.
#[derive(Clone, Copy)]
pub struct OrganizationSource {
    /// As in the address: the short name, or the id.
    pub name: Memo<String>,
    pub page: Resource<Result<Organization, AppError>>,
}

impl OrganizationSource {
    #[must_use]
    pub fn current() -> Self {
        expect_context()
    }

    /// The address of a page of this organization, followed when it changes.
    #[must_use]
    pub fn href(&self, page: &str) -> String {
        format!("/orgs/{}/{page}", self.name.get())
    }
}

#[component]
pub fn OrganizationFrame() -> impl IntoView {
    let t = text();
    let viewer = ViewerSource::current();
    let params = use_params_map();
    let location = use_location();
    let name = Memo::new(move |_| params.read().get("organization").unwrap_or_default());
    let page = Resource::new_blocking(move || name.get(), get_organization);
    let source = OrganizationSource { name, page };
    provide_context(source);
    view! {
        <Boundary load=move || {
            let here = location.pathname.get();
            async move {
                let (viewer, organization) = (viewer.0.await?, source.page.await?);
                let base = format!("/orgs/{}", organization.slug);
                let owner = viewer.may(Action::ManageOrganization, &Target::Organization(organization.id));
                let home = base.clone();
                let part = here.split('/').nth(3).unwrap_or_default().to_owned();
                let tab = move |name: &'static str, go: &'static str, label: &'static str, shown: bool| {
                    shown.then(|| {
                        let href = if name.is_empty() { base.clone() } else { format!("{base}/{name}") };
                        view! { <Tab href=href label=label current=part == name go=go /> }
                    })
                };
                Ok(view! {
                    <div class="flex items-center gap-2 mb-1 h-8 text-ink-muted text-xs">
                        <p class="min-w-0 truncate">
                            <a class="text-ink-muted no-underline hover:underline" href="/orgs">{t.organizations}</a>
                            " / "
                            <a class="text-ink font-medium no-underline hover:underline" href=home>{organization.name}</a>
                        </p>
                        {organization.personal.then(|| view! { <Badge label=t.personal /> })}
                    </div>
                    <Tabs label=t.organization_navigation>
                        {tab("", "o", t.projects, true)}
                        {tab("members", "m", t.members, true)}
                        {tab("teams", "t", t.teams, true)}
                        {tab("templates", "l", Templates::current().templates, owner)}
                        {tab("activity", "a", t.activity, owner)}
                        {tab("usage", "u", t.usage, true)}
                        {tab("settings", "e", t.settings, owner)}
                    </Tabs>
                }
                .into_any())
            }
        } />
        <Outlet />
    }
}
