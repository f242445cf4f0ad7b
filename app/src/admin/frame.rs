//! What surrounds the pages for administrators, and the way to them.

use domain::{Action, Resource as Target};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{components::Outlet, hooks::use_location};

use crate::{
    account::api::Viewer,
    error::{AppError, failed},
    i18n::{Admin, text},
    ui::{Boundary, RailLink, Shape, Tab, Tabs, ViewerSource},
};

/// Passes administrators. Everybody else gets the page of a failure with its status, before anything is read.
pub(super) async fn administrator(viewer: ViewerSource) -> Result<Viewer, AppError> {
    let viewer = viewer.0.await?;
    if viewer.may(Action::ManagePlatform, &Target::Platform) { Ok(viewer) } else { Err(failed!(AdminOnly)) }
}

#[component]
pub fn AdminFrame() -> impl IntoView {
    let (t, words) = (text(), Admin::current());
    let viewer = ViewerSource::current();
    let location = use_location();
    view! {
        <Boundary load=move || {
            let here = location.pathname.get();
            async move {
                if administrator(viewer).await.is_err() {
                    // The page below says why.
                    return Ok(view! {
                        <Title text=words.only_admins />
                        <h1 class="text-xl font-semibold">{words.only_admins}</h1>
                    }
                    .into_any());
                }
                let part = here.split('/').nth(2).unwrap_or_default().to_owned();
                let tab = move |name: &'static str, go: &'static str, label: &'static str| {
                    let href = if name.is_empty() { "/admin".to_owned() } else { format!("/admin/{name}") };
                    view! { <Tab href=href label=label current=part == name go=go /> }
                };
                Ok(view! {
                    <p class="mb-1 h-8 flex items-center text-xs text-ink font-medium">{t.admin}</p>
                    <Tabs label=words.navigation>
                        {tab("", "u", words.users)}
                        {tab("organizations", "o", t.organizations)}
                        {tab("servers", "e", words.servers)}
                        {tab("commands", "c", words.commands)}
                        {tab("audit", "a", words.audit)}
                        {tab("system", "s", words.system)}
                        {tab("jobs", "j", words.jobs)}
                    </Tabs>
                }
                .into_any())
            }
        } />
        <Outlet />
    }
}

/// In the rail, for those who may go there.
#[component]
pub fn AdminLink() -> impl IntoView {
    let viewer = ViewerSource::current();
    view! {
        <Boundary load=move || async move {
            // Whoever is signed out, or no administrator, has no such link; why is told elsewhere.
            let may = administrator(viewer).await.is_ok();
            Ok(may.then(|| view! {
                <RailLink href="/admin" shape=Shape::Settings label=text().admin go="x" />
            })
            .into_any())
        } />
    }
}
