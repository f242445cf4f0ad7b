//! The projects of an organization.

use domain::{Action, Resource as Target};
use leptos::prelude::*;
use leptos_meta::Title;

use super::{api::organization_projects, frame::OrganizationSource};
use crate::{
    i18n::{Organizations, Shell, text},
    project::ProjectRow,
    ui::{
        BUTTON_CLASS, Boundary, EmptyState, FormError, Icon, LinkButton, PageHead, Shape, Table,
        ViewerSource, encode,
    },
};

#[component]
pub fn ProjectsPage() -> impl IntoView {
    let (t, s, words) = (text(), Shell::current(), Organizations::current());
    let (source, viewer) = (OrganizationSource::current(), ViewerSource::current());
    let projects = Resource::new(move || source.name.get(), organization_projects);
    let starred = crate::project::Favorites::current().failure();
    view! {
        <FormError failure=starred apart=true />
        <Boundary load=move || async move {
            let (viewer, organization) = (viewer.0.await?, source.page.await?);
            let (projects, next, now) = projects.await?;
            let may = viewer.may(Action::CreateProject, &Target::Organization(organization.id));
            let new = format!("/projects/new?organization={}", encode(&organization.slug));
            let new = StoredValue::new(new);
            let create = move || may.then(|| view! {
                <LinkButton class=BUTTON_CLASS href=new.get_value()>
                    <Icon shape=Shape::Add />
                    {t.new_project}
                </LinkButton>
            });
            let head = view! {
                <Title text=format!("{} · {}", organization.name, t.projects) />
                <PageHead title=t.projects lead=words.projects_lead>{create()}</PageHead>
            };
            if projects.is_empty() {
                return Ok(view! {
                    {head}
                    <EmptyState title=words.projects_empty body=words.projects_empty_body>{create()}</EmptyState>
                }
                .into_any());
            }
            let more = next.map(|next| {
                let href = format!("/projects?org={}&after={}", encode(&organization.slug), encode(&next));
                view! { <p class="mt-4"><LinkButton href=href>{t.more_projects}</LinkButton></p> }
            });
            let rows = projects
                .into_iter()
                .map(|line| view! { <ProjectRow line=line now=now among=true /> })
                .collect_view();
            Ok(view! {
                {head}
                <Table label=t.projects columns=vec![t.name, s.health, t.members, t.role_label, s.last_used]>
                    {rows}
                </Table>
                {more}
            }
            .into_any())
        } />
    }
}
