//! What surrounds the pages of one project: its name, its tabs, and the signal that it changed.

use domain::{Action, project::Access};
use leptos::prelude::*;
use leptos_router::{
    components::Outlet,
    hooks::{use_location, use_params_map},
};

use super::{
    api::{ProjectPage, get_project},
    favorite::{Favorites, Star},
};
use crate::{
    error::AppError,
    i18n::text,
    live::use_changes,
    ui::{Boundary, Callout, FormError, LINK_CLASS, Tab, Tabs, Tone, ViewerSource},
};

/// The project of the address, for the pages within the frame.
#[derive(Clone, Copy)]
pub struct ProjectSource {
    /// As in the address: `org.project`, or the id.
    pub name: Memo<String>,
    pub page: Resource<Result<ProjectPage, AppError>>,
    /// Grows when servers or logs of the project change.
    pub changes: ReadSignal<u32>,
}

impl ProjectSource {
    #[must_use]
    pub fn current() -> Self {
        expect_context()
    }

    /// The address of a page of this project, for views that are made once.
    #[must_use]
    pub fn path(&self, page: &str) -> String {
        format!("/projects/{}/{page}", self.name.get_untracked())
    }

    /// The same, followed when the project changes.
    #[must_use]
    pub fn href(&self, page: &str) -> String {
        format!("/projects/{}/{page}", self.name.get())
    }
}

#[component]
pub fn ProjectFrame() -> impl IntoView {
    let t = text();
    let viewer = ViewerSource::current();
    let params = use_params_map();
    let location = use_location();
    let name = Memo::new(move |_| params.read().get("project").unwrap_or_default());
    let page = Resource::new_blocking(move || name.get(), get_project);
    // Nobody listens to what they cannot see.
    let changes = use_changes(move || page.get()?.ok().map(|page| page.project.path()));
    let source = ProjectSource { name, page, changes };
    provide_context(source);
    let starred = Favorites::current().failure();
    view! {
        <FormError failure=starred apart=true />
        <Boundary load=move || {
            let here = location.pathname.get();
            async move {
                let (viewer, page) = (viewer.0.await?, source.page.await?);
                let project = page.project;
                let base = format!("/projects/{}", project.path());
                let open = (project.access == Access::Open).then_some(project.open);
                let may = |action| viewer.may(action, &project.resource());
                let (keys, logs, settings) =
                    (may(Action::ViewKeys), may(Action::ViewLogs), may(Action::ManageProject));
                let change = settings.then(|| format!("{base}/settings"));
                let home = base.clone();
                let part = match here.split('/').nth(3).unwrap_or_default() {
                    "transfer" => "settings".to_owned(),
                    part => part.to_owned(),
                };
                let tab = move |name: &'static str, go: &'static str, label: &'static str, shown: bool| {
                    shown.then(|| {
                        let href = if name.is_empty() { base.clone() } else { format!("{base}/{name}") };
                        view! { <Tab href=href label=label current=part == name go=go /> }
                    })
                };
                Ok(view! {
                    <div class="flex items-center gap-1 mb-1 text-ink-muted text-xs">
                    <p class="min-w-0 truncate">
                        <a class="text-ink-muted no-underline hover:underline" href="/projects">{t.projects}</a>
                        " / " {project.organization_name.clone()} " / "
                        <a class="text-ink font-medium no-underline hover:underline" href=home>{project.name.clone()}</a>
                    </p>
                    <Star project=project.path() name=project.name.clone() on=project.favorite />
                    </div>
                    <Tabs label=t.project_navigation>
                        {tab("", "o", t.overview, true)}
                        {tab("servers", "s", t.servers, true)}
                        {tab("tools", "t", t.tools, true)}
                        {tab("members", "m", t.members, true)}
                        {tab("keys", "k", t.keys, keys)}
                        {tab("logs", "l", t.logs, logs)}
                        {tab("activity", "a", t.activity, true)}
                        {tab("connect", "c", t.connect, true)}
                        {tab("settings", "e", t.settings, settings)}
                    </Tabs>
                    {open.map(|honoured| view! { <OpenBanner honoured=honoured settings=change /> })}
                }
                .into_any())
            }
        } />
        <Outlet />
    }
}

/// On every page of a project that is set to be open: in force, or ignored here.
#[component]
fn OpenBanner(honoured: bool, settings: Option<String>) -> impl IntoView {
    let t = text();
    let (tone, title, next) = match (honoured, &settings) {
        (true, Some(_)) => (Tone::Bad, t.open_banner, None),
        (true, None) => (Tone::Bad, t.open_banner, Some(t.open_banner_next)),
        (false, _) => (Tone::Warn, t.open_ignored, Some(t.open_ignored_next)),
    };
    view! {
        <div class="mb-5">
            <Callout tone=tone title=title standing=true>
                {next.map(|next| view! { <p>{next}</p> })}
                {settings.map(|href| view! { <a class=LINK_CLASS href=href>{t.open_change}</a> })}
            </Callout>
        </div>
    }
}
