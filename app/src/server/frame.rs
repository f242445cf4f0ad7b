//! What surrounds the pages of one server: its name, its state and its tabs.

use domain::Action;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{
    components::Outlet,
    hooks::{use_location, use_params_map},
};

use super::api::{ServerHead, head_server};
use crate::{
    error::AppError,
    i18n::{Offers, Playground, Tools, text},
    project::ProjectSource,
    ui::{Badge, Boundary, PageHead, StatusBadge, Tab, Tabs, ViewerSource},
};

/// The server of the address, for the pages within the frame.
#[derive(Clone, Copy)]
pub struct ServerSource {
    /// As in the address: the name, or the id.
    pub name: Memo<String>,
    head: Resource<Result<ServerHead, AppError>>,
    /// Grows when the server was started or switched here.
    pub runs: RwSignal<usize>,
}

impl ServerSource {
    #[must_use]
    pub fn current() -> Self {
        expect_context()
    }

    /// Whether there is such a server. Where there is none, the frame says so, and its pages stay empty.
    pub async fn is_there(&self) -> bool {
        self.head.await.is_ok()
    }

    /// The address of a page of this server, followed when it changes; the overview's is empty.
    #[must_use]
    pub fn href(&self, page: &str) -> String {
        let mark = if page.is_empty() { "" } else { "/" };
        ProjectSource::current().href(&format!("servers/{}{mark}{page}", self.name.get()))
    }
}

#[component]
pub fn ServerFrame() -> impl IntoView {
    let t = text();
    let (project, viewer) = (ProjectSource::current(), ViewerSource::current());
    let (params, location) = (use_params_map(), use_location());
    let name = Memo::new(move |_| params.read().get("server").unwrap_or_default());
    let runs = RwSignal::new(0);
    let head = Resource::new(
        move || (project.name.get(), name.get(), project.changes.get(), runs.get()),
        |(project, server, ..)| head_server(project, server),
    );
    let source = ServerSource { name, head, runs };
    provide_context(source);
    view! {
        <Boundary load=move || {
            let part = location.pathname.get().split('/').nth(5).unwrap_or_default().to_owned();
            let here = source.href("");
            async move {
                let (viewer, page) = (viewer.0.await?, project.page.await?);
                let head = head.await?;
                let may = viewer.may(Action::ManageServers, &page.project.resource());
                Ok(view! {
                    <PageHead title=head.name lead=head.description />
                    <div class="flex items-center gap-3 mb-4">
                        <StatusBadge status=head.status />
                        <Badge label=t.transport(head.transport) />
                        <span class="text-ink-muted">{t.tools_count(head.tools)}</span>
                    </div>
                    <Tabs label=t.details>{tabs(&here, &part, may)}</Tabs>
                }
                .into_any())
            }
        } />
        <Outlet />
    }
}

fn tabs(here: &str, current: &str, may: bool) -> AnyView {
    let (t, words) = (text(), Offers::current());
    let parts = [
        ("", t.overview, true),
        ("tools", t.tools, true),
        ("resources", words.resources, true),
        ("prompts", words.prompts, true),
        ("try", Playground::current().try_out, true),
        ("logs", t.logs, true),
        ("history", Tools::current().history, true),
        ("settings", t.settings, may),
    ];
    let current = if current == "copy" { "settings" } else { current };
    let tab = |(part, label, shown): (&'static str, &'static str, bool)| {
        shown.then(|| {
            let href = if part.is_empty() { here.to_owned() } else { format!("{here}/{part}") };
            view! { <Tab href=href label=label current=current == part /> }
        })
    };
    parts.map(tab).collect_view().into_any()
}

/// The title of a server's page: what it shows, and of which server.
#[component]
pub fn ServerTitle(#[prop(optional)] part: &'static str) -> impl IntoView {
    let name = ServerSource::current().name;
    // The server writes the title last, when the page's own values may be gone.
    let first = name.get_untracked();
    let line = move || {
        let name = name.try_get().unwrap_or_else(|| first.clone());
        if part.is_empty() { name } else { format!("{part} · {name}") }
    };
    view! { <Title text=line /> }
}
