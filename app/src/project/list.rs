//! The start page: the projects that one can see.

use domain::project::Project;
use leptos::prelude::*;
use leptos_meta::Title;

use super::api::list_projects;
use crate::{
    i18n::text,
    ui::{BUTTON_CLASS, Boundary, EmptyState, Icon, LinkButton, PageHead, Shape},
};

#[component]
pub fn StartPage() -> impl IntoView {
    view! { <ListPage /> }
}

#[component]
pub fn ListPage() -> impl IntoView {
    let t = text();
    let projects = Resource::new(|| (), |()| list_projects());
    let create = move || {
        view! {
            <LinkButton class=BUTTON_CLASS href="/projects/new">
                <Icon shape=Shape::Add />
                {t.new_project}
            </LinkButton>
        }
    };
    view! {
        <Title text=t.projects />
        <PageHead title=t.projects>{create()}</PageHead>
        <Boundary load=move || async move {
            let projects = projects.await?;
            Ok(if projects.is_empty() {
                view! {
                    <EmptyState title=t.projects_empty body=t.projects_empty_body>
                        {create()}
                    </EmptyState>
                }
                    .into_any()
            } else {
                let rows = projects.into_iter().map(|project| view! { <Row project=project /> }).collect_view();
                view! { <ul class="grid gap-3 md:grid-cols-2">{rows}</ul> }.into_any()
            })
        } />
    }
}

#[component]
fn Row(project: Project) -> impl IntoView {
    let t = text();
    view! {
        <li class="min-w-0">
            <a
                class="block h-full p-4 border border-line rounded-[10px] bg-surface-raised text-ink no-underline hover:border-line-strong"
                href=format!("/projects/{}", project.path())
            >
                <div class="flex justify-between gap-2 items-baseline">
                    <span class="font-semibold truncate">{project.name.clone()}</span>
                    <span class="text-ink-muted text-xs shrink-0">{t.role(project.role)}</span>
                </div>
                <p class="font-mono text-xs text-ink-muted truncate">{project.path()}</p>
                <p class="mt-2 text-ink-muted truncate">{project.description.clone()}</p>
                <p class="mt-2 flex gap-3 text-ink-muted text-xs">
                    <span>{t.servers_count(project.server_count)}</span>
                    <span>{t.members_count(project.member_count)}</span>
                </p>
            </a>
        </li>
    }
}
